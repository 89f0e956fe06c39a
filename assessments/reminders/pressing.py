"""Reminding by hand 催办: who will be told, what stands against it, and the telling itself.

It is told in the page at once and rides with the person's next digest; over mail and robots it
stays at one message a person a day. Whoever was reminded by hand today is not reminded of the
same thing by a rule on that day.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assessments.models import Reminder, UnitResponse
from assessments.rectification.states import OPEN, WITH_CHECKER, State
from assessments.reminders.kinds import Kind, Level
from assessments.reminders.levels import workdays_left
from assessments.reminders.people import People, issue_checkers, posts
from assessments.reminders.rules import PlaceRules
from indicators.models import Campaign
from lawgov.accounts.actors import Actor
from lawgov.accounts.models import User
from lawgov.accounts.policy import Action, can
from lawgov.audit import verbs
from lawgov.audit.record import Event, record_many
from lawgov.calendars import local_day
from lawgov.errors import GuardFailed, NotAllowed
from lawgov.holidays.tables import calendar_in_force
from lawgov.notifications.models import Notification

VERB = "response.remind"
LONG = 200  # characters of a reason

verbs.add({VERB: gettext_lazy("催办：%(people)s")})


@dataclass(frozen=True)
class Receiver:
    """Somebody who would be told: at which level, in whose place, and what stands against it."""

    user: int
    name: str
    level: str
    stands_for: int | None = None
    against: str = ""

    @property
    def level_label(self) -> str:
        return str(Level(self.level).label)


@dataclass(frozen=True)
class Plan:
    """One answer: who would be told, and why nobody can be (`error`)."""

    answer: UnitResponse
    receivers: list[Receiver] = field(default_factory=list)
    error: GuardFailed | NotAllowed | None = None

    @property
    def told(self) -> list[Receiver]:
        return [one for one in self.receivers if not one.against]


def plan_by_hand(answers: Sequence[UnitResponse], actor: Actor, today: date) -> list[Plan]:
    """Who would be told of each answer today, in the order given; nothing is written.

    A person is told once a day of one answer, and of no more answers than the place allows.
    """
    if not answers:
        return []
    people = People(actor.region_id, today)
    names = dict(User.objects.filter(pk__in=people.everybody()).values_list("pk", "name"))
    rows = Reminder.objects.filter(region=actor.region_id, local_day=today, kind=Kind.MANUAL)
    told = set(rows.values_list("response_id", "recipient_id"))
    load = Counter(person for _answer, person in told)
    most = PlaceRules.of_region(actor.region_id or 0).hours.manual_daily
    found = []
    for answer in answers:
        plan = _plan(answer, actor, people, names, told, load, most)
        load.update(one.user for one in plan.told)
        found.append(plan)
    return found


def _plan(
    answer: UnitResponse,
    actor: Actor,
    people: People,
    names: dict[int, str],
    told: set[tuple[int, int]],
    load: Counter,
    most: int,
) -> Plan:
    if not can(actor, Action.REMIND, answer):
        return Plan(answer, error=NotAllowed())
    if answer.state not in OPEN or answer.state == State.FOUND:
        words = {"state": answer.get_state_display()}
        return Plan(answer, error=GuardFailed(_("现在是「%(state)s」，不用催办") % words))
    receivers = []
    for level in _levels(answer):
        for user, stands_for in people.at(posts(level, answer.unit_id, _checkers(answer))):
            if (actor.user and user == actor.user.pk) or user in {one.user for one in receivers}:
                continue
            against = ""
            if (answer.pk, user) in told:
                against = _("今天已经催办过")
            elif load[user] >= most:
                against = _("今天已经被催办 %(n)s 件") % {"n": load[user]}
            receivers.append(Receiver(user, names[user], level, stands_for, against))
    return Plan(answer, receivers, _nobody(receivers))


def _nobody(receivers: list[Receiver]) -> GuardFailed | None:
    if not receivers:
        return GuardFailed(_("没有可以催办的人，先给这个单位建账号"))
    if all(one.against for one in receivers):
        return GuardFailed(receivers[0].against)
    return None


def _levels(answer: UnitResponse) -> list[Level]:
    """Those on whose desk it lies."""
    return [Level.CHECKER] if answer.state in WITH_CHECKER else [Level.CONTACT, Level.HEAD]


def _checkers(answer: UnitResponse) -> list[Any]:
    assignment = answer.issue.assignment
    return issue_checkers(answer.unit_id, assignment.lead_unit_id if assignment else None)


def remind_by_hand(
    answers: Sequence[UnitResponse], reason: str, *, actor: Actor, now: datetime
) -> list[Plan]:
    """Tell the people of each answer, in one transaction; what became of each, in order.

    Answers against which something stands are left out and say why. The place's row is held
    meanwhile, so that two who press at once are one after the other.
    """
    today = local_day(now)
    with transaction.atomic():
        Campaign.objects.select_for_update().filter(region=actor.region_id).first()
        plans = plan_by_hand(answers, actor, today)
        done = [plan for plan in plans if plan.error is None]
        Reminder.objects.bulk_create(
            _row(plan.answer, one, today, now) for plan in done for one in plan.told
        )
        Notification.objects.bulk_create(
            _notice(plan.answer, one, reason, now) for plan in done for one in plan.told
        )
        record_many(actor, [_event(plan, reason) for plan in done], now=now)
    return plans


def _row(answer: UnitResponse, one: Receiver, today: date, now: datetime) -> Reminder:
    return Reminder(
        region_id=answer.region_id,
        response=answer,
        deadline_version=answer.deadline_version,
        kind=Kind.MANUAL,
        level=one.level,
        local_day=today,
        recipient_id=one.user,
        stands_for_id=one.stands_for,
        days=_days(answer.deadline_date, today),
        status=Reminder.Status.COVERED,
        created_at=now,
    )


def _days(deadline: date | None, today: date) -> int:
    """As Reminder.days; 0 for what has no day."""
    if deadline is None:
        return 0
    late = (today - deadline).days
    return -late if late > 0 else workdays_left(deadline, today, calendar_in_force())


def _notice(answer: UnitResponse, one: Receiver, reason: str, now: datetime) -> Notification:
    return Notification(
        recipient_id=one.user,
        region_id=answer.region_id,
        kind=VERB,
        subject_type="unitresponse",
        subject_id=answer.pk,
        url=answer.get_absolute_url(),
        data={"number": answer.issue.number, "text": answer.issue.title, "reason": reason},
        created_at=now,
    )


def _event(plan: Plan, reason: str) -> Event:
    by_level = defaultdict(list)
    for one in plan.told:
        by_level[one.level].append(one.name)
    data = {
        "people": [name for names in by_level.values() for name in names],
        "reason": reason,
        "unit": plan.answer.unit.short_name,
    }
    return Event(VERB, plan.answer, plan.answer.issue, data)
