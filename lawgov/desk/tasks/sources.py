"""What waits for whom: one QuerySet a kind of work, shared by the list, its counts and the rail.

Each is empty for a role that does not do this kind of work; none runs a query by itself.
"""

from __future__ import annotations

from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.utils import timezone

from assessments.models import Extension, Score, UnitResponse
from assessments.rectification.states import WITH_CHECKER, State
from indicators.assignments.states import WITH_UNIT, UnitState
from indicators.models import Assignment, UnitAssignment
from lawgov.accounts.actors import Actor
from lawgov.accounts.models import Membership
from lawgov.accounts.policy import Action, Scope, can, scope_of

ANSWERING = (State.ACCEPTED, State.PLANNED, State.REOPENED, State.RETURNED, State.RECTIFYING)


def is_unit(actor: Actor) -> bool:
    """The actor works in a responsible unit: the list is that of the unit's own work."""
    return scope_of(actor, Action.VIEW_TASKS) is Scope.OWN_UNIT


# -- a responsible unit ----------------------------------------------------------------------


def own_works(actor: Actor) -> QuerySet[UnitAssignment]:
    """The unit's part of all its indicators, whatever their state."""
    if not is_unit(actor):
        return UnitAssignment.objects.none()
    return UnitAssignment.objects.visible_to(actor).filter(unit=actor.unit_id)


def own_answers(actor: Actor) -> QuerySet[UnitResponse]:
    """The unit's answers to issues that were handed over to it, whatever their state."""
    if not is_unit(actor):
        return UnitResponse.objects.none()
    return UnitResponse.objects.visible_to(actor).exclude(state=State.WITHDRAWN)


def works_to_do(actor: Actor) -> QuerySet[UnitAssignment]:
    """What the unit has to prove, tick or hand in, and what its head has to approve."""
    turn = Q(state__in=WITH_UNIT, exemption_asked_at=None)
    if can(actor, Action.APPROVE):
        turn |= Q(state=UnitState.WITH_HEAD)
    return own_works(actor).filter(turn)


def works_to_approve(actor: Actor) -> QuerySet[UnitAssignment]:
    """Handed in, and waiting for the signature of the unit's head."""
    rows = UnitAssignment.objects.visible_to(actor, Action.APPROVE)
    return rows.filter(state=UnitState.WITH_HEAD)


def answers_to_do(actor: Actor) -> QuerySet[UnitResponse]:
    return own_answers(actor).filter(state__in=ANSWERING)


def answers_to_receive(actor: Actor) -> QuerySet[UnitResponse]:
    """Answers that wait for the receipt 签收; shown a letter a row."""
    return own_answers(actor).filter(state=State.ISSUED)


# -- lead unit and office --------------------------------------------------------------------


def _not_by_itself(actor: Actor, action: Action) -> Q:
    """The lead unit judges others' work; the office judges that of lead units, and where none is.

    The condition of `lead_or_office_for_its_own` in the workflow, asked of rows.
    """
    own = Q(assignment__lead_unit=None) | Q(assignment__lead_unit=F("unit"))
    return ~own if scope_of(actor, action) is Scope.LED else own


def works_to_review(actor: Actor) -> QuerySet[UnitAssignment]:
    rows = UnitAssignment.objects.visible_to(actor, Action.REVIEW)
    return rows.filter(_not_by_itself(actor, Action.REVIEW), state=UnitState.WITH_LEAD)


def exemptions_to_decide(actor: Actor) -> QuerySet[UnitAssignment]:
    rows = UnitAssignment.objects.visible_to(actor, Action.DECIDE_EXEMPTION)
    condition = _not_by_itself(actor, Action.DECIDE_EXEMPTION)
    return rows.filter(condition, exemption_asked_at__isnull=False)


def _all_accepted(rows: QuerySet[Assignment]) -> QuerySet[Assignment]:
    works = UnitAssignment.objects.filter(assignment=OuterRef("pk"))
    done = (UnitState.ACCEPTED, UnitState.NOT_APPLICABLE)
    return rows.filter(
        Exists(works.filter(state=UnitState.ACCEPTED)), ~Exists(works.exclude(state__in=done))
    )


def _scored(source: Score.Source) -> Exists:
    scores = Score.objects.in_force().of_indicator().filter(source=source)
    return Exists(scores.filter(assignment=OuterRef("pk")))


def indicators_to_score(actor: Actor) -> QuerySet[Assignment]:
    """All units accepted, and the lead unit's score is still to come."""
    rows = _all_accepted(Assignment.objects.visible_to(actor, Action.REVIEW))
    if scope_of(actor, Action.REVIEW) is not Scope.LED:
        rows = rows.filter(lead_unit=None)
    return rows.filter(~_scored(Score.Source.LEAD))


def indicators_to_verify(actor: Actor) -> QuerySet[Assignment]:
    """待核验: all units accepted, scored by the lead unit, not verified."""
    rows = _all_accepted(Assignment.objects.visible_to(actor, Action.VERIFY_INDICATOR))
    return rows.filter(_scored(Score.Source.LEAD), ~_scored(Score.Source.OFFICE))


# -- those who check issues ------------------------------------------------------------------


def answers_to_check(actor: Actor) -> QuerySet[UnitResponse]:
    """Handed in, and not by a unit that the person belongs to in whichever role."""
    rows = UnitResponse.objects.visible_to(actor, Action.CHECK).filter(state__in=WITH_CHECKER)
    held = Membership.objects.valid_on(timezone.localdate()).filter(user=actor.user)
    return rows.exclude(Exists(held.filter(unit=OuterRef("unit"))))


def answers_to_look_back(actor: Actor) -> QuerySet[UnitResponse]:
    rows = UnitResponse.objects.visible_to(actor, Action.LOOK_BACK)
    return rows.filter(state=State.LOOK_BACK)


def answers_to_hand_over(actor: Actor) -> QuerySet[UnitResponse]:
    """Found, and no letter has gone out; shown an inspection a row."""
    return UnitResponse.objects.visible_to(actor, Action.ISSUE).filter(state=State.FOUND)


def extensions_to_decide(actor: Actor) -> QuerySet[Extension]:
    rows = UnitResponse.objects.visible_to(actor, Action.DECIDE_EXTENSION)
    return Extension.objects.filter(state=Extension.State.OPEN, response__in=rows)
