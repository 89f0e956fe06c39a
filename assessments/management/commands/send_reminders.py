"""`manage.py send_reminders [--now ISO]`: plan, claim and deliver until nothing is due."""

from __future__ import annotations

from datetime import datetime

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from assessments.reminders.actions import send_reminders
from lawgov.jobs import heartbeats


class Command(BaseCommand):
    help = "提醒：计划、领取、发送，直到没有到期的为止（与定时任务同一段代码）"

    def add_arguments(self, parser) -> None:
        parser.add_argument("--now", help="ISO 时间；没有时区时按北京时间")

    def handle(self, *, now: str | None = None, **options) -> None:
        tally = send_reminders(self._instant(now))
        heartbeats.beat(heartbeats.REMINDERS, timezone.now())
        others = ", ".join(f"{name} {count}" for name, count in tally.items() if name != "planned")
        self.stdout.write(f"planned {tally['planned']}; {others or 'nothing due'}")

    def _instant(self, text: str | None) -> datetime:
        if not text:
            return timezone.now()
        try:
            instant = datetime.fromisoformat(text)
        except ValueError as error:
            raise CommandError(f"--now：{text} 不是 ISO 时间") from error
        return instant if instant.tzinfo else timezone.make_aware(instant)
