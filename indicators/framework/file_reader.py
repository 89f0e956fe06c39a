"""How a framework file is read on its way in: workbook and CSV as a list, YAML as it is.

Needs no database.
"""

from __future__ import annotations

from pathlib import Path

from indicators.framework.columns import FRAMEWORK
from indicators.framework.reading import YAML_SUFFIXES, read_framework
from lawgov.imports.lists import read_list
from lawgov.imports.reading import Asked, Read, RowRead, Source
from lawgov.spreadsheets.limits import UnreadableSheet
from lawgov.spreadsheets.tables import Faulty


def read_file(source: Source, asked: Asked) -> Read:
    """A YAML file has no columns to be laid out; a fault of it is a fault of the whole."""
    if Path(source.name).suffix.lower() not in YAML_SUFFIXES:
        return read_list(source, asked, FRAMEWORK)
    try:
        file = read_framework(source.content, source.name)
    except Faulty as error:
        raise UnreadableSheet(str(error.faults[0])) from error
    return Read(
        rows=[RowRead("", record.row, dict(record.values)) for record in file.table.records],
        extra={
            "headers": dict(file.table.headers),
            "code": file.code,
            "name": file.name,
            "points": str(file.points) if file.points is not None else "",
        },
    )
