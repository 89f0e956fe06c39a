"""What is watched 提醒规则, what a reminder says, and who stands at which level."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _


class Watch(models.TextChoices):
    """What a rule watches; a place may change the numbers of each."""

    DEADLINE = "deadline", _("问题的完成时限")
    RECEIPT = "receipt", _("签收期限")
    EVIDENCE = "evidence", _("指标佐证的完成时限")
    REVIEW = "review", _("送审后久未处理")
    EXTENSION = "extension", _("延期快到期")
    EXPIRING = "expiring", _("佐证快过期")
    PERIODIC = "periodic", _("长期坚持的定期填报")


class Kind(models.TextChoices):
    """What a reminder is about; the deadline's rule gives two, by which side of the day it is."""

    BEFORE = "before", _("到期前")
    OVERDUE = "overdue", _("逾期")
    REVIEW = "review", _("等待核查")
    RECEIPT = "receipt", _("待签收")
    EVIDENCE = "evidence", _("佐证到期")
    EXTENSION = "extension", _("延期快到期")
    EXPIRING = "expiring", _("佐证快过期")
    PERIODIC = "periodic", _("定期填报")
    MANUAL = "manual", _("人工催办")


class Level(models.TextChoices):
    CONTACT = "contact", _("经办人")
    HEAD = "head", _("单位负责人")
    OFFICE = "office", _("创建办")
    LEADER = "leader", _("领导")
    CHECKER = "checker", _("核查人")


#: Why nothing went out: codes of Reminder.reason.
REASONS = {
    "planner_away": _("那天后台没有运行"),
    "not_sent_that_day": _("那天没有发出，次日合并"),
}


def reason_of(reminder: Any) -> str:
    """Why it was skipped, in words; "" where it was not."""
    return str(REASONS.get(reminder.reason, reminder.reason))


def watch_of(kind: str) -> str:
    """The rule that a kind of reminder comes from; a manual one speaks as the deadline does."""
    if kind in (Kind.BEFORE, Kind.OVERDUE, Kind.MANUAL):
        return Watch.DEADLINE
    return kind


#: Who is told first, by what is watched; the others of Level follow by the rule's days.
FIRST: dict[str, Level] = dict.fromkeys(Watch, Level.CONTACT) | {Watch.REVIEW: Level.CHECKER}


def levels_of(watch: str) -> list[Level]:
    """The levels that a rule may tell, the first one first."""
    return [FIRST[watch], Level.HEAD, Level.OFFICE, Level.LEADER]
