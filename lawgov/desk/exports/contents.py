"""The contents lists 卷内目录 of what a page shows: one indicator, or the checklist by groups.

A second-level indicator is one volume until volumes are put together by hand.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

from django.db.models import QuerySet
from django.utils.translation import gettext

from indicators.dossiers.contents import Volume, contents_workbook
from indicators.models import Assignment, Campaign
from lawgov.desk.checklist import queries
from lawgov.desk.checklist.filters import Filters
from lawgov.desk.exports.lists import Asked
from lawgov.errors import NotAllowed
from lawgov.spreadsheets.sheet import Book
from lawgov.web.listing import number


def contents(asked: Asked) -> Book:
    """With `indicator` in the address the list of that one, else one list per group shown.

    `unit` narrows both to the proof of one unit. Raises NotAllowed before there is a campaign and
    where nothing is to be listed.
    """
    campaign = Campaign.objects.in_region(asked.actor.region).first()
    if campaign is None:
        raise NotAllowed(gettext("还没有创建活动"))
    rows = Assignment.objects.visible_to(asked.actor).filter(campaign=campaign)
    wanted = number(asked, "indicator", 0)
    if wanted:
        rows = rows.filter(indicator__number=wanted)
    else:
        shown = queries.board(asked.actor, campaign, Filters.read(asked)).items
        rows = rows.filter(pk__in=[item.pk for item in shown])
    volumes = _volumes(rows.with_tree(), number(asked, "unit", 0) or None, single=bool(wanted))
    if not volumes:
        raise NotAllowed(gettext("没有符合条件的指标"))
    title = f"{asked.actor.region.name}卷内目录"
    return contents_workbook(title, volumes, asked.actor, created=asked.now)


def _volumes(rows: QuerySet[Assignment], unit: int | None, *, single: bool) -> list[Volume]:
    """One volume per second-level indicator, or that of the single one."""
    volumes = []
    for group, listed in groupby(rows, key=lambda row: row.indicator.group):
        members = list(listed)
        numbers = [row.indicator.number for row in members]
        name = f"{group.area.number}.{group.number} {group.title}"
        title = members[0].indicator.title if single else group.title
        volumes.append(
            Volume(
                title=f"{title}（指标{_spans(numbers)}）",
                name=f"指标{numbers[0]}" if single else name,
                assignments=frozenset(row.pk for row in members),
                unit=unit,
            )
        )
    return volumes


def _spans(numbers: Sequence[int]) -> str:
    """5—7、9: numbers in ascending order, those that follow each other as a span."""
    spans: list[list[int]] = []
    for each in numbers:
        if spans and spans[-1][-1] == each - 1:
            spans[-1].append(each)
        else:
            spans.append([each])
    return "、".join(f"{s[0]}—{s[-1]}" if len(s) > 1 else str(s[0]) for s in spans)
