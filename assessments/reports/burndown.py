"""Close-out over time 销号进度, recounted from the audit trail; pure, apart from reading it.

What is stored tells only today; what stood open or overdue on an earlier day follows from the
entries of the trail: who handed over, closed, reopened or extended what, and when.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from itertools import accumulate
from typing import Any

from assessments.models import Issue, UnitResponse
from assessments.rectification.states import AT_REST, State
from lawgov.audit.models import AuditEntry
from lawgov.calendars import local_day
from lawgov.units.models import Region

# The edges that open, close or move the deadline; all others stay inside "open" or "closed".
TURNING = (
    "issue", "imported", "close", "reopen", "reopen_closed", "withdraw", "approve_extension",
)  # fmt: skip
OPEN_FROM = frozenset(set(State) - AT_REST - {State.FOUND})
CLOSED = frozenset({State.CLOSED, State.LOOK_BACK})


@dataclass(frozen=True)
class Standing:
    """How many answers were open, closed and overdue at the end of one local day."""

    day: date
    open: int
    closed: int
    overdue: int


@dataclass(frozen=True)
class Turn:
    """From `day` on: the state, and the deadline that held."""

    day: date
    state: str
    deadline: date | None


@dataclass
class Path:
    """The turns of one answer, in order of time; today's deadline is where it ends."""

    deadline: date | None
    issued_on: date | None
    entries: list[tuple[datetime, dict[str, Any]]] = field(default_factory=list)

    def turns(self) -> list[Turn]:
        """Deadlines are read backwards: each entry says which one it replaced."""
        turns, deadline = [], self.deadline
        for at, data in reversed(self.entries):
            turns = [*self._taken(local_day(at), data, deadline), *turns]
            if "deadline_date" in data.get("was", {}):
                deadline = _day(data["was"]["deadline_date"])
        return turns

    def _taken(self, day: date, data: dict[str, Any], deadline: date | None) -> Iterator[Turn]:
        """One entry as turns; what was taken over from a file had begun with its letter."""
        state = data["to"]
        if "from" in data:
            yield Turn(day, state, deadline)
            return
        begun = min(self.issued_on or day, day)
        closed = _day(data.get("closed_on"))
        if closed:
            yield Turn(min(begun, closed), State.ISSUED, deadline)
            yield Turn(closed, state, deadline)
        else:
            yield Turn(begun, state, deadline)


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def burn_down(region: Region, today: date, kind: str = Issue.Kind.INDIVIDUAL) -> list[Standing]:
    """Standings from the first hand-over to `today`: that day, the Sundays between, today.

    ISO weeks end on Sunday; days are local days in Asia/Shanghai. Of answers to issues of one
    kind; found and withdrawn ones are not counted. Empty before the first hand-over. Two
    statements.
    """
    paths = [path.turns() for path in _paths(region, kind)]
    first = min((t.day for turns in paths for t in turns if t.state in OPEN_FROM), default=None)
    if first is None or first > today:
        return []
    days = sample_days(first, today)
    return _count(paths, days)


def sample_days(first: date, today: date) -> list[date]:
    """`first`, every Sunday after it, and `today`; each once."""
    sunday = first + timedelta(days=6 - first.weekday())
    weeks = range((today - sunday).days // 7 + 1)
    return sorted({first, today, *(sunday + timedelta(weeks=week) for week in weeks)})


def _paths(region: Region, kind: str) -> Iterable[Path]:
    responses = UnitResponse.objects.in_region(region).filter(issue__kind=kind)
    rows = responses.order_by().values_list("pk", "deadline_date", "issue__inspection__issued_on")
    paths = {pk: Path(deadline, issued_on) for pk, deadline, issued_on in rows}
    entries = AuditEntry.objects.filter(
        chain=region.code,
        subject_type=UnitResponse._meta.model_name,
        verb__in=[f"response.{edge}" for edge in TURNING],
    ).order_by("id")
    for pk, at, data in entries.values_list("subject_id", "at", "data"):
        if pk in paths:
            paths[pk].entries.append((at, data))
    return paths.values()


def _count(paths: Iterable[Sequence[Turn]], days: Sequence[date]) -> list[Standing]:
    """Each stretch between two turns adds one to all days inside it: a sum of differences."""
    steps: dict[str, list[int]] = defaultdict(lambda: [0] * (len(days) + 1))

    def between(what: str, start: date, end: date) -> None:
        first, last = bisect_left(days, start), bisect_left(days, end)
        if first < last:
            steps[what][first] += 1
            steps[what][last] -= 1

    for turns in paths:
        ends = [turn.day for turn in turns[1:]] + [date.max]
        for turn, end in zip(turns, ends, strict=False):  # a found one has no turn yet
            if turn.state in CLOSED:
                between("closed", turn.day, end)
            elif turn.state in OPEN_FROM:
                between("open", turn.day, end)
                if turn.deadline:
                    between("overdue", max(turn.day, turn.deadline + timedelta(days=1)), end)
    columns = (accumulate(steps[what]) for what in ("open", "closed", "overdue"))
    return [Standing(*row) for row in zip(days, *columns, strict=False)]
