"""The process in which uploads are read: no database, no secrets, little memory and little time.

Run by parsing.py as `python -m lawgov.imports.child ANSWER`, with the question as JSON on standard
input; the answer is a JSON file. Whatever a crafted file does to a parser, it does it here.
Exit codes: 0 answered, anything else means that a limit struck.
"""

from __future__ import annotations

import json
import resource
import sys
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Any

MEMORY = 1536 * 1024**2  # bytes of address space; the largest sheet allowed needs about half
SECONDS = 60  # of processor time
ANSWER = 256 * 1024**2  # bytes written


def function(name: str) -> Callable[..., Any]:
    """The function of "package.module:function"."""
    module, _, called = name.partition(":")
    return getattr(import_module(module), called)


def limit() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS + 1))
    resource.setrlimit(resource.RLIMIT_FSIZE, (ANSWER, ANSWER))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def prepare(question: dict[str, Any]) -> None:
    """Django with its sentences and nothing else: no apps, no database."""
    import django
    from django.conf import settings
    from django.utils import translation

    settings.configure(
        INSTALLED_APPS=[],
        USE_I18N=True,
        USE_TZ=True,
        TIME_ZONE="Asia/Shanghai",
        LANGUAGE_CODE="zh-hans",
        LOCALE_PATHS=question["locales"],
    )
    django.setup()
    translation.activate(question["language"])


def answer(question: dict[str, Any]) -> dict[str, Any]:
    from django.utils.translation import gettext as _

    from lawgov.spreadsheets.limits import UnreadableSheet

    try:
        return TASKS[question["task"]](question)
    except UnreadableSheet as error:
        return {"error": str(error)}
    except MemoryError:
        return {"error": _("文件太大或太复杂，没有读完；分成几个文件再传")}


def read(question: dict[str, Any]) -> dict[str, Any]:
    from lawgov.imports.reading import Asked, Source
    from lawgov.spreadsheets.mapping import SheetMap

    maps = {sheet: SheetMap.of_json(found) for sheet, found in question["maps"].items()}
    source = Source(question["name"], Path(question["path"]), corrections=places(question["cells"]))
    homes = (code for code, name in question["homes"].items() if function(name)(source.path))
    if home := next(homes, ""):
        return {"home": home}
    asked = Asked(question["options"], maps, question["remembered"])
    return {"read": function(question["reader"])(source, asked).as_json()}


def mark(question: dict[str, Any]) -> dict[str, Any]:
    from lawgov.spreadsheets.marking import Mark, mark

    marks = [Mark(**found) for found in question["marks"]]
    mark(Path(question["path"]), question["name"], marks, Path(question["target"]))
    return {}


def call(question: dict[str, Any]) -> dict[str, Any]:
    """A reader of another package: a path and the file's name, its answer as JSON."""
    return function(question["function"])(Path(question["path"]), question["name"])


TASKS = {"read": read, "mark": mark, "call": call}


def places(cells: dict[str, dict[str, str]]) -> dict[str, dict[tuple[int, int], str]]:
    """Corrections by sheet and "H60", as rows and columns."""
    from lawgov.spreadsheets.grid import place_of

    return {
        sheet: {place: text for name, text in texts.items() if (place := place_of(name))}
        for sheet, texts in cells.items()
    }


def main(target: str) -> None:
    question = json.load(sys.stdin)
    limit()
    prepare(question)
    Path(target).write_text(json.dumps(answer(question), ensure_ascii=False), encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1])
