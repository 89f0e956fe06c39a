"""A place with as many answers as a benchmark wants, in the words of the sample ledger."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta
from itertools import cycle, islice
from pathlib import Path
from typing import Any

from assessments.models import Issue, UnitResponse
from assessments.rectification.models import Measure, ResponseProof
from assessments.rectification.states import State
from indicators.models import Evidence
from lawgov.accounts.actors import Actor
from lawgov.units.models import Region
from tests.factories import NOW, TODAY, make_inspection, make_region, make_unit

SAMPLE = Path(__file__).parents[1] / "samples" / "zengdu-individual.expected.json"
UNITS = 69
PROOFS = 300  # pieces of evidence that answers share
BATCH = 5_000


def fill(count: int) -> Region:
    """A region with `count` individual issues, an answer each; two of three have measures."""
    region = make_region(code_of(count), name="安和区")
    units = [make_unit(region, f"区第{number}局") for number in range(1, UNITS + 1)]
    inspection = make_inspection(region)
    evidence = Evidence.objects.bulk_create(
        Evidence(
            region=region,
            unit=units[number % UNITS],
            kind=Evidence.Kind.NUMBER,
            title=f"整改报告（第{number}号）",
            document_number=f"安司报〔2026〕{number + 1}号",
            created_at=NOW,
        )
        for number in range(PROOFS)
    )
    for first in range(0, count, BATCH):
        told = list(islice(_told(), first, min(first + BATCH, count)))
        issues = Issue.objects.bulk_create(
            _issue(inspection, number, row) for number, row in enumerate(told, first + 1)
        )
        answers = UnitResponse.objects.bulk_create(
            _answer(issue, units[issue.pk % UNITS], row)
            for issue, row in zip(issues, told, strict=True)
        )
        _measures(answers, told)
        ResponseProof.objects.bulk_create(
            ResponseProof(response=answer, evidence=evidence[answer.pk % PROOFS], created_at=NOW)
            for answer in answers[::2]
        )
    return region


def code_of(count: int) -> str:
    """The code of the region with so many issues."""
    return f"bench-{count}"


def answers_of(region: Region) -> Any:
    """What the office's ledger page hands to its export: every individual issue of the place."""
    return UnitResponse.objects.visible_to(office(region)).of_kind(Issue.Kind.INDIVIDUAL)


def office(region: Region) -> Actor:
    return Actor.system(region, "benchmark")


def _told() -> Iterator[dict[str, Any]]:
    return cycle(json.loads(SAMPLE.read_text(encoding="utf-8"))["rows"])


def _issue(inspection: Any, number: int, row: dict[str, Any]) -> Issue:
    return Issue(
        inspection=inspection,
        region=inspection.region,
        kind=Issue.Kind.INDIVIDUAL,
        number=str(number),
        category=row["category"] or "",
        text=f"{row['text']}（第{number}件）",
        requirement=row["requirement"] or "",
        remark=row["remark"] or "",
        created_at=NOW,
    )


def _answer(issue: Issue, unit: Any, row: dict[str, Any]) -> UnitResponse:
    closed = bool(row["closed"])
    return UnitResponse(
        issue=issue,
        region=issue.region,
        unit=unit,
        state=State.CLOSED if closed else State.RECTIFYING,
        person="、".join(row["responsible_persons"]),
        deadline_text=row["deadline_text"] or "",
        deadline_kind=row["deadline_kind"],
        deadline_date=row["deadline_date"],
        progress=row["progress"] or "",
        closed_on=TODAY - timedelta(issue.pk % 60) if closed else None,
    )


def _measures(answers: list[UnitResponse], told: list[dict[str, Any]]) -> None:
    pairs = [
        (answer, Measure(region=answer.region, unit=answer.unit, text=text, created_at=NOW))
        for answer, row in zip(answers, told, strict=True)
        for text in (row["measures"] or ["逐卷自查，形成瑕疵清单并限期补正"])[: answer.pk % 3]
    ]
    Measure.objects.bulk_create([measure for _, measure in pairs])
    link = Measure.issues.through
    link.objects.bulk_create(
        link(measure_id=measure.pk, issue_id=answer.issue_id) for answer, measure in pairs
    )
