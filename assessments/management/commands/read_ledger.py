"""`manage.py read_ledger FILE [--json]`: show what a ledger says; writes nothing.

Exit codes: 0 readable, with or without problems; 2 unreadable, with one line on standard error.
Source: decisions §6, domain guide §12.
"""

from __future__ import annotations

import json
import sys
from datetime import date
from pathlib import Path

from django.core.management.base import BaseCommand

from assessments.rectification.reading import (
    IssueRow,
    LedgerReading,
    UnreadableSheet,
    read_ledger,
)


class Command(BaseCommand):
    requires_system_checks: list[str] = []  # a file in, text out: nothing of ours is asked
    help = "读取整改台账并显示结果，不写入；0 可读，2 读不了"

    def add_arguments(self, parser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--json", action="store_true", help="输出一个 JSON 对象")
        parser.add_argument("--year", type=int, help="没写年份的日期按哪一年")
        parser.add_argument(
            "--issued-on", type=date.fromisoformat, help="交办日期，工作日和立行立改从这一天算起"
        )

    def handle(self, *, file: Path, json: bool, year: int | None, **options) -> None:
        try:
            reading = read_ledger(file, year=year, issued_on=options["issued_on"])
        except UnreadableSheet as error:
            self.stderr.write(f"{file.name}：{error}")
            sys.exit(2)
        if json:
            self._print_json(reading)
        else:
            self._print_text(reading)

    def _print_json(self, reading: LedgerReading) -> None:
        self.stdout.write(json.dumps(reading.as_json(), ensure_ascii=False, indent=1))

    def _print_text(self, reading: LedgerReading) -> None:
        for sheet in reading.sheets:
            rows = [row for row in reading.rows if row.sheet == sheet.name]
            self.stdout.write(f"【{sheet.name}】{len(rows)} 条")
            for row in rows:
                self.stdout.write(_line(row))
        if reading.macros:
            self.stdout.write("文件带有宏，已忽略。")
        for problem in reading.problems:
            place = f"{problem.sheet} 第 {problem.row} 行{problem.column or ''}"
            self.stdout.write(f"{place}：{problem.message}（{problem.code}）")
        self.stdout.write(
            f"共 {len(reading.rows)} 条问题，合并行 {reading.merged_rows}，"
            f"跳过行 {reading.skipped_below_header}，提示 {len(reading.problems)} 项"
        )


def _line(row: IssueRow) -> str:
    mark = {True: "已销号", False: "未销号", None: "—"}[row.closed]
    deadline = row.deadline_text or "未定期限"
    if row.deadline_date and row.deadline_text != row.deadline_date.isoformat():
        deadline += f"（{row.deadline_date}）"
    text = row.text.replace("\n", " ")
    return "  ".join(
        [f"{row.row:>5}", row.number or "-", "、".join(row.units) or "-", text[:40], deadline, mark]
    )
