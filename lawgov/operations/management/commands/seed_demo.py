"""`manage.py seed_demo [--regions N] [--issues N] [--seed S] [--today DATE] [--reset]`."""

from __future__ import annotations

from datetime import date

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from lawgov.calendars import local_day
from lawgov.operations.demo.reset import remove_demo
from lawgov.operations.demo.seed import Plan, seed
from lawgov.units.models import Region


class Command(BaseCommand):
    help = "演示地区：同样的参数得到同样的内容"

    def add_arguments(self, parser) -> None:
        parser.add_argument("--regions", type=int, default=1, help="地区个数，默认 1")
        parser.add_argument("--issues", type=int, default=204, help="每个地区的个性问题条数")
        parser.add_argument("--seed", type=int, default=1)
        parser.add_argument("--today", type=date.fromisoformat, help="当作今天的日期")
        parser.add_argument("--reset", action="store_true", help="先删除已有的演示地区")

    def handle(self, *, regions: int, issues: int, seed: int, today, reset: bool, **options):
        if regions < 1 or issues < 1:
            raise CommandError("--regions 和 --issues 要大于 0")
        now = timezone.now()
        if Region.objects.filter(code__in=["demo", "demo-city", "demo-province"]).exists():
            if not reset:
                raise CommandError("演示地区已经有了；要重新生成，请加 --reset（只删除演示地区）")
            remove_demo(now=now)
        plan = Plan(today=today or local_day(now), seed=seed, issues=issues)
        self._seed(plan, regions)

    def _seed(self, plan: Plan, regions: int) -> None:
        seed(plan, regions=regions, say=self.stdout.write)
