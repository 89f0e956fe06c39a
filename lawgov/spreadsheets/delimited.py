"""Tables as text: .csv in UTF-8 (with or without mark), UTF-16 with mark, or GB18030."""

from __future__ import annotations

import csv
import io
from itertools import islice

from django.utils.translation import gettext as _

from lawgov.files.signatures import decode
from lawgov.spreadsheets.cells import Value, value
from lawgov.spreadsheets.limits import Limits, UnreadableSheet, too_large

_MARKS = ",\t;|"


def read_delimited(data: bytes, limits: Limits) -> list[list[Value]]:
    """Records in order, each one row; a record with line breaks inside quotes is one record.

    Cells stay text: `007` and `2023-05-01` are kept as written.
    """
    text = decode(data)
    if text is None:
        raise UnreadableSheet(_("文字编码无法识别，请另存为 UTF-8 编码的 .csv"))
    csv.field_size_limit(limits.text)
    rows: list[list[Value]] = []
    cells = 0
    try:
        for record in csv.reader(io.StringIO(text, newline=""), delimiter=_mark(text)):
            cells += len(record)
            if len(rows) >= limits.rows or len(record) > limits.columns or cells > limits.cells:
                raise too_large()
            rows.append([value(cell) for cell in record])
    except csv.Error as error:
        raise UnreadableSheet(
            _("第 %(row)s 条记录的引号或分隔符不对") % {"row": len(rows) + 1}
        ) from error
    while rows and not any(cell is not None for cell in rows[-1]):
        rows.pop()
    return rows


def _mark(text: str) -> str:
    """The separator that occurs most in the first lines; a comma when none does."""
    head = "\n".join(islice(text.splitlines(), 20))
    return max(_MARKS, key=lambda mark: (head.count(mark), -_MARKS.index(mark)))
