"""How large a sheet may be, and the one error that reading raises."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _


class UnreadableSheet(Exception):
    """A file that cannot be read as a table; its text is one Chinese sentence for a person."""


@dataclass(frozen=True, slots=True)
class Limits:
    """Caps of one sheet, counted while reading; decisions §7. `text` is characters of one cell."""

    rows: int = 200_000
    columns: int = 1_000
    cells: int = 2_000_000
    merges: int = 200_000
    sheets: int = 200
    text: int = 100_000


LIMITS = Limits()


def too_large(row: int | None = None, column: int | None = None) -> UnreadableSheet:
    """Beyond the caps, at a place where there is one."""
    if row is None:
        return UnreadableSheet(_("表格太大，单元格或合并区域过多"))
    place = _("第 %(row)s 行第 %(column)s 列") % {"row": row, "column": column}
    return UnreadableSheet(_("表格太大，%(place)s还有内容") % {"place": place})
