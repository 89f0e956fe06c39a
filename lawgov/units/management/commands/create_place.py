"""create_place CODE --name NAME [--parent CODE]: a new place in the tree."""

from __future__ import annotations

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from lawgov.accounts.actors import Actor
from lawgov.errors import GuardFailed
from lawgov.units.actions import create_place
from lawgov.units.commands import place_by_code
from lawgov.units.models import Region


class Command(BaseCommand):
    help = "建立一个地区；代码或名称不能用时以 1 退出"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("code")
        parser.add_argument("--name", required=True)
        parser.add_argument("--parent", help="上级地区的代码")
        parser.add_argument("--level", choices=Region.Level.values, help="层级，默认比上级低一级")

    def handle(
        self, *, code: str, name: str, parent: str | None, level: str | None, **_: object
    ) -> None:
        above = place_by_code(parent) if parent else None
        actor = Actor.system(None, "create_place")
        try:
            region = create_place(
                code, name=name, parent=above, level=level, actor=actor, now=timezone.now()
            )
        except GuardFailed as error:
            raise CommandError("; ".join(map(str, error.sentences))) from error
        self.stdout.write(f"{region.path} {region.name} ({region.level})")
