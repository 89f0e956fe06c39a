"""What counts as a score: range, steps and comparison. Pure; points are Decimals."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from decimal import Decimal, InvalidOperation

from django.utils.translation import gettext as _

STEP = Decimal("0.5")  # source: decisions §3, our default


def parse_points(text: str) -> Decimal | None:
    """Points as typed, full-width digits and a trailing 分 included; None when no number.

    Range and step are judged by `points_fault`. "1e400", "inf" and "nan" are no numbers here.
    """
    plain = unicodedata.normalize("NFKC", text).strip().removesuffix("分").strip()
    if len(plain) > 10 or not set(plain) <= set("0123456789.-+"):
        return None
    try:
        return Decimal(plain)
    except InvalidOperation:
        return None


def points_fault(points: Decimal | None, full: Decimal) -> str | None:
    """The sentence against a score out of `full` points, None when it is a good one.

    Steps of 0.5; full marks always count, also where they are no multiple of the step.
    """
    if points is None:
        return _("得分要填数字")
    if not 0 <= points <= full:
        return _("得分要在 0 到 %(full)s 之间") % {"full": shown(full)}
    if points != full and points % STEP:
        return _("得分每档 0.5 分")
    return None


def shown(points: Decimal | None) -> str:
    """Points as pages write them: one decimal at most, a dash for none."""
    return "—" if points is None else f"{points.quantize(Decimal('0.1')):f}".removesuffix(".0")


def lowest(points: Iterable[Decimal | None]) -> Decimal | None:
    """The indicator's self-score as it is proposed: the lowest of its units'; None without any.

    Source: decisions §3.
    """
    return min((value for value in points if value is not None), default=None)


def difference(points: Decimal | None, other: Decimal | None) -> Decimal | None:
    """`points` less `other`; None where one of them is missing."""
    return None if points is None or other is None else points - other


def reason_fault(points: Decimal, lead: Decimal, reason: str) -> str | None:
    """The office says why where its score differs from the lead unit's.

    Source: decisions §1, verify.
    """
    if points != lead and not reason.strip():
        return _("与牵头评分不同，要写理由")
    return None
