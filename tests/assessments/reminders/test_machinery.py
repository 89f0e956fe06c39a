"""What the machinery of reminders promises, a sentence a test; robustness guide (c), rules 1-10.

What is proven elsewhere: kills in faults/test_kills.py, the broker in faults/test_broker.py, two
beats in faults/test_two_beats.py, catching up in test_receivers.py and test_replay.py.
"""

from __future__ import annotations

import inspect
import re
from datetime import timedelta

import pytest
from django.conf import settings
from django.core import mail
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from assessments import tasks
from assessments.models import PlannerRun, Reminder
from assessments.reminders.digest import Digests
from assessments.reminders.planner import plan_all
from lawgov.audit.models import AuditEntry
from lawgov.celery import SCHEDULE, app
from lawgov.jobs import actions as jobs
from lawgov.notifications import sender
from lawgov.notifications.channels.email import EmailChannel
from lawgov.notifications.channels.page import PageChannel
from lawgov.notifications.models import Delivery, Notification
from tests import factories
from tests.assessments.rectification.moves import make_proof_of, take
from tests.factories import NOW, TODAY
from tests.people import browser, make_cast

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.postgres]
DAY = timedelta(days=1)


@pytest.fixture
def cast():
    return make_cast()


@pytest.fixture
def answer(cast):
    issue = factories.make_issue(factories.make_inspection(cast.region), deadline_date=TODAY)
    return factories.make_response(issue, cast.unit, "rectifying")


@pytest.fixture
def planned(answer) -> Delivery:
    plan_all(NOW)
    return Delivery.objects.get(channel="email")


def drain(**given):
    return sender.drain(Digests().compose, today=TODAY, **given)


# -- the database is the truth, the queue is a hint -----------------------------------------------


def test_the_next_minute_finds_what_the_queue_lost(cast, monkeypatch):
    """Each task takes two and asks for another, which never comes."""
    inspection = factories.make_inspection(cast.region)
    for unit in (cast.unit, cast.other_unit):
        issue = factories.make_issue(inspection, deadline_date=TODAY)
        factories.make_response(issue, unit, "rectifying")
    asked = []
    monkeypatch.setattr(tasks, "_go_on", lambda: asked.append(1))
    monkeypatch.setattr(tasks, "MOST", 2)
    monkeypatch.setattr(timezone, "now", lambda: NOW)
    minutes = [tasks.tick.apply().get() for _minute in range(3)]
    assert (minutes, len(asked)) == ([2, 2, 0], 2)
    assert len(mail.outbox) == 2


def test_a_sweep_for_due_reminders_and_lost_jobs_comes_each_minute():
    every = {row.task: row.every for row in SCHEDULE}
    assert every["reminders.tick"] == every["jobs.sweep"] == 60


# -- Celery: late acknowledgement, limits, no results, no far-off moments -------------------------


def test_no_task_is_put_off_to_a_later_moment_in_the_queue():
    """An ETA longer than the visibility timeout is delivered twice; ours are rows instead."""
    put_off = re.compile(r"\b(countdown|eta)\s*=")
    code = [
        file
        for name in ("lawgov", "assessments", "indicators")
        for file in (settings.BASE_DIR / name).rglob("*.py")
    ]
    assert len(code) > 100
    assert put_off.search("tick.apply_async(countdown=90)")
    assert not [file for file in code if put_off.search(file.read_text(encoding="utf-8"))]


def test_celery_keeps_no_results_connects_for_ever_and_stops_softly():
    conf = app.conf
    assert conf.result_backend is None
    assert conf.task_ignore_result
    assert conf.broker_connection_max_retries is None
    assert conf.broker_connection_retry_on_startup
    assert 0 < conf.task_soft_time_limit < conf.task_time_limit
    assert conf.worker_soft_shutdown_timeout > 0
    assert conf.worker_prefetch_multiplier == 1


# -- tasks carry ids, read anew, and do nothing the second time -----------------------------------


def test_the_arguments_of_a_task_are_ids_only():
    app.loader.import_default_modules()
    ours = [task for name, task in app.tasks.items() if not name.startswith("celery.")]
    kinds = {
        parameter.annotation
        for task in ours
        for parameter in inspect.signature(task.run, eval_str=True).parameters.values()
    }
    assert kinds == {int}


def test_a_task_that_comes_twice_does_nothing_the_second_time(answer, monkeypatch):
    monkeypatch.setattr(timezone, "now", lambda: NOW)
    assert [tasks.tick(), tasks.tick()] == [2, 0]
    assert len(mail.outbox) == 1


# -- rows are unique in the database --------------------------------------------------------------


@pytest.mark.parametrize("model", [Reminder, Delivery, PlannerRun])
def test_the_database_refuses_a_second_row_for_the_same_thing_and_day(planned, model):
    row = model._base_manager.order_by("pk").first()
    row.pk = None
    if model is Delivery:
        row.key = "another"
    with pytest.raises(IntegrityError):
        model._base_manager.bulk_create([row])


def test_the_database_refuses_a_state_that_does_not_exist(planned):
    with pytest.raises(IntegrityError), connection.cursor() as cursor:
        cursor.execute("UPDATE notifications_delivery SET status = 'perhaps'")


def test_a_planner_that_forgot_its_run_adds_no_row(planned):
    before = Reminder.objects.count(), Delivery.objects.count()
    PlannerRun.objects.all().delete()
    plan_all(NOW)
    assert (Reminder.objects.count(), Delivery.objects.count()) == before


# -- leased, sending before the call, sent; one key -----------------------------------------------


def test_at_the_moment_of_the_call_sending_is_committed(planned, monkeypatch):
    seen = []

    def looking(self, delivery, message):
        seen.append((connection.in_atomic_block, Delivery.objects.get(pk=planned.pk).status))

    monkeypatch.setattr(EmailChannel, "deliver", looking)
    drain()
    assert seen == [(False, "sending")]
    planned.refresh_from_db()
    assert planned.status == "sent"


def test_what_one_sender_holds_no_other_takes(planned, monkeypatch):
    taken = []

    def another_comes(self, delivery, message):
        taken.append(drain()["sent"])

    monkeypatch.setattr(EmailChannel, "deliver", another_comes)
    drain()
    assert taken == [0]


def test_the_line_in_the_inbox_and_its_delivery_are_one_transaction(planned, monkeypatch):
    deliver_all = PageChannel.deliver_all

    def half(self, pairs, now):
        deliver_all(self, pairs, now)
        raise RuntimeError

    monkeypatch.setattr(PageChannel, "deliver_all", half)
    with pytest.raises(RuntimeError):
        drain()
    assert not Notification.objects.exists()
    assert not Delivery.objects.filter(channel="page", status="sent").exists()


def test_page_and_mail_are_read_once_and_anew_after_a_moment(
    planned, monkeypatch, django_assert_num_queries
):
    digests, page = Digests(), Delivery.objects.select_related("person").get(channel="page")
    digests.ahead([page])
    with django_assert_num_queries(0):
        digests.ahead([planned])
    monkeypatch.setattr("assessments.reminders.digest.FRESH", 0)
    with CaptureQueriesContext(connection) as anew:
        digests.ahead([planned])
    assert len(anew) > 0


# -- a lease that ran out in the middle of a call -------------------------------------------------


def test_a_call_whose_end_nobody_knows_is_uncertain_next_working_day_and_counted(cast, planned):
    monday = NOW + 3 * DAY
    begun = {"first_try_at": NOW, "leased_until": NOW, "leased_by": "h:1:1:x"}
    Delivery.objects.filter(pk=planned.pk).update(status="sending", **begun)
    plan_all(monday)
    planned.refresh_from_db()
    assert planned.status == "uncertain"
    page = browser(cast.office).get("/settings/reminders/sent/").content.decode()
    assert "1 条结果不明" in page
    assert Delivery.objects.filter(day=TODAY + 3 * DAY, person=planned.person).exists()


# -- business change, trail and notices in one transaction; the queue hears after the commit ------


def test_when_the_notice_cannot_be_written_the_change_and_its_trail_are_not_either(
    cast, answer, monkeypatch
):
    def broken(*given, **more):
        raise RuntimeError

    make_proof_of(answer)
    monkeypatch.setattr("lawgov.workflow.post", broken)
    before = AuditEntry.objects.count()
    with pytest.raises(RuntimeError):
        take(answer, "request", cast.head)
    answer.refresh_from_db()
    assert (answer.state, AuditEntry.objects.count()) == ("rectifying", before)


def test_a_job_that_was_rolled_back_is_never_put_into_the_queue(cast, monkeypatch):
    nudged = []
    monkeypatch.setattr(jobs, "nudge", nudged.append)
    with pytest.raises(RuntimeError), transaction.atomic():
        jobs.start(cast.office, "export_ledger", {}, now=NOW)
        raise RuntimeError
    assert not nudged
    with transaction.atomic():
        job = jobs.start(cast.office, "export_ledger", {}, now=NOW)
        assert not nudged, "not before the commit"
    assert nudged == [job.pk]
