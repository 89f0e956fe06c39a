"""Background work of the ledger: reading an uploaded file, and writing the official workbook."""

from __future__ import annotations

from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assessments.rectification.exporting import write_ledger
from assessments.rectification.ledger import Filters, chosen_answers
from assessments.rectification.queries import light_days
from lawgov.accounts.policy import Action
from lawgov.calendars import local_day
from lawgov.jobs.kinds import JobKind, Outcome, Work, register
from lawgov.spreadsheets import house


def run_export(work: Work) -> Outcome:
    """The workbook of the answers under the filter of the page that asked for it."""
    now, actor = timezone.now(), work.actor
    today = local_day(now)
    filters, pks = Filters.of(QueryDict(work.params["query"])), work.params.get("pks")
    near = light_days(actor.region_id)
    rows = chosen_answers(actor, work.params["kind"], filters, today, near)
    narrowed = filters.any or bool(pks)
    if pks:
        rows = rows.filter(pk__in=pks)
    kind, total = work.params["kind"], rows.count()
    write_ledger(
        actor.region,
        kind,
        rows,
        actor,
        work.target,
        today=today,
        created=now,
        narrowed=narrowed,
        report=lambda done: work.report(done, total),
    )
    name = _("%(place)s整改台账") % {"place": actor.region.name}
    return Outcome(filename=house.dated_name(name, today, narrowed=narrowed))


EXPORT_LEDGER = register(
    JobKind(
        "export_ledger",
        gettext_lazy("导出整改台账"),
        Action.EXPORT,
        run_export,
        repeatable=True,
    )
)
