"""Reading an upload in a process of its own, under limits; see child.py for the other side."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from lawgov.imports.kinds import ImportKind, homecomings
from lawgov.imports.reading import Asked, Read, Source
from lawgov.spreadsheets.limits import UnreadableSheet
from lawgov.spreadsheets.marking import Mark

WALL_SECONDS = 120


@dataclass(frozen=True)
class Parsed:
    """What came of a file: `read`, or the code of the homecoming that knows it."""

    read: Read | None = None
    home: str = ""


def parse(kind: ImportKind, path: Path, name: str, asked: Asked, cells: dict) -> Parsed:
    """Read the file as its kind does. `cells` are corrections by sheet and "H60".

    Raises UnreadableSheet with one sentence for whatever goes wrong, limits included.
    """
    question = {
        "task": "read",
        "reader": kind.reader,
        "homes": {code: home.recognise for code, home in homecomings().items()},
        "path": str(path),
        "name": name,
        "options": dict(asked.options),
        "maps": {sheet: found.as_json() for sheet, found in asked.maps.items()},
        "remembered": dict(asked.remembered),
        "cells": cells,
    }
    answer = _ask(question)
    if answer.get("home"):
        return Parsed(home=answer["home"])
    return Parsed(Read.of_json(answer["read"]))


def mark(path: Path, name: str, marks: list[Mark], target: Path) -> None:
    """Write the file again with its faulty cells coloured and explained; raises as `parse`."""
    _ask(
        {
            "task": "mark",
            "path": str(path),
            "name": name,
            "marks": [vars(found) for found in marks],
            "target": str(target),
        }
    )


def call(function: str, path: Path, name: str) -> dict[str, Any]:
    """What another reader ("package.module:function") makes of the file; raises as `parse`."""
    return _ask({"task": "call", "function": function, "path": str(path), "name": name})


def preview(kind: ImportKind, excerpts: list[dict[str, Any]], name: str, asked: Asked) -> Read:
    """How the first rows would be read under another layout; excerpts are small and ours."""
    from lawgov.imports.child import function

    return function(kind.reader)(Source(name, excerpts=excerpts), asked)


def _ask(question: Mapping[str, Any]) -> dict[str, Any]:
    """Put a question to a fresh child. It gets no environment of ours, so that no secret lies in
    its memory, and answers into a file, so that nothing it prints can be mistaken for one."""
    kept = {name: os.environ[name] for name in ("LD_LIBRARY_PATH", "LANG") if name in os.environ}
    whole = {
        **question,
        "language": get_language() or settings.LANGUAGE_CODE,
        "locales": [str(path) for path in settings.LOCALE_PATHS],
    }
    with tempfile.TemporaryDirectory(prefix="lawgov-read-") as folder:
        answer = Path(folder, "answer.json")
        command = [sys.executable, "-X", "utf8", "-m", "lawgov.imports.child", str(answer)]
        try:
            done = subprocess.run(
                command,
                input=json.dumps(whole).encode(),
                capture_output=True,
                timeout=WALL_SECONDS,
                env=kept,
                cwd=settings.BASE_DIR,
                check=False,
            )
        except subprocess.TimeoutExpired as error:
            raise UnreadableSheet(too_much()) from error
        if done.returncode or not answer.exists():
            raise UnreadableSheet(too_much())
        found: dict[str, Any] = json.loads(answer.read_bytes())
    if "error" in found:
        raise UnreadableSheet(found["error"])
    return found


def too_much() -> str:
    return _("文件太大或太复杂，没有读完；分成几个文件再传")
