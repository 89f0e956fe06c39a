"""`manage.py export_ledger --region CODE --out FILE`: the ledger workbook, without the web."""

from __future__ import annotations

from pathlib import Path

from django.core.management.base import BaseCommand
from django.utils import timezone

from assessments.rectification.exporting import ledger_workbook
from assessments.rectification.models import Issue, UnitResponse
from lawgov.accounts.actors import Actor
from lawgov.calendars import local_day
from lawgov.spreadsheets.writer import write
from lawgov.units.commands import place_by_code


class Command(BaseCommand):
    help = "导出整改台账：个性问题、共性问题和销号统计"

    def add_arguments(self, parser) -> None:
        parser.add_argument("--region", required=True)
        parser.add_argument("--out", required=True, type=Path)

    def handle(self, *, region: str, out: Path, **options) -> None:
        place = place_by_code(region)
        now = timezone.now()
        actor = Actor.system(place, "export_ledger")
        rows = UnitResponse.objects.visible_to(actor).of_kind(Issue.Kind.INDIVIDUAL)
        book = ledger_workbook(place, rows, actor, today=local_day(now), created=now)
        for notice in write(book, out):
            self.stdout.write(f"{notice.sheet} {notice.cell}：{notice.message}")
        self.stdout.write(f"{out}")
