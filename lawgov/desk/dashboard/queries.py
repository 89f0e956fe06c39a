"""The figures of the leader's dashboard 领导驾驶舱, for a place and a local day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.urls import reverse
from django.utils.translation import gettext as _

from assessments.models import Issue
from assessments.reports.burndown import burn_down
from assessments.reports.queries import LateUnit, Totals, late_units, totals
from indicators.models import Phase
from lawgov.accounts.actors import Actor
from lawgov.accounts.policy import Action, can
from lawgov.desk.campaigns import Running
from lawgov.desk.checklist.filters import Filters
from lawgov.desk.checklist.heat import HeatMap, heat_map
from lawgov.desk.checklist.items import AreaTotal
from lawgov.desk.checklist.queries import board
from lawgov.holidays.tables import calendar_in_force
from lawgov.web.charts import Bar, Burndown, Week
from lawgov.web.dates import day_text

KIND = (
    Issue.Kind.INDIVIDUAL
)  # the sentence and the chart speak of 个性问题; others are counted apart
SHOWN_LATE = 7  # units beside the charts; the ledger has them all


@dataclass(frozen=True)
class Step:
    """One phase: its days in words, what to say of it, and where it stands."""

    name: str
    days: str
    facts: str
    past: bool
    running: bool


@dataclass(frozen=True)
class Dashboard:
    """Indicators are counted complete, issues by answers; `burndown` None before any hand-over.

    `until` names the submission phase, the working days left to its first day and whether they
    may still change, None when that day has come or is not planned.
    """

    total: AreaTotal
    areas: list[AreaTotal]
    issues: Totals
    late: list[LateUnit]
    burndown: Burndown | None
    steps: list[Step]
    until: tuple[str, int, bool] | None
    map: HeatMap
    reads_list: bool
    reads_ledger: bool

    @property
    def late_shown(self) -> list[LateUnit]:
        return self.late[:SHOWN_LATE]

    @property
    def ahead(self) -> int:
        """Answers ahead of the plan; 0 when behind it or without one."""
        return max(-self.burndown.behind, 0) if self.burndown else 0

    @property
    def bars(self) -> list[Bar]:
        url = reverse("indicators:list") if self.reads_list else ""
        return [
            Bar(
                area.short_name,
                area.done,
                area.total,
                area.title,
                f"{url}?area={area.number}" if url else "",
            )
            for area in self.areas
        ]


def dashboard(actor: Actor, found: Running, today: date) -> Dashboard:
    """All figures; 12 statements, however much there is."""
    figures = board(actor, found.campaign, Filters(), Action.VIEW_DASHBOARD)
    issues = totals(actor, KIND, today)
    reads_ledger = can(actor, Action.VIEW_LEDGER)
    return Dashboard(
        total=figures.total,
        areas=figures.areas,
        issues=issues,
        late=late_units(actor, KIND, today) if issues.overdue else [],
        burndown=_burndown(actor, found, today, linked=reads_ledger),
        steps=[_step(phase, issues, today) for phase in found.phases],
        until=_until(found, today),
        map=heat_map(actor, found.campaign, today, Action.VIEW_DASHBOARD),
        reads_list=can(actor, Action.VIEW_CHECKLIST),
        reads_ledger=reads_ledger,
    )


def _burndown(actor: Actor, found: Running, today: date, *, linked: bool) -> Burndown | None:
    """Close-out against the plan, which ends with the rectification phase."""
    weeks = burn_down(actor.region, today, KIND)
    if not weeks:
        return None
    phase = found.phase("rectify")
    target = phase.ends_on if phase else found.campaign.ends_on
    url = reverse("rectification:list", args=[KIND.value]) if linked else ""
    points = [Week(week.day, week.open, week.closed, week.overdue) for week in weeks]
    return Burndown(points, target, url)


def _step(phase: Phase, issues: Totals, today: date) -> Step:
    days = f"{day_text(phase.starts_on, today)}—{day_text(phase.ends_on, phase.starts_on)}"
    running, past = phase.is_running(today), phase.ends_on < today
    facts = _("已完成") if past else _("进行中") if running else _("未开始")
    if running and phase.code == "rectify" and issues.total:
        facts = _("销号 %(rate)d%%") % {"rate": issues.closed * 100 // issues.total}
    return Step(phase.shown_name, days, facts, past, running)


def _until(found: Running, today: date) -> tuple[str, int, bool] | None:
    phase = found.phase("submit")
    if phase is None or phase.starts_on <= today:
        return None
    workdays, day = calendar_in_force(), phase.starts_on
    return phase.shown_name, workdays.between(today, day), workdays.provisional(day)
