"""Makes a data folder ready to serve: what `serve` does first, and production before each start."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import translation
from django.utils.translation import gettext as _

from lawgov.operations import preparation
from lawgov.operations.management.commands.serve import terminal_language
from lawgov.settings import env


class Command(BaseCommand):
    help = "迁移、收集静态文件、加载指标体系；空库时建立演示地区"

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("--empty", action="store_true", help="不建演示地区")
        parser.add_argument(
            "--refuse-default-password",
            action="store_true",
            help="演示账号还在用人人知道的口令时失败",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        with translation.override(terminal_language()):
            # Production is never filled with invented people.
            demo = not options["empty"] and settings.PROFILE != "prod"
            preparation.prepare(demo=demo, say=self._say)
            if options["refuse_default_password"] and preparation.has_default_passwords(
                env.DEFAULT_DEMO_PASSWORD
            ):
                raise CommandError(
                    _("演示账号还在用人人知道的口令，不能对外提供服务：请先改口令或停用演示账号。")
                )

    def _say(self, line: str) -> None:
        self.stdout.write(line)
        self.stdout.flush()
