"""Framework files of three kinds → one table of texts: CSV, workbook, and YAML as list or tree."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

import yaml
from django.utils.translation import gettext as _

from indicators.framework.columns import FRAMEWORK
from lawgov.spreadsheets.tables import Fault, Faulty, Record, Table, cleaned, read_table

YAML_SUFFIXES = {".yaml", ".yml"}
KEYS = {name: column.key for column in FRAMEWORK for name in (column.key, *column.names)}


@dataclass(frozen=True)
class FrameworkFile:
    """What a file says about itself besides its rows; "" and None where it says nothing."""

    table: Table
    code: str = ""
    name: str = ""
    points: Decimal | None = None


def read_framework(content: bytes, filename: str) -> FrameworkFile:
    """Read the file by its kind; raises Faulty when it is no framework at all."""
    if Path(filename).suffix.lower() in YAML_SUFFIXES:
        return _read_yaml(content)
    return FrameworkFile(read_table(content, filename, FRAMEWORK))


class _Loader(yaml.BaseLoader):
    """Safe: texts only, as typed (no dates, no octal numbers), and no aliases that could unfold."""

    def compose_node(self, parent: yaml.Node | None, index: int) -> yaml.Node | None:
        if self.check_event(yaml.AliasEvent):
            raise Faulty([Fault(self.line + 1, "", _("YAML 里不能用别名（*）"))])
        return super().compose_node(parent, index)


LINE = "__line__"
Node = dict[str, Any]


def _mapping(loader: _Loader, node: yaml.MappingNode) -> dict[Any, Any]:
    """A mapping that knows the line on which it begins."""
    return loader.construct_mapping(node, deep=True) | {LINE: node.start_mark.line + 1}


_Loader.add_constructor("tag:yaml.org,2002:map", _mapping)


def _read_yaml(content: bytes) -> FrameworkFile:
    """Either `indicators:` with one mapping per row, or `areas:` → `groups:` → `indicators:`.

    Rows are counted as the lines on which the indicators begin.
    """
    document = _parse(content)
    if isinstance(document, list):
        document = {"indicators": document}
    if not isinstance(document, dict):
        raise Faulty([Fault(None, "", _("YAML 里要有 areas 或 indicators"))])
    flat = document.get("indicators")
    found = list(_flat(flat) if flat is not None else _tree(document.get("areas")))
    headers = {key: key for record in found for key in record.values}
    records = [
        Record(record.row, {key: record[key] for key in headers if key in headers})
        for record in found
    ]
    return FrameworkFile(
        Table(headers, records),
        code=_text(document.get("code")),
        name=_text(document.get("name")),
        points=_total(document),
    )


def _parse(content: bytes) -> object:
    try:
        return yaml.load(content.decode("utf-8-sig"), Loader=_Loader)
    except UnicodeDecodeError as error:
        row = content.count(b"\n", 0, error.start) + 1
        raise Faulty([Fault(row, "", _("不是 UTF-8 编码"))]) from error
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else None
        raise Faulty([Fault(line, "", _("YAML 写法有误"))]) from error
    except (yaml.YAMLError, RecursionError) as error:
        raise Faulty([Fault(None, "", _("YAML 写法有误"))]) from error


def _total(document: Node) -> Decimal | None:
    text = _text(document.get("points"))
    if not text:
        return None
    try:
        return Decimal(text)
    except InvalidOperation as error:
        message = _("points: “%(text)s”不是数") % {"text": text}
        raise Faulty([Fault(None, "", message)]) from error


def _text(value: object) -> str:
    if isinstance(value, list):
        return "；".join(cleaned(item) for item in value)
    return cleaned(value)


def _mappings(value: object, what: str) -> Iterator[Node]:
    if not isinstance(value, list) or not all(isinstance(item, dict) for item in value):
        raise Faulty([Fault(None, "", _("YAML 里 %(what)s 要是列表") % {"what": what})])
    yield from value


def _flat(value: object) -> Iterator[Record]:
    for item in _mappings(value, "indicators"):
        yield Record(item[LINE], _values(item))


def _tree(value: object) -> Iterator[Record]:
    """Nested levels; each may say `number`, `title` and, the area, `short_name`."""
    for area in _mappings(value, "areas"):
        for group in _mappings(area.get("groups"), "groups"):
            for item in _mappings(group.get("indicators"), "indicators"):
                own = _values(item)
                if "number" in item:
                    own["indicator_no"] = _text(item["number"])
                yield Record(item[LINE], _level(area, "area") | _level(group, "group") | own)


def _level(node: Node, key: str) -> dict[str, str]:
    values = {key: _text(node.get("title"))}
    if "number" in node:
        values[f"{key}_no"] = _text(node["number"])
    if "short_name" in node:
        values[f"{key}_short"] = _text(node["short_name"])
    return values


def _values(item: Node) -> dict[str, str]:
    return {KEYS[key]: _text(value) for key, value in item.items() if key in KEYS}
