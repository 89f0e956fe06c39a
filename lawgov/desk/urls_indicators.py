"""The namespace `indicators`: checklist, heat map, ticks, and the page of one indicator."""

from django.urls import path

from lawgov.desk import ticks, urls_indicator
from lawgov.desk.checklist import views

app_name = "indicators"

HERE = {"page": ticks.CHECKLIST}

urlpatterns = [
    path("checklist/", views.checklist, name="list"),
    path("checklist/export/", views.export, name="export"),
    path("checklist/heat/", views.heat, name="heat"),
    path("checklist/<int:pk>/tick/", ticks.tick, HERE, name="tick"),
    path("checklist/<int:pk>/untick/", ticks.untick, HERE, name="untick"),
    path("checklist/<int:pk>/undo/", ticks.undo, HERE, name="undo_tick"),
    *urls_indicator.patterns,
]
