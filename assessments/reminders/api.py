"""The place's rules of reminding 提醒规则, and reminding by hand 催办, under /api/v1/."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.http import Http404
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from assessments.models import ReminderHours, ReminderRule, ReminderText, UnitResponse
from assessments.reminders.changing import change_hours, change_rule
from assessments.reminders.forms import HoursForm, RuleForm
from assessments.reminders.kinds import Level, Watch
from assessments.reminders.pressing import LONG, Plan, plan_by_hand, remind_by_hand
from assessments.reminders.rules import default_row
from indicators.models import Campaign
from lawgov.accounts.policy import Action
from lawgov.calendars import local_day
from lawgov.web.rest.bodies import FormBody, IdField, StrictSerializer, refuse
from lawgov.web.rest.endpoints import Endpoint, Figures
from lawgov.web.rest.rows import ResultsSerializer, results

OFFICE = (Action.MANAGE_CAMPAIGN,)
NUMBERS = ("active", "limit", "before", "first", "every", "head_from", "office_from",
           "leader_from")  # fmt: skip
HOURS = ("from_time", "to_time", "any_day", "any_day_from", "manual_daily")


class TextSerializer(StrictSerializer):
    """The office's own sentence for one level and language; none: the built-in one is sent."""

    level = serializers.ChoiceField(Level.choices)
    language = serializers.ChoiceField(["zh-hans", "en"])
    text = serializers.CharField(max_length=200)


class RuleSerializer(serializers.ModelSerializer):
    """One rule; `version` 0: the defaults, nothing stored yet."""

    version = serializers.SerializerMethodField()
    texts = serializers.SerializerMethodField()

    class Meta:
        model = ReminderRule
        fields = ["watch", *NUMBERS, "version", "texts"]
        read_only_fields = fields

    def get_version(self, rule: ReminderRule) -> int:
        return rule.version if rule.pk else 0

    def get_texts(self, rule: ReminderRule) -> TextSerializer(many=True):
        rows = ReminderText.objects.filter(campaign=rule.campaign, watch=rule.watch)
        return TextSerializer(rows, many=True).data


class RulesSerializer(serializers.Serializer):
    rules = RuleSerializer(many=True)


class RuleBody(FormBody):
    """All of a rule; `version` is the one seen, 0 where nothing was stored."""

    class Meta:
        form = RuleForm
        fields = (*(name for name in NUMBERS if name != "limit"), "version")

    limit = serializers.IntegerField(min_value=1, max_value=365, required=False)
    texts = TextSerializer(many=True, required=False)


@extend_schema_field({"type": "string", "pattern": r"^\d{2}:\d{2}(:\d{2})?$"})
class LocalTimeField(serializers.TimeField):
    """A local time of day; the schema's own format `time` would want an offset."""


class HoursSerializer(serializers.ModelSerializer):
    from_time = LocalTimeField(read_only=True)
    to_time = LocalTimeField(read_only=True)
    version = serializers.SerializerMethodField()

    class Meta:
        model = ReminderHours
        fields = [*HOURS, "version"]
        read_only_fields = fields

    def get_version(self, hours: ReminderHours) -> int:
        return hours.version if hours.pk else 0


class HoursBody(FormBody):
    """When the place is reminded, local times; `version` 0 where nothing was stored."""

    class Meta:
        form = HoursForm
        fields = ("any_day", "any_day_from", "manual_daily", "version")

    from_time = LocalTimeField()
    to_time = LocalTimeField()


class ReminderRuleEndpoint(Figures):
    """What the place is reminded of, when, and in which words."""

    serializer_class = RulesSerializer
    lookup_field = "watch"
    policy = {"show": OFFICE, "rule": OFFICE, "change": OFFICE, "hours": OFFICE,
              "change_hours": OFFICE}  # fmt: skip
    bodies = {"change": RuleBody, "change_hours": HoursBody}
    answers = {
        "show": RulesSerializer,
        "rule": RuleSerializer,
        "change": RuleSerializer,
        "hours": HoursSerializer,
        "change_hours": HoursSerializer,
    }

    def _campaign(self) -> Campaign:
        found = Campaign.objects.visible_to(self.actor, Action.MANAGE_CAMPAIGN).first()
        if found is None:
            raise Http404
        return found

    def _row(self, campaign: Campaign, watch: str) -> ReminderRule:
        if watch not in Watch.values:
            raise Http404
        rows = ReminderRule.objects.visible_to(self.actor, Action.MANAGE_CAMPAIGN)
        return rows.filter(watch=watch).first() or default_row(campaign, watch)

    def show(self, request: Request) -> Response:
        campaign = self._campaign()
        rules = [self._row(campaign, watch) for watch in Watch]
        return Response(RulesSerializer({"rules": rules}).data)

    def rule(self, request: Request, watch: str) -> Response:
        return Response(RuleSerializer(self._row(self._campaign(), watch)).data)

    def change(self, request: Request, watch: str) -> Response:
        """Write a rule and all its sentences; those that are left out are taken away."""
        campaign = self._campaign()
        row = self._row(campaign, watch)
        given = self.checked()
        texts = {
            f"text_{one['level']}_{one['language'].replace('-', '_')}": one["text"]
            for one in given.pop("texts", [])
        }
        form = RuleForm({**given, **texts}, instance=row, own={}, today=local_day(self.now))
        if not form.is_valid():
            refuse(form)
        stored = form.stored() if row.pk else default_row(campaign, watch)
        change_rule(stored, form.values(), form.texts(), version=self._seen(form), **self.act)
        return Response(RuleSerializer(self._row(campaign, watch)).data)

    def _seen(self, form: Any) -> int | None:
        return form.seen if form.instance.pk else None

    def _hours(self, campaign: Campaign) -> ReminderHours:
        rows = ReminderHours.objects.visible_to(self.actor, Action.MANAGE_CAMPAIGN)
        return rows.first() or ReminderHours(campaign=campaign)

    def hours(self, request: Request) -> Response:
        return Response(HoursSerializer(self._hours(self._campaign())).data)

    def change_hours(self, request: Request) -> Response:
        campaign = self._campaign()
        row = self._hours(campaign)
        form = HoursForm(self.checked(), instance=row)
        if not form.is_valid():
            refuse(form)
        stored = form.stored() if row.pk else ReminderHours(campaign=campaign)
        change_hours(stored, form.values(), version=self._seen(form), **self.act)
        return Response(HoursSerializer(self._hours(campaign)).data)


# -- reminding by hand ----------------------------------------------------------------------------


class ReceiverSerializer(serializers.Serializer):
    """Somebody who would be told; `against` says why not today."""

    name = serializers.CharField()
    level = serializers.ChoiceField(Level.choices)
    against = serializers.CharField(allow_blank=True)


class ReceiversSerializer(serializers.Serializer):
    """Who would be told of an answer; `detail` says why nobody can be."""

    receivers = ReceiverSerializer(many=True)
    detail = serializers.CharField(allow_blank=True)


class PressBody(StrictSerializer):
    reason = serializers.CharField(max_length=LONG)


class PressManyBody(PressBody):
    ids = serializers.ListField(child=IdField(), min_length=1, max_length=200)


class RemindEndpoint(Endpoint):
    """Reminding by hand 催办."""

    model = UnitResponse
    serializer_class = ReceiversSerializer
    policy = dict.fromkeys(["receivers", "press", "press_many"], (Action.REMIND,))
    bodies = {"press": PressBody, "press_many": PressManyBody}
    answers = {"press_many": ResultsSerializer}

    def rows(self) -> QuerySet[UnitResponse]:
        return UnitResponse.objects.for_moves().order_by("pk")

    @action(detail=True, methods=["get"])
    def receivers(self, request: Request, pk: str) -> Response:
        """Who would be told today; nothing is sent."""
        (plan,) = plan_by_hand([self.get_object()], self.actor, local_day(self.now))
        return self._told(plan)

    @action(detail=True, methods=["post"], url_path="remind")
    def press(self, request: Request, pk: str) -> Response:
        """Tell the people of one answer now, with a reason."""
        answer = self.get_object()
        (plan,) = remind_by_hand([answer], self.checked()["reason"], **self.act)
        if plan.error:
            raise plan.error
        return self._told(plan)

    @action(detail=False, methods=["post"], url_path="remind")
    def press_many(self, request: Request) -> Response:
        """The same for many answers: a result for each, the others are still told."""
        given = self.checked()
        rows = list(self.get_queryset().filter(pk__in=given["ids"]))
        plans = remind_by_hand(rows, given["reason"], **self.act)
        return Response(results(given["ids"], {plan.answer.pk: plan.error for plan in plans}))

    def _told(self, plan: Plan) -> Response:
        shown = {"receivers": plan.receivers, "detail": str(plan.error or "")}
        return Response(ReceiversSerializer(shown).data)
