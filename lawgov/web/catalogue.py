"""The source strings of the product, as gettext would find them, and their English catalogue.

Extraction reads Python with `ast` and templates through Django's own `templatize`, so that
developers and tests need no gettext tools. Compiling is `translations.py`.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import polib
from django.utils.translation import templatize

ROOT = Path(__file__).parents[2]
PACKAGES = ("lawgov", "indicators", "assessments")
CATALOGUE = ROOT / "lawgov" / "locale" / "en" / "LC_MESSAGES" / "django.po"
HEADER = {
    "Project-Id-Version": "lawgov",
    "Language": "en",
    "MIME-Version": "1.0",
    "Content-Type": "text/plain; charset=UTF-8",
    "Content-Transfer-Encoding": "8bit",
    "Plural-Forms": "nplurals=2; plural=(n != 1);",
}

#: Function of django.utils.translation → what its leading texts are.
TEXTS = {
    "gettext": ("text",),
    "gettext_noop": ("text",),
    "ngettext": ("text", "plural"),
    "pgettext": ("context", "text"),
    "npgettext": ("context", "text", "plural"),
}
TEXTS |= {f"{name}_lazy": texts for name, texts in TEXTS.items()}

_LITERAL = r"""'(?:\\.|[^'\\])*'|"(?:\\.|[^"\\])*\""""
_CALL = re.compile(rf"\b(n?p?gettext|_)\(((?:\s*u?(?:{_LITERAL})\s*,?)+)")


@dataclass(frozen=True)
class Message:
    """One source string. `plural` and `context` are "" where there is none."""

    text: str
    plural: str = ""
    context: str = ""


@dataclass
class Merge:
    """What a merge came to: entries as they are now, and what was new or is no longer used."""

    added: list[polib.POEntry] = field(default_factory=list)
    dropped: list[polib.POEntry] = field(default_factory=list)


def messages(root: Path = ROOT) -> dict[Message, list[str]]:
    """Every source string under the packages of `root` → its files, in the order of reading."""
    found: dict[Message, list[str]] = {}
    for path in _sources(root):
        source = path.read_text(encoding="utf-8")
        read = in_python if path.suffix == ".py" else in_template
        for message in read(source):
            places = found.setdefault(message, [])
            place = path.relative_to(root).as_posix()
            if place not in places:
                places.append(place)
    return found


def in_python(source: str) -> Iterator[Message]:
    """The messages of a module, in its order. Texts put together at run time are not seen."""
    tree = ast.parse(source)
    names = _names(tree)
    calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call)]
    for call in sorted(calls, key=lambda call: (call.lineno, call.col_offset)):
        if isinstance(call.func, ast.Name) and call.func.id in names:
            texts = [arg.value for arg in call.args if isinstance(arg, ast.Constant)]
            yield from _message(names[call.func.id], texts)


def _names(tree: ast.Module) -> dict[str, str]:
    """What the module calls gettext and its like: `_` → "gettext_lazy"; also by assignment."""
    names = {
        alias.asname or alias.name: alias.name
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and node.module == "django.utils.translation"
        for alias in node.names
        if alias.name in TEXTS
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Assign) and len(node.targets) == 1:
            for target, value in zip(_parts(node.targets[0]), _parts(node.value), strict=False):
                if isinstance(target, ast.Name) and isinstance(value, ast.Name):
                    names |= {target.id: names[value.id]} if value.id in names else {}
    return names


def _parts(node: ast.expr) -> Sequence[ast.expr]:
    return node.elts if isinstance(node, ast.Tuple) else [node]


def in_template(source: str) -> Iterator[Message]:
    """The messages of a template, in its order, comments left out."""
    for name, literals in _CALL.findall(templatize(source)):
        texts = [ast.literal_eval(literal) for literal in re.findall(_LITERAL, literals)]
        yield from _message("gettext" if name == "_" else name, texts)


def _message(function: str, given: Sequence[object]) -> Iterator[Message]:
    kinds = TEXTS[function]
    texts = [text for text in given[: len(kinds)] if isinstance(text, str)]
    if len(texts) == len(kinds):
        yield Message(**dict(zip(kinds, texts, strict=True)))


def _sources(root: Path) -> Iterator[Path]:
    for package in PACKAGES:
        for path in sorted((root / package).rglob("*")):
            if path.suffix in (".py", ".html", ".txt") and _speaks(path.relative_to(root)):
                yield path


def _speaks(path: Path) -> bool:
    return path.suffix == ".py" or "templates" in path.parts


def of_entry(entry: polib.POEntry) -> Message:
    return Message(entry.msgid, entry.msgid_plural, entry.msgctxt or "")


def merged(found: dict[Message, list[str]], old: polib.POFile) -> tuple[polib.POFile, Merge]:
    """A catalogue of exactly the messages found, in their order, with the English of `old`."""
    known = {of_entry(entry): entry for entry in old if not entry.obsolete}
    new, merge = polib.POFile(wrapwidth=100), Merge()
    new.metadata = dict(HEADER)
    for message, places in found.items():
        entry = known.pop(message, None)
        if entry is None:
            entry = _entry(message)
            merge.added.append(entry)
        entry.occurrences = [(place, "") for place in places]
        entry.flags = ["python-format"] if re.search(r"%\(\w+\)", message.text) else []
        new.append(entry)
    merge.dropped = list(known.values())
    return new, merge


def _entry(message: Message) -> polib.POEntry:
    entry = polib.POEntry(msgid=message.text, msgctxt=message.context or None)
    if message.plural:
        entry.msgid_plural, entry.msgstr_plural = message.plural, {0: "", 1: ""}
    return entry


_PLACEHOLDER = re.compile(r"%(?:\((\w+)\))?[-+ #0]*\d*(?:\.\d+)?[sdifgrx]|\{\w+\}")
_FULL_WIDTH = re.compile("[\u3000-\u303f\uff01-\uff65]")
_CHINESE = re.compile("[\u3400-\u9fff]")
OWN_NAME = "中文"  # a language is offered by the name that its readers know


def faults(entry: polib.POEntry) -> list[str]:
    """What is wrong with an entry's English, in English; none when it may be published."""
    texts = list(entry.msgstr_plural.values()) if entry.msgid_plural else [entry.msgstr]
    if entry.fuzzy or not texts or not all(texts):
        return ["no English"]
    found = []
    asked = [_placeholders(text) for text in (entry.msgid, entry.msgid_plural) if text]
    if any(_placeholders(text) not in asked for text in texts):
        found.append("other placeholders")
    if any(_FULL_WIDTH.search(text) for text in texts):
        found.append("full-width punctuation")
    if any(_CHINESE.search(text) for text in texts if text != OWN_NAME):
        found.append("Chinese")
    if any((text[0] == "\n", text[-1] == "\n") != _edges(entry.msgid) for text in texts):
        found.append("line breaks at the ends differ")
    return found


def _placeholders(text: str) -> list[str]:
    """What is filled in, without regard to order and to how often a name is used."""
    found = {match.group(1) or match.group(0) for match in _PLACEHOLDER.finditer(text)}
    return sorted(found)


def _edges(text: str) -> tuple[bool, bool]:
    return text[0] == "\n", text[-1] == "\n"
