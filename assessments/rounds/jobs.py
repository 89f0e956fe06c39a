"""Background work of the scores: writing the self-assessment workbook."""

from __future__ import annotations

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assessments.rounds.exporting import assessment_workbook
from indicators.models import Assignment, Campaign
from lawgov.accounts.policy import Action
from lawgov.calendars import local_day
from lawgov.errors import NotAllowed
from lawgov.jobs.kinds import JobKind, Outcome, Work, register
from lawgov.spreadsheets import house
from lawgov.spreadsheets.writer import write


def run_export(work: Work) -> Outcome:
    """The indicators that the page showed (`assignments`, ids), as far as the actor sees them;
    `query` are the filters by which they were found. Raises NotAllowed where there are none.
    """
    now, actor = timezone.now(), work.actor
    today = local_day(now)
    campaign = Campaign.objects.in_region(actor.region).select_related("region", "edition").get()
    rows = Assignment.objects.visible_to(actor).filter(campaign=campaign)
    if work.params.get("assignments") is not None:
        rows = rows.filter(pk__in=work.params["assignments"])
    if not rows.exists():
        raise NotAllowed(_("没有符合条件的指标"))
    narrowed = bool(work.params.get("query"))
    book = assessment_workbook(campaign, rows, actor, today=today, created=now, narrowed=narrowed)
    write(book, work.target)
    who = actor.unit.name if actor.unit else campaign.region.name
    name = _("%(who)s自评表") % {"who": who}
    return Outcome(filename=house.dated_name(name, today, narrowed=narrowed))


EXPORT_ASSESSMENT = register(
    JobKind(
        "export_assessment",
        gettext_lazy("导出自评表"),
        Action.EXPORT,
        run_export,
        repeatable=True,
    )
)
