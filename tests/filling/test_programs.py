"""Every sheet, filled in and saved by some other program, says what it said before.

LibreOffice is asked itself; what WPS and Excel are known to do is done to the XML by hand.
"""

from __future__ import annotations

import io
import shutil
import subprocess
import zipfile
from collections.abc import Mapping
from pathlib import Path

import pytest

from lawgov.filling.extract import is_ours
from tests.filling import programs
from tests.filling.everyone import CASES, Case
from tests.filling.sheets import edited, exported, merged, uploaded
from tests.people import Cast

pytestmark = pytest.mark.django_db
SOFFICE = shutil.which("soffice")
FORMATS = {"xlsx": "xlsx:Calc MS Excel 2007 XML", "xls": "xls:MS Excel 97", "ods": "ods"}
SHOW_ALL = ("self_scores", "deadlines", "rectification", "contacts")
each = pytest.mark.parametrize("case", CASES, ids=lambda case: case.code)


def filled(case: Case, cast: Cast) -> bytes:
    return edited(exported(case.code, case.actor(cast)), case.fill)


def said(content: bytes, case: Case, cast: Cast, name: str = "填报.xlsx") -> set[tuple]:
    """What the preview tells of each changed cell; the sheet is whole."""
    sheet = uploaded(content, case.actor(cast), name=name)
    assert sheet.state == "open", sheet.refusal
    found = merged(sheet, case.actor(cast))
    assert not found.missing and not found.lost
    assert not [row.sentence for row in found.rows if row.sentence]
    return {
        (row.pk, cell.header, cell.verdict.value, cell.before, cell.sheet, cell.today)
        for row in found.rows
        for cell in row.cells
    }


@each
def test_what_is_typed_is_what_is_applied(case: Case) -> None:
    cast = case.cast()
    found = said(filled(case, cast), case, cast)
    assert {verdict for _pk, _header, verdict, *_ in found} == {"apply"}
    assert sorted(header for _pk, header, *_ in found) == sorted(h for _i, h in case.typed)


@each
def test_saved_by_another_program_it_says_the_same(case: Case) -> None:
    cast = case.cast()
    file = programs.strings_shared(filled(case, cast))
    expected = said(filled(case, cast), case, cast)
    assert said(file, case, cast) == expected
    for save in programs.SAVED:
        assert said(save(file), case, cast) == expected, save.__name__


def test_each_of_these_programs_does_something() -> None:
    """The control of the test above: what is done to the XML finds what it changes."""
    files = [
        programs.strings_shared(filled(case, case.cast()))
        for case in CASES
        if case.code in SHOW_ALL
    ]
    idle = {save.__name__ for save in programs.SAVED}
    for file in files:
        idle -= {save.__name__ for save in programs.SAVED if parts(save(file)) != parts(file)}
    assert not idle


def parts(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


# -- LibreOffice itself ------------------------------------------------------------------------


def saved_as(folder: Path, files: Mapping[str, bytes], *endings: str) -> dict[str, bytes]:
    """The files opened and saved by LibreOffice, in one format after the other."""
    folder.mkdir()
    paths = [folder / f"{code}.xlsx" for code in files]
    for path, content in zip(paths, files.values(), strict=True):
        path.write_bytes(content)
    for number, ending in enumerate(endings):
        target = folder / str(number)
        command = [str(SOFFICE), f"-env:UserInstallation=file://{folder.parent}/profile",
                   "--headless", "--convert-to", FORMATS[ending], "--outdir", str(target),
                   *map(str, paths)]  # fmt: skip
        subprocess.run(command, check=True, capture_output=True, timeout=300)
        paths = [target / f"{code}.{ending}" for code in files]
    return {path.stem: path.read_bytes() for path in paths}


@pytest.mark.skipif(SOFFICE is None, reason="LibreOffice is not installed")
def test_saved_by_libreoffice_it_says_the_same(tmp_path: Path) -> None:
    casts = {case.code: case.cast() for case in CASES}
    files = {case.code: filled(case, casts[case.code]) for case in CASES}
    for place, endings in enumerate([("xlsx",), ("xls",), ("ods", "xlsx")]):
        again = saved_as(tmp_path / str(place), files, *endings)
        for case in CASES:
            assert again[case.code] != files[case.code]
            found = said(again[case.code], case, casts[case.code], f"填报.{endings[-1]}")
            expected = said(files[case.code], case, casts[case.code])
            assert found == expected, (case.code, endings)
            path = tmp_path / "saved"
            path.write_bytes(again[case.code])
            assert is_ours(path), "the import pages send it on"
