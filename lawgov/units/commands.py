"""What commands that work in one place share: the place by its code, and imports of a list."""

from __future__ import annotations

from abc import abstractmethod
from datetime import datetime
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from lawgov.accounts.actors import Actor
from lawgov.spreadsheets.tables import Faulty
from lawgov.units.models import Region


def place_by_code(code: str) -> Region:
    """Raises CommandError (exit 1) where there is no such place."""
    place = Region.objects.filter(code=code).first()
    if place is None:
        raise CommandError(f"没有代码为 {code} 的地区")
    return place


class ImportCommand(BaseCommand):
    """FILE --region CODE: all rows or none; a row that cannot be written ends it with 1."""

    name: str  # of the command, as the trail tells it

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--region", required=True, help="地区代码")

    def handle(self, *, file: Path, region: str, **_: object) -> None:
        place = place_by_code(region)
        actor = Actor.system(place, self.name)
        try:
            done = self.read_in(
                file.read_bytes(), file.name, region=place, actor=actor, now=timezone.now()
            )
        except OSError as error:
            raise CommandError(f"{file}: {error.strerror}") from error
        except Faulty as error:
            for fault in error.faults:
                self.stderr.write(str(fault))
            raise CommandError(f"{file.name}: {len(error.faults)} faults, nothing saved") from error
        self.stdout.write(self.told(done))

    @abstractmethod
    def read_in(
        self, content: bytes, filename: str, *, region: Region, actor: Actor, now: datetime
    ) -> Any:
        """Write the list; what it did. Raises Faulty."""

    @abstractmethod
    def told(self, done: Any) -> str:
        """What it did, in one line; notes on rows go to `self.stderr`."""
