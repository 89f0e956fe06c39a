"""What the reader of English is shown of a framework, which is Chinese by nature."""

from __future__ import annotations

from django.utils.translation import get_language
from django.utils.translation import gettext as _


def shown_title(title: str, english: str) -> str:
    """An indicator's title in the reader's language; `english` "" where the edition has none."""
    return english if english and (get_language() or "").startswith("en") else title


def shown_method(method: str) -> str:
    """The methods 测评方式 of an indicator, joined by 、 as stored, in the reader's language."""
    return _("、").join(_(part) for part in method.split("、")) if method else ""
