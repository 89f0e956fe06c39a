"""`manage.py import_ledger FILE --inspection ID [--dry-run]`: read a ledger, all or nothing."""

from __future__ import annotations

import sys
from datetime import date
from pathlib import Path

from django.core.management.base import BaseCommand
from django.utils import timezone

from assessments.inspections.models import Inspection
from assessments.rectification.importing import (
    OUTCOMES,
    ImportReport,
    LedgerRefused,
    import_ledger,
)
from assessments.rectification.reading import read_ledger
from lawgov.accounts.actors import Actor
from lawgov.files.store import hash_of
from lawgov.holidays.tables import calendar_in_force
from lawgov.spreadsheets.limits import UnreadableSheet


class Command(BaseCommand):
    help = "导入整改台账：0 已保存（可有提示）；1 至少一行不能写入，什么都没有保存；2 文件读不了"

    def add_arguments(self, parser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--inspection", required=True, help="督察的编号或代码")
        parser.add_argument("--year", type=int, help="没写年份的日期按哪一年；默认督察的年份")
        parser.add_argument("--issued-on", type=date.fromisoformat, help="交办日期，默认督察的")
        parser.add_argument("--dry-run", action="store_true", help="只看结果，不保存")

    def handle(self, *, file: Path, inspection: str, dry_run: bool, **options) -> None:
        target = Inspection.objects.filter(
            **({"pk": inspection} if inspection.isdigit() else {"code": inspection})
        ).first()
        if target is None:
            self._stop(2, f"没有编号或代码为 {inspection} 的督察")
        try:
            reading = read_ledger(
                file,
                year=options["year"] or target.starts_on.year,
                issued_on=options["issued_on"] or target.issued_on,
                immediate_days=target.campaign.immediate_days,
                workdays=calendar_in_force(),
            )
            report = import_ledger(
                reading,
                target,
                actor=Actor.system(target.region, "import_ledger"),
                now=timezone.now(),
                source_name=file.name,
                source_hash=hash_of(file),
                dry_run=dry_run,
            )
        except (UnreadableSheet, OSError) as error:
            self._stop(2, str(error))
        except LedgerRefused as refused:
            self._say(refused.report)
            self._stop(1, refused.sentence)
        self._say(report)

    def _say(self, report: ImportReport) -> None:
        self.stdout.write(", ".join(f"{name} {report[name]}" for name in OUTCOMES))
        for remark in report.remarks:
            place = f"{remark.sheet} 第 {remark.row} 行"
            self.stdout.write(f"{place}：{remark.message}（{remark.code}）")

    def _stop(self, status: int, sentence: str) -> None:
        self.stderr.write(sentence)
        sys.exit(status)
