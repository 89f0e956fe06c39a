"""The time limit 完成时限 of an indicator, as written by the office."""

from __future__ import annotations

import re
from datetime import date

from django.utils.translation import gettext as _

from lawgov.chinese.deadlines import Deadline, read_deadline

LONGEST = 60  # characters of the text as written
_WITH_YEAR = re.compile(r"\d{4}|[〇零○]")


def due_of(text: str, starts_on: date) -> Deadline:
    """What a time limit means; a day without a year lies in the campaign, from its first day on."""
    due = read_deadline(text, year=starts_on.year)
    if due.day and due.day < starts_on and not _WITH_YEAR.search(text):
        return read_deadline(text, year=starts_on.year + 1)
    return due


def due_fault(due: Deadline) -> str | None:
    """Why a time limit cannot be taken; None when it can, also when it names no day (长期坚持)."""
    if due.impossible:
        return _("“%(text)s”不是实际日期，请改，如 11月30日") % {"text": due.text}
    if due.lacks:
        return _("“%(text)s”要写成日期，如 11月30日") % {"text": due.text}
    if due.text and len(due.text) > LONGEST:
        return _("超过 %(n)s 个字") % {"n": LONGEST}
    return None
