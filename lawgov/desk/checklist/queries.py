"""The figures of the checklist 指标清单: one item an indicator, whatever the number of units.

Rows are read as values and counted by GROUP BY; the number of statements does not depend on how
many indicators or units there are. What a reader may not see is not read.
"""

from __future__ import annotations

from collections import defaultdict
from decimal import Decimal

from django.db.models import Count, Exists, FilteredRelation, OuterRef, Q

from assessments.models import Score
from indicators.assignments.proof import missing_proof
from indicators.assignments.states import (
    TICKED_OR_LATER,
    IndicatorState,
    UnitState,
    indicator_state,
)
from indicators.evidence.models import outside
from indicators.evidence.queries import evidence_period
from indicators.framework.titles import shown_title
from indicators.models import Assignment, Campaign, EvidenceLink, UnitAssignment
from lawgov.accounts.actors import Actor
from lawgov.accounts.policy import Action, Scope, can, scope_of
from lawgov.desk.checklist.filters import LED, OWN, Filters
from lawgov.desk.checklist.items import Board, Item, Work

COLUMNS = (
    "pk", "points", "due_on", "due_text", "required", "lead_unit_id", "lead_unit__short_name",
    "indicator__number", "indicator__title", "indicator__title_en", "indicator__group_id",
    "indicator__group__title", "indicator__group__area__number", "indicator__group__area__title",
    "indicator__group__area__short_name",
)  # fmt: skip


def sees_one_unit(actor: Actor) -> bool:
    return scope_of(actor, Action.VIEW_CHECKLIST) is Scope.OWN_UNIT


def focus(actor: Actor, filters: Filters) -> int | None:
    """The unit whose ticks the page shows: the one filtered for, else the actor's own."""
    if sees_one_unit(actor):
        return actor.unit_id
    return filters.unit or actor.unit_id


def board(
    actor: Actor,
    campaign: Campaign,
    filters: Filters,
    action: Action = Action.VIEW_CHECKLIST,
) -> Board:
    """The checklist for `actor`: 4 statements, one more with a unit's ticks, one with a text.

    `action` is what opens the rows: the dashboard counts for readers without a list of their own.
    """
    parts = _Parts(actor, campaign, filters, action)
    found = _matching(actor, campaign, filters.q)
    made = Board()
    rows = Assignment.objects.visible_to(actor, action).filter(campaign=campaign)
    for row in rows.order_by("indicator__number").values_list(*COLUMNS):
        item = parts.item(row)
        led = item.lead is not None and item.lead == actor.unit_id
        made.tabs[""] += 1
        made.tabs[LED] += led
        made.tabs[OWN] += item.work is not None
        if (filters.scope == LED and not led) or (parts.only_unit and item.work is None):
            continue
        made.count(item)
        if item.lead:
            made.leads[item.lead] = item.lead_name
        if _wanted(item, filters) and (found is None or item.pk in found):
            made.items.append(item)
    made.leads = dict(sorted(made.leads.items(), key=lambda lead: lead[1]))
    return made


def _wanted(item: Item, filters: Filters) -> bool:
    return (
        (not filters.area or item.area == filters.area)
        and (not filters.lead or item.lead == filters.lead)
        and (not filters.state or item.state == filters.state)
        and (not filters.missing or item.lacking > 0)
    )


def _matching(actor: Actor, campaign: Campaign, text: str) -> set[int] | None:
    """Ids of indicators that the text is found in, or in their proof; None without a text."""
    if not text:
        return None
    condition = Q(indicator__title__icontains=text) | Q(indicator__title_en__icontains=text)
    if text.isascii() and text.isdigit() and len(text) < 4:
        # A short figure is the number of an indicator; every document number has some.
        return _ids(actor, campaign, condition | Q(indicator__number=int(text)))
    condition |= Q(indicator__requirement__icontains=text) | Q(indicator__code=text)
    condition |= Q(indicator__evidence_hint__icontains=text)
    if can(actor, Action.VIEW_EVIDENCE):
        links = EvidenceLink.objects.in_force().filter(
            Q(evidence__title__icontains=text) | Q(evidence__document_number__icontains=text),
            unit_assignment__assignment=OuterRef("pk"),
        )
        if sees_one_unit(actor):
            links = links.filter(unit_assignment__unit=actor.unit_id)
        condition |= Q(Exists(links))
    return _ids(actor, campaign, condition)


def _ids(actor: Actor, campaign: Campaign, condition: Q) -> set[int]:
    rows = Assignment.objects.visible_to(actor).filter(condition, campaign=campaign)
    return set(rows.values_list("pk", flat=True))


class _Parts:
    """The counted halves of the items, each read in one statement, by id of the assignment."""

    def __init__(self, actor: Actor, campaign: Campaign, filters: Filters, action: Action) -> None:
        self.actor = actor
        self.campaign = campaign
        self.one_unit = sees_one_unit(actor)
        self.unit = focus(actor, filters)
        self.only_unit = filters.scope == OWN or bool(filters.unit)
        works = UnitAssignment.objects.visible_to(actor, action)
        self.works = works.filter(assignment__campaign=campaign)
        self.reads_proof = can(actor, Action.VIEW_EVIDENCE)
        self.reads_scores = can(actor, Action.VIEW_SCORES)
        self.states: dict[int, dict[str, int]] = defaultdict(dict)
        self.proven: dict[int, int] = defaultdict(int)
        self.pieces: dict[int, int] = defaultdict(int)
        self.outside: dict[int, int] = defaultdict(int)
        self.slots: dict[int, dict[str, int]] = defaultdict(dict)
        self.scores: dict[int, dict[str, Decimal]] = defaultdict(dict)
        self.slots_of_focus: dict[int, list[str]] = defaultdict(list)
        self.focus: dict[int, tuple[int, str, int]] = {}
        self._read_states()
        self._read_scores()
        self._read_proof()
        self._read_focus()

    def item(self, row: tuple) -> Item:
        pk, points, due_on, due_text, required, lead, lead_name, number, title, english, group = (
            row[:11]
        )
        states = self.states[pk]
        scores = self.scores[pk]
        exempt = states.get(UnitState.NOT_APPLICABLE, 0)
        units = sum(states.values()) - exempt
        work = self._work(pk, required)
        if self.one_unit and work:
            state: IndicatorState | UnitState = work.state
        else:
            state = indicator_state(
                states, has_lead_score="lead" in scores, verified="office" in scores
            )
        return Item(
            pk=pk,
            number=number,
            title=shown_title(title, english),
            area=row[-3],
            area_title=row[-2],
            area_name=row[-1],
            group=group,
            group_title=row[11],
            points=points,
            self_points=scores.get("self"),
            lead=lead,
            lead_name=lead_name or "",
            due_on=due_on,
            due_text=due_text,
            units=units,
            ticked=sum(n for state, n in states.items() if state in TICKED_OR_LATER),
            state=state,
            pieces=self.pieces[pk],
            outside=self.outside[pk],
            missing=self._missing(pk, required, units),
            work=work,
        )

    def _missing(self, pk: int, required: list[str], units: int) -> int:
        if not self.reads_proof:
            return 0
        if not required:
            return units - self.proven[pk]
        slots = self.slots[pk]
        return sum(units - slots.get(slot, 0) for slot in required)

    def _work(self, pk: int, required: list[str]) -> Work | None:
        if pk not in self.focus:
            return None
        work, state, version = self.focus[pk]
        slots = self.slots_of_focus[pk]
        return Work(
            work, UnitState(state), version, len(slots), tuple(missing_proof(required, slots))
        )

    def _read_states(self) -> None:
        proof = EvidenceLink.objects.in_force().filter(unit_assignment=OuterRef("pk"))
        rows = self.works.order_by().values_list("assignment_id", "state")
        for pk, state, units, proven in rows.annotate(
            units=Count("pk"), proven=Count("pk", filter=Exists(proof))
        ):
            self.states[pk][state] = units
            if state != UnitState.NOT_APPLICABLE:
                self.proven[pk] += proven

    def _read_scores(self) -> None:
        """Of whole indicators; of the unit's own part where the reader sees one unit only."""
        scores = Score.objects.in_force().filter(
            assignment__campaign=self.campaign,
            unit=self.unit if self.one_unit else None,
            source__in=["self"] if self.one_unit else ["self", "lead", "office"],
        )
        rows = scores.order_by("round__number").values_list("assignment_id", "source", "points")
        for pk, source, points in rows:
            self.scores[pk][source] = points

    def _read_proof(self) -> None:
        if not self.reads_proof:
            return
        links = EvidenceLink.objects.visible_to(self.actor).in_force()
        links = links.filter(unit_assignment__assignment__campaign=self.campaign)
        period = evidence_period(self.campaign)
        rows = links.order_by().values_list("unit_assignment__assignment_id", "slot")
        for pk, slot, pieces, old, units in rows.annotate(
            pieces=Count("pk"),
            outside=Count("pk", filter=outside(period, "evidence__")),
            units=Count(
                "unit_assignment",
                filter=~Q(unit_assignment__state=UnitState.NOT_APPLICABLE),
                distinct=True,
            ),
        ):
            self.pieces[pk] += pieces
            self.outside[pk] += old
            self.slots[pk][slot] = units

    def _read_focus(self) -> None:
        if not self.unit:
            return
        links = FilteredRelation(
            "evidence_links", condition=Q(evidence_links__removed_at__isnull=True)
        )
        rows = self.works.filter(unit=self.unit).order_by().annotate(live=links)
        for pk, assignment, state, version, link, slot in rows.values_list(
            "pk", "assignment_id", "state", "version", "live__pk", "live__slot"
        ):
            self.focus[assignment] = (pk, state, version)
            if link is not None:
                self.slots_of_focus[assignment].append(slot)
