"""The steps of the review queue as a table: what waits at each, for whom, in which order."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Subquery, Sum, Value
from django.db.models.functions import Coalesce
from django.http import HttpRequest
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from assessments.models import Score
from indicators.assignments.states import UnitState
from indicators.models import Area, Assignment, UnitAssignment
from lawgov.accounts.actors import Actor
from lawgov.accounts.policy import Action, can
from lawgov.desk.tasks import sources
from lawgov.units.models import Region, Unit
from lawgov.web.listing import number, search_text


@dataclass(frozen=True)
class Step:
    """One tab. `whole`: rows are indicators, else units' works.

    `edge` passes a row, `back` sends it back or refuses it; "" where that is not done from here.
    `done`, `not_done` are the words of the report on a bulk call.
    """

    key: str
    label: str | Promise
    action: Action
    rows: Callable[[Actor], QuerySet]
    edge: str
    back: str
    done: str | Promise
    whole: bool = False


PASSED = _("通过")
STEPS = (
    Step(
        "head", _("待单位审核"), Action.APPROVE, sources.works_to_approve, "approve", "return",
        PASSED,
    ),
    Step(
        "lead", _("待牵头审核"), Action.REVIEW, sources.works_to_review, "accept", "return", PASSED,
    ),
    Step(
        "exemption", _("申请不适用"), Action.DECIDE_EXEMPTION, sources.exemptions_to_decide,
        "exempt", "refuse_exemption", _("同意"),
    ),
    Step(
        "score", _("待牵头评分"), Action.REVIEW, sources.indicators_to_score, "", "",
        pgettext_lazy("edge", "评分"),
        whole=True,
    ),
    Step(
        "verify", _("待核验"), Action.VERIFY_INDICATOR, sources.indicators_to_verify, "verify", "",
        pgettext_lazy("edge", "核验"), whole=True,
    ),
)  # fmt: skip


@dataclass(frozen=True)
class Filters:
    """Filters of the queue; 0 and "" mean not set. `number` is the indicator's."""

    number: int = 0
    unit: int = 0
    area: int = 0
    q: str = ""

    @classmethod
    def read(cls, request: HttpRequest) -> Filters:
        return cls(
            number(request, "number", 0),
            number(request, "unit", 0),
            number(request, "area", 0),
            search_text(request),
        )

    def __bool__(self) -> bool:
        return bool(self.number or self.unit or self.area or self.q)


def steps_of(actor: Actor) -> list[Step]:
    """The tabs of a role, in the order of the work."""
    return [step for step in STEPS if can(actor, step.action)]


def waiting(step: Step, actor: Actor, filters: Filters) -> QuerySet:
    """Rows of one tab under the filters, without an order and without their figures."""
    rows = step.rows(actor)
    to_assignment = "" if step.whole else "assignment__"
    indicator = f"{to_assignment}indicator__"
    if filters.number:
        rows = rows.filter(**{f"{indicator}number": filters.number})
    if filters.area:
        rows = rows.filter(**{f"{indicator}group__area__number": filters.area})
    if filters.unit:
        rows = rows.filter(_of_unit(step, filters.unit))
    if filters.q:
        text = Q(**{f"{indicator}title__icontains": filters.q})
        if not step.whole:
            text |= Q(unit__name__icontains=filters.q) | Q(unit__short_name__icontains=filters.q)
        rows = rows.filter(text)
    return rows


def _of_unit(step: Step, unit: int) -> Q:
    if not step.whole:
        return Q(unit=unit)
    return Q(Exists(UnitAssignment.objects.filter(assignment=OuterRef("pk"), unit=unit)))


def with_figures(step: Step, rows: QuerySet) -> QuerySet:
    """Rows with what the table shows: proof, self-score, units, and the version seen.

    `seen` is what a decision on this row must find unchanged.
    """
    if step.whole:
        works = UnitAssignment.objects.filter(assignment=OuterRef("pk")).order_by()
        versions = works.values("assignment").annotate(sum=Sum("version")).values("sum")
        units = works.exclude(state=UnitState.NOT_APPLICABLE).values("assignment")
        return rows.select_related("indicator", "campaign", "lead_unit").annotate(
            seen=F("version") + Coalesce(Subquery(versions), 0),
            units=Coalesce(Subquery(units.annotate(n=Count("pk")).values("n")), 0),
            self_points=_points(Score.Source.SELF, OuterRef("pk"), None),
            lead_points=_points(Score.Source.LEAD, OuterRef("pk"), None),
        )
    return (
        rows.select_related("assignment__indicator", "assignment__campaign", "unit")
        .with_proof()
        .annotate(
            seen=F("version"),
            self_points=_points(Score.Source.SELF, OuterRef("assignment"), OuterRef("unit")),
        )
    )


def _points(source: Score.Source, assignment: Any, unit: Any) -> Subquery:
    scores = Score.objects.in_force().filter(assignment=assignment, unit=unit, source=source)
    return Subquery(scores.order_by("-round__number").values("points")[:1])


def counts(actor: Actor, steps: list[Step]) -> Mapping[str, int]:
    """How many rows wait at each step, without filters; one query."""
    wanted = {}
    for step in steps:
        rows = step.rows(actor).order_by().annotate(all=Value(1)).values("all")
        wanted[step.key] = Coalesce(Subquery(rows.annotate(n=Count("pk")).values("n")), 0)
    return Region.objects.filter(pk=actor.region_id).values(**wanted).first() or {}


def choices(step: Step, actor: Actor) -> dict[str, list]:
    """Units and areas that occur in one tab, to choose from; two queries."""
    rows = step.rows(actor).order_by()
    works = UnitAssignment.objects.filter(assignment__in=rows) if step.whole else rows
    units = Unit.objects.filter(pk__in=works.values("unit"))
    indicator = "indicator" if step.whole else "assignment__indicator"
    areas = Area.objects.filter(groups__indicators__in=rows.values(indicator)).distinct()
    return {"units": [*units.order_by("order", "pk")], "areas": [*areas.order_by("number")]}


def order(step: Step) -> tuple[str, ...]:
    """The order in which one works through a tab: by indicator, then by unit."""
    if step.whole:
        return ("indicator__number",)
    return ("assignment__indicator__number", "unit__order", "pk")


def follower(step: Step, rows: QuerySet, after: int) -> tuple[int | None, int, int]:
    """The row that comes after row `after`, its position from 1, and how many wait.

    The row that was just decided is not in the queue any more, so its place is found by its
    values. Without `after`, or behind the last row, the first one. None when nothing waits.
    """
    keys = [*rows.order_by(*order(step)).values_list(*order(step), "pk")]
    if not keys:
        return None, 0, 0
    model = Assignment if step.whole else UnitAssignment
    left = model.objects.filter(pk=after).values_list(*order(step), "pk").first() if after else None
    at = next((n for n, key in enumerate(keys) if left and key > left), 0)
    return keys[at][-1], at + 1, len(keys)
