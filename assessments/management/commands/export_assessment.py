"""`manage.py export_assessment --region CODE --out FILE`: the self-assessment workbook."""

from __future__ import annotations

from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from assessments.rounds.exporting import assessment_workbook
from indicators.models import Assignment, Campaign
from lawgov.accounts.actors import Actor
from lawgov.calendars import local_day
from lawgov.spreadsheets.writer import write
from lawgov.units.commands import place_by_code


class Command(BaseCommand):
    help = "导出自评表"

    def add_arguments(self, parser) -> None:
        parser.add_argument("--region", required=True)
        parser.add_argument("--out", required=True, type=Path)

    def handle(self, *, region: str, out: Path, **options) -> None:
        campaigns = Campaign.objects.in_region(place_by_code(region))
        campaign = campaigns.select_related("region", "edition").first()
        if campaign is None:
            raise CommandError(f"{region} 还没有创建活动")
        now = timezone.now()
        actor = Actor.system(campaign.region, "export_assessment")
        rows = Assignment.objects.visible_to(actor).filter(campaign=campaign)
        book = assessment_workbook(campaign, rows, actor, today=local_day(now), created=now)
        for notice in write(book, out):
            self.stdout.write(f"{notice.sheet} {notice.cell}：{notice.message}")
        self.stdout.write(f"{out}")
