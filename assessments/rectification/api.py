"""Issues, letters and requests for more time under /api/v1/; the answers are in answer_api.py."""

from __future__ import annotations

from django.db.models import Prefetch
from rest_framework import mixins, serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from assessments.rectification.actions import edit_issue
from assessments.rectification.answer_api import READERS, ExtensionSerializer
from assessments.rectification.forms import FindingForm
from assessments.rectification.issuing import accept_letter
from assessments.rectification.models import Extension, Issue, Letter, UnitResponse
from assessments.rectification.queries import is_provisional, timeline
from assessments.rectification.states import State, issue_state
from lawgov.accounts.policy import Action
from lawgov.calendars import local_day
from lawgov.errors import StaleState
from lawgov.web.rest.bodies import FormBody
from lawgov.web.rest.endpoints import Endpoint
from lawgov.web.rest.rows import (
    IdsField,
    LineSerializer,
    ResultsSerializer,
    RowSerializer,
    results,
)


class IssueSerializer(RowSerializer):
    """One issue; `state` is derived from the answers that the caller sees, `responses` are
    their ids."""

    state = serializers.SerializerMethodField()
    deadline_provisional = serializers.SerializerMethodField()
    responses = IdsField(source="seen")

    class Meta:
        model = Issue
        fields = [
            "id", "inspection", "kind", "number", "category", "text", "requirement", "goal",
            "addressed_text", "assignment", "lead_units", "found_on", "deadline_text",
            "deadline_kind", "deadline_date", "deadline_provisional", "remark", "version",
            "state", "responses",
        ]  # fmt: skip

    def get_state(self, issue: Issue) -> str:
        return issue_state([State(response.state) for response in issue.seen])

    def get_deadline_provisional(self, issue: Issue) -> bool:
        return is_provisional(issue)


FINDING = (
    "kind", "units", "groups", "text", "requirement", "deadline_text", "category", "goal",
    "assignment", "lead_units", "found_on", "remark",
)  # fmt: skip
LOOSE = ("requirement", "goal", "remark", "deadline_text", "units")


class FindingBody(FormBody):
    """An issue as an inspector writes it down; `groups` stands for their members."""

    class Meta:
        form = FindingForm
        fields = FINDING

    def get_fields(self) -> dict[str, serializers.Field]:
        fields = super().get_fields()
        for name in LOOSE:  # which of them is missing the form says
            fields[name].required = False
            fields[name].allow_blank = True
        return fields


class FindingChangeBody(FindingBody):
    class Meta:
        form = FindingForm
        fields = (*FINDING, "version")


class IssueEndpoint(mixins.ListModelMixin, mixins.RetrieveModelMixin, Endpoint):
    """Issues 问题 of all kinds; one is recorded under its inspection."""

    model = Issue
    serializer_class = IssueSerializer
    filterset_fields = {
        "kind": ["exact"],
        "inspection": ["exact"],
        "number": ["exact"],
        "assignment": ["exact"],
    }
    policy = {
        "list": READERS,
        "retrieve": READERS,
        "update": (Action.RECORD_ISSUE,),
        "lines": READERS,
    }
    bodies = {"update": FindingChangeBody}
    answers = {"lines": LineSerializer(many=True)}

    def rows(self):
        seen = UnitResponse.objects.visible_to(self.actor).order_by("unit__order", "pk")
        rows = Issue.objects.order_by("pk").prefetch_related("lead_units")
        return rows.prefetch_related(Prefetch("responses", queryset=seen, to_attr="seen"))

    def update(self, request: Request, pk: str) -> Response:
        """Change an issue, as long as no unit has it."""
        issue = self.get_object()
        if issue.responses.exclude(state=State.FOUND).exists():
            raise StaleState
        form = self.filled(region=issue.region_id, today=local_day(self.now))
        version = form.cleaned_data["version"] or 0
        edit_issue(issue, form.finding, version=version, **self.act)
        return self.shown(issue)

    @action(detail=True, methods=["get"], pagination_class=None, filter_backends=[])
    def lines(self, request: Request, pk: str) -> Response:
        """The trail 经过, newest first, less what concerns answers that the caller cannot see."""
        issue = self.get_object()
        found = timeline(issue, [response.pk for response in issue.seen])
        return Response(LineSerializer(found, many=True).data)


class ExtensionEndpoint(mixins.ListModelMixin, mixins.RetrieveModelMixin, Endpoint):
    """Requests for more time 延期; asked for and decided by edges of the answer."""

    model = Extension
    serializer_class = ExtensionSerializer
    filterset_fields = {"state": ["exact"], "response": ["exact"], "response__unit": ["exact"]}
    policy = {"list": READERS, "retrieve": READERS}

    def get_queryset(self):
        if getattr(self, "swagger_fake_view", False):
            return self.queryset
        seen = UnitResponse.objects.visible_to(self.actor)
        return Extension.objects.filter(response__in=seen).order_by("-pk")


class LetterSerializer(RowSerializer):
    """A letter 反馈函; `responses` are ids of the answers in it."""

    document_number = serializers.CharField(source="__str__")
    unit_name = serializers.CharField(source="unit.name")
    responses = IdsField(source="seen")

    class Meta:
        model = Letter
        fields = ["id", "inspection", "unit", "unit_name", "document_number", "issued_on",
                  "responses"]  # fmt: skip


class LetterEndpoint(mixins.ListModelMixin, mixins.RetrieveModelMixin, Endpoint):
    """Letters 反馈函 and their receipt 签收."""

    model = Letter
    serializer_class = LetterSerializer
    filterset_fields = {"inspection": ["exact"], "unit": ["exact"], "year": ["exact"]}
    policy = {"list": READERS, "retrieve": READERS, "accept": (Action.ACCEPT,)}
    answers = {"accept": ResultsSerializer}

    def rows(self):
        seen = UnitResponse.objects.visible_to(self.actor).order_by("pk")
        rows = Letter.objects.select_related("unit", "inspection__campaign")
        return rows.order_by("agency", "year", "number").prefetch_related(
            Prefetch("responses", queryset=seen, to_attr="seen")
        )

    @action(detail=True, methods=["post"])
    def accept(self, request: Request, pk: str) -> Response:
        """签收: all issues of the letter that still wait for it."""
        found = accept_letter(self.get_object(), **self.act)
        errors = {result.obj.pk: result.error for result in found}
        return Response(results(errors, errors))
