"""My tasks 我的待办."""

from django.urls import path

from lawgov.desk import ticks
from lawgov.desk.tasks import views

app_name = "tasks"

HERE = {"page": ticks.TASKS}

urlpatterns = [
    path("tasks/", views.task_list, name="list"),
    path("tasks/<int:pk>/tick/", ticks.tick, HERE, name="tick"),
    path("tasks/<int:pk>/untick/", ticks.untick, HERE, name="untick"),
    path("tasks/<int:pk>/undo/", ticks.undo, HERE, name="undo_tick"),
    path("tasks/<slug:key>/", views.task_row, name="row"),
]
