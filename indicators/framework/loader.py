"""Loading an edition of the framework: all of it or nothing, the same content twice is one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from pathlib import Path

from django.db import transaction
from django.db.models import ProtectedError
from django.utils.text import slugify
from django.utils.translation import gettext as _

from indicators.framework.areas import short_name
from indicators.framework.checking import Row, check, content_hash
from indicators.framework.models import Area, FrameworkEdition, Group, Indicator
from indicators.framework.reading import FrameworkFile, read_framework
from lawgov.accounts.actors import Actor
from lawgov.audit.record import record
from lawgov.errors import DomainError
from lawgov.spreadsheets.tables import Fault, Faulty


class EditionInUse(DomainError):
    """Other content stands under this code already, and may not be replaced."""

    status = 409


@dataclass(frozen=True)
class Loaded:
    """What became of a file: `outcome` is created, replaced or unchanged."""

    edition: FrameworkEdition
    outcome: str
    areas: int
    groups: int
    indicators: int
    points: Decimal


def load_framework(
    content: bytes,
    filename: str,
    *,
    actor: Actor,
    now: datetime,
    code: str = "",
    name: str = "",
    points: Decimal | None = None,
    may_replace: bool = True,
) -> Loaded:
    """Load the file as edition `code` (default: its own, else the stem after `framework-`).

    `points` is the total that must come out, None for none (a YAML file may state its own).
    Raises Faulty with every fault of the file, and EditionInUse when other content stands under
    the code and a campaign uses it (or, without `may_replace`, whoever uses it).
    """
    file = read_framework(content, filename)
    return load_file(
        file,
        filename,
        actor=actor,
        now=now,
        code=code,
        name=name,
        points=points,
        may_replace=may_replace,
    )


def load_file(
    file: FrameworkFile,
    filename: str,
    *,
    actor: Actor,
    now: datetime,
    code: str = "",
    name: str = "",
    points: Decimal | None = None,
    may_replace: bool = True,
) -> Loaded:
    """As `load_framework`, of a file that was read already."""
    rows, faults = check(file.table, points=file.points if points is None else points)
    code = code or file.code or default_code(filename)
    if not code or len(code) > 40 or code != slugify(code, allow_unicode=True):
        faults.append(Fault(None, "", _("版本代码要用字母、数字和横线，不超过 40 个字")))
    if faults:
        raise Faulty(faults)
    with transaction.atomic():
        edition, outcome = _save(rows, code, name or file.name, now, may_replace)
        loaded = _figures(edition, outcome, rows)
        if outcome != "unchanged":
            data = {"code": code, "file": Path(filename).name, "indicators": loaded.indicators}
            record(actor, f"framework.{outcome}", edition, now=now, data=data)
    return loaded


def default_code(filename: str) -> str:
    """`framework-2021.csv` → 2021; a name without that beginning is the code itself."""
    return Path(filename).stem.removeprefix("framework-").lower()


def default_name(code: str) -> str:
    if code.isdigit() and len(code) == 4:
        return _("指标体系（%(year)s年版）") % {"year": code}
    return _("指标体系（%(code)s）") % {"code": code}


def _save(
    rows: Sequence[Row], code: str, name: str, now: datetime, may_replace: bool
) -> tuple[FrameworkEdition, str]:
    digest = content_hash(rows)
    edition = FrameworkEdition.objects.select_for_update().filter(code=code).first()
    if edition and edition.content_hash == digest:
        return edition, "unchanged"
    if edition:
        _make_room(edition, may_replace)
    outcome = "replaced" if edition else "created"
    edition = edition or FrameworkEdition(code=code)
    edition.name = name or edition.name or default_name(code)
    edition.content_hash = digest
    edition.loaded_at = now
    edition.save()
    _plant(edition, rows)
    return edition, outcome


def _make_room(edition: FrameworkEdition, may_replace: bool) -> None:
    sentence = _("版本 %(code)s 已经有别的内容在用，请换一个版本代码") % {"code": edition.code}
    if not may_replace or edition.campaigns.exists():
        raise EditionInUse(sentence)
    try:
        edition.areas.all().delete()
    except ProtectedError as error:
        raise EditionInUse(sentence) from error


def _plant(edition: FrameworkEdition, rows: Sequence[Row]) -> None:
    """Areas, groups and indicators in three inserts."""
    areas: dict[int, Area] = {}
    for row in rows:
        if row.area_no not in areas:
            taken = {area.short_name for area in areas.values()}
            label = row.area_short or short_name(row.area, taken, row.area_no)
            areas[row.area_no] = Area(
                edition=edition, number=row.area_no, title=row.area, short_name=label
            )
    Area.objects.bulk_create(areas.values())
    groups: dict[tuple[int, int], Group] = {}
    for row in rows:
        groups.setdefault(
            (row.area_no, row.group_no),
            Group(area=areas[row.area_no], number=row.group_no, title=row.group),
        )
    Group.objects.bulk_create(groups.values())
    Indicator.objects.bulk_create(
        Indicator(
            edition=edition,
            group=groups[row.area_no, row.group_no],
            code=row.code,
            number=row.indicator_no,
            title=row.title,
            title_en=row.title_en,
            requirement=row.requirement,
            evidence_hint=row.evidence_hint,
            method=row.method,
            points=row.points,
            lead_unit_type=row.lead_unit_type,
            basis=row.basis,
        )
        for row in rows
    )


def _figures(edition: FrameworkEdition, outcome: str, rows: Sequence[Row]) -> Loaded:
    return Loaded(
        edition,
        outcome,
        areas=len({row.area_no for row in rows}),
        groups=len({(row.area_no, row.group_no) for row in rows}),
        indicators=len(rows),
        points=sum((row.points for row in rows), Decimal(0)),
    )
