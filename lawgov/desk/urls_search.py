"""Global search."""

from django.urls import path

from lawgov.desk.search import views

app_name = "search"

urlpatterns = [path("search/", views.search, name="all")]
