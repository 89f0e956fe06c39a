"""The works that `pages` measures, and what each of them is measured against."""

from __future__ import annotations

import json
import statistics
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from django.db import connection, transaction
from django.http import HttpRequest, HttpResponse, QueryDict
from django.template import Context, Template
from django.test import Client, RequestFactory, override_settings
from django.test.utils import CaptureQueriesContext
from django.urls import path
from django.utils import timezone

from assessments.models import UnitResponse
from assessments.rectification.ledger_page import ledger_context
from assessments.rectification.states import State
from assessments.rectification.transitions import LEDGER
from assessments.reminders.levels import Rules
from assessments.reminders.sources import deadlines
from indicators.assignments.transitions import WORK
from indicators.models import Campaign, UnitAssignment
from lawgov.accounts.actors import Actor
from lawgov.accounts.guards import public
from lawgov.accounts.models import Membership
from lawgov.calendars import Workdays
from lawgov.desk.checklist.filters import Filters
from lawgov.desk.checklist.queries import board
from lawgov.desk.checklist.rows import Rows
from lawgov.desk.checklist.views import look_of
from lawgov.desk.places.queries import places_below
from lawgov.holidays.tables import one_edition
from lawgov.units.models import Region
from tests.people import browser

Side = Callable[[], object]

ROUNDS = 9
TURN = 0.03  # CPU seconds that a side takes in a round at least
QUIET = ("BEGIN", "COMMIT", "SAVEPOINT", "RELEASE", "ROLLBACK")
TABLE = """<table>{% for item in items %}<tr id="i{{ item.pk }}"><td>{{ item.number }}</td>
<td><a href="/indicators/{{ item.number }}/">{{ item.title }}</a></td><td>{{ item.area_title }}</td>
<td>{{ item.lead_name }}</td><td>{{ item.points }}</td><td>{{ item.due_on|date:"n月j日" }}</td>
<td>{{ item.done }}</td><td>{{ item.lacking }}</td></tr>{% endfor %}</table>"""


@public
def hello(request: HttpRequest) -> HttpResponse:
    return HttpResponse("hello")


urlpatterns = [path("hello/", hello)]


def our_addresses(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[..., Any]:
    """A middleware by which one client finds hello and the others the product."""

    def answer(request: HttpRequest) -> HttpResponse:
        request.urlconf = __name__
        return get_response(request)

    return answer


def client_of_hello() -> Client:
    """Nothing but Django: no session, nobody signed in."""
    client = Client()
    with override_settings(MIDDLEWARE=[f"{__name__}.our_addresses"]):
        client.handler.load_middleware()
    return client


@dataclass(frozen=True)
class Work:
    """`ours` beside other sides; `goals` is the highest ratio to each, `most` of statements."""

    name: str
    ours: Side
    sides: Mapping[str, Side]
    goals: Mapping[str, float] = field(default_factory=dict)
    most: int | None = None

    def medians(self) -> dict[str, float]:
        """CPU seconds of one turn of each side, the sides taken in turn."""
        sides = {"ours": self.ours, **self.sides}
        turns = {name: _turns(side) for name, side in sides.items()}
        taken: dict[str, list[float]] = {name: [] for name in sides}
        for _ in range(ROUNDS):
            for name, side in sides.items():
                before = _spent()
                for _ in range(turns[name]):
                    side()
                taken[name].append((_spent() - before) / turns[name])
        return {name: statistics.median(times) for name, times in taken.items()}

    def queries(self) -> int:
        return len(statements(self.ours))


def _turns(side: Side) -> int:
    side()
    before = _spent()
    side()
    return max(1, round(TURN / max(_spent() - before, 1e-5)))


def _spent() -> float:
    """CPU seconds of this process and of the database's for it, where the system tells."""
    told = Path(f"/proc/{connection.connection.info.backend_pid}/schedstat")
    backend = int(told.read_text(encoding="ascii").split()[0]) / 1e9 if told.exists() else 0.0
    return time.process_time() + backend


def statements(work: Side) -> list[str]:
    """What a work sends to the database, less the frame of its transactions."""
    with CaptureQueriesContext(connection) as captured:
        work()
    told = [query["sql"] for query in captured.captured_queries]
    return [sql for sql in told if not sql.startswith(QUIET)]


def bare(work: Side) -> Side:
    """The same statements through a bare cursor, everything fetched, nothing made of it."""
    told = statements(work)

    def run() -> None:
        with connection.cursor() as cursor:
            for sql in told:
                cursor.cursor.execute(sql)
                if cursor.cursor.description:
                    cursor.cursor.fetchall()

    return run


def taken_back(work: Side) -> Side:
    """A work that writes, and leaves everything as it was."""

    def run() -> None:
        with transaction.atomic():
            work()
            transaction.set_rollback(True)

    return run


class Bench:
    """The works in one demo place, by its office, an editor and the province."""

    def __init__(self, region: Region, today: date) -> None:
        connection.settings_dict["DISABLE_SERVER_SIDE_CURSORS"] = True  # or nothing is captured
        self.region, self.today = region, today
        self.campaign = Campaign.objects.get(region=region)
        self.office, self.province = actor("office"), actor("city")
        self.bare_client, self.client = client_of_hello(), at_work(self.office)

    def hello(self) -> object:
        return self.bare_client.get("/hello/")

    def got(self, address: str) -> Side:
        def get() -> HttpResponse:
            answer = self.client.get(address)
            assert answer.status_code == 200, f"{address}: {answer.status_code}"
            return answer

        return get

    def clicks(self) -> list[Work]:
        """Goals 10 and 11: a tick in the checklist, a transition with its audit entry."""
        work, editor = self._tickable()
        client = at_work(editor)

        def tick() -> None:
            answer = client.post(
                f"/checklist/{work.pk}/tick/",
                {"version": work.version},
                headers={"HX-Request": "true"},
            )
            assert answer.status_code == 200, answer.status_code

        accepted, receiver = self._receivable()

        def accept() -> None:
            answer = UnitResponse.objects.for_moves().get(pk=accepted.pk)
            now, version = timezone.now(), accepted.version
            LEDGER.perform(answer, "accept", actor=receiver, now=now, version=version)

        hello = {"hello": self.hello}
        least = taken_back(bare(taken_back(accept)))
        return [
            Work("a tick", taken_back(tick), hello, {"hello": 8}, 8),
            Work("a transition", taken_back(accept), {"bare": least, **hello}, {"bare": 2.2}, 10),
        ]

    def lists(self) -> list[Work]:
        """Goals 12 and 13: the checklist of 100 and a list of 50 of the API."""
        page, listed = self.got("/checklist/"), self.got("/api/v1/responses/?page_size=50")
        look = look_of(self.office, Filters.read(_request(self.office)), near=10)
        found = board(self.office, self.campaign, Filters.read(_request(self.office)))
        plain = Template(TABLE)
        payload, sent = listed().json(), bare(listed)
        drawn: dict[str, Side] = {
            "plain template": lambda: plain.render(Context({"items": found.items}, use_l10n=False)),
            "hello": self.hello,
        }
        rows: Side = lambda: Rows(look).bodies(found.items, found.areas)  # noqa: E731
        return [
            Work("the checklist", page, {"hello": self.hello}, {"hello": 5}, 12),
            Work("its table", rows, drawn, {"plain template": 0.5}),
            Work(
                "50 of the API",
                listed,
                {"bare, json": lambda: (sent(), json.dumps(payload)), "hello": self.hello},
                {"bare, json": 3},
                6,
            ),
        ]

    def growing(self) -> list[Work]:
        """Goals 7, 8 and 15: what must not feel other places."""
        return [self._ledger("the ledger's figures", self.office, ""), self._scan()]

    def depth(self, place: Region) -> list[Work]:
        """Goal 8: the first page of a long ledger and one at nine tenths of it."""
        actor = Actor.system(place, "benchmark")
        rows = UnitResponse.objects.in_region(place)
        after = rows.order_by("pk")[rows.count() * 9 // 10].pk
        first = self._ledger("its first page", actor, "sort=number")
        deep = self._ledger("its page at 90 %", actor, f"sort=number&after={after}")
        return [
            first,
            Work(
                deep.name, deep.ours, deep.sides | {"first page": first.ours}, {"first page": 1.1}
            ),
        ]

    def places(self) -> list[Work]:
        """Goal 9: all places side by side, against counting the answers of the country once."""
        actor = self.province
        count = (
            "SELECT region_id, state, count(*), count(*) FILTER (WHERE deadline_date < now())"
            " FROM assessments_unitresponse GROUP BY region_id, state"
        )
        ours: Side = lambda: places_below(actor, self.today)  # noqa: E731
        sides = {"GROUP BY": _run(count), "bare": bare(ours), "hello": self.hello}
        return [Work("the comparison of places", ours, sides, {"GROUP BY": 0.05}, 25)]

    def _ledger(self, name: str, actor: Actor, query: str) -> Work:
        request = _request(actor, query)

        def ours() -> object:
            with one_edition():  # as the middleware has it
                return ledger_context(request, "individual", self.today)

        return Work(name, ours, {"bare": bare(ours), "hello": self.hello}, {"bare": 2}, 5)

    def _scan(self) -> Work:
        rules, workdays = Rules(), Workdays.standard()
        ours: Side = lambda: list(deadlines(self.region, self.today, rules, workdays))  # noqa: E731
        sides = {"bare": bare(ours), "hello": self.hello}
        return Work("the overdue scan", ours, sides, {"bare": 2})

    def _tickable(self) -> tuple[UnitAssignment, Actor]:
        """A work whose proof is complete, and the editor of its unit."""
        for work in UnitAssignment.objects.in_region(self.region).select_related("unit"):
            editor = editor_of(work.unit_id)
            if any(offer.name == "tick" and offer.open for offer in WORK.available(work, editor)):
                return work, editor
        raise LookupError("no work can be ticked")

    def _receivable(self) -> tuple[UnitResponse, Actor]:
        rows = UnitResponse.objects.in_region(self.region).filter(state=State.ISSUED)
        answer = rows.order_by("pk")[0]
        return answer, editor_of(answer.unit_id)


def at_work(actor: Actor) -> Client:
    """A client that has been seen within the last minute: what a first page writes is written."""
    client = browser(actor)
    client.get("/account/")
    return client


def _run(sql: str) -> Side:
    def run() -> None:
        with connection.cursor() as cursor:
            cursor.execute(sql)
            cursor.fetchall()

    return run


def _request(actor: Actor, query: str = "") -> HttpRequest:
    request = RequestFactory().get("/", QueryDict(query).dict())
    request.actor, request.user = actor, actor.user
    return request


def actor(username: str) -> Actor:
    return Actor.of(
        Membership.objects.select_related("user", "region", "unit").get(user__username=username)
    )


def editor_of(unit: int) -> Actor:
    rows = Membership.objects.filter(unit=unit, role="unit_editor")
    return Actor.of(rows.select_related("user", "region", "unit").order_by("pk")[0])
