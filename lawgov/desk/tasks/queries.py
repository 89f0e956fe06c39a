"""My tasks 我的待办 of one reader, and how far their unit is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from itertools import chain

from django.db.models import Count, Max, Q

from assessments.rectification.states import AT_REST
from indicators.assignments.states import TICKED_OR_LATER
from lawgov.accounts.actors import Actor
from lawgov.desk.tasks import judged, own, sources
from lawgov.desk.tasks.reader import Reader
from lawgov.desk.tasks.task import Tasks
from lawgov.notifications.models import Delivery


@dataclass(frozen=True)
class Progress:
    """How far the unit is: ticked of its indicators, closed of its issues."""

    ticked: int
    indicators: int
    closed: int
    issues: int


def tasks_of(reader: Reader) -> Tasks:
    """Everything that waits for the reader, and what they wait for; at most 8 statements."""
    if sources.is_unit(reader.actor):
        rows = chain(own.works(reader), own.answers(reader))
    else:
        rows = chain.from_iterable(source(reader) for source in judged.SOURCES)
    return Tasks.sort(rows, reader.today, reader.workdays)


def progress_of(actor: Actor) -> Progress | None:
    """The unit's progress, in two statements; None for those who have no unit's work."""
    if not sources.is_unit(actor):
        return None
    ticked, rest = Q(state__in=TICKED_OR_LATER), Q(state__in=AT_REST)
    works = sources.own_works(actor).counted()
    works = works.aggregate(all=Count("pk"), done=Count("pk", filter=ticked))
    answers = sources.own_answers(actor).aggregate(all=Count("pk"), done=Count("pk", filter=rest))
    return Progress(works["done"], works["all"], answers["done"], answers["all"])


def last_reminder(actor: Actor) -> datetime | None:
    """When the last digest went out to the person, over whichever channel; one statement."""
    sent = Delivery.objects.filter(person=actor.user, status=Delivery.Status.SENT)
    return sent.aggregate(last=Max("sent_at"))["last"]
