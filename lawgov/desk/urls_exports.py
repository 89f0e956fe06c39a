"""Sheets that leave: lists as they are filtered, and blank forms."""

from django.urls import path

from lawgov.desk.exports import views

app_name = "exports"

urlpatterns = [
    path("exports/<slug:code>/", views.export_list, name="list"),
    path("forms/<slug:code>/", views.blank, name="blank"),
]
