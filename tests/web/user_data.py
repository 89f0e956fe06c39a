"""What people have written into the place, to tell it from what the product says."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator

from django.apps import apps
from django.db import models

from assessments.models import Letter
from lawgov.units.models import Unit

#: Ideographs and full-width punctuation; not the ideographic space, which only sets things apart.
CHINESE = re.compile("[\u3001-\u303f\u3400-\u9fff\uff01-\uff65]")
CLAUSE_ENDS = "，,。；;：:\n（(、"
#: Written by the product itself, and therefore translated where it is shown.
OURS = {
    ("auditentry", "actor_place"),
    ("indicator", "method"),
    ("phase", "name"),
    ("round", "name"),
}
SHORTENED = 6  # characters that a text cut off in the middle must share with the stored one


class UserData:
    """All texts of the database, and what is left of a text without them."""

    def __init__(self, texts: Iterable[str]) -> None:
        self._by_start: dict[str, list[str]] = defaultdict(list)
        self._known = set(texts)
        for text in self._known:
            if CHINESE.search(text):
                self._by_start[text[0]].append(text)
        self._left: dict[str, str] = {}

    def __contains__(self, text: str) -> bool:
        return text in self._known

    def left(self, text: str) -> str:
        """`text` without stored texts; "" when nothing Chinese remains."""
        if text not in self._left:
            self._left[text] = self._strip(text)
        return self._left[text]

    def _strip(self, text: str) -> str:
        if text in self._known or not CHINESE.search(text):
            return ""
        rest, at = [], 0
        while at < len(text):
            length = self._known_length(text, at)
            rest += [] if length else [text[at]]
            at += length or 1
        left = "".join(rest)
        return left.strip() if CHINESE.search(left) else ""

    def _known_length(self, text: str, at: int) -> int:
        """Characters of `text` from `at` on that are a stored text, or its beginning cut off."""
        return max(
            (_fits(text, at, stored) for stored in self._by_start.get(text[at], ())), default=0
        )


def _fits(text: str, at: int, stored: str) -> int:
    length = _shared(text, at, stored)
    if length == len(stored):
        return length
    goes_on = text[at + length : at + length + 1]
    cut = not (goes_on.isalnum() or CHINESE.match(goes_on))
    clause = length > 1 and stored[length] in CLAUSE_ENDS
    return length if cut and (clause or length >= SHORTENED) else 0


def _shared(text: str, at: int, stored: str) -> int:
    length = 0
    while at + length < len(text) and length < len(stored) and text[at + length] == stored[length]:
        length += 1
    return length


def written() -> Iterator[str]:
    """Every text stored in a row, those inside of JSON included, and numbers of letters."""
    for model in apps.get_models():
        if not model.__module__.startswith(("lawgov.", "indicators.", "assessments.")):
            continue
        name = model._meta.model_name
        texts = [each.attname for each in model._meta.concrete_fields if _holds_text(each)]
        names = [text for text in texts if (name, text) not in OURS]
        for row in model._default_manager.values_list(*names) if names else ():
            for value in row:
                yield from _texts(value)
    yield from map(str, Letter.objects.all())
    # As the heat map shortens them.
    yield from (unit.short_name[1:] for unit in Unit.objects.all())


def _holds_text(each: models.Field) -> bool:
    return isinstance(each, models.CharField | models.TextField | models.JSONField)


def _texts(value: object) -> Iterator[str]:
    if isinstance(value, str):
        plain = value.strip()
        yield plain
        yield from (part.strip() for part in re.split("[；\n]", plain) if part.strip() != plain)
    elif isinstance(value, dict):
        for inner in value.values():
            yield from _texts(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _texts(inner)
