"""verify_audit: the trail checked; exit 0 intact, 1 with one line per fault."""

from __future__ import annotations

import sys

from django.core.management.base import BaseCommand, CommandParser

from lawgov.audit.verify import chains, verify


class Command(BaseCommand):
    help = "核验操作记录链：0 完好；1 有问题，每处一行"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--chain", help="地区代码或 installation，默认全部")

    def handle(self, *, chain: str | None, **_: object) -> None:
        faulty = False
        for name in [chain] if chain else chains():
            checked = verify(name)
            for fault in checked.faults:
                self.stdout.write(str(fault))
            if checked.faults:
                faulty = True
            else:
                self.stdout.write(f"{name}: {checked.entries} entries, intact")
        if faulty:
            sys.exit(1)
