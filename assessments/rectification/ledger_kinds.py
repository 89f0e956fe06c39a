"""Which of the four lists a ledger is, told by its words."""

from __future__ import annotations

import re
from collections.abc import Iterable

from lawgov.chinese.text import fold

_SPECIFIC = (("individual", re.compile("个性")), ("common", re.compile("共性")))
_FEEDBACK = (
    ("opinion", re.compile("反馈的?意见")),
    ("problem", re.compile("反馈的?(?:存在)?问题")),
)


def kind_in(text: str) -> str | None:
    """`individual`, `common`, `opinion` or `problem` when a text names one; None for none or two.

    个性 and 共性 say more than 反馈意见 and 反馈问题, which often stand in the title of either.
    """
    folded = fold(text)
    for group in (_SPECIFIC, _FEEDBACK):
        found = [kind for kind, pattern in group if pattern.search(folded)]
        if found:
            return found[0] if len(found) == 1 else None
    return None


def first_kind(texts: Iterable[str]) -> str | None:
    """The first kind that a text of several names."""
    return next((kind for text in texts if (kind := kind_in(text))), None)
