"""The demo's indicators: proof, ticks, review and scores, played before the inspection began."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from random import Random

from assessments.rounds import book, queries, verification
from assessments.rounds.models import Score
from indicators.assignments.models import Assignment, UnitAssignment
from indicators.assignments.states import IndicatorState, UnitState
from indicators.assignments.transitions import WORK
from indicators.models import Campaign, EvidenceLink
from lawgov.accounts.actors import Actor
from lawgov.calendars import SHANGHAI
from lawgov.operations.demo.fates import shares
from lawgov.operations.demo.people import People
from lawgov.operations.demo.proofs import Shelf

# How far the hundred indicators have got; our choice for the demo.
TARGETS = {
    IndicatorState.COMPLETE: 59,
    IndicatorState.TO_VERIFY: 8,
    IndicatorState.WITH_LEAD: 6,
    IndicatorState.RETURNED: 4,
    IndicatorState.COLLECTING: 20,
    IndicatorState.NOT_STARTED: 3,
}
IN_WORK = {
    UnitState.NOT_STARTED: 5,
    UnitState.COLLECTING: 6,
    UnitState.TICKED: 3,
    UnitState.WITH_HEAD: 2,
    UnitState.WITH_LEAD: 3,
    UnitState.ACCEPTED: 3,
}
STATEMENT = "材料齐全，均有书面记录可查。"
SHORT_STATEMENT = "大部分材料齐全，个别记录晚于规定时间，自扣 0.5 分。"
RETURN_REASON = "登记表只到上半年，请补齐；第 3 页缺审核人签字。"
ORDER = [
    UnitState.NOT_STARTED,
    UnitState.COLLECTING,
    UnitState.TICKED,
    UnitState.WITH_HEAD,
    UnitState.WITH_LEAD,
    UnitState.ACCEPTED,
]


@dataclass
class Plan:
    """Where one unit's work is to end; a returned one first goes to the lead unit."""

    work: UnitAssignment
    state: UnitState

    def passes(self, state: UnitState) -> bool:
        end = UnitState.WITH_LEAD if self.state == UnitState.RETURNED else self.state
        return ORDER.index(end) >= ORDER.index(state)


class WorkHistory:
    """Plays the year of one campaign's indicators up to today."""

    def __init__(self, campaign: Campaign, people: People, today: date, rng: Random) -> None:
        self.campaign, self.people, self.today, self.rng = campaign, people, today, rng
        self.assignments = list(
            campaign.assignments.select_related("indicator", "lead_unit", "campaign")
        )
        by_id = {assignment.pk: assignment for assignment in self.assignments}
        works = UnitAssignment.objects.filter(assignment__in=by_id).select_related("unit")
        self.works = defaultdict(list)
        for work in works.order_by("pk"):
            work.assignment = by_id[work.assignment_id]
            self.works[work.assignment_id].append(work)

    def play(self, targets: dict[int, IndicatorState]) -> None:
        """`targets`: where each assignment (by id) is to end."""
        plans = [plan for a in self.assignments for plan in self._plans(a, targets[a.pk])]
        self._require_and_date(targets)
        self._prove([plan for plan in plans if plan.passes(UnitState.COLLECTING)])
        self._each_unit("collect", 118, plans, UnitState.COLLECTING, self.people.editors)
        self._each_unit("tick", 100, plans, UnitState.TICKED, self.people.editors)
        self._submit(plans)
        self._each_unit("approve", 88, plans, UnitState.WITH_LEAD, self.people.heads)
        self._accept(plans)
        self._return([plan for plan in plans if plan.state == UnitState.RETURNED])
        self._score(targets)

    # -- where everything ends -----------------------------------------------------------------

    def draw(self) -> dict[int, IndicatorState]:
        counts = shares(TARGETS, len(self.assignments))
        states = [state for state, count in counts.items() for _one in range(count)]
        self.rng.shuffle(states)
        pairs = zip(self.assignments, states, strict=True)
        return {assignment.pk: state for assignment, state in pairs}

    def _plans(self, assignment: Assignment, target: IndicatorState) -> list[Plan]:
        works = self.works[assignment.pk]
        if target in (IndicatorState.COMPLETE, IndicatorState.TO_VERIFY):
            return [Plan(work, UnitState.ACCEPTED) for work in works]
        if target == IndicatorState.NOT_STARTED:
            return [Plan(work, UnitState.NOT_STARTED) for work in works]
        if target == IndicatorState.WITH_LEAD:
            ends = [UnitState.WITH_LEAD, UnitState.ACCEPTED]
            return [Plan(w, ends[i % 2] if i else UnitState.WITH_LEAD) for i, w in enumerate(works)]
        drawn = self.rng.choices(list(IN_WORK), IN_WORK.values(), k=len(works))
        drawn[0] = UnitState.COLLECTING
        if target == IndicatorState.RETURNED:
            drawn[0] = UnitState.RETURNED
        return [Plan(work, state) for work, state in zip(works, drawn, strict=True)]

    def _require_and_date(self, targets: dict[int, IndicatorState]) -> None:
        for index, assignment in enumerate(self.assignments):
            done = targets[assignment.pk] in (IndicatorState.COMPLETE, IndicatorState.TO_VERIFY)
            first, last = (-40, 10) if done else (-3, 30)
            assignment.due_on = self.today + timedelta(days=self.rng.randint(first, last))
            assignment.due_text = f"{assignment.due_on.month}月{assignment.due_on.day}日前"
            if index % 3 == 0:
                assignment.required = assignment.indicator.slots[:2]
        fields = ["due_on", "due_text", "required"]
        Assignment.objects.bulk_update(self.assignments, fields, batch_size=200)

    # -- the edges, in the order of time ---------------------------------------------------------

    def _prove(self, plans: list[Plan]) -> None:
        """Proof in every required slot where the tick is reached; in some of them before."""
        at = self._at(119, 9)
        shelf = Shelf(self.campaign, self.today, self.rng, at=at)
        links = []
        for plan in plans:
            slots = plan.work.assignment.indicator.slots or [""]
            required = plan.work.assignment.required or slots[:1]
            count = len(required) if plan.passes(UnitState.TICKED) else max(len(required) - 1, 1)
            for slot in slots[:count] if count > len(required) else required[:count]:
                piece = shelf.take(plan.work.unit_id)
                links.append(
                    EvidenceLink(
                        evidence=piece, unit_assignment=plan.work, slot=slot, created_at=at
                    )
                )
        shelf.save()
        EvidenceLink.objects.bulk_create(links, batch_size=1000)

    def _each_unit(
        self, edge: str, days_ago: int, plans: list[Plan], state: UnitState, who: dict[int, Actor]
    ) -> None:
        self._move(edge, days_ago, [p for p in plans if p.passes(state)], lambda w: who[w.unit_id])

    def _submit(self, plans: list[Plan]) -> None:
        going = [plan for plan in plans if plan.passes(UnitState.WITH_HEAD)]
        given = {plan.work.pk: self._self_score(plan.work) for plan in going}
        self._move("submit", 92, going, lambda w: self.people.editors[w.unit_id], each=given)
        round_id = book.self_round(self.campaign, now=self._at(120, 9)).pk
        by_unit = defaultdict(list)
        for plan in going:
            by_unit[plan.work.unit_id].append(plan.work)
        for unit, works in by_unit.items():
            entries = [
                book.Entry(
                    work.assignment,
                    Score.Source.SELF,
                    given[work.pk]["points"],
                    given[work.pk]["statement"],
                    unit,
                )
                for work in works
            ]
            book.enter(
                entries,
                round_id=round_id,
                actor=self.people.editors[unit],
                now=self._at(92, 10),
                replace=False,
            )

    def _self_score(self, work: UnitAssignment) -> dict:
        full = work.assignment.points
        if self.rng.random() < 0.75:
            return {"points": full, "statement": STATEMENT}
        return {"points": full - Decimal("0.5"), "statement": SHORT_STATEMENT}

    def _accept(self, plans: list[Plan]) -> None:
        self._move("accept", 78, [p for p in plans if p.passes(UnitState.ACCEPTED)], self._reviewer)

    def _return(self, plans: list[Plan]) -> None:
        for plan in plans:
            self._move("return", 60, [plan], self._reviewer, reason=RETURN_REASON)

    def _score(self, targets: dict[int, IndicatorState]) -> None:
        """The lead's score where all is accepted, the office's where it is complete."""
        scored = (IndicatorState.COMPLETE, IndicatorState.TO_VERIFY)
        for assignment in self.assignments:
            works = self.works[assignment.pk]
            if targets[assignment.pk] not in scored or not works:
                continue
            lowest = queries.scores_of([assignment])[assignment.pk].lowest
            lead = self.people.leads[assignment.lead_unit_id]
            verification.give_lead_score(
                assignment,
                actor=lead,
                now=self._at(70, 15),
                version=self._seen(assignment),
                self_points=lowest,
                points=lowest,
            )
            if targets[assignment.pk] == IndicatorState.COMPLETE:
                verification.verify(
                    assignment,
                    actor=self.people.office,
                    now=self._at(self.rng.randint(2, 64), 16),
                    version=self._seen(assignment),
                    points=lowest,
                )

    def _seen(self, assignment: Assignment) -> int:
        return queries.seen_version(assignment, self.works[assignment.pk])

    def _reviewer(self, work: UnitAssignment) -> Actor:
        lead = work.assignment.lead_unit_id
        return self.people.office if lead == work.unit_id else self.people.leads[lead]

    def _move(
        self,
        edge: str,
        days_ago: int,
        plans: Sequence[Plan],
        who: Callable[[UnitAssignment], Actor],
        *,
        each: dict | None = None,
        **data: object,
    ) -> None:
        """One call per person, in the order of the units, some days apart."""
        groups = defaultdict(list)
        for plan in plans:
            groups[who(plan.work)].append(plan.work)
        for index, (actor, works) in enumerate(groups.items()):
            now = self._at(days_ago - index % 4, 9 + index % 8)
            results = WORK.perform_many(works, edge, actor=actor, now=now, each=each, **data)
            for result in results:
                if result.error:
                    raise RuntimeError(f"demo: {edge} of {result.obj}: {result.error}")

    def _at(self, days_ago: int, hour: int) -> datetime:
        return datetime.combine(self.today - timedelta(days=days_ago), time(hour), SHANGHAI)
