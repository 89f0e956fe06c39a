"""load_framework FILE: an edition of the framework from CSV, XLSX or YAML."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from indicators.framework.loader import EditionInUse, Loaded, load_framework
from lawgov.accounts.actors import Actor
from lawgov.spreadsheets.tables import Faulty


class Command(BaseCommand):
    help = "从 CSV、XLSX 或 YAML 加载指标体系；有错的文件不改变任何内容，逐行列出错处，以 1 退出"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--edition", default="", help="版本代码，默认取文件名")
        parser.add_argument("--name", default="", help="版本名称")
        parser.add_argument("--points", help="文件必须合计的总分")

    def handle(
        self, *, file: Path, edition: str, name: str, points: str | None, **_: object
    ) -> None:
        try:
            loaded = load_framework(
                file.read_bytes(),
                file.name,
                actor=Actor.system(None, "load_framework"),
                now=timezone.now(),
                code=edition,
                name=name,
                points=Decimal(points) if points is not None else None,
            )
        except OSError as error:
            raise CommandError(f"{file}: {error.strerror}") from error
        except InvalidOperation as error:
            raise CommandError(f"--points {points}: not a number") from error
        except Faulty as error:
            for fault in error.faults:
                self.stderr.write(str(fault))
            raise CommandError(
                f"{file.name}: {len(error.faults)} faults, nothing changed"
            ) from error
        except EditionInUse as error:
            raise CommandError(error.sentence) from error
        self._report(loaded)

    def _report(self, loaded: Loaded) -> None:
        figures = (
            f"{loaded.areas} areas, {loaded.groups} groups, {loaded.indicators} indicators, "
            f"{loaded.points.normalize():f} points"
        )
        self.stdout.write(f"{loaded.edition.code} {loaded.outcome}: {figures}")
