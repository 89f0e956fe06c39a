"""What a group chat is told of a place on one day: units with what is overdue or due soon."""

from __future__ import annotations

from datetime import date, timedelta

from django.db.models import Count, Min, OuterRef, Q, Subquery
from django.urls import reverse
from django.utils.translation import gettext as _

from assessments.models import UnitResponse
from assessments.rectification.states import WITH_CHECKER, State
from lawgov.notifications.messages import Line, Message, absolute
from lawgov.units.models import Region
from lawgov.web.dates import day_text

SOON = timedelta(days=7)
LIMIT = 20  # units named one by one


def place_digest(region: Region, day: date) -> Message | None:
    """Units in the order of their oldest delay, no person named; None where all is in time.

    What waits for the checker is not the unit's to hurry and is left out.
    """
    late, soon = Q(deadline_date__lt=day), Q(deadline_date__range=(day, day + SOON))
    rows = UnitResponse.objects.in_region(region).open().filter(late | soon)
    rows = rows.exclude(state__in=[State.FOUND, *WITH_CHECKER])
    first = rows.filter(unit=OuterRef("unit")).order_by("deadline_date", "pk")
    units = list(
        rows.order_by()
        .values("unit_id", "unit__short_name")
        .annotate(late=Count("pk", filter=late), soon=Count("pk", filter=soon),
                  oldest=Min("deadline_date"),
                  kind=Subquery(first.values("issue__kind")[:1]))
        .order_by("oldest", "unit__order")
    )  # fmt: skip
    if not units:
        return None
    total = {name: sum(unit[name] for unit in units) for name in ("late", "soon")}
    words = {"day": day_text(day, day), "region": region.name, **total}
    return Message(
        subject=_("【催办】%(day)s %(region)s：逾期 %(late)s 件，七天内到期 %(soon)s 件") % words,
        greeting=_("请各单位抓紧办理。"),
        lines=[_line(unit, day) for unit in units[:LIMIT]],
        rest=max(len(units) - LIMIT, 0),
        closing=_("登录工作台可以看到全部事项。"),
        url=absolute(reverse("rectification:list", args=[units[0]["kind"]])),
        counts={"overdue": total["late"], "before": total["soon"]},
    )


def _line(unit: dict, day: date) -> Line:
    parts = []
    if unit["late"]:
        words = {"n": unit["late"], "days": (day - unit["oldest"]).days}
        parts.append(_("逾期 %(n)s 件（最久 %(days)s 天）") % words)
    if unit["soon"]:
        parts.append(_("七天内到期 %(n)s 件") % {"n": unit["soon"]})
    # The ledger that holds the oldest of them: each kind of issue has one of its own.
    url = reverse("rectification:list", args=[unit["kind"]])
    return Line(
        f"{unit['unit__short_name']}　{_('，').join(parts)}",
        "",
        absolute(f"{url}?unit={unit['unit_id']}"),
    )
