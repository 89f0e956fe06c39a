"""Ticking in place: one work read with everything that its row and its area's progress show.

A tick has a budget of eight statements, five of which are the move itself; so the row's figures
come with the row, as subqueries, and the counts are carried on in memory.
"""

from __future__ import annotations

from django.db.models import Count, F, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce
from django.shortcuts import get_object_or_404

from assessments.models import Score
from indicators.assignments.states import TICKED_OR_LATER, UnitState
from indicators.evidence.warnings import Period
from indicators.models import EvidenceLink, UnitAssignment
from lawgov.accounts.actors import Actor
from lawgov.desk.checklist.filters import LED
from lawgov.desk.checklist.items import AreaTotal, Item, Work


def find(actor: Actor, pk: int, scope: str = "") -> UnitAssignment:
    """The work with its indicator, campaign and figures; 404 unless it is the actor's own unit's.

    `scope` is the tab of the list, which decides what the progress of the area counts.
    """
    rows = UnitAssignment.objects.visible_to(actor).filter(unit=actor.unit_id)
    rows = rows.select_related(
        "assignment__indicator__group__area",
        "assignment__lead_unit",
        "assignment__campaign",
        "unit",
        "region",
    )
    return get_object_or_404(_with_figures(rows, actor, scope), pk=pk)


def _with_figures(rows: QuerySet, actor: Actor, scope: str) -> QuerySet:
    links = EvidenceLink.objects.in_force().filter(unit_assignment=OuterRef("pk")).order_by()
    campaign = "assignment__campaign__"
    period = Period(OuterRef(f"{campaign}evidence_from"), OuterRef(f"{campaign}evidence_to"))
    score = Score.objects.in_force().filter(
        assignment=OuterRef("assignment"), unit=OuterRef("unit"), source=Score.Source.SELF
    )
    own = UnitAssignment.objects.filter(
        unit=OuterRef("unit"), assignment__campaign=OuterRef("assignment__campaign")
    ).order_by()
    if scope == LED:
        own = own.filter(assignment__lead_unit=actor.unit_id)
    inside = own.filter(
        assignment__indicator__group__area=OuterRef("assignment__indicator__group__area")
    )
    ticked = Q(state__in=TICKED_OR_LATER)
    return rows.annotate(
        pieces=_number(links),
        outside=_number(links.outside(period)),
        self_points=Subquery(score.order_by("-round__number").values("points")[:1]),
        all_total=_number(own),
        all_done=_number(own.filter(ticked)),
        area_total=_number(inside),
        area_done=_number(inside.filter(ticked)),
    )


def _number(rows: QuerySet) -> Coalesce:
    """How many rows, as a value of the outer query."""
    counted = rows.annotate(one=Value(1)).values("one").annotate(n=Count(F("pk"))).values("n")
    return Coalesce(Subquery(counted), 0)


def item_of(work: UnitAssignment, missing: list[str]) -> Item:
    """The row of `work` as its own unit sees it; `missing` as of now."""
    assignment = work.assignment
    indicator, lead = assignment.indicator, assignment.lead_unit
    state = UnitState(work.state)
    counted = state != UnitState.NOT_APPLICABLE
    return Item(
        pk=assignment.pk,
        number=indicator.number,
        title=indicator.shown_title,
        area=indicator.group.area.number,
        area_title=indicator.group.area.title,
        area_name=indicator.group.area.short_name,
        group=indicator.group_id,
        group_title=indicator.group.title,
        points=assignment.points,
        self_points=work.self_points,
        lead=assignment.lead_unit_id,
        lead_name=lead.short_name if lead else "",
        due_on=assignment.due_on,
        due_text=assignment.due_text,
        units=int(counted),
        ticked=int(state in TICKED_OR_LATER),
        state=state,
        pieces=work.pieces,
        outside=work.outside,
        missing=len(missing),
        work=Work(work.pk, state, work.version, work.pieces, tuple(missing)),
    )


def totals_after(work: UnitAssignment, before: str) -> tuple[AreaTotal, AreaTotal]:
    """Progress of all areas and of the work's own, carried on from the state it had `before`."""
    step = (work.state in TICKED_OR_LATER) - (before in TICKED_OR_LATER)
    area = work.assignment.indicator.group.area
    return (
        AreaTotal(0, "", "", work.all_done + step, work.all_total),
        AreaTotal(area.number, area.title, area.short_name, work.area_done + step, work.area_total),
    )
