"""A sheet on its way in: the seal checked, rows known by their marks wherever they stand now.

Sheets renamed, rows moved, sorted, filtered or deleted, columns moved, hidden or added change
nothing of what is read. Source: domain guide §8, mess; the issue of round trips.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from lawgov.filling import marks, seal
from lawgov.filling.extract import Extract, Leaf
from lawgov.filling.seal import Baseline, Broken
from lawgov.filling.subjects import Subject, subject_of
from lawgov.spreadsheets.cells import Value
from lawgov.spreadsheets.grid import letters
from lawgov.spreadsheets.tables import same_heading


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


def arrived(found: Extract, region: int | None) -> tuple[Incoming, Subject]:
    """What a file holds that was made here for this place; raises Broken in one sentence."""
    baseline = seal.unseal(found.seals)
    subject = subject_of(baseline.subject)
    if baseline.region != region:
        raise Broken(_("这张表是为别的地区下载的，不能在这里上传"))
    if subject is None or subject.columns_code != baseline.columns:
        raise Broken(_("这张表下载以后表样有了调整，请重新下载，把改动抄到新表里"))
    if not found.leaves:
        raise Broken(_("表里的行标识（最右边隐藏的一列）已经没有了，请重新下载后再填"))
    if len(found.leaves) > 1:
        names = _("」「").join(leaf.name for leaf in found.leaves)
        raise Broken(_("「%(names)s」都是填报表，请只留一张再上传") % {"names": names})
    return _read(found.leaves[0], baseline, subject), subject


def _marks_column(leaf: Leaf) -> int:
    """The column with most marks; they may have been moved with the others."""
    counts = Counter(
        place for row in leaf.rows for place, cell in enumerate(row, 1) if marks.is_mark(cell)
    )
    return counts.most_common(1)[0][0]


def _read(leaf: Leaf, baseline: Baseline, subject: Subject) -> Incoming:
    place_of_marks = _marks_column(leaf)
    header, places = _header(leaf, subject)
    rows = []
    for number in range(header + 1, len(leaf.rows) + 1):
        said = leaf.cell(number, place_of_marks)
        cells = {key: leaf.cell(number, place) for key, place in places.items()}
        if marks.is_mark(said):
            rows.append(SheetRow(number, seal.marked_row(baseline, str(said)), cells))
        elif said is None and any(cell is not None for cell in cells.values()):
            rows.append(SheetRow(number, None, cells))
        elif said is not None and said != marks.FURNITURE:
            raise Broken(
                _("第 %(row)s 行的行标识被改动过，整张表都没有读入；请重新下载后再填")
                % {"row": number}
            )
    lost = tuple(key for key in subject.fillings if key not in places)
    columns = {key: letters(place) for key, place in places.items()}
    return Incoming(baseline, leaf.name, tuple(rows), columns, lost)


def _header(leaf: Leaf, subject: Subject) -> tuple[int, dict[str, int]]:
    """The row that names most columns, and where each stands; a name counts once."""
    wanted = {
        same_heading(name): column.key
        for column in reversed(subject.columns)
        for name in reversed(column.names)
    }
    best: tuple[int, dict[str, int]] = (0, {})
    for number, row in enumerate(leaf.rows, 1):
        places: dict[str, int] = {}
        for place, cell in enumerate(row, 1):
            if isinstance(cell, str) and (key := wanted.get(same_heading(cell))):
                places.setdefault(key, place)
        if len(places) > len(best[1]):
            best = number, places
    if len(best[1]) < 2:
        raise Broken(_("表头认不出来了，请恢复原来的表头再上传"))
    return best
