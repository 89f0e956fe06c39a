"""Checklist, heat map, and the page of one indicator: one namespace, two developers' tables."""

from django.urls import path

from lawgov.desk.checklist import ticks, views

app_name = "indicators"

urlpatterns = [
    path("checklist/", views.checklist, name="list"),
    path("checklist/heat/", views.heat, name="heat"),
    path("checklist/<int:pk>/tick/", ticks.tick, name="tick"),
    path("checklist/<int:pk>/untick/", ticks.untick, name="untick"),
    path("checklist/<int:pk>/undo/", ticks.undo, name="undo_tick"),
]
