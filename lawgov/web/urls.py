from django.urls import path

from lawgov.web import views

app_name = "web"

urlpatterns = [
    path("accessibility/", views.accessibility, name="accessibility"),
]
