"""A sheet on its way in: the seal checked, rows known by their marks wherever they stand now.

Sheets renamed, rows moved, sorted, filtered or deleted, columns moved, hidden or added change
nothing of what is read. Source: domain guide §8, mess; the issue of round trips.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from lawgov.filling import seal
from lawgov.filling.seal import Baseline, Broken
from lawgov.filling.subjects import Subject, subject_of
from lawgov.spreadsheets.cells import Value
from lawgov.spreadsheets.grid import Grid, letters
from lawgov.spreadsheets.reader import Book
from lawgov.spreadsheets.tables import same_heading

BROKEN = "#VALUE!"  # a formula gone wrong or without a result; not to be taken for an empty cell


@dataclass(frozen=True)
class SheetRow:
    """One row of the file: its number there, the id it carries (None: it is new), its cells."""

    row: int
    pk: int | None
    cells: Mapping[str, Value]

    @property
    def name(self) -> str:
        """How decisions name the row: by its id, twice-marked and new ones by their place."""
        return f"new{self.row}" if self.pk is None else str(self.pk)


@dataclass(frozen=True)
class Incoming:
    """What came home. `columns` are letters by key; `lost` keys whose column is not there."""

    baseline: Baseline
    sheet: str
    rows: tuple[SheetRow, ...]
    columns: Mapping[str, str]
    lost: tuple[str, ...] = field(default=())


def arrived(book: Book, region: int | None) -> tuple[Incoming, Subject]:
    """What a file holds that was made here for this place; raises Broken in one sentence."""
    baseline = seal.unseal(
        cell for grid in book.sheets for row in grid.rows for cell in row if seal.is_part(cell)
    )
    subject = subject_of(baseline.subject)
    if baseline.region != region:
        raise Broken(_("这张表是为别的地区下载的，不能在这里上传"))
    if subject is None or subject.columns_code != baseline.columns:
        raise Broken(_("这张表下载以后表样有了调整，请重新下载，把改动抄到新表里"))
    grid, place = _marked_grid(book)
    return _read(grid, place, baseline, subject), subject


def _marked_grid(book: Book) -> tuple[Grid, int]:
    """The sheet whose rows carry marks, and the column in which they stand."""
    found = [(grid, place) for grid in book.sheets if (place := _marks_column(grid))]
    if not found:
        raise Broken(_("表里的行标识（最右边隐藏的一列）已经没有了，请重新下载后再填"))
    if len(found) > 1:
        names = _("」「").join(grid.name for grid, _place in found)
        raise Broken(_("「%(names)s」都是填报表，请只留一张再上传") % {"names": names})
    return found[0]


def _marks_column(grid: Grid) -> int | None:
    """The column with most marks; they may have been moved with the others."""
    counts: dict[int, int] = {}
    for row in grid.rows:
        for place, cell in enumerate(row, 1):
            if seal.is_mark(cell):
                counts[place] = counts.get(place, 0) + 1
    return max(counts, key=counts.__getitem__) if counts else None


def _read(grid: Grid, marks: int, baseline: Baseline, subject: Subject) -> Incoming:
    first = next(n for n in range(1, grid.height + 1) if seal.is_mark(grid.own(n, marks)))
    header, places = _header(grid, subject)
    rows = []
    for number in range(header + 1, grid.height + 1):
        said = grid.own(number, marks)
        cells = {key: _cell(grid, number, place) for key, place in places.items()}
        if seal.is_mark(said):
            rows.append(SheetRow(number, seal.marked_row(baseline, str(said)), cells))
        elif said is None and number > min(first, header) and any(cells.values()):
            rows.append(SheetRow(number, None, cells))
        elif said is not None and said != seal.FURNITURE:
            raise Broken(
                _("第 %(row)s 行的行标识被改动过，整张表都没有读入；请重新下载后再填")
                % {"row": number}
            )
    lost = tuple(key for key in subject.fillings if key not in places)
    columns = {key: letters(place) for key, place in places.items()}
    return Incoming(baseline, grid.name, tuple(rows), columns, lost)


def _header(grid: Grid, subject: Subject) -> tuple[int, dict[str, int]]:
    """The row that names most columns, and where each stands; a name counts once."""
    wanted = {
        same_heading(name): column.key
        for column in reversed(subject.columns)
        for name in reversed(column.names)
    }
    best: tuple[int, dict[str, int]] = (0, {})
    for number in range(1, grid.height + 1):
        places: dict[str, int] = {}
        for place, text in grid.texts(number):
            if key := wanted.get(same_heading(text)):
                places.setdefault(key, place)
        if len(places) > len(best[1]):
            best = number, places
    if len(best[1]) < 2:
        raise Broken(_("表头认不出来了，请恢复原来的表头再上传"))
    return best


def _cell(grid: Grid, row: int, column: int) -> Value:
    if (row, column) in grid.facts.uncomputed | grid.facts.errors:
        return BROKEN
    return grid.value(row, column)
