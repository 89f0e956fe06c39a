"""The past of the demo's issues, played through the workflow with a back-dated clock.

First every answer gets its script (which edge on which day), then all scripts are played in the
order of time, so that the audit trail reads as it would have been written.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from itertools import groupby
from random import Random
from typing import Any

from assessments.rectification.models import UnitResponse
from assessments.rectification.states import State
from assessments.rectification.transitions import LEDGER
from indicators.models import Evidence
from lawgov.accounts.actors import Actor
from lawgov.calendars import SHANGHAI, Workdays
from lawgov.operations.demo.people import People

PROGRESS = [
    "已召开专题会议部署，正在逐项核对。",
    "已完成自查，形成问题清单，正在补正材料。",
    "制度文件已修订印发，正在组织落实。",
    "已完成大部分整改，剩余事项正在推进。",
]
RESULTS = [
    "问题已逐项整改到位，相关材料已补正归档，制度已印发执行。",
    "已完成整改，建立台账定期检查，防止同类问题再次发生。",
]
RETURN_REASONS = ["佐证材料不全，请补充原件照片。", "整改措施没有落实到人，请补充说明。"]
CONCLUSION = "经核查，措施落实，佐证对应，同意销号。"
PROOFS = ["整改情况报告", "会议纪要", "修订后的制度文件", "培训签到表和试卷", "补正材料汇总"]
PATH = [State.ISSUED, State.ACCEPTED, State.PLANNED, State.RECTIFYING]


@dataclass(frozen=True)
class Step:
    """One edge of one answer at one moment; `key` names who takes it."""

    at: datetime
    edge: str
    key: tuple[str, int]
    response: UnitResponse
    data: dict[str, Any] = field(default_factory=dict)


class Historian:
    """Writes scripts for the answers of one place and plays them."""

    def __init__(self, people: People, letter: date, today: date, rng: Random) -> None:
        self.people, self.letter, self.today, self.rng = people, letter, today, rng
        self.workdays = Workdays.standard()
        self._common_days: dict[tuple[int, str], date] = {}

    def script(
        self, response: UnitResponse, state: State, measures: list[str], deadline: date | None
    ) -> Iterator[Step]:
        """The steps from issued to `state`; `deadline` is what a reopened answer gets anew."""
        if state == State.ISSUED:
            return
        unit = response.unit_id
        day = self._common_day(unit, "accept", self.letter)
        yield self._step(day, "accept", "editor", unit, response)
        if state == State.ACCEPTED:
            return
        day = self._common_day(unit, "plan", day)
        yield self._step(
            day, "plan", "editor", unit, response, **self._plan(response, measures, day)
        )
        if state == State.PLANNED:
            return
        day = self._later(day, 1, 8)
        yield self._step(day, "progress", "editor", unit, response, progress=self._pick(PROGRESS))
        if state == State.RECTIFYING:
            if self.rng.random() < 0.4:
                day = self._later(day, 2, 8)
                text = self._pick(PROGRESS)
                yield self._step(day, "progress", "editor", unit, response, progress=text)
            return
        yield from self._closing(response, state, day, deadline)

    def play(self, steps: list[Step]) -> None:
        """Take all steps in the order of time; one call per person, edge and moment."""
        steps = sorted(steps, key=lambda s: (s.at, s.edge, s.key, s.response.pk))
        for (at, edge, key), group in groupby(steps, key=lambda s: (s.at, s.edge, s.key)):
            chosen = list(group)
            results = LEDGER.perform_many(
                [step.response for step in chosen],
                edge,
                actor=self._actor(key),
                now=at,
                each={step.response.pk: step.data for step in chosen},
            )
            for result in results:
                if result.error:
                    raise RuntimeError(f"demo: {edge} of {result.obj}: {result.error}")

    # -- the parts of a script -----------------------------------------------------------------

    def _closing(
        self, response: UnitResponse, state: State, day: date, deadline: date | None
    ) -> Iterator[Step]:
        unit, last = response.unit_id, self.today - timedelta(days=1)
        handed_in = self._between(day, last - timedelta(days=5))
        if state in (State.SUBMITTED, State.VERIFYING):
            handed_in = self._between(max(day, last - timedelta(days=6)), last)
        yield self._step(
            handed_in,
            "add_proof",
            "editor",
            unit,
            response,
            hour=9,
            evidence=[self._proof(response)],
        )
        result = self._pick(RESULTS)
        yield self._step(handed_in, "request", "head", unit, response, hour=15, result=result)
        if state == State.SUBMITTED:
            return
        checked = self._between(handed_in, min(handed_in + timedelta(days=3), last))
        yield self._step(checked, "check", "supervisor", 0, response, hour=16)
        if state == State.VERIFYING:
            return
        if state == State.RETURNED:
            reason = self._pick(RETURN_REASONS)
            yield self._step(checked, "return", "supervisor", 0, response, hour=17, reason=reason)
            return
        yield self._step(checked, "close", "office", 0, response, hour=17, conclusion=CONCLUSION)
        if state == State.CLOSED:
            return
        yield self._step(last, "look_back", "supervisor", 0, response, hour=18)
        if state == State.REOPENED:
            yield self._step(
                last,
                "reopen",
                "supervisor",
                0,
                response,
                hour=19,
                reason="抽查发现同类问题再次出现，重新整改。",
                new_date=deadline,
            )

    def _plan(self, response: UnitResponse, measures: list[str], day: date) -> dict[str, Any]:
        target = self._later(day, 7, 14)
        deadline = response.deadline_date
        if deadline and deadline >= day:
            target = min(target, deadline)
        return {
            "measures": [{"text": text} for text in measures or ["对照问题逐项整改，建立长效机制"]],
            "person": response.person or f"{self._pick('王李张刘陈杨赵黄周吴')}某",
            "target_on": target,
        }

    def _proof(self, response: UnitResponse) -> Evidence:
        """A piece of evidence with a document number, made when the script is written."""
        return Evidence(
            region_id=response.region_id,
            unit_id=response.unit_id,
            kind=Evidence.Kind.NUMBER,
            title=self._pick(PROOFS),
            document_number=f"安整改〔{self.today.year}〕{self.rng.randrange(1, 400)}号",
            issued_on=self.letter,
            created_at=datetime.combine(self.letter, time(9), SHANGHAI),
        )

    def _step(
        self,
        day: date,
        edge: str,
        who: str,
        unit: int,
        response: UnitResponse,
        *,
        hour: int = 10,
        **data: Any,
    ) -> Step:
        """At the hour, and a minute that is the unit's own; those who check act on the hour."""
        minute = response.unit.order % 60 if unit else 0
        at = datetime.combine(day, time(hour, minute), SHANGHAI)
        return Step(at, edge, (who, unit), response, data)

    def _actor(self, key: tuple[str, int]) -> Actor:
        who, unit = key
        by_unit = {"editor": self.people.editors, "head": self.people.heads}
        return by_unit[who][unit] if who in by_unit else self.people.single[who]

    # -- days ------------------------------------------------------------------------------------

    def _later(self, day: date, first: int, last: int) -> date:
        """A day between `first` and `last` days after `day`, moved on to a working day."""
        chosen = day + timedelta(days=self.rng.randint(first, last))
        while not self.workdays.is_workday(chosen):
            chosen += timedelta(days=1)
        return min(chosen, self.today - timedelta(days=1))

    def _common_day(self, unit: int, edge: str, after: date) -> date:
        """A unit signs for all that it got, and plans all of it, on one day: one to three later."""
        if (unit, edge) not in self._common_days:
            self._common_days[unit, edge] = self._later(after, 1, 3)
        return self._common_days[unit, edge]

    def _between(self, first: date, last: date) -> date:
        span = max((last - first).days, 0)
        chosen = first + timedelta(days=self.rng.randint(0, span))
        while not self.workdays.is_workday(chosen) and chosen < last:
            chosen += timedelta(days=1)
        return chosen

    def _pick(self, choices):
        return self.rng.choice(choices)
