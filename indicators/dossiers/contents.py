"""What stands in the contents list 卷内目录 of a volume: the proof of its indicators, in order.

A volume is any list of indicators with a title. A piece that proves several of them is bound once,
where it comes first. Only what the reader may see is listed.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db.models import F, OuterRef, Subquery

from indicators.dossiers.contents_sheet import Contents, ContentsRow, contents_book
from indicators.evidence.models import Evidence, EvidenceLink, EvidenceVersion

if TYPE_CHECKING:
    from lawgov.accounts.actors import Actor
    from lawgov.spreadsheets.sheet import Book

WEB_PAGE = "网页"


@dataclass(frozen=True)
class Volume:
    """One volume 卷: its title 案卷题名, the name of its sheet, and its indicators.

    `assignments` are ids of Assignment. With a `unit` (id) only the pieces of that unit count.
    """

    title: str
    name: str
    assignments: frozenset[int]
    unit: int | None = None


def contents_workbook(
    title: str, volumes: Sequence[Volume], actor: Actor, *, created: datetime
) -> Book:
    """The lists of the volumes, a sheet each; one query, however many volumes and pieces."""
    wanted = frozenset().union(*(volume.assignments for volume in volumes))
    uses = defaultdict(list)
    for use in _uses(wanted, actor):
        uses[use["assignment"]].append(use)
    lists = [_contents(volume, uses) for volume in volumes]
    return contents_book(title, lists, created=created)


def _uses(assignments: Iterable[int], actor: Actor) -> Iterable[dict[str, Any]]:
    """Proof in force by indicator, unit and date; without a date last."""
    versions = EvidenceVersion.objects.filter(evidence=OuterRef("evidence"))
    links = EvidenceLink.objects.visible_to(actor).in_force()
    links = links.filter(
        unit_assignment__assignment__in=assignments, evidence__removed_at=None
    ).order_by(
        "unit_assignment__assignment__indicator__number",
        "unit_assignment__unit__order",
        F("evidence__issued_on").asc(nulls_last=True),
        "pk",
    )
    return links.values(
        "evidence_id",
        assignment=F("unit_assignment__assignment"),
        indicator=F("unit_assignment__assignment__indicator__number"),
        unit_id=F("evidence__unit"),
        unit=F("evidence__unit__name"),
        kind=F("evidence__kind"),
        title=F("evidence__title"),
        document_number=F("evidence__document_number"),
        author=F("evidence__issuing_body"),
        day=F("evidence__issued_on"),
        pages=Subquery(versions.order_by("-number").values("pages")[:1]),
    )


def _contents(volume: Volume, uses: dict[int, list[dict[str, Any]]]) -> Contents:
    """The pieces of one volume, each once, with all indicators of the volume that they prove."""
    pieces: dict[int, dict[str, Any]] = {}
    proves: dict[int, set[int]] = defaultdict(set)
    in_order = sorted(
        (use for pk in volume.assignments for use in uses.get(pk, ())),
        key=lambda use: use["indicator"],
    )
    for use in in_order:
        if volume.unit in (None, use["unit_id"]):
            pieces.setdefault(use["evidence_id"], use)
            proves[use["evidence_id"]].add(use["indicator"])
    several = len(volume.assignments) > 1
    rows = [
        _row(number, piece, proves[pk] if several else ())
        for number, (pk, piece) in enumerate(pieces.items(), 1)
    ]
    return Contents(volume.title, volume.name, rows)


def _row(number: int, piece: dict[str, Any], indicators: Iterable[int]) -> ContentsRow:
    """The unit that handed it in is the author where nobody else is recorded."""
    named = "、".join(map(str, sorted(indicators)))
    web_page = WEB_PAGE if piece["kind"] == Evidence.Kind.LINK else ""
    return ContentsRow(
        number=number,
        document_number=piece["document_number"],
        author=piece["author"] or piece["unit"],
        title=piece["title"],
        day=piece["day"],
        pages=piece["pages"],
        remark="\n".join(part for part in (named and f"指标{named}", web_page) if part),
    )
