"""Rows of a table that are no data: totals, notes, signatures, unit lines, chapter headings.

Each test looks at the text of one cell; what a row as a whole is, its reader decides.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from lawgov.chinese.numerals import NUMERALS, plain_number
from lawgov.chinese.text import fold

# A label spread out for looks: 填 报 单 位：.
_SPREAD = re.compile(
    r"(?<!\S)(?:[\u4e00-\u9fff][ \u3000]){1,7}[\u4e00-\u9fff](?=[ \u3000]*[:：（(])"
)
_ITEMS = r"\d[\d.]*(?:条|个|项|件|处|起|份|次|家|人|分)?(?:问题|事项)?[)]?(?:[,;].*)?"
_TOTAL = re.compile(
    rf".{{0,14}}?(?:合计|总计|小计|共计|累计|总数)[:)]?(?:[(共计]*{_ITEMS})?"
    rf"|(?:以上|上述|全部)?共计?{_ITEMS}"
)
_SUM = re.compile(r"共?计?[\d.,]+(?:条|个|项|件|处|起|份|次|家|人|分|个问题|条问题)?")
_COUNT_BEHIND = re.compile(r"[（(]\s*共?计?\s*\d+\s*[条个项件分][^（()）]{0,4}[)）]$")
_LONGEST_COUNT = 20
_NOTE = re.compile(
    r"\s*(?:备\s*注|附?\s*注|说\s*明|(?:填[表报写]|编制|相关)说明|注\s*意(?:事项)?|附件?|备考|抄\s*[送报]"
    r"|[资数材][料据]来源)\s*[:：\d一(（]|\s*[\[【(（]注[\]】)）]|\s*[(（]?[本此]表[由须应为系一请可]"
)
# A label in a cell of its own, the note beside it.
_NOTE_LABEL = frozenset({"注", "备注", "附注", "备考", "说明", "填表说明", "填报说明", "注意事项"})
_STEMS = "甲乙丙丁戊己庚辛壬癸"
_EXAMPLE = frozenset({"例", "示例", "样例", "范例", "举例", "填写示例"})
_SIGNATURE = re.compile(
    r"\s*(?:单位|部门|整改|牵头)?(?:主要|分管)?"
    r"(?:(?:负责人|领导)?签[字名]|负责人|领导|审核人?|审批人?|审定|复核人?|校对|[填制]表人?|填报人|报送人|经办人|联系人|联系电话|电话"
    r"|盖章|签发|[填制]表(?:日期|时间)|填报(?:日期|时间)|报送(?:日期|时间)|日期)"
    r"\s*(?:[（(][^)）]{0,8}[)）])?\s*[:：]"
)
_SEAL = re.compile(r"\s*[（(]?\s*(?:单位|部门)?\s*(?:签字|盖章|公章|签名)\s*[)）]?\s*")
_PAGE = re.compile(
    r"\s*(?:[—\-]*\s*第?\s*\d+\s*页|共\s*\d+\s*页|第\s*\d+\s*页.*|[（(]?(?:续表|接上页|转下页|以下空白"
    r"|此页无正文|续上表|续下页|本页无正文)[)）]?)\s*"
)
_SEALS = r"[（(]\s*(?:盖章|公章|签章|单位盖章|章)\s*[)）]"
_FILL_IN = re.compile(
    r"(?P<whose>填报|填表|报送|上报|编制|制表|统计|被?检查|被?督[察查导]|受检|整改|责任|涉及)?"
    rf"(?P<what>单位|部门)(?P<name>名称|全称)?\s*(?:{_SEALS})?\s*[:：]\s*(?:{_SEALS})?"
)
# Where a unit's name ends: at a blank, or where the next label begins.
_NAME_END = re.compile(
    rf"\s|[；;，,]|{_SEALS}|(?:填报|填表|报送|上报|制表|统计)(?:时间|日期|人)|联系人|负责人|日期[:：]"
)
_COUNTED = re.compile(r"[个条件项人次份起家处万元亿%％、/]+")
_CHAPTER = re.compile(
    rf"\s*(?:第[{NUMERALS}\d]{{1,3}}[章节部分类]+|[（(][{NUMERALS}]{{1,3}}[)）]|[{NUMERALS}]{{1,3}}\s*[、.．])\s*[、：:]?\s*"
)


def _closed_up(text: str) -> str:
    """填 报 单 位：… as 填报单位：…."""
    return _SPREAD.sub(lambda match: "".join(match[0].split()), text)


def is_total(text: str) -> bool:
    """合计, 小计：8条, 行政执法类小计, 共24条问题."""
    folded = fold(text)
    return len(folded) <= 40 and bool(_TOTAL.fullmatch(folded))


def is_count(text: str) -> bool:
    """A number, with or without what it counts."""
    return len(text) <= _LONGEST_COUNT and bool(_SUM.fullmatch(fold(text)))


def is_note(text: str) -> bool:
    """备注：…, 注：…, 说明：…, 第2页, 以下空白."""
    return bool(_NOTE.match(text) or _PAGE.fullmatch(text)) or text.startswith(("※", "★", "＊"))


def is_note_label(text: str) -> bool:
    """备注 or 说明 before the cell with the note; only where an item number would stand."""
    return fold(text).rstrip(":") in _NOTE_LABEL


def is_example(text: str) -> bool:
    """示例 in the number column marks a row that shows how to fill in."""
    return fold(text).strip("()[]") in _EXAMPLE


def is_signature(text: str) -> bool:
    """负责人：, 审核人（签字）：, （盖章）."""
    text = _closed_up(text)
    return bool(_SIGNATURE.match(text) or _SEAL.fullmatch(text))


def is_context(text: str) -> bool:
    """填报单位：…, 填报时间：…, 单位名称（盖章）：…: a line that says whose table it is."""
    text = _closed_up(text)
    return bool(
        _FILL_IN.match(text) or re.match(r"\s*(?:填报|填表|报送|截[止至]|统计)(?:时间|日期)", text)
    )


def fill_in_unit(texts: Sequence[str]) -> str | None:
    """The unit of a fill-in line, also when label and name stand in two cells; None without one.

    填报单位 and 单位名称 go before a bare 单位. `单位：条` says what is counted and is no unit.
    """
    bare = None
    texts = [_closed_up(text) for text in texts]
    for place, text in enumerate(texts):
        for match in _FILL_IN.finditer(text):
            rest = text[match.end() :].lstrip(" \u3000_")
            if not rest and place + 1 < len(texts):
                rest = texts[place + 1]
            name = _NAME_END.split(rest, maxsplit=1)[0].strip("_、。（(")
            if len(name) < 2 or _COUNTED.fullmatch(name) or "：" in name or ":" in name:
                continue
            if match["whose"] or match["name"]:
                return name
            if match.start() == 0 or text[match.start() - 1].isspace():
                bare = bare or name
    return bare


def chapter(text: str) -> str | None:
    """The heading of 一、行政执法方面（5条） without number and count; None for anything else."""
    match = _CHAPTER.match(text)
    if not match or match.end() == len(text):
        return None
    return bare_heading(text[match.end() :])


def bare_heading(text: str) -> str:
    """A heading without the count of its rows and without a colon at its end."""
    return _COUNT_BEHIND.sub("", text.strip().rstrip("：:")).strip().rstrip("：:")


def is_column_numbers(texts: Sequence[str]) -> bool:
    """The row of 1, 2, 3 …, 甲, 乙, 丙 … or 甲, 乙, 1, 2 … that forms have under their header."""
    if len(texts) < 3:
        return False
    folded = [fold(text) for text in texts]
    if folded == list("ABCDEFGHIJKLMNOPQRSTUVWXYZ"[: len(texts)]):
        return True
    stems = next((n for n, text in enumerate(folded) if text not in _STEMS[n : n + 1]), len(folded))
    numbers = [plain_number(text) for text in folded[stems:]]
    first = 0 if not stems and numbers[0] == 0 else 1
    return numbers == list(range(first, first + len(numbers)))
