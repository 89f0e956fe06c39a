"""Who is owed what today: items under rules → Reminder rows → one Delivery a person and channel.

Planning twice, or by two planners, plans once: every row is unique in the database and the run
itself is a row. The database is the truth; Celery only makes it quick.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import Q

from assessments.models import PlannerRun, Reminder
from assessments.reminders.kinds import FIRST, Kind, Level, watch_of
from assessments.reminders.leftovers import Key, LeftOver, left_over
from assessments.reminders.levels import Owed, Rules, levels, owed, true_today
from assessments.reminders.people import People, posts
from assessments.reminders.rules import PlaceRules
from assessments.reminders.sources import SOURCES, Item
from lawgov.calendars import Workdays, local_day
from lawgov.holidays.tables import calendar_in_force
from lawgov.notifications.channels import channels_of, place_channels
from lawgov.notifications.models import Delivery, Notification
from lawgov.units.models import Region

LOOK_BACK = 60  # planned days that are read to find the last working day among them


def plan_all(
    now: datetime, workdays: Workdays | None = None, regions: Iterable[Region] | None = None
) -> int:
    """Plan the local day of `now` for every place, or for `regions`; how many deliveries were made.

    Asks once which places are planned already, so that a turn with nothing to do is cheap.
    """
    workdays = workdays or calendar_in_force()
    done = PlannerRun.objects.filter(day=local_day(now), finished_at__isnull=False)
    planned = set(done.values_list("region_id", flat=True))
    chosen = places() if regions is None else regions
    return sum(plan(region, now, workdays) for region in chosen if region.pk not in planned)


def places() -> list[Region]:
    """The places that have reminders: those with a campaign."""
    regions = Region.objects.filter(campaign__isnull=False)
    return list(regions.select_related("campaign").order_by("pk"))


def plan(region: Region, now: datetime, workdays: Workdays, rules: PlaceRules | None = None) -> int:
    """Plan one place for the local day of `now`; 0 when already planned, or on a day off on
    which the place wants nothing."""
    today = local_day(now)
    rules = rules or PlaceRules.of(region.campaign.pk)
    rest = not workdays.is_workday(today)
    if rest and not rules.hours.any_day:
        return 0
    if is_behind(region, today):
        return 0
    left = LeftOver() if rest else left_over(region, today, now)
    # Read outside the transaction: on SQLite that would keep everybody else from writing. What
    # changes in between is seen when the digest is written.
    rows = list(_owed_rows(_Day(region, today, now, workdays, left.items), rules))
    with transaction.atomic():
        run = PlannerRun(region=region, day=today, started_at=now)
        PlannerRun.objects.bulk_create([run], ignore_conflicts=True)
        run = PlannerRun.objects.select_for_update().get(region=region, day=today)
        if run.finished_at:
            return 0
        left.drop(region, now)
        Reminder.objects.bulk_create(rows, ignore_conflicts=True, batch_size=1000)
        made = _make_deliveries(region, today, now, with_news=not rest)
        run.finished_at, run.deliveries = now, made
        run.reminders = Reminder.objects.filter(region=region, local_day=today).count()
        run.save()
    return made


def is_behind(region: Region, today: date) -> bool:
    """Whether a later day was planned: the clock was put back, and what was owed on `today` stands
    in the later day already."""
    runs = PlannerRun.objects.filter(region=region, day__gt=today, finished_at__isnull=False)
    return runs.exists()


def planned_days(region: Region, today: date, workdays: Workdays) -> tuple[date, frozenset[date]]:
    """The last working day before today that was planned, and the days off since then that were.

    Yesterday where there was none yet.
    """
    runs = PlannerRun.objects.filter(region=region, day__lt=today, finished_at__isnull=False)
    days = list(runs.order_by("-day").values_list("day", flat=True)[:LOOK_BACK])
    last = next((day for day in days if workdays.is_workday(day)), None)
    if last is None:
        last = today - timedelta(days=1)
    return last, frozenset(day for day in days if day > last)


# -- what is owed ---------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Day:
    """One planning: of which place and day, and what an unsent digest left over."""

    region: Region
    today: date
    now: datetime
    workdays: Workdays
    carried: set[Key]


def _owed_rows(day: _Day, rules: PlaceRules) -> Iterator[Reminder]:
    """What is owed today, and the days missed as skipped."""
    people = People(day.region, day.today)
    since, told = planned_days(day.region, day.today, day.workdays)
    by_hand = _told_by_hand(day)
    for watch, source in SOURCES.items():
        rule = rules.by_watch[watch]
        if not rule.active:
            continue
        known: dict[date, Owed | None] = {}  # many things are due on one day
        for item in source(day.region, day.today, rule, day.workdays):
            left_over = _key(item) in day.carried
            if item.due not in known:
                known[item.due] = owed(
                    item.due, day.today, day.workdays, since=since, rules=rule, told=told
                )
            due = known[item.due]
            if left_over:
                due = Owed(due.kind, due.days) if due else None
                due = due or true_today(item.due, day.today, day.workdays)
            if due:
                yield from _rows(day, item, due, rule, people, by_hand)


def _key(item: Item) -> Key:
    return watch_of(item.kind(Kind.BEFORE)), item.subject, item.pk


def _told_by_hand(day: _Day) -> set[tuple[int, int]]:
    """(response, person) of those whom somebody has reminded by hand today already."""
    rows = Reminder.objects.filter(region=day.region, local_day=day.today, kind=Kind.MANUAL)
    return set(rows.values_list("response_id", "recipient_id"))


def _rows(
    day: _Day, item: Item, due: Owed, rule: Rules, people: People, by_hand: set[tuple[int, int]]
) -> Iterator[Reminder]:
    first = Level.CHECKER if item.checkers else FIRST[item.watch]
    steps = [first, *_higher(item, due, rule)]
    days = [(missed, Reminder.Status.SKIPPED, "planner_away") for missed in due.missed]
    for local_day_, status, reason in [*days, (day.today, Reminder.Status.PLANNED, "")]:
        for level in steps:
            for recipient, stands_for in people.at(posts(level, item.unit, item.checkers)):
                if item.subject == "response" and (item.pk, recipient) in by_hand:
                    continue
                yield Reminder(
                    region=day.region,
                    **{f"{item.subject}_id": item.pk},
                    deadline_version=item.version,
                    kind=item.kind(due.kind),
                    level=level,
                    local_day=local_day_,
                    recipient_id=recipient,
                    stands_for_id=stands_for,
                    days=due.days if due.kind == Kind.BEFORE else -due.days,
                    status=status,
                    reason=reason,
                    created_at=day.now,
                )


def _higher(item: Item, due: Owed, rule: Rules) -> list[str]:
    """The levels above the first. Who checks is not pressed by the deadline's levels: the clock
    of the unit is not theirs."""
    if item.checkers and item.watch == "deadline":
        return []
    return [level for level in levels(due.kind, due.days, rule) if level != Level.CONTACT]


# -- one digest a person and channel ------------------------------------------------------------


def _make_deliveries(region: Region, today: date, now: datetime, *, with_news: bool) -> int:
    """One Delivery per person and channel for everything that waits to be told."""
    waiting = Reminder.objects.filter(
        region=region, local_day=today, status=Reminder.Status.PLANNED
    )
    people = set(waiting.values_list("recipient_id", flat=True))
    news = Notification.objects.filter(region=region, digest_on=None).exclude(kind="digest")
    if with_news:
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
        for person, channel in channels_of(region, sorted(people))
    ]
    if with_news:  # the place's own robots keep to working days
        deliveries += [
            Delivery(
                region=region,
                day=today,
                channel=channel,
                key=f"{region.code}.0.{today:%Y%m%d}.{channel}",
                created_at=now,
            )
            for channel in place_channels(region)
        ]
    Delivery.objects.bulk_create(deliveries, ignore_conflicts=True, batch_size=1000)
    waiting.filter(recipient__in=people).update(status=Reminder.Status.COVERED)
    if with_news:
        news.filter(recipient__in=people).update(digest_on=today)
    return len(deliveries)
