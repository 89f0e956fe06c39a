"""Uploads that are killed at every step; run by test_durability.py as a program of its own.

Sets up a place in DATA_DIR, then lets one child after the other upload a file and die: the n-th
child at the n-th checkpoint, before or after a call that writes, syncs, renames or saves. The
last child lives. Prints what is left as JSON.
"""

import json
import os
import signal
import sys
import tempfile

import django

if __name__ == "__main__":
    sys.path.insert(0, os.getcwd())
    django.setup()

from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.db import connections
from django.utils import timezone

from indicators.evidence import actions, receiving
from indicators.models import EvidenceVersion
from lawgov.accounts.policy import Role
from lawgov.files import store
from lawgov.files.models import Blob
from lawgov.files.pages import Look
from tests import papers
from tests.factories import make_campaign, make_member, make_region, make_unit, make_work

SAVES = (Blob, EvidenceVersion)
# A look into the file writes nothing, and would be the longest part of every upload.
receiving.pages.look = lambda path, media_type: Look(1, "")


class Checkpoints:
    """Kills this process at the n-th checkpoint that it passes."""

    def __init__(self, last: int) -> None:
        self.left = last

    def passed(self) -> None:
        self.left -= 1
        if not self.left:
            os.kill(os.getpid(), signal.SIGKILL)

    def around(self, work):
        def watched(*args, **kwargs):
            self.passed()
            result = work(*args, **kwargs)
            self.passed()
            return result

        return watched


def upload(editor, work, number: int) -> None:
    """One upload whose content no other has, with checkpoints around all that lasts."""
    points = Checkpoints(number)
    os.fsync, os.replace = points.around(os.fsync), points.around(os.replace)
    tempfile.mkstemp = points.around(tempfile.mkstemp)
    store._sync_folder = points.around(store._sync_folder)
    for model in SAVES:
        model.save = points.around(model.save)
    content = papers.pdf(f"第{number}次") + b"\n%" + bytes(3 * store.CHUNK)
    receive = points.around(receiving.receive)
    arrived = receive(SimpleUploadedFile(f"{number}.pdf", content), work.region)
    actions.add_files(work, [arrived], actor=editor, now=timezone.now())
    points.passed()


def main() -> None:
    call_command("migrate", verbosity=0)
    unit = make_unit(make_region())
    work = make_work(make_campaign(unit.region).assignments.first(), unit)
    editor = make_member(Role.UNIT_EDITOR, unit.region, unit)
    number, killed = 0, True
    while killed:
        number += 1
        connections.close_all()
        child = os.fork()
        if not child:
            upload(editor, work, number)
            os._exit(0)
        _pid, status = os.waitpid(child, 0)
        killed = os.WIFSIGNALED(status)
        if not killed and os.WEXITSTATUS(status):
            raise SystemExit("a child failed instead of being killed")
    versions = EvidenceVersion.objects.select_related("blob", "evidence")
    whole = [store.blob_path(blob.sha256) for blob in Blob.objects.all()]
    print(  # noqa: T201 - the answer of this program
        json.dumps(
            {
                "checkpoints": number - 1,
                "blobs": {path.name: path.exists() and digest(path) for path in whole},
                "versions": [version.filename for version in versions],
                "links": work.evidence_links.count(),
                "without_row": sorted(set(stored()) - {path.name for path in whole}),
            }
        )
    )


def stored() -> list[str]:
    from pathlib import Path

    from django.conf import settings

    folder = Path(settings.DATA_DIR) / "blobs"
    return [path.name for path in folder.rglob("*") if path.is_file() and len(path.name) == 64]


def digest(path) -> str:
    import hashlib

    return hashlib.sha256(path.read_bytes()).hexdigest()


if __name__ == "__main__":
    main()
