"""What one person is told on one day: their reminders and the day's news in one message."""

from __future__ import annotations

from collections import Counter
from datetime import date

from django.urls import reverse
from django.utils.translation import gettext as _

from assessments.models import Reminder
from assessments.reminders.figures import absolute, place_digest
from assessments.reminders.kinds import Kind
from assessments.reminders.people import Post, held_posts
from assessments.reminders.rules import PlaceRules
from assessments.reminders.subjects import told_of
from assessments.reminders.texts import Texts
from lawgov.accounts.models import User
from lawgov.notifications.kinds import counted, sentence
from lawgov.notifications.messages import Line, Message
from lawgov.notifications.models import Delivery, Notification
from lawgov.units.models import Region
from lawgov.web.dates import day_text

LIMIT = 20  # items named one by one; the rest is a count with a link
LAST = date.max


def compose(delivery: Delivery) -> Message | None:
    """The digest of one person alone; a run over many keeps one `Digests`."""
    return Digests().compose(delivery)


def persons_message(person: User, region: Region, day: date) -> Message | None:
    """The digest that a person has or would have on a day, to be shown and not sent."""
    return compose(Delivery(person=person, region=region, day=day))


class Digests:
    """Writes digests; the sentences of a place are read once for all its people."""

    def __init__(self) -> None:
        self._texts: dict[int, Texts] = {}

    def compose(self, delivery: Delivery) -> Message | None:
        """The digest as it is true now: what is settled drops out, and so does everything for
        people without a role, and what stands with a post that is not theirs any more.

        None when nothing is left. Order: days overdue descending, then due date, then news. A
        delivery without a person carries the place's figures.
        """
        if delivery.person is None:
            return place_digest(delivery.region, delivery.day)
        rows = _covered(delivery)
        people = {delivery.person_id, *(row.stands_for_id for row in rows if row.stands_for_id)}
        held = held_posts(delivery.region_id, delivery.day, people)
        if not held[delivery.person_id]:
            return None
        reminders = _still_true(rows, held)
        news = list(
            Notification.objects.filter(
                recipient=delivery.person_id, region=delivery.region_id, digest_on=delivery.day
            )
            .exclude(kind="digest")
            .order_by("id")
        )
        if not reminders and not news:
            return None
        texts = self._texts_of(delivery.region_id)
        lines = [reminder_line(reminder, delivery.day, texts) for reminder in reminders]
        lines += [Line(sentence(item), "", absolute(item.url)) for item in news]
        counts = Counter(bucket(reminder) for reminder in reminders)
        counts["news"] = len(news)
        return Message(
            subject=_subject(counts, delivery.day),
            greeting=_("%(name)s：以下事项请办理。") % {"name": delivery.person.name},
            lines=lines[:LIMIT],
            rest=max(len(lines) - LIMIT, 0),
            closing=_("每天最多一封。登录工作台可以看到全部事项。"),
            url=absolute(reverse("home")),
            counts=dict(counts),
        )

    def _texts_of(self, region_id: int) -> Texts:
        if region_id not in self._texts:
            self._texts[region_id] = PlaceRules.of_region(region_id).texts
        return self._texts[region_id]


def _covered(delivery: Delivery) -> list[Reminder]:
    """What was planned for the digest. What is pressed by hand is news already, with its reason."""
    return list(
        Reminder.objects.filter(
            recipient=delivery.person_id,
            region=delivery.region_id,
            local_day=delivery.day,
            status=Reminder.Status.COVERED,
        )
        .exclude(kind=Kind.MANUAL)
        .select_related(
            "response__issue__assignment",
            "response__unit",
            "stands_for",
            "evidence__unit",
            "work__assignment__indicator",
            "work__unit",
        )
    )


def _still_true(rows: list[Reminder], held: dict[int, set[Post]]) -> list[Reminder]:
    """Each thing once, most urgent first, without what was settled or is no longer theirs."""
    found = []
    for row in rows:
        subject = told_of(row)
        holder = row.stands_for_id or row.recipient_id
        if subject.is_open(row) and held[holder] & set(subject.posts(row)):
            found.append((row.days, subject.due(row) or LAST, row.pk, row))
    once = {}
    for _days, _due, _pk, row in sorted(found, key=lambda one: one[:3]):
        once.setdefault((row.response_id, row.work_id, row.evidence_id), row)
    return list(once.values())


def reminder_line(reminder: Reminder, today: date, texts: Texts) -> Line:
    subject = told_of(reminder)
    values = subject.values(reminder, today)
    parts = [values["unit"], values["due"], texts.of(reminder, values)]
    if reminder.stands_for:
        parts.append(_("代%(name)s办理") % {"name": reminder.stands_for.name})
    text = f"{values['when']}　{subject.headline(reminder)}"
    return Line(text, "　".join(part for part in parts if part), absolute(subject.url(reminder)))


def bucket(reminder: Reminder) -> str:
    """Under which count of the subject line a reminder falls."""
    if reminder.kind == Kind.REVIEW:
        return "review"
    return "overdue" if reminder.days < 0 else "before"


def _subject(counts: Counter, day: date) -> str:
    return _("【催办】%(day)s %(what)s") % {"day": day_text(day, day), "what": counted(counts)}
