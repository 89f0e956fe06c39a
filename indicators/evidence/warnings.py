"""What stands against a piece of proof without forbidding it: said in words on its tile. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

ONLINE_SEARCH = "网络检索"  # the method 测评方式 that looks for what is public


@dataclass(frozen=True)
class Period:
    """Days of the campaign from which proof is wanted 评估期间, bounds included."""

    start: date
    end: date


def outside_period(
    period: Period, issued_on: date | None, covers_from: date | None, covers_to: date | None
) -> str:
    """The warning about a proof's time, "" when there is none.

    What the proof covers counts before the date on it; one open side is open. A proof without
    any day is never outside.

    Source: domain guide §5, time span (general knowledge; the days are a campaign setting).
    """
    if covers_from or covers_to:
        first, last = covers_from or date.min, covers_to or date.max
    elif issued_on:
        first = last = issued_on
    else:
        return ""
    if last < period.start:
        return _("早于评估期间（%(year)d年%(month)d月起）") % {
            "year": period.start.year,
            "month": period.start.month,
        }
    if first > period.end:
        return _("晚于评估期间（%(year)d年%(month)d月止）") % {
            "year": period.end.year,
            "month": period.end.month,
        }
    return ""


def lacks_public_url(method: str, urls: list[str]) -> bool:
    """True where assessors search the web and no proof says where: a warning, never a refusal."""
    return method == ONLINE_SEARCH and not any(urls)
