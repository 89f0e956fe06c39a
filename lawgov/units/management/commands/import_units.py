"""import_units FILE --region CODE: the register of units from a list."""

from __future__ import annotations

from pathlib import Path

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from lawgov.accounts.actors import Actor
from lawgov.spreadsheets.tables import Faulty
from lawgov.units.importing import import_units
from lawgov.units.models import Region


class Command(BaseCommand):
    help = "从 CSV 或 XLSX 导入单位，全部或一行不写；有一行不能写入时以 1 退出"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--region", required=True, help="地区代码")

    def handle(self, *, file: Path, region: str, **_: object) -> None:
        place = Region.objects.filter(code=region).first()
        if place is None:
            raise CommandError(f"no place {region}")
        try:
            done = import_units(
                file.read_bytes(),
                file.name,
                region=place,
                actor=Actor.system(place, "import_units"),
                now=timezone.now(),
            )
        except OSError as error:
            raise CommandError(f"{file}: {error.strerror}") from error
        except Faulty as error:
            for fault in error.faults:
                self.stderr.write(str(fault))
            raise CommandError(f"{file.name}: {len(error.faults)} faults, nothing saved") from error
        self.stdout.write(
            f"{len(done.created)} created, {len(done.changed)} changed, "
            f"{len(done.unchanged)} unchanged, {len(done.leads)} lead units"
        )
