"""The address without a path."""

from django.urls import path

from lawgov.desk.home import home

urlpatterns = [path("", home, name="home")]
