"""Looking after the store: what nothing points to is swept away, what is kept is checked."""

from __future__ import annotations

import logging
import os
import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice
from pathlib import Path

from django.conf import settings
from django.db.models.functions import Mod

from lawgov.files.models import Blob
from lawgov.files.store import blob_path, hash_of

log = logging.getLogger(__name__)

ORPHAN_AGE = timedelta(hours=24)  # a file waits this long for the row that points to it
PREVIEW_AGE = timedelta(days=30)  # drawn anew when somebody looks again
DAYS = 7  # within which every file is read again
HASH = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True)
class Damage:
    """A row whose file is not what it was; `why` is missing, size or content."""

    sha256: str
    why: str


def sweep(now: datetime) -> int:
    """Remove files without a row after a day, and pictures after a month; how many went.

    Never one that a row points to: rows are asked first, and a file that an upload has just found
    again is young and stays.
    """
    root = Path(settings.DATA_DIR)
    gone = 0
    for folder in _old(root / "previews", now - PREVIEW_AGE, files=False):
        shutil.rmtree(folder, ignore_errors=True)
    for path in _old(root / "blobs" / "incoming", now - ORPHAN_AGE):
        path.unlink(missing_ok=True)
        gone += 1
    old = (p for p in _old(root / "blobs", now - ORPHAN_AGE) if HASH.fullmatch(p.name))
    while some := [*islice(old, 500)]:
        kept = set(
            Blob.objects.filter(sha256__in=[p.name for p in some]).values_list("sha256", flat=True)
        )
        gone += sum(_take_away(path, now) for path in some if path.name not in kept)
    return gone


def damaged(seventh: int | None = None) -> Iterator[Damage]:
    """Rows whose file is missing, has another size or another content; reads every file, or those
    of one `seventh` (0 to 6)."""
    rows = Blob.objects.order_by("pk")
    if seventh is not None:
        rows = rows.alias(rest=Mod("pk", DAYS)).filter(rest=seventh)
    for blob in rows.iterator(chunk_size=500):
        path = blob_path(blob.sha256)
        if not path.exists():
            yield Damage(blob.sha256, "missing")
        elif path.stat().st_size != blob.size:
            yield Damage(blob.sha256, "size")
        elif hash_of(path) != blob.sha256:
            yield Damage(blob.sha256, "content")


def verify(now: datetime) -> int:
    """Read a seventh of the store, another one each day of the week; how many are damaged.

    The log names them; `verify_store` tells of all.
    """
    found = [*damaged(now.toordinal() % DAYS)]
    for one in found:
        log.error("stored file %s is damaged: %s", one.sha256, one.why)
    return len(found)


def _old(root: Path, before: datetime, *, files: bool = True) -> Iterator[Path]:
    """Files (or the folders of one preview each) that were last written before an instant."""
    pattern = "**/*" if files else "*/*"
    for path in root.glob(pattern):
        if path.is_file() == files and path.stat().st_mtime < before.timestamp():
            yield path


def _take_away(path: Path, now: datetime) -> bool:
    """Remove one orphan, unless an upload found it in this very moment.

    First moved aside, then looked at again: an upload that came before the move has made it young
    (it goes back), one that comes after does not find it and writes its own.
    """
    aside = path.with_name(f"{path.name}.swept")
    os.replace(path, aside)
    if aside.stat().st_mtime >= (now - ORPHAN_AGE).timestamp():
        os.replace(aside, path)
        return False
    aside.unlink()
    return True
