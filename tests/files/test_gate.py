"""The gate against files that mean harm, and for those that do not. Source: robustness C1."""

from __future__ import annotations

import io

import pytest

from lawgov.files import gate
from lawgov.files.archives import Limits
from tests.files import hostile
from tests.spreadsheets.books import with_parts

CASES = list(hostile.cases())


def _check(content: bytes, name: str, use: str) -> gate.Passed:
    return gate.check(io.BytesIO(content), name=name, use=use)


def test_the_table_is_long_enough():
    assert len(CASES) >= 120


@pytest.mark.parametrize(
    ("name", "content", "use", "reason"),
    CASES,
    ids=[f"{place}-{case[2]}-{case[3]}" for place, case in enumerate(CASES)],
)
def test_a_hostile_file_is_refused_for_its_reason(name, content, use, reason):
    with pytest.raises(gate.Refused) as refused:
        _check(content, name, use)
    assert refused.value.reason == reason
    assert refused.value.sentence
    assert refused.value.status == (413 if reason == "too_large" else 415)


@pytest.mark.parametrize(
    ("name", "content", "kind"),
    [
        ("报告.pdf", hostile.PDF, "pdf"),
        ("照片.jpeg", hostile.JPEG, "jpeg"),
        ("照片.PNG", hostile.PNG, "png"),
        ("照片.gif", b"GIF89a" + bytes(30), "gif"),
        ("照片.bmp", b"BM\x10\x00\x00\x00\x00\x00\x00\x00" + bytes(30), "bmp"),
        ("扫描.tif", b"II*\x00" + bytes(30), "tiff"),
        ("照片.webp", b"RIFF\x10\x00\x00\x00WEBPVP8 " + bytes(30), "webp"),
        ("说明.txt", "中文说明".encode(), "text"),
        ("说明.txt", "中文说明".encode("gb18030"), "text"),
        ("清单.csv", "\ufeff序号,问题\n1,甲\n".encode(), "csv"),
        ("台账.xlsx", hostile.plain(), "xlsx"),
        ("超链接.xlsx", hostile.hyperlinked(), "xlsx"),
        ("2023年4月14日 v1.2.xlsx", hostile.plain(), "xlsx"),
    ],
)
def test_an_honest_file_passes_as_evidence(name, content, kind):
    file = io.BytesIO(content)
    passed = gate.check(file, name=name, use="evidence")
    assert (passed.kind.name, passed.size, passed.macros) == (kind, len(content), False)
    assert file.tell() == 0


@pytest.mark.parametrize(
    ("name", "content", "kind", "macros"),
    [
        ("台账.xlsx", hostile.plain(), "xlsx", False),
        ("台账.xls", hostile.plain(), "xlsx", False),  # told by its bytes
        ("台账.xls", hostile.compound("Workbook"), "xls", False),
        ("台账.xls", hostile.compound("Book"), "xls", False),
        ("台账.xls", hostile.compound("Workbook", "_VBA_PROJECT_CUR"), "xls", True),
        ("台账.csv", "序号,问题\n".encode("gb18030"), "csv", False),
        ("", hostile.plain(), "xlsx", False),
        (
            "台账.xlsm",
            with_parts(hostile.plain(), xl__vbaProject_dot_bin=hostile.OLE + bytes(8)),
            "xlsx",
            True,
        ),
    ],
)
def test_a_ledger_may_be_old_or_carry_macros_that_are_ignored(name, content, kind, macros):
    passed = _check(content, name, "workbook")
    assert (passed.kind.name, passed.macros) == (kind, macros)


def test_limits_can_be_narrower():
    with pytest.raises(gate.Refused) as refused:
        gate.check(
            io.BytesIO(hostile.plain()), name="a.xlsx", use="workbook", limits=Limits(entries=2)
        )
    assert refused.value.reason == "bomb"


def test_every_prefix_of_a_workbook_is_refused_and_none_crashes():
    data = hostile.plain()
    for length in range(1, len(data), 97):
        with pytest.raises(gate.Refused):
            _check(data[:length], "a.xlsx", "workbook")
