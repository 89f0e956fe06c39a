"""import_assignments FILE --region CODE: the decomposition sheet 任务分解表."""

from __future__ import annotations

from pathlib import Path

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from indicators.assignments.importing import import_assignments
from lawgov.accounts.actors import Actor
from lawgov.spreadsheets.tables import Faulty
from lawgov.units.models import Region


class Command(BaseCommand):
    help = "导入任务分解：牵头单位和责任单位，全部或一行不写；有一行不能写入时以 1 退出"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--region", required=True, help="地区代码")

    def handle(self, *, file: Path, region: str, **_: object) -> None:
        place = Region.objects.filter(code=region).first()
        if place is None:
            raise CommandError(f"no place {region}")
        try:
            done = import_assignments(
                file.read_bytes(),
                file.name,
                region=place,
                actor=Actor.system(place, "import_assignments"),
                now=timezone.now(),
            )
        except OSError as error:
            raise CommandError(f"{file}: {error.strerror}") from error
        except Faulty as error:
            for fault in error.faults:
                self.stderr.write(str(fault))
            raise CommandError(f"{file.name}: {len(error.faults)} faults, nothing saved") from error
        for note in done.notes:
            self.stderr.write(str(note))
        self.stdout.write(
            f"{done.changed} changed, {done.unchanged} unchanged, {len(done.missing)} not named"
        )
