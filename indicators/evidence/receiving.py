"""An uploaded file becomes an `Arrived`: checked, looked into, durable on disk, without any row.

Order: name, size and quota, the gate, a look inside for security markings, and only then the
store, so that nothing that is refused is ever kept. A file whose content is in use already waits
under a signed ticket until the person has decided; what nobody asks for again is swept away.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from django.core import signing
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _

from indicators.evidence.classified import first_marking
from indicators.evidence.queries import stored_bytes
from lawgov.accounts.actors import Actor
from lawgov.errors import StaleState
from lawgov.files import gate, names, pages, store
from lawgov.files.refusals import Refused
from lawgov.files.store import Stored
from lawgov.units.models import Region

FILE_LIMIT = 50 * 1024**2  # bytes, decisions §7
FILES_AT_ONCE = 20
PLACE_QUOTA = 20 * 1024**3
TICKET_SECONDS = 3600
SALT = "indicators.evidence.ticket"


@dataclass(frozen=True)
class Arrived:
    """A file past all checks and safely on disk; `pages` None where the format has none."""

    stored: Stored
    media_type: str
    filename: str
    pages: int | None


def receive(upload: UploadedFile, region: Region) -> Arrived:
    """Check and store one uploaded file.

    Raises Refused (name, type, content, classified), TooLarge, StoreFull and pages.Unreadable;
    after any of them nothing of the file is left.
    """
    name = names.shown_name(upload.name or "")
    if upload.size > FILE_LIMIT:
        raise store.TooLarge(_("超过 50 MB，没有保存"))
    if stored_bytes(region) + upload.size > PLACE_QUOTA:
        raise store.StoreFull(_("本地区的 20 GB 存储空间用完了，没有保存，请联系创建办"))
    with _on_disk(upload) as path:
        with path.open("rb") as file:
            passed = gate.check(file, name=name, use="evidence")
        look = pages.look(path, passed.media_type)
        refuse_classified(name, look.text)
        stored = store.put(upload.chunks(store.CHUNK), limit=FILE_LIMIT)
    return Arrived(stored, passed.media_type, name, look.pages)


def refuse_classified(*texts: str) -> None:
    """Raises Refused when any of the texts carries a security marking."""
    if found := first_marking(*texts):
        raise Refused(
            "classified",
            _("有密级标志「%(marking)s」，严禁上传涉密文件，没有保存") % {"marking": found},
        )


@contextmanager
def _on_disk(upload: UploadedFile) -> Iterator[Path]:
    """The upload as a file with a path, which small ones do not have."""
    if hasattr(upload, "temporary_file_path"):
        yield Path(upload.temporary_file_path())
        return
    with tempfile.NamedTemporaryFile(prefix="upload-") as copy:
        for chunk in upload.chunks():
            copy.write(chunk)
        copy.flush()
        yield Path(copy.name)


# -- tickets ---------------------------------------------------------------------------------


def ticket(arrived: Arrived, work_id: int, actor: Actor) -> str:
    """A signed note that lets this person finish saving this file for this work, for an hour."""
    return signing.dumps(
        [
            arrived.stored.sha256, arrived.stored.size, arrived.media_type, arrived.filename,
            arrived.pages, work_id, actor.membership.pk,
        ],
        salt=SALT,
    )  # fmt: skip


def redeem(note: str, work_id: int, actor: Actor) -> Arrived:
    """The file that a ticket stands for; raises StaleState when it is not good any more."""
    try:
        *file, work, membership = signing.loads(note, salt=SALT, max_age=TICKET_SECONDS)
        sha256, size, media_type, filename, page_count = file
    except (signing.BadSignature, ValueError) as error:
        raise StaleState(_("等得太久，文件要重新上传")) from error
    path = store.blob_path(sha256)
    if (work, membership) != (work_id, actor.membership.pk) or not path.exists():
        raise StaleState(_("等得太久，文件要重新上传"))
    return Arrived(Stored(sha256, size, path), media_type, filename, page_count)
