"""My tasks 我的待办 under /api/v1/."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from lawgov.accounts.policy import Action
from lawgov.desk.tasks import queries
from lawgov.desk.tasks.task import Group, Kind, Task
from lawgov.desk.tasks.views import reader_of
from lawgov.web.rest.endpoints import Figures


class TaskSerializer(serializers.Serializer):
    """One thing to do or to wait for: `id` is that of what `kind` is about; `act` says what is
    next and `url` where. `due` is in words, `version` there where the row can be ticked."""

    key = serializers.CharField()
    group = serializers.ChoiceField(Group.choices)
    kind = serializers.ChoiceField(Kind.choices)
    id = serializers.IntegerField(source="pk")
    number = serializers.CharField()
    title = serializers.CharField()
    note = serializers.CharField(allow_blank=True)
    party = serializers.CharField(allow_blank=True)
    turn = serializers.CharField()
    act = serializers.CharField(source="act.label")
    url = serializers.CharField()
    due_on = serializers.DateField(allow_null=True)
    due = serializers.CharField(source="due.text", default="")
    provisional = serializers.BooleanField(source="due.provisional", default=False)
    light = serializers.CharField(source="due.light", default="")
    version = serializers.IntegerField(source="work.version", default=None, allow_null=True)


class UnitProgressSerializer(serializers.Serializer):
    ticked = serializers.IntegerField()
    indicators = serializers.IntegerField()
    closed = serializers.IntegerField()
    issues = serializers.IntegerField()


class TasksSerializer(serializers.Serializer):
    """All rows in the order of their groups; `waiting` counts those that are the reader's turn."""

    today = serializers.DateField()
    week_end = serializers.DateField()
    total = serializers.IntegerField()
    waiting = serializers.IntegerField()
    tasks = TaskSerializer(many=True)
    progress = UnitProgressSerializer(allow_null=True)


class TaskEndpoint(Figures):
    """What waits for the caller, and what the caller waits for."""

    serializer_class = TasksSerializer
    policy = {"show": (Action.VIEW_TASKS,)}
    answers = {"show": TasksSerializer}

    def show(self, request: Request) -> Response:
        found = queries.tasks_of(reader_of(self.http))
        rows = [_Grouped(task, group) for group, rows in found.groups.items() for task in rows]
        shown: dict[str, Any] = {
            "today": found.today,
            "week_end": found.week_end,
            "total": found.total,
            "waiting": found.waiting,
            "tasks": rows,
            "progress": queries.progress_of(self.actor),
        }
        return Response(TasksSerializer(shown).data)


class _Grouped:
    """A task together with the group that it stands in."""

    def __init__(self, task: Task, group: Group) -> None:
        self.task, self.group = task, group

    def __getattr__(self, name: str) -> Any:
        return getattr(self.task, name)
