"""Two clicks at the same moment: two threads send the same form, and there is one effect."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.db import connection
from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone

from assessments.models import Inspection
from indicators.models import Evidence
from lawgov.accounts.answered import KEPT, sweep
from lawgov.accounts.models import AnsweredCall
from lawgov.jobs.models import Job
from lawgov.web import submissions
from tests import factories
from tests.people import Cast, browser
from tests.submissions.filling import Submission, submission

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]

REPEATED = "已经提交过了，没有重复办理。"
Made = Callable[[], int]


def inspection(cast: Cast) -> tuple[Submission, Made]:
    path, days = reverse("inspections:new"), {"starts_on": "2026-11-02", "ends_on": "2026-11-06"}
    return submission(browser(cast.office), path, path, days), Inspection.objects.count


def reference(cast: Cast) -> tuple[Submission, Made]:
    work = factories.make_work(cast.campaign.assignments.first(), cast.unit)
    path = reverse("evidence:reference", args=[work.assignment.indicator.number, cast.unit.pk])
    typed = {"url": "https://www.anhe.invalid/1", "title": "公示网页"}
    return submission(browser(cast.editor), path, path, typed), Evidence.objects.count


def export(cast: Cast) -> tuple[Submission, Made]:
    page, path = reverse("settings:units"), reverse("exports:list", args=["units"])
    return submission(browser(cast.office), page, path, {}), Job.objects.count


FORMS = [inspection, reference, export]


def at_once(form: Submission) -> list[HttpResponse]:
    """The answers to two submissions that reach the server together, each in its own thread."""
    barrier = threading.Barrier(2)

    def click(_n: int) -> HttpResponse:
        barrier.wait()
        try:
            return form.send()
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as threads:
        return list(threads.map(click, range(2)))


@pytest.mark.parametrize("made", FORMS)
def test_two_clicks_at_once_have_one_effect(made: Any, cast: Cast) -> None:
    form, count = made(cast)
    before = count()
    first, second = at_once(form)
    assert count() == before + 1
    assert first.status_code == second.status_code == 302 and first.url == second.url
    told = [[str(line) for line in answer.wsgi_request._messages] for answer in (first, second)]
    assert sum(REPEATED in lines for lines in told) == 1


@pytest.mark.parametrize("made", FORMS)
def test_without_the_guard_there_are_two(made: Any, cast: Cast, monkeypatch) -> None:
    """The control: the same two clicks, the key not looked at."""
    monkeypatch.setattr(submissions.OnceMiddleware, "process_view", lambda *_args: None)
    form, count = made(cast)
    before = count()
    at_once(form)
    assert count() == before + 2


def test_a_refused_form_may_be_sent_again(cast: Cast) -> None:
    form, count = inspection(cast)
    days = form.data.pop("ends_on")
    assert form.send().status_code == 422
    form.data["ends_on"] = days
    before = count()
    assert form.send().status_code == 302 and count() == before + 1


def test_other_content_under_the_same_key_is_another_form(cast: Cast) -> None:
    form, count = inspection(cast)
    before = count()
    form.send()
    form.data["name"] = ["另一次督察"]
    assert form.send().status_code == 302 and count() == before + 2


def test_another_persons_key_is_another_form(cast: Cast) -> None:
    form, count = inspection(cast)
    before = count()
    form.send()
    other = Submission(browser(cast.supervisor), form.path, form.data)
    assert other.send().status_code == 302 and count() == before + 2


def test_a_submission_that_broke_off_is_told_and_not_done(cast: Cast, monkeypatch) -> None:
    """The process died between the claim and the answer: nobody knows whether it was done."""
    monkeypatch.setattr(submissions, "WAIT", timedelta(0))
    form, count = inspection(cast)
    monkeypatch.setattr(submissions, "_settle", lambda *_args: None)
    form.send()
    before = count()
    again = form.send()
    assert again.status_code == 409 and "没有提交完" in again.content.decode()
    assert count() == before


def test_a_key_is_kept_for_a_day(cast: Cast) -> None:
    form, count = inspection(cast)
    form.send()
    before = count()
    AnsweredCall.objects.update(made_at=timezone.now() - KEPT)
    assert sweep(timezone.now()) == 1
    assert form.send().status_code == 302 and count() == before + 1


def test_a_trial_mail_goes_out_once(cast: Cast) -> None:
    page, path = reverse("reminders:own_channels"), reverse("reminders:mail_test")
    form = submission(browser(cast.office), page, path, {})
    assert form.has_key
    form.send()
    form.send()
    assert len(mail.outbox) == 1
