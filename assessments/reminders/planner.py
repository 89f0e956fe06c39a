"""Who is owed what today: open answers → Reminder rows → one Delivery a person and channel.

Planning twice, or by two planners, plans once: every row is unique in the database and the run
itself is a row. The database is the truth; Celery only makes it quick.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import Q

from assessments.models import PlannerRun, Reminder, UnitResponse
from assessments.rectification.states import WITH_CHECKER, State
from assessments.reminders.levels import Owed, levels, owed, workdays_left
from lawgov.accounts.models import Membership
from lawgov.accounts.policy import Role
from lawgov.calendars import Workdays, local_day
from lawgov.notifications.channels import CHANNELS
from lawgov.notifications.models import Delivery, Notification
from lawgov.units.models import Region

HORIZON = timedelta(days=30)  # seven working days lie within it, whatever the holidays
FIELDS = (
    "pk", "state", "deadline_date", "deadline_version", "unit_id", "issue__assignment__lead_unit",
)  # fmt: skip


def plan_all(now: datetime, workdays: Workdays | None = None) -> int:
    """Plan the local day of `now` for every place; the number of deliveries made."""
    workdays = workdays or Workdays.standard()
    regions = Region.objects.filter(campaign__isnull=False).order_by("pk")
    return sum(plan(region, now, workdays) for region in regions)


def plan(region: Region, now: datetime, workdays: Workdays) -> int:
    """Plan one place for the local day of `now`; 0 on a day off and when already planned."""
    today = local_day(now)
    if not workdays.is_workday(today):
        return 0
    with transaction.atomic():
        run = PlannerRun(region=region, day=today, started_at=now)
        PlannerRun.objects.bulk_create([run], ignore_conflicts=True)
        run = PlannerRun.objects.select_for_update().get(region=region, day=today)
        if run.finished_at:
            return 0
        carried = _carry_over(region, today)
        _remember(region, today, now, workdays, carried)
        made = _make_deliveries(region, today, now)
        run.finished_at, run.deliveries = now, made
        run.reminders = Reminder.objects.filter(region=region, local_day=today).count()
        run.save()
    return made


def last_planned(region: Region, today: date) -> date:
    """The last local day before today that was planned; yesterday where there was none yet."""
    runs = PlannerRun.objects.filter(region=region, day__lt=today, finished_at__isnull=False)
    day = runs.order_by("-day").values_list("day", flat=True).first()
    return day or today - timedelta(days=1)


def _remember(
    region: Region, today: date, now: datetime, workdays: Workdays, carried: set[int]
) -> None:
    """Insert what is owed today, and the days missed as skipped; existing rows stay."""
    people = _People(region, today)
    since = last_planned(region, today)
    rows: list[Reminder] = []
    open_ones = (
        UnitResponse.objects.in_region(region)
        .open()
        .exclude(state=State.FOUND)
        .filter(deadline_date__lte=today + HORIZON)
    )
    for row in open_ones.values(*FIELDS).order_by("pk").iterator(chunk_size=1000):
        first = today - timedelta(days=1) if row["pk"] in carried else since
        due = owed(row["deadline_date"], today, workdays, since=first)
        if due is None and row["pk"] in carried:
            due = _true_today(row["deadline_date"], today, workdays)
        if due:
            rows += _rows(region, row, due, today, now, people)
    Reminder.objects.bulk_create(rows, ignore_conflicts=True, batch_size=1000)


def _true_today(deadline: date, today: date, workdays: Workdays) -> Owed:
    """For a digest that was never sent: what holds today, though today is no send day."""
    if today > deadline:
        return Owed(Reminder.Kind.OVERDUE, (today - deadline).days)
    return Owed(Reminder.Kind.BEFORE, workdays_left(deadline, today, workdays))


def _rows(
    region: Region, row: dict, due: Owed, today: date, now: datetime, people: _People
) -> Iterator[Reminder]:
    waiting = row["state"] in WITH_CHECKER
    kind = Reminder.Kind.REVIEW if waiting else due.kind
    steps = [Reminder.Level.CHECKER] if waiting else levels(due.kind, due.days)
    days = [(day, Reminder.Status.SKIPPED, "planner_away") for day in due.missed]
    for day, status, reason in [*days, (today, Reminder.Status.PLANNED, "")]:
        for level in steps:
            for recipient in people.at(level, row):
                yield Reminder(
                    region=region,
                    response_id=row["pk"],
                    deadline_version=row["deadline_version"],
                    kind=kind,
                    level=level,
                    local_day=day,
                    recipient_id=recipient,
                    days=due.days if due.kind == Reminder.Kind.BEFORE else -due.days,
                    status=status,
                    reason=reason,
                    created_at=now,
                )


class _People:
    """Who stands at which level, read once a place and day."""

    def __init__(self, region: Region, today: date) -> None:
        self._by = defaultdict(list)
        members = Membership.objects.in_region(region).valid_on(today)
        for role, unit, user in members.values_list("role", "unit_id", "user_id"):
            self._by[role, unit].append(user)

    def at(self, level: str, row: dict) -> list[int]:
        unit, lead = row["unit_id"], row["issue__assignment__lead_unit"]
        match level:
            case Reminder.Level.CONTACT:
                return self._by[Role.UNIT_EDITOR, unit]
            case Reminder.Level.HEAD:
                return self._by[Role.UNIT_HEAD, unit]
            case Reminder.Level.OFFICE:
                return self._by[Role.OFFICE_ADMIN, None]
            case Reminder.Level.LEADER:
                return self._by[Role.LEADING_GROUP, None]
        checkers = self._by[Role.SUPERVISOR, None] + self._by[Role.OFFICE_ADMIN, None]
        return checkers + (self._by[Role.LEAD_REVIEWER, lead] if lead and lead != unit else [])


def _carry_over(region: Region, today: date) -> set[int]:
    """Ids of responses in digests of earlier days that nobody tried to send; those are dropped.

    Their people get what is true today instead, so that nobody gets two digests on one day.
    """
    stale = Delivery.objects.filter(
        region=region, day__lt=today, status=Delivery.Status.PLANNED, attempts=0
    )
    pairs = list(stale.values_list("person_id", "day"))
    if not pairs:
        return set()
    stale.update(status=Delivery.Status.CANCELLED, last_error="carried over")
    days = {day for _person, day in pairs}
    people = {person for person, _day in pairs}
    late = Reminder.objects.filter(
        region=region, local_day__in=days, recipient__in=people, status=Reminder.Status.COVERED
    )
    responses = set(late.values_list("response_id", flat=True))
    late.update(status=Reminder.Status.SKIPPED, reason="not_sent_that_day")
    told = Notification.objects.filter(region=region, digest_on__in=days, recipient__in=people)
    told.update(digest_on=None)
    return responses


def _make_deliveries(region: Region, today: date, now: datetime) -> int:
    """One Delivery per person and channel for everything that waits to be told."""
    waiting = Reminder.objects.filter(
        region=region, local_day=today, status=Reminder.Status.PLANNED
    )
    news = Notification.objects.filter(region=region, digest_on=None).exclude(kind="digest")
    people = set(waiting.values_list("recipient_id", flat=True))
    people |= set(news.values_list("recipient_id", flat=True))
    already = Q(region=region, day=today, person__in=people)
    served = set(Delivery.objects.filter(already).values_list("person_id", flat=True))
    people -= served
    deliveries = [
        Delivery(
            region=region,
            person_id=person,
            day=today,
            channel=channel,
            key=f"{region.code}.{person}.{today:%Y%m%d}.{channel}",
            created_at=now,
        )
        for person in sorted(people)
        for channel in CHANNELS
    ]
    Delivery.objects.bulk_create(deliveries, ignore_conflicts=True, batch_size=1000)
    waiting.filter(recipient__in=people).update(status=Reminder.Status.COVERED)
    news.filter(recipient__in=people).update(digest_on=today)
    return len(deliveries)
