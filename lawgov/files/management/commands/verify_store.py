"""Every file of the store against its row: there, as long as it was, with the same content."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from lawgov.files.models import Blob
from lawgov.files.upkeep import damaged

WHY = {"missing": "不在了", "size": "长短不对", "content": "内容变了"}


class Command(BaseCommand):
    help = "逐个核对存储的文件：在不在、长短、内容。有一个不对就以 1 退出。"

    def handle(self, *args: Any, **options: Any) -> None:
        found = 0
        for damage in damaged():
            found += 1
            self.stdout.write(f"{damage.sha256} {WHY[damage.why]}")
        total = Blob.objects.count()
        if found:
            raise CommandError(f"共 {total} 个文件，{found} 个不对")
        self.stdout.write(f"共 {total} 个文件，都对")
