"""What reading a ledger costs, as ratios taken side by side: `python -m tests.benchmarks.reading`.

A ledger of 10,000 rows against inflating the same workbook and walking its XML, which is the least
that any reader must do, and against openpyxl's read-only mode. Rounds are interleaved, medians of
CPU seconds are taken. Source of the goals: performance guide, goal 6.
"""

from __future__ import annotations

import argparse
import io
import os
import statistics
import time
import zipfile
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any
from xml.parsers import expat

import openpyxl

from tests.benchmarks.sheets import said

ROWS = 10_000
ROUNDS = 5
GOALS = {"parse": 3.0, "openpyxl": 4.0}
HEADER = [
    "序号", "责任单位", "问题类别", "存在问题", "整改要求", "整改措施", "责任人", "完成时限",
    "整改进展", "佐证材料", "是否销号", "销号时间", "备注",
]  # fmt: skip


def ledger(rows: int) -> bytes:
    """The official sheet with so many issues; texts of usual length, few of them twice."""
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet("个性问题整改台账")
    sheet.append(["安和区个性问题整改台账"])
    sheet.append(HEADER)
    for n in range(1, rows + 1):
        closed = n % 3 == 0
        sheet.append(
            [
                n, f"第{n % 69}单位、区司法局", "行政执法",
                f"2023年行政处罚案卷第{n}号缺少法制审核意见书", "限期补齐并举一反三",
                f"1.逐件核查第{n}号案卷；2.建立工作底稿", "张某",
                date(2023, 4, 30) + timedelta(days=n % 200), f"已补第{n}号" if closed else None,
                None, "是" if closed else "否", date(2023, 5, 20) if closed else None, None,
            ]
        )  # fmt: skip
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def bare_walk(data: bytes) -> int:
    """Inflate the sheet and its texts and walk them: values, merges, hidden rows; no meaning."""
    found: list[str] = []
    merges: list[str] = []
    hidden: list[str] = []

    def start(name: str, attributes: dict[str, str]) -> None:
        if name == "mergeCell":
            merges.append(attributes["ref"])
        elif name == "row" and attributes.get("hidden"):
            hidden.append(attributes["r"])

    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        for part in archive.namelist():
            if "/worksheets/" not in part and "sharedStrings" not in part:
                continue
            parser = expat.ParserCreate()
            parser.buffer_text = True
            parser.StartElementHandler = start
            parser.CharacterDataHandler = found.append
            parser.Parse(archive.read(part), True)
    return len(found)


def by_openpyxl(data: bytes) -> int:
    """All cells of the sheet as openpyxl gives them in its fast mode."""
    book = openpyxl.load_workbook(io.BytesIO(data), read_only=True)
    sheet = book.worksheets[0]
    sheet.reset_dimensions()
    return sum(1 for row in sheet.iter_rows(values_only=True) if any(row))


def by_book(data: bytes) -> int:
    """Our grids: gate, values, merges, hidden rows, formulas without a result."""
    from lawgov.spreadsheets.reader import read_book

    return sum(grid.height for grid in read_book(io.BytesIO(data), name="台账.xlsx").sheets)


def by_ledger(data: bytes) -> int:
    """Grids and what they mean: issues, units, deadlines, problems."""
    from assessments.rectification.reading import read_ledger

    reading = read_ledger(
        io.BytesIO(data), name="台账.xlsx", year=2023, issued_on=date(2023, 4, 14)
    )
    return len(reading.rows)


SIDES: dict[str, Callable[[bytes], Any]] = {
    "inflate + walk": bare_walk,
    "openpyxl read-only": by_openpyxl,
    "parse": by_book,
    "parse + understand": by_ledger,
}


def measured(data: bytes, rounds: int) -> dict[str, float]:
    """Median CPU seconds of each side, the rounds interleaved."""
    taken: dict[str, list[float]] = {name: [] for name in SIDES}
    for _ in range(rounds):
        for name, side in SIDES.items():
            started = time.process_time()
            side(data)
            taken[name].append(time.process_time() - started)
    return {name: statistics.median(seconds) for name, seconds in taken.items()}


def main() -> None:
    """Print the four sides and the two ratios with their goals."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=ROWS)
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    given = parser.parse_args()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lawgov.settings.test")
    import django

    django.setup()
    data = ledger(given.rows)
    found = measured(data, given.rounds)
    limit = found["inflate + walk"]
    print(f"reading {given.rows:,} rows, {len(data) / 1e6:.1f} MB, medians of {given.rounds}")
    for name, seconds in found.items():
        print(f"  {name:20} {seconds:7.3f} s  {seconds / limit:5.1f} x the walk")
    ratio = found["parse"] / limit
    print(f"  parse / walk {ratio:.1f} (goal ≤ {GOALS['parse']}: {said(ratio <= GOALS['parse'])})")
    for name in ("parse", "parse + understand"):
        ratio = found["openpyxl read-only"] / found[name]
        reached = said(ratio >= GOALS["openpyxl"])
        print(f"  openpyxl / {name} {ratio:.1f} (goal ≥ {GOALS['openpyxl']}: {reached})")


if __name__ == "__main__":
    main()
