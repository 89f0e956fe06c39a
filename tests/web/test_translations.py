from __future__ import annotations

import gettext
import os
from pathlib import Path

from lawgov.web.translations import compile_catalogues

PO = """
msgid ""
msgstr ""
"Content-Type: text/plain; charset=UTF-8\\n"
"Plural-Forms: nplurals=2; plural=(n != 1);\\n"

msgid "待办"
msgstr "{}"
"""


def write(folder: Path, text: str) -> Path:
    source = folder / "en" / "LC_MESSAGES" / "django.po"
    source.parent.mkdir(parents=True, exist_ok=True)
    source.write_text(PO.format(text))
    return source


def read(source: Path) -> str:
    with source.with_suffix(".mo").open("rb") as file:
        return gettext.GNUTranslations(file).gettext("待办")


def test_a_catalogue_is_compiled_when_its_source_is_newer(tmp_path):
    source = write(tmp_path, "To do")
    assert compile_catalogues(tmp_path) == [source.with_suffix(".mo")]
    assert read(source) == "To do"
    assert compile_catalogues(tmp_path) == []

    write(tmp_path, "Tasks")
    later = source.with_suffix(".mo").stat().st_mtime + 1
    os.utime(source, (later, later))
    assert compile_catalogues(tmp_path)
    assert read(source) == "Tasks"
    assert [path.suffix for path in sorted(source.parent.iterdir())] == [".mo", ".po"]


def test_no_folder_is_no_fault(tmp_path):
    assert compile_catalogues(tmp_path / "absent") == []
