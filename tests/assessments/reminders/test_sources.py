"""What each rule watches, with rows: who is told of what on which day, and when no longer."""

from datetime import date, datetime, timedelta

import pytest

from assessments.models import Extension, ProgressNote, Reminder, ReminderHours, ReminderRule
from assessments.rectification.states import State
from assessments.reminders.actions import awake_places, send_reminders
from indicators.assignments.states import UnitState
from lawgov.notifications.models import Delivery
from tests import factories
from tests.factories import NOW, SHANGHAI, TODAY

pytestmark = [pytest.mark.django_db, pytest.mark.postgres]
DAY = timedelta(days=1)


@pytest.fixture
def inspection(cast):
    return factories.make_inspection(cast.region, issued_on=date(2026, 11, 17))


def told(cast, kind: str, day: date = TODAY) -> set[tuple[str, str]]:
    names = {actor.user.pk: name for name, actor in cast.everybody().items()}
    rows = Reminder.objects.filter(kind=kind, local_day=day, status="covered")
    return {(names[row.recipient_id], row.level) for row in rows}


def answer(inspection, unit, state=State.RECTIFYING, **fields):
    issue = factories.make_issue(inspection, deadline_date=None, deadline_kind="none")
    return factories.make_response(issue, unit, state, **fields)


def test_a_letter_not_received_after_three_working_days_is_told_on_the_third(cast, inspection):
    answer(inspection, cast.unit, State.ISSUED)  # letter of Tuesday the 17th: Friday the 20th
    send_reminders(NOW)
    assert told(cast, "receipt") == {("editor", "contact")}


def test_a_letter_not_received_goes_up_the_house(cast, inspection):
    answer(inspection, cast.unit, State.ISSUED)
    day = NOW + 7 * DAY  # overdue days 1, 3, 5, 7: Friday the 27th
    send_reminders(day)
    assert told(cast, "receipt", TODAY + 7 * DAY) == {
        ("editor", "contact"),
        ("head", "head"),
        ("office", "office"),
    }


def test_what_was_received_is_not_asked_for(cast, inspection):
    answer(inspection, cast.unit, State.ACCEPTED)
    send_reminders(NOW)
    assert not Reminder.objects.exists()


def test_proof_that_is_due_reminds_the_unit_that_has_not_handed_in(cast):
    row = cast.campaign.assignments.first()
    row.due_on = TODAY
    row.save()
    factories.make_work(row, cast.unit, state=UnitState.COLLECTING)
    factories.make_work(row, cast.other_unit, state=UnitState.WITH_LEAD)
    send_reminders(NOW)
    assert told(cast, "evidence") == {("editor", "contact")}


def test_an_answer_that_waits_too_long_reminds_those_who_check(cast, inspection):
    sent = datetime(2026, 11, 12, 15, 0, tzinfo=SHANGHAI)  # five working days: the 19th
    answer(inspection, cast.unit, State.SUBMITTED, submitted_at=sent)
    send_reminders(NOW)
    assert told(cast, "review") == {("supervisor", "checker"), ("office", "checker")}


@pytest.mark.parametrize(
    ("state", "expected"),
    [(UnitState.WITH_HEAD, ("head", "checker")), (UnitState.WITH_LEAD, ("lead", "checker"))],
)
def test_work_that_waits_too_long_reminds_whose_desk_it_lies_on(cast, state, expected):
    sent = datetime(2026, 11, 12, 15, 0, tzinfo=SHANGHAI)
    row = cast.campaign.assignments.first()
    factories.make_work(row, cast.unit, state=state, submitted_at=sent)
    send_reminders(NOW)
    assert told(cast, "review") == {expected}


def test_an_extension_that_ends_tells_the_head_as_well(cast, inspection):
    end = date(2026, 11, 24)  # two working days after Friday the 20th
    row = answer(inspection, cast.unit, deadline_version=2)
    row.deadline_date = end
    row.save()
    Extension.objects.create(
        response=row, new_date=end, reason="疫情", state="approved", asked_at=NOW
    )
    send_reminders(NOW)
    assert told(cast, "extension") == {("editor", "contact"), ("head", "head")}
    assert not told(cast, "before"), "two working days left is no day of the deadline's own rule"


def test_evidence_whose_period_ends_reminds_its_unit_while_it_is_in_use(cast):
    work = factories.make_work(cast.campaign.assignments.first(), cast.unit)
    proof, unused = factories.make_proof(work), factories.make_proof(work, "旧登记表")
    unused.links.update(removed_at=NOW)
    for piece in (proof, unused):
        piece.period_to = date(2026, 11, 27)  # five working days after Friday the 20th
        piece.save()
    send_reminders(NOW)
    rows = Reminder.objects.filter(kind="expiring").values_list("evidence", "recipient")
    assert list(rows) == [(proof.pk, cast.editor.user.pk)]


def test_long_term_work_is_asked_about_a_quarter_after_its_last_note(cast, inspection):
    row = answer(inspection, cast.unit, deadline_kind="long_term")
    quiet = answer(inspection, cast.unit, deadline_kind="long_term")
    ProgressNote.objects.create(response=row, text="每月检查", at=NOW - 90 * DAY)
    ProgressNote.objects.create(response=quiet, text="每月检查", at=NOW - 60 * DAY)
    send_reminders(NOW)
    assert list(Reminder.objects.values_list("kind", "response")) == [("periodic", row.pk)]


def test_a_rule_that_the_place_turned_off_is_silent(cast, inspection):
    answer(inspection, cast.unit, State.ISSUED)
    ReminderRule.objects.create(campaign=cast.campaign, watch="receipt", active=False, before="0")
    send_reminders(NOW)
    assert not Reminder.objects.exists()


def test_the_places_own_days_count(cast, inspection):
    row = answer(inspection, cast.unit)
    row.deadline_date = date(2026, 11, 26)  # four working days left
    row.save()
    ReminderRule.objects.create(campaign=cast.campaign, watch="deadline", before="4", head_from=0)
    send_reminders(NOW)
    assert told(cast, "before") == {("editor", "contact"), ("head", "head")}


@pytest.mark.parametrize(
    ("subject", "settled"),
    [("receipt", State.ACCEPTED), ("review", State.RECTIFYING), ("overdue", State.SUBMITTED)],
)
def test_what_was_settled_after_the_planning_is_not_sent(
    cast, inspection, monkeypatch, subject, settled
):
    starts = {"receipt": State.ISSUED, "review": State.SUBMITTED, "overdue": State.RECTIFYING}
    row = answer(
        inspection,
        cast.unit,
        starts[subject],
        submitted_at=datetime(2026, 11, 12, 15, 0, tzinfo=SHANGHAI),
        deadline_date=TODAY - DAY if subject == "overdue" else None,
    )
    monkeypatch.setattr("lawgov.notifications.claims.Due.codes", lambda *given: [])
    send_reminders(NOW)
    assert Reminder.objects.filter(kind=subject, status="covered").exists()
    monkeypatch.undo()
    row.state = settled
    row.save()
    assert send_reminders(NOW)["sent"] == 0


# -- hours ----------------------------------------------------------------------------------------


def at(hour: int, day: date = TODAY) -> datetime:
    return datetime(day.year, day.month, day.day, hour, 0, tzinfo=SHANGHAI)


def test_each_place_has_its_own_quiet_hours(cast):
    ReminderHours.objects.create(campaign=cast.campaign, from_time="06:00", to_time="07:30")
    assert cast.region in awake_places(at(7))
    assert cast.region not in awake_places(at(10))
    assert cast.foreign_office.region in awake_places(at(10))
    assert cast.foreign_office.region not in awake_places(at(7))


def test_a_place_that_sleeps_is_neither_planned_nor_sent(cast, inspection):
    row = answer(inspection, cast.unit)
    row.deadline_date = TODAY
    row.save()
    send_reminders(NOW, regions=[cast.foreign_office.region])
    assert not Delivery.objects.exists()
    send_reminders(NOW, regions=[cast.region])
    assert Delivery.objects.filter(status="sent").exists()


def test_severe_delay_is_told_on_a_day_off_where_the_place_wants_it(cast, inspection):
    row = answer(inspection, cast.unit)
    row.deadline_date = date(2026, 11, 14)  # Saturday the 21st is overdue day 7
    row.save()
    saturday = at(10, TODAY + DAY)
    assert send_reminders(saturday)["planned"] == 0
    ReminderHours.objects.create(campaign=cast.campaign, any_day=True)
    send_reminders(NOW)
    send_reminders(saturday)
    assert told(cast, "overdue", TODAY + DAY) == {("editor", "contact"), ("head", "head")}
    send_reminders(at(10, TODAY + 3 * DAY))
    assert not told(cast, "overdue", TODAY + 3 * DAY), "it was told on Saturday"
