"""Telephone numbers as rosters write them. Pure."""

from __future__ import annotations

import re

from django.utils.translation import gettext as _

from lawgov.chinese.text import half

MOBILE = 11  # digits
SHORT, LONG = 5, 12  # 12345 and the short numbers of an office; area code and 8 digits
_SIGNS = re.compile(r"[0-9+\-() 转]*")
_EXTENSION = re.compile(r"转|(?<=\d{7})-(?=\d{1,6}$)")
_COUNTRY = re.compile(r"^(\+86|0086)")


def phone_fault(text: str) -> str:
    """What is wrong with a number and what to write instead; "" for a good one and for none.

    Several numbers may stand in a cell with blanks between; a number may have blanks of its own.
    """
    text = half(text).strip()
    if not _SIGNS.fullmatch(text):
        written = _("“%(text)s”不是电话号码，只写数字，分机用“转”或横线")
        return written % {"text": text[:20]}
    whole = _number_fault(text) if text else ""
    if not whole or not any(_number_fault(part) for part in text.split()):
        return ""
    return whole


def _number_fault(text: str) -> str:
    number = _EXTENSION.split(_COUNTRY.sub("", text.strip()), maxsplit=1)[0]
    digits = "".join(re.findall(r"\d", number))
    if digits.startswith("1") and len(digits) > MOBILE - 3:
        if len(digits) == MOBILE:
            return ""
        written = _("手机号要 %(n)s 位，“%(text)s”是 %(found)s 位")
        return written % {"n": MOBILE, "text": text[:20], "found": len(digits)}
    if SHORT <= len(digits) <= LONG:
        return ""
    written = _("“%(text)s”不是电话号码，手机写 11 位，座机写区号和号码")
    return written % {"text": text[:20]}
