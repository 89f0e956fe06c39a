"""`manage.py import_holidays FILE --year YEAR [--dry-run]`: a year's holidays, for all places."""

from __future__ import annotations

import sys
from pathlib import Path

from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone

from lawgov.accounts.actors import Actor
from lawgov.holidays.reading import UnreadableDays, read_days_off
from lawgov.holidays.tables import editions_of
from lawgov.operations.calendar.entering import enter, preview
from lawgov.operations.calendar.forms import lines_of
from lawgov.spreadsheets.tables import Faulty


class Command(BaseCommand):
    help = (
        "录入一年的放假安排并重算期限：放假通知的文本、CSV 或 XLSX；读不懂时以 1 退出，什么都不改"
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--year", type=int, required=True, help="年份")
        parser.add_argument("--source", default="", help="放假通知的文号或名称")
        parser.add_argument("--dry-run", action="store_true", help="只看会重算的期限，不保存")

    def handle(self, *, file: Path, year: int, source: str, dry_run: bool, **options) -> None:
        try:
            days = read_days_off(_text(file), year)
        except (UnreadableDays, Faulty, OSError, UnicodeDecodeError) as error:
            self.stderr.write(str(error))
            sys.exit(1)
        last = editions_of(year).first()
        if dry_run:
            moved = preview(year, days).moved
        else:
            moved = enter(
                year,
                days,
                source=source or file.name,
                edition=last.edition if last else 0,
                actor=Actor.system(None, "import_holidays"),
                now=timezone.now(),
            )
        for one in moved:
            issue = f"{one.response.region.code} {one.response.issue.number} {one.response.unit}"
            self.stdout.write(f"{issue}: {one.old} -> {one.new}")
        self.stdout.write(f"{year}: {len(days)} days, {len(moved)} deadlines moved")


def _text(file: Path) -> str:
    if file.suffix.lower() == ".txt":
        return file.read_text(encoding="utf-8-sig")
    return lines_of(file.read_bytes(), file.name)
