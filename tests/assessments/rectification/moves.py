"""What the forms of the ledger's edges would give: valid data for every edge of the table."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import count
from typing import Any

from assessments.models import Extension, Letter, Measure, ResponseProof, UnitResponse
from assessments.rectification.states import State
from assessments.rectification.transitions import LEDGER
from indicators.models import Evidence
from lawgov.accounts.actors import Actor
from lawgov.calendars import local_day
from tests.factories import NOW, TODAY

_numbers = count(1)

WHO = {
    "issue": "office",
    "accept": "editor",
    "withdraw": "office",
    "plan": "editor",
    "start": "editor",
    "progress": "editor",
    "mark_measure": "editor",
    "add_proof": "editor",
    "remove_proof": "editor",
    "request": "head",
    "recall": "editor",
    "check": "supervisor",
    "close": "supervisor",
    "return": "supervisor",
    "look_back": "supervisor",
    "confirm": "supervisor",
    "reopen": "supervisor",
    "reopen_closed": "office",
    "ask_extension": "head",
    "approve_extension": "office",
    "refuse_extension": "office",
}


def make_letter(response: UnitResponse) -> Letter:
    return Letter.objects.create(
        region=response.region,
        inspection=response.issue.inspection,
        unit=response.unit,
        agency="安法办函",
        year=2026,
        number=next(_numbers),
        issued_on=date(2026, 9, 28),
    )


def make_own_evidence(response: UnitResponse, title: str = "整改报告") -> Evidence:
    return Evidence.objects.create(
        region=response.region,
        unit=response.unit,
        kind=Evidence.Kind.NUMBER,
        title=title,
        document_number="安水发〔2026〕9号",
        created_at=NOW,
    )


def make_proof_of(response: UnitResponse) -> ResponseProof:
    response.forget()
    return ResponseProof.objects.create(
        response=response, evidence=make_own_evidence(response), created_at=NOW
    )


def make_measure(response: UnitResponse) -> Measure:
    measure = Measure.objects.create(
        region=response.region, unit=response.unit, text="逐卷自查", created_at=NOW
    )
    measure.issues.add(response.issue)
    return measure


def ask_for(response: UnitResponse, day: date | None = None) -> Extension:
    response.forget()
    return Extension.objects.create(
        response=response,
        old_date=response.deadline_date,
        new_date=day or (response.deadline_date or TODAY) + timedelta(days=15),
        reason="案卷数量多",
        asked_at=NOW,
    )


def prepare(response: UnitResponse, edge: str) -> None:
    """Let the row have what the edge's guards ask for."""
    if edge in ("request", "close") and not response.has_proof:
        make_proof_of(response)
    if edge == "request" and response.state == State.ACCEPTED:
        response.deadline_kind, response.deadline_text = "immediate", "立行立改"
        response.save(update_fields=["deadline_kind", "deadline_text"])
    if edge in ("approve_extension", "refuse_extension") and not response.asked_to:
        ask_for(response)


def given(response: UnitResponse, edge: str, today: date = TODAY) -> dict[str, Any]:
    """Valid data for `edge` of `response` on the local day `today`."""
    fields = {
        "letter": lambda: make_letter(response),
        "deadline_text": lambda: "12月18日",
        "reason": lambda: "缺少附件",
        "measures": lambda: [{"text": "逐卷自查"}, {"text": "修订审核表"}],
        "person": lambda: "赵某",
        "target_on": lambda: today,
        "progress": lambda: "已自查 64 本",
        "measure": lambda: make_measure(response),
        "done": lambda: True,
        "evidence": lambda: [make_own_evidence(response)],
        "proof": lambda: make_proof_of(response),
        "result": lambda: "全部补正",
        "conclusion": lambda: "措施落实",
        "looked_back_on": lambda: today,
        "new_date": lambda: max(today, response.deadline_date or today) + timedelta(days=20),
    }
    return {name: fields[name]() for name in LEDGER[edge].needs}


def take(response: UnitResponse, edge: str, actor: Actor, now=NOW, **data: Any) -> UnitResponse:
    """Perform `edge` with valid data, what is given by name before it."""
    return LEDGER.perform(
        response,
        edge,
        actor=actor,
        now=now,
        version=response.version,
        **(given(response, edge, local_day(now)) | data),
    )
