"""Progress by area: one bar each, a line for the mean, amber where it is below the mark."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from lawgov.web.charts import svg

WIDTH, ROW, THICK = 360, 29, 13
LEFT, TRACK = 62, 220  # where bars begin, and how long 100 % is


@dataclass(frozen=True)
class Bar:
    """`done` of `total` items; `label` has room for four characters, `name` is the full one."""

    label: str
    done: int
    total: int
    name: str = ""
    url: str = ""

    @property
    def share(self) -> float:
        """0 to 1; nothing to do counts as 0."""
        return self.done / self.total if self.total else 0.0


def bars(rows: Sequence[Bar], *, mark: float = 0.5) -> SafeString:
    """The bars in the order given. Below `mark` (a share, default one half) a bar is amber."""
    mean = sum(row.done for row in rows) / max(sum(row.total for row in rows), 1)
    height = len(rows) * ROW + 1
    parts = [_bar(row, position * ROW, mark) for position, row in enumerate(rows)]
    x = LEFT + TRACK * mean
    parts.append(svg.line("mean", x, 2, x, height - 3))
    return svg.chart(WIDTH, height, _finding(rows, mean, mark), parts)


def _bar(row: Bar, top: float, mark: float) -> SafeString:
    low = row.total > 0 and row.share < mark
    title = _("%(name)s：%(done)d/%(total)d 项完成") % {
        "name": row.name or row.label,
        "done": row.done,
        "total": row.total,
    }
    inside = svg.together(
        [
            svg.text(0, top + 16, row.label),
            svg.rect("track", LEFT, top + 6, TRACK, THICK),
            svg.rect("warn" if low else "fill", LEFT, top + 6, TRACK * row.share, THICK),
            svg.text(290, top + 17, f"{row.share:.0%}", "warntext" if low else "strong"),
            svg.text(356, top + 17, f"{row.done}/{row.total}", anchor="end"),
        ]
    )
    return svg.linked(row.url, title, inside)


def _finding(rows: Sequence[Bar], mean: float, mark: float) -> str:
    low = _("、").join(
        f"{row.label} {row.share:.0%}" for row in rows if row.total and row.share < mark
    )
    whole = _("完成率条形图，全部 %(mean)s") % {"mean": f"{mean:.0%}"}
    return whole + (_("，偏低的有 %(low)s") % {"low": low} if low else "")
