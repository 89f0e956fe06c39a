"""What one person is told on one day: their reminders and the day's news in one message."""

from __future__ import annotations

from collections import Counter
from datetime import date

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from assessments.models import Reminder
from assessments.rectification.states import OPEN
from lawgov.accounts.models import Membership
from lawgov.notifications.kinds import sentence
from lawgov.notifications.messages import Line, Message
from lawgov.notifications.models import Delivery, Notification
from lawgov.web.dates import day_text

LIMIT = 20  # items named one by one; the rest is a count with a link


def compose(delivery: Delivery) -> Message | None:
    """The digest as it is true now: closed issues and people without a role drop out.

    None when nothing is left. Order: days overdue descending, then due date, then news.
    """
    if (
        not Membership.objects.filter(user=delivery.person_id, region=delivery.region_id)
        .valid_on(delivery.day)
        .exists()
    ):
        return None
    reminders = _reminders(delivery)
    news = list(
        Notification.objects.filter(
            recipient=delivery.person_id, region=delivery.region_id, digest_on=delivery.day
        )
        .exclude(kind="digest")
        .order_by("id")
    )
    if not reminders and not news:
        return None
    lines = [_reminder_line(reminder, delivery.day) for reminder in reminders]
    lines += [Line(sentence(item), "", _absolute(item.url)) for item in news]
    counts = Counter(reminder.kind for reminder in reminders)
    counts["news"] = len(news)
    return Message(
        subject=_subject(counts, delivery.day),
        greeting=_("%(name)s：以下事项请办理。") % {"name": delivery.person.name},
        lines=lines[:LIMIT],
        rest=max(len(lines) - LIMIT, 0),
        closing=_("每天最多一封。登录工作台可以看到全部事项。"),
        url=_absolute(reverse("home")),
        counts=dict(counts),
    )


def _reminders(delivery: Delivery) -> list[Reminder]:
    rows = (
        Reminder.objects.filter(
            recipient=delivery.person_id,
            region=delivery.region_id,
            local_day=delivery.day,
            status=Reminder.Status.COVERED,
            response__state__in=OPEN,
        )
        .select_related("response__issue", "response__unit")
        .order_by("days", "response__deadline_date", "response_id")
    )
    once = {row.response_id: row for row in rows}  # several levels may meet in one person
    return list(once.values())


def _reminder_line(reminder: Reminder, today: date) -> Line:
    response = reminder.response
    issue = response.issue
    text = f"{_when(reminder)}　{issue.number} {issue.text}"
    note = "　".join(
        [response.unit.short_name, day_text(response.deadline_date, today), _todo(reminder)]
    )
    return Line(text, note, _absolute(reverse("rectification:detail", args=[issue.pk])))


def _when(reminder: Reminder) -> str:
    if reminder.days < 0:
        count = -reminder.days
        return ngettext("逾期%(count)s天", "逾期%(count)s天", count) % {"count": count}
    if reminder.days == 0:
        return _("今天到期")
    count = reminder.days
    return ngettext("剩%(count)s个工作日", "剩%(count)s个工作日", count) % {"count": count}


def _todo(reminder: Reminder) -> str:
    """The sentence of what to do."""
    if reminder.kind == Reminder.Kind.REVIEW:
        return _("等待核查，请核查后销号或退回")
    match reminder.level:
        case Reminder.Level.CONTACT:
            return _("请填报进展，具备条件的申请销号")
        case Reminder.Level.HEAD:
            return _("逾期未办结，请督促本单位经办人")
        case Reminder.Level.OFFICE:
            return _("逾期未办结，请督办")
    return _("逾期未办结，请过问")


def _subject(counts: Counter, day: date) -> str:
    parts = []
    if counts["overdue"]:
        parts.append(_("逾期 %(count)s 件") % {"count": counts["overdue"]})
    if counts["before"]:
        parts.append(_("快到期 %(count)s 件") % {"count": counts["before"]})
    if counts["review"]:
        parts.append(_("待核查 %(count)s 件") % {"count": counts["review"]})
    if counts["news"]:
        parts.append(_("新消息 %(count)s 条") % {"count": counts["news"]})
    return _("【催办】%(day)s %(what)s") % {"day": day_text(day, day), "what": _("，").join(parts)}


def _absolute(path: str) -> str:
    return f"{settings.PUBLIC_URL}{path}"
