"""Who has to put an issue right: leading units, responsible units, persons."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from django.utils.translation import gettext as _

from assessments.rectification.ledger_cells import IssueCells, unique
from lawgov.chinese.lists import split_persons, split_units

_HELPERS = re.compile(r"配合|协办|协助")
_CAPTION = re.compile(
    r"((?:牵头|主办|主责|责任|配合|协办|承办)(?=(?:单位|部门)?\s*[:：])|责任人|负责人|责任领导|联系人)"
    r"(?:单位|部门)?\s*[:：]"
)
_LEADING = frozenset({"牵头", "主办", "主责"})
_ANSWERING = frozenset({"责任人", "负责人", "责任领导"})
_LEADS = re.compile(r"\s*[（(]\s*(?:牵头|主办|主责)(?:单位|部门)?\s*[)）]$")
_HELPS = re.compile(r"\s*[（(]\s*(?:配合|协办|协助)(?:单位|部门)?\s*[)）]$")
_PERSON = re.compile(r"[\u4e00-\u9fff·]{2,4}")
_UNIT = re.compile(
    r"局|委|办|院|厅|部|处|科|所|站|队|社|会|中心|公司|政府|街道|镇|乡|村|组|联|校|集团|单位|部门"
)
_UNIT_NAME = re.compile(rf".{{0,18}}(?:{_UNIT.pattern})")


@dataclass(frozen=True, slots=True)
class People:
    """Names as written, each once, in order."""

    lead: list[str]
    units: list[str]
    persons: list[str]


def read_people(cells: IssueCells, fill_in_unit: str | None) -> People:
    """Units and persons of one issue; `fill_in_unit` stands in where no column names units."""
    lead = [name for text in cells.texts("lead_units") for name in split_units(text)]
    units: list[str] = []
    persons: list[str] = []
    for text in cells.texts("units"):
        roles = _by_role(text)
        units += roles.units
        persons += roles.persons
        if "lead_units" not in cells.columns:
            lead += roles.lead
    persons += [name for text in cells.texts("persons") for name in _persons(text)]
    for text in cells.texts("units_and_persons"):
        for name in split_units(text):
            unit, person = _unit_and_person(name)
            units += unit
            persons += person
    found = unique(units) or _units_of_sheet(cells, lead, fill_in_unit)
    return People(unique(lead), found, unique(persons))


def _units_of_sheet(cells: IssueCells, lead: list[str], fill_in_unit: str | None) -> list[str]:
    """Without a column of units: the leading unit, a heading, the fill-in line, the sheet."""
    key = next((key for key in ("units", "units_and_persons") if key in cells.columns), None)
    if key:
        # Nobody helps is no fault; nobody is responsible is one.
        if lead and _HELPERS.search(cells.draft.header.labels.get(cells.columns[key], "")):
            return lead
        cells.fault("missing_unit", key, _("没有责任单位，请填上"))
        return []
    if lead:
        return lead
    if cells.draft.chapter and _UNIT_NAME.fullmatch(cells.draft.chapter):
        return [cells.draft.chapter]
    return [fill_in_unit or cells.grid.name]


@lru_cache(maxsize=4096)
def _by_role(text: str) -> People:
    """Who a cell names: 牵头单位：甲；配合单位：乙, 甲（牵头）、乙, 责任单位：甲；责任人：王某.

    A leading unit is responsible too, unless 责任单位 are named beside it.
    """
    found = People([], [], [])
    pieces = ["", *_CAPTION.split(text)]  # role, names, role, names …
    apart = "责任" in pieces[::2]
    for role, names in zip(pieces[::2], pieces[1::2], strict=True):
        if role.endswith(("人", "领导")):
            found.persons.extend(split_persons(names) if role in _ANSWERING else ())
            continue
        for name in split_units(names):
            bare = _LEADS.sub("", name)
            if role in _LEADING or bare != name:
                found.lead.append(bare)
            if not (apart and role in _LEADING):
                found.units.append(_HELPS.sub("", bare))
    return found


@lru_cache(maxsize=4096)
def _persons(text: str) -> tuple[str, ...]:
    return tuple(split_persons(text))


def _unit_and_person(name: str) -> tuple[list[str], list[str]]:
    """区司法局 张某 or 区司法局（张某）from a column that holds both."""
    unit, person = [], []
    for part in re.split(r"[\s（()）:：]+", name):
        if not part:
            continue
        is_person = _PERSON.fullmatch(part) and not _UNIT.search(part)
        (person if is_person else unit).append(part)
    return unit, person
