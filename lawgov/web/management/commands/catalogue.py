"""`manage.py catalogue`: bring the English catalogue up to the source. For developers only."""

from __future__ import annotations

from typing import Any

import polib
from django.core.management.base import BaseCommand

from lawgov.web.catalogue import CATALOGUE, faults, merged, messages


class Command(BaseCommand):
    help = "把源码和模板里的文字合并进英文词表，列出还没有译文的"
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        old = polib.pofile(str(CATALOGUE)) if CATALOGUE.exists() else polib.POFile()
        new, merge = merged(messages(), old)
        CATALOGUE.parent.mkdir(parents=True, exist_ok=True)
        new.save(str(CATALOGUE))
        for entry in merge.dropped:
            self.stdout.write(f"不再使用：{entry.msgid}")
        for entry in new:
            for fault in faults(entry):
                self.stdout.write(f"{entry.occurrences[0][0]}：{entry.msgid}：{fault}")
        bare = len(new.untranslated_entries())
        self.stdout.write(f"{len(new)} 条，新增 {len(merge.added)}，没有译文 {bare}")
