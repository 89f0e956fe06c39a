"""`make run`: the whole product in one process tree."""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from typing import Any

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.core.management.base import BaseCommand, CommandError
from django.utils import translation

from lawgov.operations.doors import Refused
from lawgov.operations.launch import Launcher
from lawgov.operations.preparation import translate
from lawgov.settings import env


class Command(BaseCommand):
    help = (
        "启动网页服务、worker、beat；没有 REDIS_URL 时再加一个自带的 Valkey；Ctrl-C 全部停止。"
        "读取环境变量 HOST、PORT、DATA_DIR、EMPTY、DEMO_PASSWORD、DATABASE_URL、REDIS_URL"
    )
    requires_system_checks: list[str] = []  # `prepare` runs them

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            translate()
            with translation.override(terminal_language()):
                self._launcher().run()
        except (Refused, ImproperlyConfigured) as error:
            raise CommandError(str(error)) from None
        except PermissionError as error:
            raise CommandError(f"{error.strerror}: {error.filename}") from None

    def _launcher(self) -> Launcher:
        port = env.text("PORT", "8000")
        if not port.isdigit() or int(port) > 65535:
            raise ImproperlyConfigured(f"PORT={port}: 0-65535")
        return Launcher(
            data_dir=settings.DATA_DIR,
            host=env.text("HOST", "127.0.0.1"),
            port=int(port),
            demo=not env.flag("EMPTY"),
            say=self._say,
        )

    def _say(self, line: str) -> None:
        with suppress(OSError):  # the terminal was closed; the product goes on or is being stopped
            sys.stdout.write(f"{line}\n")
            sys.stdout.flush()


def terminal_language() -> str:
    """Chinese, unless the terminal says that it is English."""
    said = next((v for k in ("LC_ALL", "LC_MESSAGES", "LANG") if (v := os.environ.get(k))), "")
    return "en" if said.startswith("en") else settings.LANGUAGE_CODE
