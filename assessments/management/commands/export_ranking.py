"""`manage.py export_ranking --region CODE --period 2023Q2 --out FILE`: the quarterly ranking."""

from __future__ import annotations

from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from assessments.models import Score
from assessments.reports.exporting import ranking_workbook
from assessments.reports.quarters import Quarter
from assessments.reports.standings import SOURCES
from indicators.models import Campaign
from lawgov.calendars import local_day
from lawgov.spreadsheets.writer import write
from lawgov.units.commands import place_by_code


class Command(BaseCommand):
    help = "导出季度排序表"

    def add_arguments(self, parser) -> None:
        parser.add_argument("--region", required=True)
        parser.add_argument("--period", required=True, help="季度，如 2023Q2")
        parser.add_argument("--source", choices=[*map(str, SOURCES)], default=str(SOURCES[0]))
        parser.add_argument("--out", required=True, type=Path)

    def handle(self, *, region: str, period: str, source: str, out: Path, **options) -> None:
        campaigns = Campaign.objects.in_region(place_by_code(region)).select_related("region")
        campaign, quarter, now = campaigns.first(), Quarter.read(period), timezone.now()
        if campaign is None:
            raise CommandError(f"{region} 还没有创建活动")
        if quarter is None:
            raise CommandError(f"{period} 不是季度，请写成 2023Q2 的样子")
        if quarter > Quarter.of(local_day(now)):
            raise CommandError(f"{quarter.label}还没有开始")
        write(ranking_workbook(campaign, quarter, Score.Source(source), now), out)
        self.stdout.write(f"{out}")
