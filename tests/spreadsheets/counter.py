"""A second, independent count of a workbook's rows, straight from the XML and nothing of ours."""

from __future__ import annotations

import io
import re
import zipfile

_ROW = re.compile(rb"<row\b[^>]*?(?:/>|>.*?</row>)", re.DOTALL)
_NUMBER = re.compile(rb'<row\b[^>]*?\br="(\d+)"')
_VALUE = re.compile(rb"<v>[^<]|<t(?:\s[^>]*)?>[^<]|<t(?:\s[^>]*)?>\s*[^<\s]")


def filled_rows(data: bytes, sheet: int = 1) -> set[int]:
    """Numbers of the rows of a sheet that have a cell with a value."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        xml = archive.read(f"xl/worksheets/sheet{sheet}.xml")
    return {int(_NUMBER.match(row)[1]) for row in _ROW.findall(xml) if _VALUE.search(row)}
