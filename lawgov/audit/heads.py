"""Where each chain stood, hour by hour, in files outside the database.

Without them somebody with the database in hand could cut the end of a chain, or write a whole
chain anew, and leave no gap. One file a chain in DATA_DIR/audit-heads, one JSON line a change.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

from django.conf import settings

from lawgov.audit.models import AuditHead

SUFFIX = ".jsonl"


@dataclass(frozen=True)
class KnownHead:
    """A chain stood at entry `seq` with `hash` at the instant `at` (UTC, ISO)."""

    at: str
    seq: int
    hash: str


def folder() -> Path:
    return Path(settings.DATA_DIR) / "audit-heads"


def write_heads(now: datetime) -> int:
    """Note where every chain stands; the number of chains that moved since the last note."""
    folder().mkdir(parents=True, exist_ok=True)
    written = 0
    for head in AuditHead.objects.order_by("chain"):
        known = list(known_heads(head.chain))
        if known and (known[-1].seq, known[-1].hash) == (head.seq, head.hash):
            continue
        at = now.astimezone(UTC).isoformat(timespec="seconds")
        _append(_path(head.chain), KnownHead(at, head.seq, head.hash))
        written += 1
    return written


def known_heads(chain: str) -> Iterator[KnownHead]:
    """The notes of one chain, oldest first. A line cut short by a power failure is left out."""
    path = _path(chain)
    if not path.exists():
        return
    for line in path.read_text(encoding="utf-8").splitlines():
        try:
            yield KnownHead(**json.loads(line))
        except (ValueError, TypeError):
            continue


def known_chains() -> set[str]:
    return {path.name.removesuffix(SUFFIX) for path in folder().glob(f"*{SUFFIX}")}


def retire(chain: str, now: datetime) -> None:
    """Put the notes of a chain aside that was removed with its place; they are kept."""
    path = _path(chain)
    if path.exists():
        path.rename(path.with_name(f"{path.name}.retired-{now.astimezone(UTC):%Y%m%dT%H%M%SZ}"))


def _path(chain: str) -> Path:
    # Chains are region codes (letters, digits, hyphens, underscores), so they are file names.
    return folder() / f"{chain}{SUFFIX}"


def _append(path: Path, head: KnownHead) -> None:
    """On disk before it counts: the file, and its name in the folder when it is new."""
    new = not path.exists()
    with path.open("a", encoding="utf-8") as file:
        file.write(json.dumps(asdict(head)) + "\n")
        file.flush()
        os.fsync(file.fileno())
    if new:
        handle = os.open(path.parent, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
