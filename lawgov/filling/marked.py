"""What to write into the marked copy 标注好的表格 of a sheet that came home."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext as _

from lawgov.filling.merged import Merge, MergedCell, Verdict
from lawgov.spreadsheets.marking import Mark

COLOURED = frozenset({Verdict.ERROR, Verdict.CONFLICT, Verdict.FORBIDDEN})


def marks_of(stands: Merge, sheet: str) -> Iterator[Mark]:
    """What still wants a decision, and what will not be written, in the order of the file.

    Faults refuse; conflicts, with both sides, and cells that are not the person's only warn.
    """
    for row in stands.rows:
        if row.sentence and not row.left:
            yield Mark(sheet, row.row, None, row.sentence, True)
        for cell in row.cells:
            if cell.verdict in COLOURED:
                letters = cell.place.rstrip("0123456789")
                refuses = cell.verdict is Verdict.ERROR
                yield Mark(sheet, row.row, letters, cell.sentence or _both(cell), refuses)


def _both(cell: MergedCell) -> str:
    """A conflict in one sentence: what went out, what each side says now, and how to settle it."""
    empty = _("空")
    values = {
        "before": cell.before or empty,
        "sheet": cell.sheet or empty,
        "today": cell.today or empty,
    }
    return (
        _(
            "下载以后别人也改过：下载时是「%(before)s」，这张表填「%(sheet)s」，系统里现在是「%(today)s」。"
            "用系统的就改成系统里的；用表格的就不动，上传后在核对页选。"
        )
        % values
    )
