"""Settings page of the campaign: its parameters and the days of its phases, saved together."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from indicators.campaigns.actions import change_campaign
from indicators.campaigns.forms import CampaignForm, PhaseFormSet
from indicators.campaigns.models import Campaign
from lawgov.accounts.guards import requires
from lawgov.accounts.policy import Action
from lawgov.audit.models import AuditEntry
from lawgov.audit.verbs import as_line
from lawgov.calendars import local_day
from lawgov.web.editing import edit_page, posted
from lawgov.web.pages import render_page

SETTINGS = {"section": "settings", "tab": "campaign"}


@requires(Action.MANAGE_CAMPAIGN)
@require_http_methods(["GET", "HEAD", "POST"])
def campaign_settings(request: HttpRequest) -> HttpResponse:
    rows = Campaign.objects.visible_to(request.actor, Action.MANAGE_CAMPAIGN)
    campaign = rows.select_related("edition").first()
    if campaign is None:
        return render_page(request, "indicators/campaigns/none.html", SETTINGS)
    form = CampaignForm(posted(request), instance=campaign)
    phases = PhaseFormSet(posted(request), queryset=campaign.phases.all())
    if request.method == "POST" and not phases.is_valid():
        form.add_error(None, _("阶段的日期有误，看下面标红的地方"))
    now = timezone.now()
    context = SETTINGS | {
        "phases": phases,
        "edition": campaign.edition,
        "today": local_day(now),
        "lines": [as_line(entry) for entry in AuditEntry.objects.on_page_of(campaign)[:30]],
    }

    def save() -> str:
        change_campaign(
            form.stored(),
            form.values(),
            [phase.instance for phase in phases],
            actor=request.actor,
            now=now,
            version=form.seen,
        )
        return _("已保存阶段和参数")

    after = reverse("settings:campaign")
    return edit_page(
        request, form, "indicators/campaigns/settings.html", context, save=save, after=after
    )
