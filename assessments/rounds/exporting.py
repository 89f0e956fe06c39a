"""The self-assessment workbook 自评表 of a place, from what a person may see."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, datetime

from django.db.models import QuerySet

from assessments.rounds import queries
from assessments.rounds.models import Score
from assessments.rounds.queries import Scores
from assessments.rounds.sheets import AssessmentHeading, IndicatorRow, assessment_book
from indicators.assignments.exporting import units_as_written
from indicators.assignments.models import Assignment
from indicators.assignments.states import IndicatorState
from indicators.campaigns.models import Campaign
from indicators.models import EvidenceLink
from lawgov.accounts.actors import Actor
from lawgov.accounts.policy import Action, Scope, scope_of
from lawgov.spreadsheets import house
from lawgov.spreadsheets.sheet import Book

NAMED = 4  # pieces of proof that are named; the rest is counted
Source = Score.Source


def assessment_workbook(
    campaign: Campaign,
    assignments: QuerySet,
    actor: Actor,
    *,
    today: date,
    created: datetime,
    narrowed: bool = False,
) -> Book:
    """The given indicators of a campaign; `assignments` are narrowed to what the actor may see,
    and `narrowed` says that filters left some of that out.

    A unit's own people get their unit's proof, self-score and statement, everybody else the
    indicator's. The number of queries does not grow with the rows.
    """
    heading = AssessmentHeading(
        place=campaign.region.name,
        edition=campaign.edition.name,
        unit=house.handed_in_by(
            actor.unit.name if actor.unit else campaign.office_name, narrowed=narrowed
        ),
        filled_on=today,
    )
    rows = indicator_rows(campaign, assignments, actor)
    return assessment_book(rows, heading, created=created)


def indicator_rows(campaign: Campaign, assignments: QuerySet, actor: Actor) -> list[IndicatorRow]:
    """One row per indicator, in the order of the framework; eight queries."""
    listed = list(assignments.with_tree())
    ids = [assignment.pk for assignment in listed]
    chosen = Assignment.objects.filter(pk__in=ids)
    own = actor.unit_id if scope_of(actor, Action.VIEW_CHECKLIST) is Scope.OWN_UNIT else None
    states = queries.indicator_states(campaign, chosen)
    scores = queries.scores_of(chosen)
    proofs = _proofs(ids, own)
    units = units_as_written(campaign, ids)
    return [
        _row(assignment, states[assignment.pk], scores[assignment.pk], proofs, units, own)
        for assignment in listed
    ]


def _row(
    assignment: Assignment,
    state: IndicatorState,
    scores: Scores,
    proofs: dict[int, list[str]],
    units: dict[int, list[str]],
    own: int | None,
) -> IndicatorRow:
    indicator, pk = assignment.indicator, assignment.pk
    score = scores.units.get(own) if own else scores.given.get(Source.SELF)
    lead, office = scores.given.get(Source.LEAD), scores.given.get(Source.OFFICE)
    reasons = [given.reason for given in (office, lead) if given and given.reason]
    return IndicatorRow(
        number=indicator.number,
        area=indicator.group.area.title,
        group=indicator.group.title,
        title=indicator.title,
        points=assignment.points,
        self_score=score.points if score else None,
        statement=score.reason if score else "",
        evidence=_listed(proofs[pk]),
        lead_score=lead.points if lead else None,
        office_score=office.points if office else None,
        deduction_reason=reasons[0] if reasons else "",
        units="、".join(units.get(pk, ())),
        remark=assignment.remark,
        not_applicable=state == IndicatorState.NOT_APPLICABLE,
        area_number=indicator.group.area.number,
    )


def _listed(titles: Sequence[str]) -> str:
    """The first pieces of proof by name, a line each, and how many there are in all."""
    named = list(dict.fromkeys(titles))
    lines = [f"{number}.{title}" for number, title in enumerate(named[:NAMED], start=1)]
    if len(named) > NAMED:
        lines.append(f"等 {len(named)} 件")
    return "\n".join(lines)


def _proofs(assignments: list[int], own: int | None) -> dict[int, list[str]]:
    links = EvidenceLink.objects.in_force().filter(
        unit_assignment__assignment__in=assignments, evidence__removed_at=None
    )
    if own:
        links = links.filter(unit_assignment__unit=own)
    found = defaultdict(list)
    values = links.order_by("unit_assignment__unit__order", "pk")
    for pk, title in values.values_list("unit_assignment__assignment_id", "evidence__title"):
        found[pk].append(title)
    return found
