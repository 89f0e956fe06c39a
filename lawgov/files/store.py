"""The content-addressed store: stream in while hashing, make durable, then the row is committed."""

from __future__ import annotations

import hashlib
import logging
import os
import shutil
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import BinaryIO

from django.conf import settings
from django.utils.translation import gettext as _

from lawgov.errors import DomainError
from lawgov.files.models import Blob

log = logging.getLogger(__name__)

FREE_SPACE_FLOOR = 0.05  # share of the disk that uploads may not eat into
CHUNK = 1024 * 1024


class StoreFull(DomainError):
    status = 503


class TooLarge(DomainError):
    status = 413


@dataclass(frozen=True)
class Stored:
    """A file that is safely on disk but has no row yet; `path` is its final place."""

    sha256: str
    size: int
    path: Path


def blob_path(sha256: str) -> Path:
    """Where the content with this hash lives: blobs/ab/cd/abcd…"""
    return Path(settings.DATA_DIR) / "blobs" / sha256[:2] / sha256[2:4] / sha256


def put(chunks: Iterable[bytes], *, limit: int) -> Stored:
    """Write a stream of bytes to its place, durable before this returns.

    Raises TooLarge beyond `limit` bytes, and StoreFull when the disk is full, read-only or would
    fall below the floor; neither leaves a file behind. The same content again finds its place
    taken and keeps it.
    """
    try:
        return _put(chunks, limit)
    except OSError as error:
        log.exception("the store cannot be written")
        raise StoreFull(_("文件存不进去，没有保存，请稍后再试或联系管理员")) from error


def _put(chunks: Iterable[bytes], limit: int) -> Stored:
    root = Path(settings.DATA_DIR) / "blobs" / "incoming"
    root.mkdir(parents=True, exist_ok=True)
    usage = shutil.disk_usage(root)
    if usage.free < usage.total * FREE_SPACE_FLOOR:
        raise StoreFull(_("存储空间不足，文件没有保存，请联系管理员"))
    handle, name = tempfile.mkstemp(dir=root)
    temporary = Path(name)
    try:
        sha, size = hashlib.sha256(), 0
        with os.fdopen(handle, "wb") as out:
            for chunk in chunks:
                size += len(chunk)
                if size > limit:
                    raise TooLarge(_("文件超过 %(limit)s MB，没有保存") % {"limit": limit // CHUNK})
                sha.update(chunk)
                out.write(chunk)
            out.flush()
            os.fsync(out.fileno())
        final = blob_path(sha.hexdigest())
        if not _taken(final):
            final.parent.mkdir(parents=True, exist_ok=True)
            os.replace(temporary, final)
            for folder in final.parents[:3]:  # the two levels may be new as well
                _sync_folder(folder)
        return Stored(sha.hexdigest(), size, final)
    finally:
        temporary.unlink(missing_ok=True)


def _taken(final: Path) -> bool:
    """The content is there already; made young again, so that no sweep takes it from under us."""
    try:
        os.utime(final)
    except FileNotFoundError:
        return False
    return True


def keep(stored: Stored, media_type: str, *, now: datetime) -> Blob:
    """The row of a stored file; call inside the transaction that points to it."""
    blob, _created = Blob.objects.get_or_create(
        sha256=stored.sha256,
        defaults={"size": stored.size, "media_type": media_type, "created_at": now},
    )
    return blob


def open_blob(blob: Blob) -> BinaryIO:
    return blob_path(blob.sha256).open("rb")


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def hash_of(path: Path) -> str:
    """SHA-256 (hex) of a file on disk."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
