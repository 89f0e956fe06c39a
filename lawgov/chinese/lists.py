"""Several things in one cell: units, persons, numbered measures."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass
from functools import lru_cache

from lawgov.chinese.numerals import FILLED_CIRCLES, NUMERALS, item_number
from lawgov.chinese.text import clean

_SEPARATORS = frozenset("、，,；;/／|｜\\＼\n\t。")
_FLAT = re.compile("[" + re.escape("".join(_SEPARATORS)) + "]")
# What a single name does not have; most cells are one name.
_SPECIAL = re.compile("[" + re.escape("".join(_SEPARATORS)) + rf"\W\d①-⑳{FILLED_CIRCLES}]")
_OPENING, _CLOSING = frozenset("（(〔[【《"), frozenset("）)〕]】》")
_CAPTION = re.compile(r"[^：:]{0,8}(?:单位|部门|领导|人员|人|主办|协办|牵头|配合)[：:]\s*")
# Numbers between names: ①甲②乙, 1、甲；2、乙, （1）甲（2）乙.
_INNER_NUMBER = re.compile(
    rf"[(（]\d{{1,2}}[)）]|[①-⑳{FILLED_CIRCLES}]|(?<=[、，,；;/\n\s。])\d{{1,2}}[)）.．、](?!\d)"
)
_LINE_NUMBER = re.compile(rf"^(?:[(（]?\d{{1,2}}[)）.．、]|[①-⑳{FILLED_CIRCLES}])\s*")
_UNIT = re.compile(
    r".+(?:[局委办院厅部处科所站队社会镇乡村组联校室馆台园街]|中心|公司|政府|街道|集团|单位|部门|学校)"
    r"(?:[（(].*[）)])?"
)
_PERSON = re.compile(r".{2,}")
# 张三 13800000000, 王五（0722-3312345）, 赵六13812345678: the number goes, be it glued on.
_NUMBERS_OF_PHONES = re.compile(
    r"[（(]?\s*(?:电话|手机|联系方式)?\s*[:：]?\s*[\d０-９][\d０-９\-－]{6,}\s*[)）]?"
)
_PHONE = re.compile(r"[\d\-—+()（）转]{5,}")
_HOLLOW = re.compile(r"[\-—–_*×＊]+")


def split_outside_brackets(text: str) -> list[str]:
    """Parts between 、，；/ | 。 and line breaks; what stands in brackets stays together."""
    parts: list[str] = []
    part: list[str] = []
    depth = 0
    for char in text:
        if char in _OPENING:
            depth += 1
        elif char in _CLOSING:
            depth = max(depth - 1, 0)
        if depth == 0 and char in _SEPARATORS:
            parts.append("".join(part))
            part = []
        else:
            part.append(char)
    parts.append("".join(part))
    if depth:  # a bracket that never closes must not swallow the rest of the cell
        return _FLAT.split(text)
    return parts


def split_units(text: str) -> list[str]:
    """Names of units in one cell, in order, each once, without captions, line numbers, dashes.

    Also split at spaces when every part ends like a unit (`区教育局 区民政局`, not 曾都区 司法局);
    和 and 及 never split, they occur inside names.
    """
    return _names(text, _UNIT)


def split_persons(text: str) -> list[str]:
    """Names of persons in one cell, in order, each once; telephone numbers are left out."""
    names = _names(_NUMBERS_OF_PHONES.sub("\n", text), _PERSON)
    return [name for name in names if not _PHONE.fullmatch(name)]


def _names(text: str, whole: re.Pattern[str]) -> list[str]:
    if not _SPECIAL.search(text):
        return [text] if text else []
    found: dict[str, None] = {}
    text = _INNER_NUMBER.sub("\n", _LINE_NUMBER.sub("", clean(text), count=1))
    for part in split_outside_brackets(text):
        name = _LINE_NUMBER.sub("", part.strip(), count=1) if part else ""
        name = _CAPTION.sub("", name, count=1).strip()
        if not name or _HOLLOW.fullmatch(name):
            continue
        for single in _split_spaces(name, whole):
            found.setdefault(single)
    return list(found)


def _split_spaces(name: str, whole: re.Pattern[str]) -> list[str]:
    """Parts between spaces when each of them is a name by itself."""
    parts = name.split()
    if len(parts) == 1 or all(whole.fullmatch(part) for part in parts):
        return parts
    if all(len(part) == 1 for part in parts):
        return ["".join(parts)]  # 王　伟: spread for looks
    return [name]


@dataclass(frozen=True, slots=True)
class _Family:
    """One way to number items in a text; `loose` also counts without a mark or break before it."""

    pattern: re.Pattern[str]
    first: re.Pattern[str]  # finds mark 1, to be done quickly with texts that have none
    loose: bool


def _family(mark: str, one: str, *, loose: bool = True) -> _Family:
    return _Family(re.compile(mark), re.compile(one), loose)


# 1.2023年5月前…, 2.3个月内…: the point ends the number of the item.
_TIME = r"(?:20\d\d\s*[年.\-/]|\d{1,2}\s*(?:月|日|个月|个工作日))"

_FAMILIES = (
    _family(r"[(（]\s*(\d{1,2})\s*[)）][、.．]?", r"[(（]\s*[1１]\s*[)）]"),
    _family(rf"([①-⑳{FILLED_CIRCLES}⑴-⒇⒈-⒛])[、.．]?", "[①⑴⒈❶➀➊⓵]"),
    _family(rf"(\d{{1,2}})\s*(?:[、．]|\.(?!\d)|\.(?={_TIME})|[)）])", r"[1１]\s*[、．.)）]"),
    _family(rf"[(（]\s*([{NUMERALS}]{{1,3}})\s*[)）][、.．]?", r"[(（]\s*一\s*[)）]"),
    _family(rf"([{NUMERALS}]{{1,3}})、", "一、", loose=False),
    _family(rf"([{NUMERALS}]{{1,3}})是(?!否)", "一是", loose=False),
)
_ONE = re.compile("[1１一①⑴⒈❶➀➊⓵]")  # in every first mark: many texts are done with at once
_BULLET = re.compile(r"([•·●○◆◇■□★☆※▪➢*]|[-－—]+)\s*(?=\S)")
_INTRODUCTION = re.compile(r"措施|举措|如下|以下|具体|做法|步骤")
_STOPS = frozenset("；;。，,：:、！!？? \n\t\u3000")
_ENDS = "；;。，, \t\n\u3000"

_Mark = tuple[int, int, int]  # value, start and end in the text


def split_numbered(text: str) -> list[str]:
    """The items of a text numbered `1.` `1、` `（1）` `①` `一、` or `一是`, without the numbers.

    Items begin at 1 and follow each other; a number inside a sentence or a second level of
    numbering does not split. Lines that all begin with the same bullet are items too. An
    introduction such as 整改措施如下： is dropped, another one is kept as the first item. A text
    without such numbering is one item.
    """
    text = clean(text)
    if not text:
        return []
    if not (runs := _runs(text)):
        return _bulleted(text) or [_bare(text)]
    run = min(runs, key=lambda marks: marks[0][1])
    stops = [start for _, start, _ in run[1:]] + [len(text)]
    items = [text[end:stop].strip(_ENDS) for (_, _, end), stop in zip(run, stops, strict=True)]
    if min(map(len, items)) < 2:
        return [text]  # 1、2、3号案卷: a list of numbers, not numbered items
    opening = text[: run[0][1]].strip(_ENDS)
    if opening and not _is_caption(opening):
        items.insert(0, opening)
    return items


def _runs(text: str) -> list[list[_Mark]]:
    """The marks of each family that numbers items here."""
    if not _ONE.search(text):
        return []
    families = [family for family in _FAMILIES if family.first.search(text)]
    return [run for family in families if (run := _run(text, family))]


def _run(text: str, family: _Family) -> list[_Mark]:
    """Marks 1, 2, 3 … of one family; empty when there are not two."""
    marks: defaultdict[int, list[_Mark]] = defaultdict(list)
    for match in family.pattern.finditer(text):
        if (value := _value(match[1])) is not None:
            marks[value].append((value, match.start(), match.end()))
    run: list[_Mark] = []
    after = 0
    for wanted in range(1, 100):
        if wanted not in marks:
            break
        later = [mark for mark in marks[wanted] if mark[1] >= after]
        chosen = _chosen(text, later, loose=family.loose and bool(run))
        if chosen is None:
            break
        run.append(chosen)
        after = chosen[2]
    return run if len(run) > 1 else []


def _chosen(text: str, marks: list[_Mark], *, loose: bool) -> _Mark | None:
    """The first mark that begins a sentence or, where that will do, may stand inside one."""
    for mark in marks:
        if _at_boundary(text, mark):
            return mark
    if loose:
        for mark in marks:
            if _may_stand_inside(text, mark):
                return mark
    return None


def _at_boundary(text: str, mark: _Mark) -> bool:
    return mark[1] == 0 or text[mark[1] - 1] in _STOPS


def _may_stand_inside(text: str, mark: _Mark) -> bool:
    """`1.建立台账2.完善制度`: no mark between items, yet not 第2、3项 or 2.5."""
    before, behind = text[mark[1] - 1], text[mark[2] : mark[2] + 1]
    return not (before.isdecimal() or before in "第.．-至和与") and not behind.isdecimal()


def _bulleted(text: str) -> list[str]:
    lines = [line.strip() for line in text.split("\n") if line.strip()]
    heads = [match[1] if (match := _BULLET.match(line)) else None for line in lines]
    if len(lines) < 2 or heads[0] is None or len(set(heads)) > 1:
        return []
    return [line[len(heads[0]) :].strip(_ENDS) for line in lines]


def _bare(text: str) -> str:
    """One item, without a lone number 1 before it and without its end mark."""
    for family in _FAMILIES[:4]:
        match = family.pattern.match(text)
        if match and _value(match[1]) == 1 and len(text) > match.end() + 1:
            text = text[match.end() :]
            break
    return text.strip(_ENDS)


def _is_caption(opening: str) -> bool:
    return opening[-1] in "：:" and len(opening) <= 30 and bool(_INTRODUCTION.search(opening))


@lru_cache(maxsize=1024)
def _value(mark: str) -> int | None:
    number = item_number(mark)
    return int(number) if number is not None and number.isdecimal() else None
