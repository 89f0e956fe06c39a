"""What one person is told on one day: their reminders and the day's news in one message."""

from __future__ import annotations

import time
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cache

from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from assessments.models import Reminder
from assessments.reminders.figures import place_digest
from assessments.reminders.kinds import Kind
from assessments.reminders.people import Post, held_posts
from assessments.reminders.rules import PlaceRules
from assessments.reminders.subjects import told_of
from assessments.reminders.texts import Texts
from lawgov.accounts.models import User
from lawgov.notifications.kinds import counted, sentence
from lawgov.notifications.messages import Line, Message, absolute
from lawgov.notifications.models import Delivery, Notification
from lawgov.units.models import Region
from lawgov.web.dates import day_text

LIMIT = 20  # items named one by one; the rest is a count with a link
LAST = date.max
FRESH = 1.0  # seconds for which what was read for one channel holds for the next one


def compose(delivery: Delivery) -> Message | None:
    """The digest of one person alone; a run over many keeps one `Digests`."""
    return Digests().compose(delivery)


def persons_message(person: User, region: Region, day: date) -> Message | None:
    """The digest that a person has or would have on a day, to be shown and not sent."""
    return compose(Delivery(person=person, region=region, day=day))


@dataclass
class _Facts:
    """The rows of one person's digest, and the posts they and those they stand for hold.

    `messages` are the digests written from them, by language: page and mail say the same.
    """

    reminders: list[Reminder] = field(default_factory=list)
    news: list[Notification] = field(default_factory=list)
    held: dict[int, set[Post]] = field(default_factory=dict)
    messages: dict[str | None, Message | None] = field(default_factory=dict)
    read_at: float = field(default_factory=time.monotonic)

    @property
    def is_fresh(self) -> bool:
        return time.monotonic() - self.read_at < FRESH


class Digests:
    """Writes digests; the sentences of a place are read once for all its people."""

    def __init__(self) -> None:
        self._texts: dict[int, Texts] = {}
        self._known: dict[tuple[int, date, int], _Facts] = {}

    def ahead(self, deliveries: Iterable[Delivery]) -> None:
        """Read the rows of those who are asked for next, and forget what is not fresh."""
        self._known = {key: facts for key, facts in self._known.items() if facts.is_fresh}
        asked: dict[tuple[int, date], set[int]] = defaultdict(set)
        for delivery in deliveries:
            if delivery.person_id and _key(delivery) not in self._known:
                asked[delivery.region_id, delivery.day].add(delivery.person_id)
        for (region, day), people in asked.items():
            for person, facts in _facts(region, day, people).items():
                self._known[region, day, person] = facts

    def compose(self, delivery: Delivery) -> Message | None:
        """The digest as it is true now: what is settled drops out, and so does everything for
        people without a role, and what stands with a post that is not theirs any more.

        None when nothing is left. Order: days overdue descending, then due date, then news. A
        delivery without a person carries the place's figures.
        """
        if delivery.person is None:
            return place_digest(delivery.region, delivery.day)
        facts = self._facts_of(delivery)
        language = get_language()
        if language not in facts.messages:
            facts.messages[language] = self._written(facts, delivery)
        return facts.messages[language]

    def _written(self, facts: _Facts, delivery: Delivery) -> Message | None:
        """In the active language."""
        if not facts.held[delivery.person_id]:
            return None
        reminders = _still_true(facts.reminders, facts.held)
        if not reminders and not facts.news:
            return None
        texts = self._texts_of(delivery.region_id)
        lines = [reminder_line(reminder, delivery.day, texts) for reminder in reminders]
        lines += [Line(sentence(item), "", absolute(item.url)) for item in facts.news]
        counts = Counter(bucket(reminder) for reminder in reminders)
        counts["news"] = len(facts.news)
        return Message(
            subject=_subject(counts, delivery.day),
            greeting=_greeting(delivery.person.name, to_do=bool(reminders)),
            lines=lines[:LIMIT],
            rest=max(len(lines) - LIMIT, 0),
            closing=_("每天最多提醒一次。登录工作台可以看到全部事项。"),
            url=absolute(_home()),
            counts=dict(counts),
        )

    def _facts_of(self, delivery: Delivery) -> _Facts:
        """What was read ahead; else read now."""
        region, day, person = key = _key(delivery)
        return self._known.get(key) or _facts(region, day, {person})[person]

    def _texts_of(self, region_id: int) -> Texts:
        if region_id not in self._texts:
            self._texts[region_id] = PlaceRules.of_region(region_id).texts
        return self._texts[region_id]


def _key(delivery: Delivery) -> tuple[int, date, int]:
    return delivery.region_id, delivery.day, delivery.person_id


@cache
def _home() -> str:
    return reverse("home")


def _facts(region: int, day: date, people: set[int]) -> dict[int, _Facts]:
    """Of each of `people`; three queries for all."""
    found = {person: _Facts() for person in people}
    away = set()
    for row in _covered(region, day, people):
        found[row.recipient_id].reminders.append(row)
        if row.stands_for_id:
            away.add(row.stands_for_id)
    news = Notification.objects.filter(recipient__in=people, region=region, digest_on=day)
    for item in news.exclude(kind="digest").order_by("id"):
        found[item.recipient_id].news.append(item)
    held = held_posts(region, day, people | away)
    for facts in found.values():
        facts.held = held
    return found


#: The columns that a digest needs, by kind of subject: each of them is paid for by every digest.
OWN = ("response", "work", "evidence", "kind", "level", "local_day", "recipient", "stands_for",
       "deadline_version", "days", "stands_for__name")  # fmt: skip
READ = {
    "response": ("state", "deadline_text", "deadline_date", "deadline_version", "unit__short_name",
                 "issue__kind", "issue__number", "issue__text", "issue__assignment__lead_unit"),
    "work": ("state", "unit__short_name", "assignment__due_on", "assignment__lead_unit__short_name",
             "assignment__indicator__number", "assignment__indicator__title",
             "assignment__indicator__title_en"),
    "evidence": ("title", "document_number", "period_to", "removed_at", "unit__short_name"),
}  # fmt: skip
JOINED = {
    "response": ("response__unit", "response__issue__assignment"),
    "work": ("work__unit", "work__assignment__indicator", "work__assignment__lead_unit"),
    "evidence": ("evidence__unit",),
}


def _covered(region: int, day: date, people: set[int]) -> Iterator[Reminder]:
    """What was planned for the digests; what is pressed by hand is news, with its reason."""
    rows = Reminder.objects.filter(
        recipient__in=people, region=region, local_day=day, status=Reminder.Status.COVERED
    ).exclude(kind=Kind.MANUAL)
    for subject, names in READ.items():
        found = rows.filter(**{f"{subject}__isnull": False}).order_by("pk")
        found = found.select_related(*JOINED[subject], "stands_for")
        yield from found.only(*OWN, *(f"{subject}__{name}" for name in names))


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
    for_whom = ""
    if reminder.stands_for:
        for_whom = _("代%(name)s办理") % {"name": reminder.stands_for.name}
    said = texts.of(reminder, values)
    url = absolute(subject.url(reminder))
    return item_line(values, subject.headline(reminder), said, for_whom, url=url)


def item_line(values: Mapping[str, str], headline: str, *said: str, url: str = "") -> Line:
    """One item as every channel and the preview show it: how urgent and what, then the rest."""
    parts = [values["unit"], values["due"], *said]
    return Line(f"{values['when']}　{headline}", "　".join(part for part in parts if part), url)


def _greeting(name: str, *, to_do: bool) -> str:
    """News alone asks for nothing."""
    words = _("%(name)s：以下事项请办理。") if to_do else _("%(name)s：有新的消息。")
    return words % {"name": name}


def bucket(reminder: Reminder) -> str:
    """Under which count of the subject line a reminder falls."""
    if reminder.kind == Kind.REVIEW:
        return "review"
    return "overdue" if reminder.days < 0 else "before"


def _subject(counts: Counter, day: date) -> str:
    presses = any(number for name, number in counts.items() if name != "news")
    words = _("【催办】%(day)s %(what)s") if presses else _("【提醒】%(day)s %(what)s")
    return words % {"day": day_text(day, day), "what": counted(counts)}
