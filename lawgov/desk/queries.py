"""Figures of the frame around every page: what waits for the person, in one statement."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.db.models import Count, F, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce
from django.utils import timezone

from lawgov.accounts.actors import Actor
from lawgov.accounts.policy import Action, can
from lawgov.desk.tasks import sources
from lawgov.jobs.heartbeats import last_sign, silent_minutes
from lawgov.notifications.models import Notification
from lawgov.units.models import Region

TASKS, REVIEW, SILENT = "tasks", "review", "silent"


@dataclass(frozen=True)
class Waiting:
    """One kind of rows that wait: whose they are, and in which places of the rail they count.

    `by` names what makes a row of the list where that is not the row itself.
    """

    name: str
    action: Action
    rows: Callable[[Actor], QuerySet]
    places: tuple[str, ...] = (TASKS,)
    by: str = "pk"


# A letter, an indicator under review and an inspection are one row of the list each.
OF_UNITS = (
    Waiting("works", Action.TICK, sources.works_to_do),
    Waiting("approvals", Action.APPROVE, sources.works_to_approve, (REVIEW,)),
    Waiting("answers", Action.RECTIFY, sources.answers_to_do),
    Waiting("letters", Action.ACCEPT, sources.answers_to_receive, by="letter"),
    Waiting("loose", Action.ACCEPT, lambda a: sources.answers_to_receive(a).filter(letter=None)),
)
OF_OTHERS = (
    Waiting("reviewed", Action.REVIEW, sources.works_to_review, by="assignment"),
    Waiting("reviews", Action.REVIEW, sources.works_to_review, (REVIEW,)),
    Waiting("exempt", Action.DECIDE_EXEMPTION, sources.exemptions_to_decide, (TASKS, REVIEW)),
    Waiting("score", Action.REVIEW, sources.indicators_to_score, (TASKS, REVIEW)),
    Waiting("verify", Action.VERIFY_INDICATOR, sources.indicators_to_verify, (TASKS, REVIEW)),
    Waiting("check", Action.CHECK, sources.answers_to_check),
    Waiting("look_back", Action.LOOK_BACK, sources.answers_to_look_back),
    Waiting("issue", Action.ISSUE, sources.answers_to_hand_over, by="issue__inspection"),
    Waiting("extend", Action.DECIDE_EXTENSION, sources.extensions_to_decide),
)


def rail_counts(actor: Actor) -> dict[str, int]:
    """Rows that wait for the actor, by place of the rail, and unread notices; one query.

    `tasks` is what 我的待办 lists less what others have to do, `review` what the review queue
    holds; a place where the role has no work is left out. `silent`: minutes since the last sign
    of life of the reminders, for the office, 0 while they run.
    """
    kinds = OF_UNITS if sources.is_unit(actor) else OF_OTHERS
    mine = [kind for kind in kinds if can(actor, kind.action)]
    wanted = {f"n_{kind.name}": _number(kind.rows(actor), kind.by) for kind in mine}
    wanted["n_notices"] = _number(Notification.objects.for_user(actor.user).unread())
    if can(actor, Action.MANAGE_CAMPAIGN):
        wanted["sign_of_life"] = Subquery(last_sign().values("at")[:1])
    # One row to hang the subqueries on: the actor's own place.
    row = Region.objects.filter(pk=actor.region_id).values(**wanted).first()
    if row is None:
        return {}
    silent = silent_minutes(row.get("sign_of_life"), timezone.now())
    counts = {"notices": row["n_notices"], SILENT: silent}
    for place in (TASKS, REVIEW):
        held = [row[f"n_{kind.name}"] for kind in mine if place in kind.places]
        if held:
            counts[place] = sum(held)
    return counts


def _number(rows: QuerySet, distinct: str = "pk") -> Coalesce:
    """How many rows, or how many different values of `distinct`, as a value of an outer query."""
    counting = Count(F(distinct), distinct=distinct != "pk")
    counted = rows.order_by().annotate(all=Value(1)).values("all").annotate(n=counting).values("n")
    return Coalesce(Subquery(counted), 0)
