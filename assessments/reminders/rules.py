"""The rules of one place: its own rows over the defaults, read once for a planning or a page."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Self

from assessments.reminders.kinds import Watch
from assessments.reminders.levels import DEFAULTS, Rules
from assessments.reminders.models import ReminderHours, ReminderRule, ReminderText
from assessments.reminders.texts import Texts
from indicators.models import Campaign

NUMBERS = ("active", "limit", "first", "every", "head_from", "office_from", "leader_from")


def numbers_of(text: str) -> tuple[int, ...]:
    """The working days of a `before` as written ("7,3,1,0"), most first; ValueError otherwise."""
    parts = text.replace("，", ",").replace("、", ",").replace(" ", ",").split(",")
    found = {int(part) for part in parts if part}
    if any(number < 0 for number in found):
        raise ValueError(text)
    return tuple(sorted(found, reverse=True))


def written(numbers: tuple[int, ...]) -> str:
    return ",".join(map(str, numbers))


def of_row(row: ReminderRule) -> Rules:
    return Rules(before=numbers_of(row.before), **{name: getattr(row, name) for name in NUMBERS})


def default_row(campaign: object, watch: str) -> ReminderRule:
    """The defaults as a row that is not stored, for a form to begin with."""
    rules = DEFAULTS[watch]
    values = {name: getattr(rules, name) for name in NUMBERS}
    return ReminderRule(campaign=campaign, watch=watch, before=written(rules.before), **values)


@dataclass(frozen=True)
class PlaceRules:
    """What one campaign asks for: a rule of each kind, its hours, its own sentences."""

    by_watch: dict[str, Rules]
    hours: ReminderHours
    texts: Texts

    @classmethod
    def of(cls, campaign_id: int) -> Self:
        """Three queries; a campaign without rows has the defaults."""
        hours = ReminderHours.objects.filter(campaign=campaign_id).first()
        hours = hours or ReminderHours(campaign_id=campaign_id)
        own = {row.watch: of_row(row) for row in ReminderRule.objects.filter(campaign=campaign_id)}
        found = {watch: own.get(watch, DEFAULTS[watch]) for watch in Watch}
        if hours.any_day:
            urgent = replace(found[Watch.DEADLINE], any_day_from=hours.any_day_from)
            found[Watch.DEADLINE] = urgent
        texts = ReminderText.objects.filter(campaign=campaign_id)
        written = {(row.watch, row.level, row.language): row.text for row in texts}
        return cls(found, hours, Texts(written))

    @classmethod
    def of_region(cls, region_id: int) -> Self:
        """The rules of the place's campaign; the defaults for a place without one."""
        campaign = Campaign.objects.filter(region=region_id).values_list("pk", flat=True).first()
        return cls.of(campaign or 0)
