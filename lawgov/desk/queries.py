"""Figures of the frame around every page: what waits for the person, in one statement."""

from __future__ import annotations

from django.db.models import Count, F, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce

from lawgov.accounts.actors import Actor
from lawgov.accounts.policy import Action, can
from lawgov.desk.tasks import sources
from lawgov.notifications.models import Notification
from lawgov.units.models import Region


def rail_counts(actor: Actor) -> dict[str, int]:
    """Rows that wait for the actor, by place of the rail, and unread notices; one query.

    `tasks` is what 我的待办 lists less what others have to do, `review` what the review queue
    holds; a place where the role has no work is left out.
    """
    wanted = {"notices": _number(Notification.objects.for_user(actor.user).unread())}
    if can(actor, Action.VIEW_TASKS):
        wanted["tasks"] = _tasks(actor)
    if can(actor, Action.REVIEW):
        wanted["review"] = _reviews(actor)
    # One row to hang the subqueries on: the actor's own place.
    row = Region.objects.filter(pk=actor.region_id).values(**wanted).first()
    return row or {}


def _number(rows: QuerySet, distinct: str = "pk") -> Coalesce:
    """How many rows, or how many different values of `distinct`, as a value of an outer query."""
    counting = Count(F(distinct), distinct=distinct != "pk")
    counted = rows.order_by().annotate(all=Value(1)).values("all").annotate(n=counting).values("n")
    return Coalesce(Subquery(counted), 0)


def _reviews(actor: Actor) -> Coalesce:
    return (
        _number(sources.works_to_review(actor))
        + _number(sources.exemptions_to_decide(actor))
        + _number(sources.indicators_to_score(actor))
        + _number(sources.indicators_to_verify(actor))
    )


def _tasks(actor: Actor) -> Coalesce:
    """Rows of the list: a letter, an indicator under review, an inspection is one row each."""
    if sources.is_unit(actor):
        received = sources.answers_to_receive(actor)
        return (
            _number(sources.works_to_do(actor))
            + _number(sources.answers_to_do(actor))
            + _number(received, "letter")
            + _number(received.filter(letter=None))
        )
    return (
        _number(sources.works_to_review(actor), "assignment")
        + _number(sources.exemptions_to_decide(actor))
        + _number(sources.indicators_to_score(actor))
        + _number(sources.indicators_to_verify(actor))
        + _number(sources.answers_to_check(actor))
        + _number(sources.answers_to_look_back(actor))
        + _number(sources.answers_to_hand_over(actor), "issue__inspection")
        + _number(sources.extensions_to_decide(actor))
    )
