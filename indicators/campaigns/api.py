"""The campaign of the caller's place under /api/v1/: its settings and phases."""

from __future__ import annotations

from django.http import Http404
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from indicators.campaigns.actions import change_campaign
from indicators.campaigns.forms import CampaignForm, PhaseForm
from indicators.campaigns.models import Campaign, Phase
from lawgov.accounts.policy import Action
from lawgov.errors import GuardFailed
from lawgov.web.rest.bodies import FormBody, IdField
from lawgov.web.rest.endpoints import Endpoint
from lawgov.web.rest.rows import RowSerializer

OFFICE = (Action.MANAGE_CAMPAIGN,)
SETTINGS = (
    "name", "level", "kind", "starts_on", "ends_on", "evidence_from", "evidence_to",
    "light_days", "immediate_days", "two_person_close", "office_name", "letter_agency",
)  # fmt: skip


class PhaseSerializer(RowSerializer):
    class Meta:
        model = Phase
        fields = ["id", "number", "code", "name", "starts_on", "ends_on"]


class CampaignSerializer(RowSerializer):
    """The campaign 创建 with its phases 阶段; days are local and inclusive."""

    edition = serializers.CharField(source="edition.code")
    phases = PhaseSerializer(many=True)

    class Meta:
        model = Campaign
        fields = ["id", "edition", *SETTINGS, "version", "phases"]


class PhaseBody(FormBody):
    class Meta:
        form = PhaseForm
        fields = ("name", "starts_on", "ends_on")

    id = IdField()


class CampaignBody(FormBody):
    """Settings, and names and days of phases; phases that are left out stay as they are."""

    class Meta:
        form = CampaignForm
        fields = (*SETTINGS, "version")

    phases = PhaseBody(many=True, required=False)


class CampaignEndpoint(Endpoint):
    """The one campaign of the place; 404 before it has begun."""

    model = Campaign
    serializer_class = CampaignSerializer
    pagination_class = None
    filter_backends = []
    policy = {"show": OFFICE, "update": OFFICE}
    bodies = {"update": CampaignBody}

    def rows(self):
        return Campaign.objects.select_related("edition").prefetch_related("phases").order_by("pk")

    def get_object(self) -> Campaign:
        found = self.rows().visible_to(self.actor, Action.MANAGE_CAMPAIGN).first()
        if found is None:
            raise Http404
        return found

    def show(self, request: Request) -> Response:
        return Response(CampaignSerializer(self.get_object()).data)

    def update(self, request: Request) -> Response:
        """Write settings and phases, all under the campaign's one version."""
        campaign = self.get_object()
        given = self.checked()
        form = self.filled(instance=campaign)
        phases = self._phases(campaign, given.get("phases", []))
        change_campaign(form.stored(), form.values(), phases, version=form.seen, **self.act)
        return self.show(self.request)

    def _phases(self, campaign: Campaign, given: list[dict]) -> list[Phase]:
        known = {phase.pk: phase for phase in campaign.phases.all()}
        wrong = [str(values["id"]) for values in given if values["id"] not in known]
        if wrong:
            raise GuardFailed(fields={"phases": ", ".join(wrong)})
        return [PhaseBody.fill(values, instance=known[values["id"]]).instance for values in given]
