"""Short names of areas 方面, for the labels of charts: at most six characters."""

from __future__ import annotations

import re
from collections.abc import Iterable

LENGTH = 6

# The nine areas of the 2021 edition as offices abbreviate them in speech.
KNOWN = {
    "政府职能依法全面履行": "政府职能",
    "依法行政制度体系完善": "制度体系",
    "重大行政决策科学民主合法": "重大决策",
    "行政执法严格规范公正文明": "行政执法",
    "行政权力制约监督科学有效": "权力监督",
    "社会矛盾纠纷依法有效化解": "矛盾化解",
    "重大突发事件依法预防处置": "突发事件",
    "政府工作人员法治思维和依法行政能力全面提高": "能力提高",
    "法治政府建设组织领导落实到位": "组织领导",
}

# Words that say how well, not what: a title is cut where the first of them begins.
_HOW = re.compile(
    "依法|全面|科学|严格|有效|健全|完善|不断|持续|深入|明显|显著|更加|切实|规范|落实|提高|提升|[，、（(]"
)


def short_name(title: str, taken: frozenset[str] | set[str] = frozenset(), number: int = 0) -> str:
    """A label of at most six characters for an area called `title`.

    Known titles have their usual short form. Of others the words before the first that says how
    well ("依法", "全面", …) are kept, the last two when that leaves nothing. A label that is taken
    in the edition gives up its end for the area's `number`.
    """
    name = KNOWN.get(title) or _subject(title)[:LENGTH]
    if name in taken:
        name = f"{name[: LENGTH - len(str(number))]}{number}"
    return name


def stated_names(areas: Iterable[tuple[int, str, str]]) -> dict[int, str]:
    """By number the short names that a file had to state: those that `short_name` would not give.

    `areas` are number, title and short name in the order of an edition.
    """
    stated: dict[int, str] = {}
    taken: set[str] = set()
    for number, title, name in areas:
        stated[number] = "" if name == short_name(title, taken, number) else name
        taken.add(name)
    return stated


def _subject(title: str) -> str:
    for piece in _HOW.split(title):
        if len(piece) >= 2:
            return piece
    return title
