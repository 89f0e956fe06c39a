"""Background work of the scores: writing the self-assessment workbook."""

from __future__ import annotations

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assessments.rounds.exporting import assessment_workbook
from indicators.models import Assignment, Campaign
from lawgov.accounts.policy import Action
from lawgov.calendars import local_day
from lawgov.jobs.kinds import JobKind, Outcome, Work, register
from lawgov.spreadsheets.writer import write


def run_export(work: Work) -> Outcome:
    """The indicators that the page showed (`assignments`, ids), as far as the actor sees them."""
    now, actor = timezone.now(), work.actor
    today = local_day(now)
    campaign = Campaign.objects.in_region(actor.region).select_related("region", "edition").get()
    rows = Assignment.objects.visible_to(actor).filter(campaign=campaign)
    if work.params.get("assignments") is not None:
        rows = rows.filter(pk__in=work.params["assignments"])
    book = assessment_workbook(campaign, rows, actor, today=today, created=now)
    write(book, work.target)
    name = actor.unit.name if actor.unit else campaign.region.name
    return Outcome(
        filename=_("%(who)s自评表（%(day)s）.xlsx")
        % {
            "who": name,
            "day": f"{today:%Y%m%d}",
        }
    )


EXPORT_ASSESSMENT = register(
    JobKind("export_assessment", gettext_lazy("导出自评表"), Action.EXPORT, run_export)
)
