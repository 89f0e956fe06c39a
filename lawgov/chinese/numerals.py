"""Numbers in Chinese numerals, and the item numbers 序号 at the head of a row or a line."""

from __future__ import annotations

import re

from lawgov.chinese.text import fold

_DIGITS = {char: value for value, char in enumerate("〇一二三四五六七八九")}
_DIGITS |= {"零": 0, "○": 0, "两": 2}
_DIGITS |= {char: value for value, char in enumerate("0123456789")}
_TENS = {"十": 10, "百": 100, "千": 1000}
_SHORT_TENS = {"廿": 20, "卅": 30}

NUMERALS = "〇零○一二三四五六七八九十百千廿卅两"

# Filled circles carry no compatibility digit, unlike ①, ⑴ and ⒈.
_FILLED = {chr(0x2776 + n): str(n + 1) for n in range(10)}
_FILLED |= {chr(0x2780 + n): str(n + 1) for n in range(10)}
_FILLED |= {chr(0x278A + n): str(n + 1) for n in range(10)}
_FILLED |= {chr(0x24EB + n): str(n + 11) for n in range(10)}
_FILLED |= {chr(0x24F5 + n): str(n + 1) for n in range(10)}
FILLED_CIRCLES = "".join(_FILLED)

_LONGEST = 20  # characters of an item number, spaces included
_ITEM = re.compile(
    rf"(?:第|No\.?|#)?[(\[【〔]?(?:(\d{{1,9}})|([{NUMERALS}]{{1,9}}))[)\]】〕]?[条项号个点款]?[、.。,:)]*"
)


def chinese_number(text: str) -> int | None:
    """`二十四` → 24, `二〇二三` → 2023, `二00五` → 2005, `12` → 12; None for anything else."""
    if len(text) > 12:
        return None
    if text.isdecimal():
        return int(text)
    if not text or any(c not in _DIGITS and c not in _TENS and c not in _SHORT_TENS for c in text):
        return None
    if not any(c in _TENS or c in _SHORT_TENS for c in text):
        return int("".join(str(_DIGITS[c]) for c in text))
    total, digit = 0, None
    for char in text:
        if char in _TENS:
            total += (1 if digit is None else digit) * _TENS[char]
            digit = None
        elif char in _SHORT_TENS:
            total += _SHORT_TENS[char]
        elif digit:
            return None  # 十二三: two digits in one place
        else:
            digit = _DIGITS[char]
    return total + (digit or 0)


def item_number(text: str) -> str | None:
    """A row's number as kept: `（1）`, `１、`, `①`, `一、`, `第1条` → `1`; `1-2`, `A3` as they are.

    None for a cell without anything but brackets and points.
    """
    if text.isascii() and text.isdecimal() and len(text) < 10:
        return str(int(text))
    if not text:
        return None
    folded = fold("".join(_FILLED.get(char, char) for char in text))
    value = plain_number(folded)
    if value is not None:
        return str(value)
    return folded.rstrip("、.。,:") or None


def plain_number(folded: str) -> int | None:
    """The number of a folded text that is nothing but an item number; None else."""
    match = _ITEM.fullmatch(folded)
    if not match:
        return None
    return int(match[1]) if match[1] else chinese_number(match[2])


def is_item_number(text: str) -> bool:
    """Whether a cell holds an item number and nothing else."""
    if len(text) > _LONGEST:
        return False
    if text.isascii() and text.isdecimal():
        return True
    return plain_number(fold("".join(_FILLED.get(char, char) for char in text))) is not None
