"""The workbook of a ranking, for the page's job and the command alike."""

from __future__ import annotations

from datetime import datetime

from assessments.models import Score
from assessments.reports.quarters import Quarter
from assessments.reports.ranking_sheet import RankingHeading, ranking_book
from assessments.reports.standings import ranking
from indicators.models import Campaign
from lawgov.calendars import local_day
from lawgov.spreadsheets.sheet import Book


def ranking_workbook(
    campaign: Campaign, quarter: Quarter, source: Score.Source, now: datetime
) -> Book:
    """季度排序表 of a quarter; `campaign` comes with its region. ValueError for a later one."""
    heading = RankingHeading(
        place=campaign.region.name, unit=campaign.office_name or campaign.region.name
    )
    found = ranking(campaign, quarter, source, local_day(now))
    return ranking_book(found, heading, created=now)
