"""Rows for the benchmark of reminders: people who are owed one thing each, and many answers."""

from __future__ import annotations

from base64 import encodebytes
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from email.header import Header

from django.db import connection
from django.template.loader import render_to_string

from assessments.models import Issue, PlannerRun, Reminder, UnitResponse
from assessments.reminders.digest import Digests
from lawgov.accounts.models import Membership, User
from lawgov.notifications.models import Delivery, Notification
from lawgov.units.models import Region, Unit
from tests import factories


@dataclass(frozen=True)
class Mail:
    """The texts of one digest; `head` and `encoded` are its subject and body as bytes travel."""

    to: str
    key: str
    subject: str
    text: str
    page: str
    head: str
    encoded: str


def fill_people(people: int, *, due: date) -> Region:
    """A place where each of `people` has a unit with one answer that is overdue since `due`."""
    region = factories.make_region("bench-people")
    inspection = factories.make_inspection(region)
    names = [f"bench{n}" for n in range(people)]
    Unit.objects.bulk_create(
        Unit(region=region, code=name, name=name, short_name=name, kind="government", order=n)
        for n, name in enumerate(names)
    )
    units = list(Unit.objects.filter(region=region, code__startswith="bench").order_by("order"))
    User.objects.bulk_create(
        User(username=name, name="某某", email=f"{name}@demo.invalid") for name in names
    )
    users = list(User.objects.filter(username__startswith="bench").order_by("pk"))
    Membership.objects.bulk_create(
        Membership(user=user, region=region, role="unit_editor", unit=unit)
        for user, unit in zip(users, units, strict=True)
    )
    Issue.objects.bulk_create(
        Issue(
            region=region, inspection=inspection, kind="individual", number=name,
            text="处罚决定书未载明裁量理由", created_at=factories.NOW,
        )
        for name in names
    )  # fmt: skip
    issues = Issue.objects.filter(inspection=inspection).order_by("pk")
    UnitResponse.objects.bulk_create(
        UnitResponse(
            issue=issue, region=region, unit=unit, state="rectifying", deadline_date=due
        )
        for issue, unit in zip(issues, units, strict=True)
    )  # fmt: skip
    return region


def forget(region: Region) -> None:
    """As if nothing had been planned or sent."""
    for model in (Reminder, Delivery, Notification, PlannerRun):
        model.objects.filter(region=region).delete()


def plan_again(region: Region) -> None:
    """The mails that were sent wait once more; nothing else does."""
    mails = Delivery.objects.filter(region=region, channel="email")
    if not mails.exists():
        raise RuntimeError("no mail was planned")
    mails.update(status="planned", attempts=0, first_try_at=None, leased_by="", sent_at=None)


def sent_mails(region: Region, now: datetime) -> list[Mail]:
    """What the product sent to everybody, as plain texts."""
    digests, mails = Digests(), []
    for delivery in Delivery.objects.filter(region=region, channel="email").select_related():
        message = digests.compose(delivery)
        context = {"message": message, "delivery": delivery}
        text = render_to_string("notifications/digest.txt", context)
        mails.append(
            Mail(
                to=delivery.person.email,
                key=delivery.key,
                subject=message.subject,
                text=text,
                page=render_to_string("notifications/digest.html", context),
                head=Header(message.subject, "utf-8").encode(),
                encoded=encodebytes(text.encode()).decode(),
            )
        )
    return mails


def fill_answers(code: str, count: int, *, due: int, today: date) -> Region:
    """A place of `count` answers: `due` of them overdue, of the rest nine in ten closed and one
    far from its day. Written inside the database, from one row made by the factories."""
    region = factories.make_region(f"bench-{code}")
    unit = factories.make_unit(region)
    inspection = factories.make_inspection(region)
    issue = factories.make_issue(inspection, deadline_date=today)
    answer = factories.make_response(issue, unit, "rectifying")
    first = issue.pk
    _copies(Issue, issue.pk, count, number="'b' || n", id=f"{first} + n")
    late, far = today - timedelta(days=5), today + timedelta(days=200)
    state = f"CASE WHEN n < {due} OR n % 10 = 0 THEN 'rectifying' ELSE 'closed' END"
    day = f"CASE WHEN n < {due} THEN '{late}' WHEN n % 10 = 0 THEN '{far}' ELSE '{late}' END"
    closed = f"CASE WHEN n < {due} OR n % 10 = 0 THEN NULL ELSE '{today}' END"
    _copies(
        UnitResponse, answer.pk, count,
        issue_id=f"{first} + n", state=state, deadline_date=day, closed_on=closed,
        id=f"{answer.pk} + n",
    )  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    return region


def _copies(model: type, pk: int, count: int, **values: str) -> None:
    """`count` - 1 copies of one row; `values` are SQL over `n`, from 1."""
    columns = [field.column for field in model._meta.concrete_fields]
    chosen = ", ".join(values.get(name, f'"{name}"') for name in columns)
    names = ", ".join(f'"{name}"' for name in columns)
    table = model._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute(
            f"WITH RECURSIVE series(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM series "
            f"WHERE n < {count - 1}) INSERT INTO {table} ({names}) "
            f"SELECT {chosen} FROM {table}, series WHERE {table}.id = {pk}"
        )
