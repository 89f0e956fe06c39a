"""Sentences of notifications: what a digest holds is counted, what it does not hold is left out."""

from django.utils import translation

from lawgov.notifications.kinds import counted, sentence
from lawgov.notifications.models import Notification


def test_a_digest_names_only_what_there_is():
    counts = {"overdue": 3, "before": 0, "review": 1}
    told = sentence(Notification(kind="digest", data={"counts": counts, "day": "2026-11-20"}))
    assert told == "今日提醒：逾期 3 件，待核查 1 件"
    assert counted({"news": 2}) == "新消息 2 条"


def test_it_is_told_in_the_language_of_the_reader():
    with translation.override("en"):
        assert counted({"overdue": 3, "news": 2}) == "3 overdue, 2 new"
