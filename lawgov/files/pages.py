"""Pages of a stored file: how many, what they say at the start, and pictures of them.

Every parser runs in a child process with limits (pages_child.py). Pictures are re-encoded and
kept under DATA_DIR/previews, from where they can be thrown away at any time.
"""

from __future__ import annotations

import fcntl
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.utils.translation import gettext as _

from lawgov.errors import DomainError
from lawgov.files.store import blob_path

SHOWN_PAGES = 20  # pages of a file that are shown; the rest is for the download
AT_ONCE = 4  # pages drawn by one child: opening the file costs as much as drawing some
WALL_SECONDS = 30
CHILD = Path(__file__).with_name("pages_child.py")

OFFICE = "application/vnd.openxmlformats-officedocument."
OFD = "application/ofd"


class Unreadable(DomainError):
    """A file that no page can be had of; the sentence says why (415)."""

    status = 415


@dataclass(frozen=True)
class Look:
    """What a first look into a file finds; `pages` None where the format has none to count.

    `text` is that of the first three pages, or as much of an office file; "" for pictures.
    """

    pages: int | None
    text: str


def family(media_type: str) -> str:
    """Which reader a media type needs: pdf, picture, office, text, or "" for none."""
    if media_type == "application/pdf":
        return "pdf"
    if media_type.startswith("image/"):
        return "picture"
    if media_type.startswith(OFFICE) or media_type == OFD:
        return "office"
    return "text" if media_type.startswith("text/") else ""


def has_preview(media_type: str) -> bool:
    return family(media_type) in ("pdf", "picture")


def look(path: Path | str, media_type: str) -> Look:
    """Count pages and take the first text; raises Unreadable."""
    reader = family(media_type)
    if not reader:
        return Look(None, "")
    found = _run("look", reader, str(path))
    return Look(found["pages"], found["text"])


def page_picture(sha256: str, media_type: str, number: int) -> Path:
    """The JPEG of page `number` (from 1, at most SHOWN_PAGES) of a blob, drawn when missing.

    Raises Unreadable, also where there is no such page.
    """
    folder = Path(settings.DATA_DIR) / "previews" / sha256[:2] / sha256
    picture = folder / f"{number}.jpg"
    if not picture.exists() and has_preview(media_type) and 1 <= number <= SHOWN_PAGES:
        folder.mkdir(parents=True, exist_ok=True)
        with _alone(folder):
            if not picture.exists():
                _draw(sha256, media_type, number, folder)
    if not picture.exists():
        raise Unreadable(_("这一页没有预览"))
    return picture


def _draw(sha256: str, media_type: str, first: int, folder: Path) -> None:
    """Draw some pages from `first` on; each picture appears whole or not at all."""
    last = min(first + AT_ONCE - 1, SHOWN_PAGES)
    drawn = Path(tempfile.mkdtemp(dir=folder))
    try:
        _run("draw", family(media_type), str(blob_path(sha256)), str(first), str(last), str(drawn))
        for picture in drawn.iterdir():
            os.replace(picture, folder / picture.name)
    finally:
        shutil.rmtree(drawn, ignore_errors=True)


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """One drawer a file at a time; the second finds the pictures of the first."""
    with (folder / "lock").open("w") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield


def _run(*words: str) -> dict:
    """Run the child and give its answer; raises Unreadable for whatever went wrong in it.

    It gets no environment but the library path, so that no secret of ours lies in its memory.
    """
    command = [sys.executable, "-I", "-X", "utf8", str(CHILD), *words]
    kept = {name: os.environ[name] for name in ("LD_LIBRARY_PATH", "LANG") if name in os.environ}
    try:
        done = subprocess.run(
            command, capture_output=True, timeout=WALL_SECONDS, env=kept, cwd="/", check=False
        )
        answer = json.loads(done.stdout or b'{"error": "broken"}')
    except (subprocess.TimeoutExpired, ValueError):
        answer = {"error": "too_much"}
    if "error" in answer:
        raise Unreadable(_reasons()[answer["error"]])
    return answer


def _reasons() -> dict[str, str]:
    return {
        "password": _("文件有密码，打不开，去掉密码再传"),
        "broken": _("文件打不开，可能已经损坏，重新导出再传"),
        "too_much": _("文件太复杂，打不开，另存一份再传"),
    }
