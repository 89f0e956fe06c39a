"""The wizard's acts that an office can also call: beginning the campaign, dividing by default."""

from __future__ import annotations

from typing import Any

from django.http import Http404
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from assessments.rounds.book import self_round
from indicators.assignments.api import DivisionEndpoint
from indicators.campaigns.actions import create_campaign
from indicators.campaigns.api import CampaignEndpoint, CampaignSerializer
from indicators.models import Campaign
from lawgov.accounts.policy import Action
from lawgov.operations.setup.actions import divide_by_default
from lawgov.operations.setup.forms import CampaignForm, DutiesForm
from lawgov.web.rest.bodies import FormBody, StrictSerializer, refuse

OFFICE = (Action.MANAGE_CAMPAIGN,)


class NewCampaignBody(FormBody):
    """`edition` is the id of a loaded edition, whose indicators the campaign takes over."""

    class Meta:
        form = CampaignForm
        fields = ("name", "edition", "level", "kind", "starts_on", "ends_on", "evidence_from",
                  "evidence_to", "office_name", "letter_agency")  # fmt: skip


class CampaignSetUpEndpoint(CampaignEndpoint):
    __doc__ = CampaignEndpoint.__doc__
    policy = {**CampaignEndpoint.policy, "create": OFFICE}
    bodies = {**CampaignEndpoint.bodies, "create": NewCampaignBody}

    def create(self, request: Request) -> Response:
        """Begin the campaign: its phases, an assignment per indicator, the first round."""
        data = dict(self.filled().cleaned_data)
        made = create_campaign(self.actor.region, data.pop("edition"), **self.act, **data)
        self_round(made, now=self.now)
        return Response(CampaignSerializer(self.get_object()).data, status=201)


class DefaultsBody(StrictSerializer):
    """By number of area: "" leaves it alone, "lead" is the lead unit only, else a group's id."""

    areas = serializers.DictField(child=serializers.CharField(max_length=20, allow_blank=True))


class DividedSerializer(serializers.Serializer):
    """Indicators given out, and types of lead units that no unit answers to."""

    changed = serializers.IntegerField()
    unknown = serializers.ListField(child=serializers.CharField())


class DivisionSetUpEndpoint(DivisionEndpoint):
    __doc__ = DivisionEndpoint.__doc__
    policy = {**DivisionEndpoint.policy, "defaults": OFFICE}
    bodies = {**DivisionEndpoint.bodies, "defaults": DefaultsBody}
    answers = {**DivisionEndpoint.answers, "defaults": DividedSerializer}

    @action(detail=False, methods=["post"])
    def defaults(self, request: Request) -> Response:
        """Give what nobody owns yet to the usual units, area by area."""
        campaigns = Campaign.objects.visible_to(self.actor, Action.MANAGE_CAMPAIGN)
        campaign = campaigns.select_related("region", "edition").first()
        if campaign is None:
            raise Http404
        given: dict[str, Any] = self.checked()["areas"]
        named = {f"area-{number}": choice for number, choice in given.items()}
        form = DutiesForm(named, campaign=campaign)
        if not form.is_valid():
            refuse(form)
        done = divide_by_default(campaign, form.choices(), **self.act)
        return Response({"changed": done.changed, "unknown": done.unknown})
