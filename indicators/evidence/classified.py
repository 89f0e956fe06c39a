"""The guard against classified papers 涉密文件: finds a security marking in a text. Pure.

A marking is 绝密, 机密 or 秘密 with the star of the national marking (秘密★1年) or as a level
(机密级). The words alone are ordinary: 商业秘密, 保守国家秘密法, 机密性. Source: domain guide §5
(涉密文件严禁上网, stated in a seed); the form of the marking is general knowledge.
"""

from __future__ import annotations

import re
import unicodedata

# What people type for the star; an asterisk counts only where a period follows it, because text
# files use it for emphasis.
_STAR = r"(?:[★☆⭐✭✮✯⋆✩✪]|\*(?=\d+[年月天]|长期|启用))"
_LEVEL = r"级(?!别)"
# 密 as it is written in both scripts; words that only end in 秘密 are no marking.
_WORD = r"(?:绝密|絕密|机密|機密|秘密|祕密)"
_MARKING = re.compile(rf"(?<!商业)(?<!商業)(?<!技术)(?<!个人)({_WORD})(?:{_STAR}|{_LEVEL})")

# Format characters (zero width, direction), variation selectors and blanks of every width.
_UNSEEN = re.compile(r"[\s\u200b-\u200f\u2028-\u202f\u2060-\u2069\ufe00-\ufe0f\ufeff\u00ad]+")


def marking(text: str) -> str | None:
    """The first security marking in `text` as it reads without blanks, None when there is none.

    Full-width forms, spacing and invisible characters between the signs do not hide it.
    """
    plain = _UNSEEN.sub("", unicodedata.normalize("NFKC", text))
    found = _MARKING.search(plain)
    return found.group() if found else None


def first_marking(*texts: str) -> str | None:
    """The first marking in any of several texts, each looked at by itself."""
    return next((found for text in texts if (found := marking(text))), None)
