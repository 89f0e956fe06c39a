"""Every sheet that leaves, made once and measured: data, cached figures, house style, pages.

The subjects' own tests measure what is special about each; here stands what all have in common, so
that a new sheet cannot be forgotten. LibreOffice is asked once for all files.
"""

from __future__ import annotations

import shutil
import subprocess
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pypdfium2
import pytest
from django.db import transaction
from django.utils import timezone
from openpyxl import load_workbook
from openpyxl.utils import get_column_letter
from python_calamine import CalamineWorkbook

from assessments.models import Issue, UnitResponse
from assessments.rectification.states import State
from lawgov.accounts.actors import Actor
from lawgov.desk.exports.blanks import FORMS
from lawgov.desk.exports.lists import Asked
from lawgov.desk.exports.rows import LISTS
from lawgov.filling.subjects import every
from lawgov.jobs.kinds import Work, kind_of
from lawgov.spreadsheets import writer
from lawgov.spreadsheets.formulas import Formula
from lawgov.spreadsheets.plan import plan
from lawgov.spreadsheets.sheet import Sheet
from lawgov.units.models import Liaison
from tests.assessments.rectification.moves import make_letter
from tests.factories import make_inspection, make_issue, make_proof, make_response, make_work
from tests.people import Cast, make_cast
from tests.spreadsheets.workbooks import CACHED, crossing, page_ends, plain, written_looks_of

pytestmark = pytest.mark.django_db  # the database is set up for those who ask

KINDS = [str(kind) for kind in Issue.Kind]
FILLED = {"rectification", "self_scores", "deadlines", "decomposition", "contacts"}
NAMES = (
    *(f"list-{code}" for code in LISTS),
    *(f"ledger-{kind}" for kind in KINDS),
    "assessment",
    *(f"filling-{code}" for code in sorted(FILLED)),
    *(f"blank-{code}" for code in FORMS),
)
#: Sheets that are no table under a title: what is to be known about filling in, sums.
APART = {"填表说明", "销号统计"}


@dataclass
class Written:
    """A file, and the sheets as they were given to the writer."""

    path: Path
    sheets: list[Sheet]

    @property
    def tables(self) -> list[Sheet]:
        return [each for each in self.sheets if not each.hidden and each.title not in APART]


@pytest.fixture(scope="module")
def files(django_db_setup, django_db_blocker, tmp_path_factory) -> Iterator[dict[str, Written]]:
    """Every file of NAMES; the database is left as it was."""
    folder = tmp_path_factory.mktemp("sheets")
    begin, given = writer.Writing.begin, []

    def heard(self: writer.Writing, sheet: Sheet, *args, **named):
        given.append(sheet)
        return begin(self, sheet, *args, **named)

    with django_db_blocker.unblock(), transaction.atomic(), pytest.MonkeyPatch.context() as patch:
        patch.setattr(writer.Writing, "begin", heard)
        found = {}
        for name, make in _makers(_world()).items():
            given.clear()
            make(folder / f"{name}.xlsx")
            found[name] = Written(folder / f"{name}.xlsx", list(given))
        transaction.set_rollback(True)
    yield found


def _world() -> Cast:
    cast = make_cast()
    for assignment in cast.campaign.assignments.all():
        make_work(assignment, cast.unit, state="collecting")
        make_proof(make_work(assignment, cast.other_unit, state="with_lead"), "公示截图")
    for unit, phone in ((cast.unit, "1"), (cast.unit, "2"), (cast.other_unit, "3")):
        Liaison.objects.create(unit=unit, name="赵某", position="科长", phone=f"1381234567{phone}")
    inspection = make_inspection(cast.region)
    for kind in KINDS:
        for number, state in enumerate((State.ACCEPTED, State.CLOSED, State.RECTIFYING), 1):
            issue = make_issue(inspection, kind=kind, number=str(number), text="公示不及时" * 9)
            make_response(issue, cast.unit, state)
    letter = make_letter(UnitResponse.objects.filter(issue__kind="individual").first())
    UnitResponse.objects.filter(unit=cast.unit, issue__kind="individual").update(letter=letter)
    return cast


def _makers(cast: Cast) -> dict:
    asked = Asked(cast.office, timezone.now())
    letter = UnitResponse.objects.exclude(letter=None).first().letter_id

    def job(actor: Actor, code: str, **params):
        return lambda path: kind_of(code).run(Work(actor, params, path, lambda *_: None))

    people = {"rectification": cast.editor, "self_scores": cast.editor}
    return {
        **{
            f"list-{code}": job(
                cast.lead if code == "review" else cast.office,
                found.job,
                query=f"letter={letter}" if code == "problems" else "",
            )
            for code, found in LISTS.items()
        },
        **{
            f"ledger-{kind}": job(cast.office, "export_ledger", kind=kind, query="", pks=[])
            for kind in KINDS
        },
        "assessment": job(cast.office, "export_assessment"),
        **{
            f"filling-{code}": job(people.get(code, cast.office), "export_sheet", subject=code)
            for code in FILLED
        },
        **{
            f"blank-{code}": lambda path, form=form: writer.write(form.book(asked), path)
            for code, form in FORMS.items()
        },
    }


def test_nothing_that_leaves_is_forgotten() -> None:
    """Lead scores and verifications draw the sheet of the self-scores."""
    assert {subject.code for subject in every()} - FILLED == {"lead_scores", "verifications"}


@pytest.mark.parametrize("name", NAMES)
def test_both_readers_read_what_was_written(files, name) -> None:
    written = files[name]
    ours = load_workbook(written.path, data_only=True)
    theirs = CalamineWorkbook.from_path(written.path)
    assert [sheet.title for sheet in ours] == [sheet.title for sheet in written.sheets]
    for sheet in written.sheets:
        rows = theirs.get_sheet_by_name(sheet.title).to_python(skip_empty_area=False)
        covered = _covered(sheet)
        for line, row in enumerate(sheet.rows):
            for place, cell in enumerate(row.cells):
                value = cell.value if cell and (line, place + 1) not in covered else None
                value = value.value if isinstance(value, Formula) else value
                other = rows[line][place] if line < len(rows) and place < len(rows[line]) else None
                where = f"{sheet.title}!{get_column_letter(place + 1)}{line + 1}"
                assert plain(ours[sheet.title].cell(line + 1, place + 1).value) == plain(value), (
                    where
                )
                assert plain(other) == plain(value), where


def _covered(sheet: Sheet) -> set[tuple[int, int]]:
    """Cells of merged blocks below the one that has the label; rows from 0, columns from 1."""
    return {
        (row, column)
        for column, first, last in plan(sheet).blocks
        for row in range(first + 1, last + 1)
    }


@pytest.mark.parametrize("name", NAMES)
def test_every_formula_carries_its_value(files, name) -> None:
    """What shows nothing (no score yet, no number of pages) carries nothing."""
    path = files[name].path
    formulas, values = load_workbook(path), load_workbook(path, data_only=True)
    for sheet in files[name].sheets:
        for line, row in enumerate(sheet.rows, 1):
            for place, cell in enumerate(row.cells, 1):
                if cell and isinstance(cell.value, Formula):
                    assert formulas[sheet.title].cell(line, place).data_type == "f"
                    carried = values[sheet.title].cell(line, place).value
                    assert (carried is not None) == (cell.value.value not in (None, ""))


@pytest.mark.parametrize("name", NAMES)
def test_the_house_style(files, name) -> None:
    book = load_workbook(files[name].path)
    font = book._fonts[0]
    assert (font.name, font.size, font.charset) == ("宋体", 11, 134)
    for given in files[name].tables:
        sheet, across = book[given.title], len(given.shown_widths)
        title, context = sheet["A1"], sheet["A2"]
        assert f"A1:{get_column_letter(across)}1" in {str(m) for m in sheet.merged_cells.ranges}
        assert (title.font.name, title.alignment.horizontal) == ("方正小标宋简体", "center")
        assert title.font.size in (20, 22) and 36 <= sheet.row_dimensions[1].height <= 42
        assert "（（" not in title.value and "））" not in title.value
        assert (context.font.name, context.font.size) == ("宋体", 11)
        assert 20 <= sheet.row_dimensions[2].height <= 24
        headers = [sheet.cell(3, place) for place in range(1, across + 1)]
        assert {(c.font.name, c.font.size, c.alignment.horizontal) for c in headers} == {
            ("黑体", 10.5, "center")
        }
        assert {c.fill.fgColor.rgb[-6:] for c in headers} == {"DCE6F1"}
        assert not any("\n" in cell.value for cell in headers)
        widths = [sheet.column_dimensions[cell.column_letter].width for cell in headers]
        badly = [c.value for c, w in zip(headers, widths, strict=True) if _breaks_badly(c.value, w)]
        assert badly == []


def _breaks_badly(header: str, width: float) -> bool:
    """Four characters stand in a line from 8.2, two by two below 5.7; between, three and one."""
    return len(header) == 4 and 5.7 <= width < 8.2


@pytest.mark.parametrize("name", NAMES)
def test_frames_and_alignment_of_the_data(files, name) -> None:
    """A thin box around every cell of the table, merged ones too; nothing right with an indent."""
    for number, given in enumerate(files[name].sheets, 1):
        if given not in files[name].tables:
            continue
        looks = written_looks_of(files[name].path, number)
        across = len(given.shown_widths)
        for line, row in enumerate(given.rows, 1):
            boxed = [cell for cell in row.cells[:across] if cell and cell.look.boxed]
            if line < 3 or not boxed:
                continue
            cells = [looks[f"{get_column_letter(p)}{line}"] for p in range(1, across + 1)]
            assert all(look.lines == {"thin"} for look in cells), f"{given.title} {line}"
            assert not any(look.align == "right" for look in cells), f"{given.title} {line}"
            assert {look.font.name for look in cells} <= {"宋体", "黑体"}


@pytest.mark.parametrize("name", NAMES)
def test_print_set_up(files, name) -> None:
    book = load_workbook(files[name].path)
    for given in files[name].tables:
        sheet, across = book[given.title], len(given.shown_widths)
        setup, margins = sheet.page_setup, sheet.page_margins
        assert (setup.paperSize, setup.fitToWidth, setup.fitToHeight) == (9, 1, 0)
        assert setup.orientation == ("landscape" if given.page.landscape else "portrait")
        assert sheet.print_title_rows == "$3:$3" and sheet.freeze_panes.endswith("4")
        assert sheet.print_area.startswith(f"'{given.title}'!$A$1:${get_column_letter(across)}$")
        assert sheet.print_options.horizontalCentered
        assert sheet.oddFooter.center.text == "第 &P 页 共 &N 页"
        assert round(margins.footer * 25.4) == 8
        if given.page.landscape:
            found = (margins.left, margins.right, margins.top, margins.bottom)
            assert [round(inch * 25.4) for inch in found] == [12, 12, 15, 16]
        assert crossing(sheet) == []


@pytest.fixture(scope="module")
def worked_out(files, tmp_path_factory) -> dict[str, Path]:
    """The files without their carried values, worked out anew by LibreOffice, all at once."""
    return _converted(files, "xlsx", tmp_path_factory.mktemp("anew"), bare=True)


@pytest.fixture(scope="module")
def printed(files, tmp_path_factory) -> dict[str, Path]:
    return _converted(files, "pdf", tmp_path_factory.mktemp("printed"), bare=False)


def _converted(
    files: dict[str, Written], kind: str, folder: Path, *, bare: bool
) -> dict[str, Path]:
    if shutil.which("soffice") is None:
        pytest.skip("left out: LibreOffice is not installed, nothing was recalculated or printed")
    sources = []
    for name, written in files.items():
        sources.append(folder / f"{name}.xlsx")
        if bare:
            without_values(written.path, sources[-1])
        else:
            shutil.copy(written.path, sources[-1])
    command = ("soffice", f"-env:UserInstallation=file://{folder}/profile", "--headless")
    more = ("--convert-to", kind, "--outdir", str(folder / "done"))
    subprocess.run(
        [*command, *more, *map(str, sources)], check=True, timeout=400, capture_output=True
    )
    return {name: folder / "done" / f"{name}.{kind}" for name in files}


def without_values(path: Path, target: Path) -> None:
    with zipfile.ZipFile(path) as source, zipfile.ZipFile(target, "w") as bare:
        for part in source.namelist():
            bare.writestr(part, CACHED.sub(rb"\1", source.read(part)))


@pytest.mark.parametrize("name", NAMES)
def test_libreoffice_comes_to_the_figures_of_the_database(files, worked_out, name) -> None:
    anew = load_workbook(worked_out[name], data_only=True)
    for sheet in files[name].sheets:
        for line, row in enumerate(sheet.rows, 1):
            for place, cell in enumerate(row.cells, 1):
                if cell and isinstance(cell.value, Formula):
                    found = anew[sheet.title].cell(line, place).value
                    assert plain(found) == plain(cell.value.value), f"{sheet.title} {line} {place}"


@pytest.mark.parametrize("name", NAMES)
def test_libreoffice_prints_the_pages_that_were_planned(files, printed, name) -> None:
    """Hidden sheets with what is offered or sealed are not printed and not counted."""
    book = load_workbook(files[name].path)
    shown = [sheet for sheet in book if sheet.sheet_state == "visible"]
    with pypdfium2.PdfDocument(printed[name]) as document:
        assert len(document) == sum(1 + len(page_ends(sheet)) for sheet in shown)
