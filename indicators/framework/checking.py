"""From the rows of a framework file to a checked tree: every fault is listed, none is repaired."""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from decimal import Decimal, InvalidOperation

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as N

from indicators.framework.columns import FRAMEWORK
from lawgov.spreadsheets.tables import Fault, Record, Table

# Source: domain guide §5; three are named in a seed, two come from the outside procedure.
METHODS = (N("材料查证"), N("网络检索"), N("案卷评查"), N("实地考察"), N("问卷测评"))

HEADERS = {column.key: column.header for column in FRAMEWORK}
LENGTHS = {
    "code": 20, "area": 100, "area_short": 6, "group": 100, "title": 200, "title_en": 300,
    "method": 20, "lead_unit_type": 60, "basis": 20,
}  # fmt: skip
LARGEST = Decimal("9999.9")


@dataclass(frozen=True)
class Row:
    """One indicator as checked; `points` has at most one decimal and is larger than 0."""

    row: int
    code: str
    area_no: int
    area: str
    area_short: str
    group_no: int
    group: str
    indicator_no: int
    title: str
    requirement: str
    evidence_hint: str
    method: str
    points: Decimal
    lead_unit_type: str
    title_en: str
    basis: str


def check(table: Table, *, points: Decimal | None = None) -> tuple[list[Row], list[Fault]]:
    """The rows in the order of their number, and all faults; with faults the rows are of no use.

    `points` is the total that the file must have, None where nobody stated one. Columns with
    numbers or codes that the file does not have are filled in by counting.
    """
    faults = list(table.faults)
    if not table.records:
        faults.append(Fault(None, "", _("文件里没有指标")))
    rows: list[Row] = []
    for record in _numbered(table):
        rows.append(_row(record, rows[-1] if rows else None, faults))
    for rule in RULES:
        faults += rule(rows)
    if points is not None and not faults:
        faults += _total(rows, points)
    return sorted(rows, key=lambda row: row.indicator_no), faults


def content_hash(rows: Iterable[Row]) -> str:
    """SHA-256 over what the rows say; the same from CSV, XLSX and YAML."""
    content = []
    for row in rows:
        values = asdict(row) | {"points": f"{row.points:.1f}"}
        del values["row"]
        content.append(values)
    text = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


# -- one row ---------------------------------------------------------------------------------


def _numbered(table: Table) -> Iterator[Record]:
    """The records, with numbers and code counted where the file has no such column."""
    areas: dict[str, int] = {}
    groups: dict[tuple[str, str], int] = {}
    items: dict[tuple[str, str], int] = defaultdict(int)
    above = ("", "")
    for number, record in enumerate(table.records, 1):
        area = record["area"] or above[0]
        group = (area, record["group"] or above[1])
        above = group
        areas.setdefault(area, len(areas) + 1)
        groups.setdefault(group, sum(known[0] == area for known in groups) + 1)
        items[group] += 1
        counted = {
            "area_no": str(areas[area]),
            "group_no": str(groups[group]),
            "indicator_no": str(number),
        }
        missing = {key: value for key, value in counted.items() if key not in table}
        values = {**record.values, **missing}
        if "code" not in table:
            values["code"] = f"{values['area_no']}.{values['group_no']}.{items[group]}"
        yield Record(record.row, values)


def _row(record: Record, above: Row | None, faults: list[Fault]) -> Row:
    """The row as read. What is wrong goes to `faults`; its place is then guessed from the row
    above, so that one bad cell does not make all rows below look wrong."""

    def fault(key: str, message: str) -> None:
        faults.append(Fault(record.row, HEADERS[key], message))

    for key in ("code", "area", "group", "title"):
        if not record[key]:
            fault(key, _("空着，请填上；和上一行相同的也要写"))
    for key, length in LENGTHS.items():
        if len(record[key]) > length:
            fault(key, _("超过 %(n)s 个字") % {"n": length})
    numbers = {key: _number(record, key, fault) for key in ("area_no", "group_no", "indicator_no")}
    if above and numbers["indicator_no"] is None:
        numbers["indicator_no"] = above.indicator_no + 1
    for key in ("area_no", "group_no"):
        if above and numbers[key] is None:
            numbers[key] = getattr(above, key)
    return Row(
        row=record.row,
        code=record["code"],
        area_no=numbers["area_no"] or 1,
        area=record["area"] or (above.area if above else ""),
        area_short=record["area_short"],
        group_no=numbers["group_no"] or 1,
        group=record["group"] or (above.group if above else ""),
        indicator_no=numbers["indicator_no"] or 1,
        title=record["title"],
        requirement=record["requirement"],
        evidence_hint=record["evidence_hint"],
        method=_method(record["method"], fault, given="method" in record.values),
        points=_points(record["points"], fault),
        lead_unit_type=record["lead_unit_type"],
        title_en=record["title_en"],
        basis=record["basis"],
    )


def _number(record: Record, key: str, fault: Callable[[str, str], None]) -> int | None:
    text = record[key]
    if text.isascii() and text.isdigit() and len(text) < 5 and int(text) > 0:
        return int(text)
    fault(key, _("要写 1 起的整数"))
    return None


def _points(text: str, fault: Callable[[str, str], None]) -> Decimal:
    if not text:
        fault("points", _("没写分值，请填数，如 10"))
        return Decimal(0)
    try:
        points = Decimal(text)
    except InvalidOperation:
        points = Decimal("NaN")
    if not points.is_finite():
        fault("points", _("“%(text)s”不是数，只写数字，如 10") % {"text": text[:20]})
    elif points <= 0:
        fault("points", _("要大于 0"))
    elif points > LARGEST or points != round(points, 1):
        fault("points", _("最多一位小数，不超过 9999.9"))
    else:
        return points
    return Decimal("NaN")  # 1e999999999 is small only until somebody writes it out


def _method(text: str, fault: Callable[[str, str], None], *, given: bool) -> str:
    """One or several of METHODS, joined by 、; empty only where the file has no such column."""
    parts = [part.strip() for part in text.replace("；", "、").replace(",", "、").split("、")]
    unknown = [part for part in parts if part not in METHODS]
    if text and unknown:
        known = _("、").join(METHODS)
        fault(
            "method", _("没有“%(text)s”这种方式，可用：%(known)s") % {"text": text, "known": known}
        )
    elif not text and given:
        fault("method", _("没写测评方式，可用：%(known)s") % {"known": _("、").join(METHODS)})
    return _("、").join(parts) if text else ""


# -- the rows together -----------------------------------------------------------------------

Rule = Callable[[Sequence[Row]], Iterable[Fault]]


def _fault(row: Row, key: str, message: str, **values: object) -> Fault:
    return Fault(row.row, HEADERS[key], message % values)


def codes_are_unique(rows: Sequence[Row]) -> Iterator[Fault]:
    seen: dict[str, Row] = {}
    for row in rows:
        first = seen.setdefault(row.code, row)
        if first is not row:
            text = _("“%(code)s”和第 %(first)s 行重复")
            yield _fault(row, "code", text, code=row.code, first=first.row)


def titles_agree(rows: Sequence[Row]) -> Iterator[Fault]:
    """One number names one area and, inside its area, one group; and one title has one number."""
    for key, scope in (("area", lambda row: ()), ("group", lambda row: (row.area_no,))):
        by_number: dict[tuple[object, ...], Row] = {}
        by_title: dict[tuple[object, ...], Row] = {}
        for row in rows:
            number, title = getattr(row, f"{key}_no"), getattr(row, key)
            first = by_number.setdefault((*scope(row), number), row)
            if getattr(first, key) != title:
                text = _("序号 %(number)s 在第 %(first)s 行叫“%(title)s”")
                named = getattr(first, key)
                yield _fault(row, key, text, number=number, first=first.row, title=named)
                continue
            other = by_title.setdefault((*scope(row), title), row)
            if getattr(other, f"{key}_no") != number:
                text = _("“%(title)s”在第 %(first)s 行是序号 %(number)s")
                known = getattr(other, f"{key}_no")
                yield _fault(row, key, text, title=title, first=other.row, number=known)


def numbers_have_no_gap(rows: Sequence[Row]) -> Iterator[Fault]:
    """Areas, groups inside an area and indicators count from 1 without gap; no number twice."""
    seen: dict[int, Row] = {}
    for row in rows:
        first = seen.setdefault(row.indicator_no, row)
        if first is not row:
            text = _("%(number)s 和第 %(first)s 行重复")
            yield _fault(row, "indicator_no", text, number=row.indicator_no, first=first.row)
    yield from _gaps("indicator_no", {row.indicator_no: row for row in reversed(rows)})
    yield from _gaps("area_no", {row.area_no: row for row in reversed(rows)})
    inside: dict[int, dict[int, Row]] = defaultdict(dict)
    for row in reversed(rows):
        inside[row.area_no][row.group_no] = row
    for groups in inside.values():
        yield from _gaps("group_no", groups)


def _gaps(key: str, found: dict[int, Row]) -> Iterator[Fault]:
    expected = 1
    for number in sorted(found):
        if number != expected:
            missing = str(expected) if number == expected + 1 else f"{expected}—{number - 1}"
            text = _("序号不连续，前面缺 %(missing)s")
            yield _fault(found[number], key, text, missing=missing)
        expected = number + 1


def codes_tell_the_place(rows: Sequence[Row]) -> Iterator[Fault]:
    """A code is area.group.item; items count inside the group in the order of the numbers."""
    items: dict[tuple[int, int], dict[int, Row]] = defaultdict(dict)
    for row in sorted(rows, key=lambda row: row.indicator_no):
        parts = row.code.split(".")
        start = f"{row.area_no}.{row.group_no}."
        if not row.code:
            continue
        if len(parts) != 3 or not row.code.startswith(start) or not parts[2].isdigit():
            text = _("“%(code)s”和序号不符，应以 %(start)s 开头")
            yield _fault(row, "code", text, code=row.code, start=start)
            continue
        group, item = items[row.area_no, row.group_no], int(parts[2])
        if group and item < max(group):
            text = _("“%(code)s”排在 %(last)s 之后，和序号的先后不符")
            last = group[max(group)].code
            yield _fault(row, "code", text, code=row.code, last=last)
        group.setdefault(item, row)
    for group in items.values():
        yield from _gaps("code", group)


RULES: tuple[Rule, ...] = (
    codes_are_unique,
    titles_agree,
    numbers_have_no_gap,
    codes_tell_the_place,
)


def _total(rows: Sequence[Row], points: Decimal) -> list[Fault]:
    total = sum((row.points for row in rows), Decimal(0))
    if total == points:
        return []
    message = _("分值合计 %(total)s，应为 %(points)s") % {"total": total, "points": points}
    return [Fault(None, "", message)]
