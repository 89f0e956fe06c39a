"""What belongs to one inspection under /api/v1/: its figures, findings and letters."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from assessments.inspections.models import Inspection
from assessments.rectification.actions import record_issue
from assessments.rectification.api import FindingBody
from assessments.rectification.inspected import inspected, sendings
from assessments.rectification.issuing import found_in, issue_letters, next_letter_number
from lawgov.accounts.policy import Action
from lawgov.calendars import local_day
from lawgov.errors import StaleState
from lawgov.web.rest.bodies import StrictSerializer
from lawgov.web.rest.endpoints import Endpoint
from lawgov.web.rest.rows import RefSerializer


class InspectedUnitSerializer(serializers.Serializer):
    """One unit in an inspection; all figures count its answers."""

    unit = RefSerializer()
    visited = serializers.BooleanField()
    single = serializers.IntegerField()
    shared = serializers.IntegerField()
    found = serializers.IntegerField()
    waiting = serializers.IntegerField()
    closed = serializers.IntegerField()
    total = serializers.IntegerField()


class InspectedSerializer(serializers.Serializer):
    """What an inspection has come to; `issues` counts by kind."""

    lines = InspectedUnitSerializer(many=True)
    sums = serializers.DictField(child=serializers.IntegerField())
    issues = serializers.DictField(child=serializers.IntegerField())
    letters = serializers.IntegerField()
    received = serializers.IntegerField()


class LetterPreviewSerializer(serializers.Serializer):
    """One letter about to be sent; `people` will find a notice."""

    unit = RefSerializer()
    number = serializers.CharField()
    single = serializers.IntegerField()
    shared = serializers.IntegerField()
    people = serializers.IntegerField()


class LettersPreviewSerializer(serializers.Serializer):
    """What would go to whom on a day; `expected` goes back with the order to send."""

    letters = LetterPreviewSerializer(many=True)
    answers = serializers.IntegerField()
    expected = serializers.CharField()


class LettersBody(StrictSerializer):
    """The day of the letters, and what the preview said would be sent."""

    issued_on = serializers.DateField()
    expected = serializers.CharField(max_length=100)


class LettersSentSerializer(serializers.Serializer):
    """Ids of the letters."""

    letters = serializers.ListField(child=serializers.IntegerField())


class IssueFoundSerializer(serializers.Serializer):
    """The new issue, with the number that it got."""

    id = serializers.IntegerField()
    number = serializers.CharField()


class FindingEndpoint(Endpoint):
    """Findings and letters of one inspection."""

    model = Inspection
    serializer_class = InspectedSerializer
    policy = {
        "figures": (Action.VIEW_INSPECTIONS,),
        "record": (Action.RECORD_ISSUE,),
        "letters": (Action.ISSUE,),
        "send": (Action.ISSUE,),
    }
    bodies = {"record": FindingBody, "send": LettersBody}
    parameters = {"letters": [OpenApiParameter("issued_on", OpenApiTypes.DATE)]}
    answers = {
        "record": {201: IssueFoundSerializer},
        "letters": LettersPreviewSerializer,
        "send": {201: LettersSentSerializer},
    }

    def get_queryset(self):
        if getattr(self, "swagger_fake_view", False):
            return self.queryset
        needed = self.policy[self.action][0]
        return Inspection.objects.visible_to(self.actor, needed).select_related("campaign")

    @action(detail=True, methods=["get"])
    def figures(self, request: Request, pk: str) -> Response:
        return Response(InspectedSerializer(inspected(self.get_object())).data)

    @action(detail=True, methods=["post"], url_path="issues")
    def record(self, request: Request, pk: str) -> Response:
        """Write an issue down; it gets the next number of its kind."""
        inspection = self.get_object()
        form = self.filled(region=inspection.region_id, today=local_day(self.now))
        issue = record_issue(inspection, form.finding, **self.act)
        return Response({"id": issue.pk, "number": issue.number}, status=201)

    @action(detail=True, methods=["get"])
    def letters(self, request: Request, pk: str) -> Response:
        """What would go to whom, with the numbers of the day `issued_on` (left out: today)."""
        inspection = self.get_object()
        asked = serializers.DateField(allow_null=True, default=None)
        day = asked.run_validation(request.query_params.get("issued_on"))
        shown = self._preview(inspection, day or local_day(self.now))
        return Response(LettersPreviewSerializer(shown).data)

    @letters.mapping.post
    def send(self, request: Request, pk: str) -> Response:
        """Send all letters or none; 409 when what there is to send has changed since."""
        inspection, given = self.get_object(), self.checked()
        if self._preview(inspection, given["issued_on"])["expected"] != given["expected"]:
            raise StaleState(_("待交办的问题刚刚有变化，没有发出，请再核对一次"))
        made = issue_letters(inspection, issued_on=given["issued_on"], **self.act)
        return Response({"letters": [letter.pk for letter in made]}, status=201)

    def _preview(self, inspection: Inspection, day: date) -> dict[str, Any]:
        """The same figures, and the same token of them, as the page of the letters shows."""
        rows, campaign = found_in(inspection), inspection.campaign
        first = next_letter_number(campaign, day.year)
        units = len({row.unit_id for row in rows})
        agency = campaign.letter_agency
        numbers = [f"{agency}〔{day.year}〕{first + n}号" for n in range(units)]
        sent = sendings(rows, numbers, self.actor, local_day(self.now))
        expected = f"{len(rows)}:{sent[0].number if sent else ''}"
        return {"letters": sent, "answers": len(rows), "expected": expected}
