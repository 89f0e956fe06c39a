"""The office's pages of rules: what is changed, refused, previewed, and seen by whom."""

import re

import pytest
from django.core import mail

from assessments.models import ReminderHours, ReminderRule, ReminderText
from assessments.reminders.actions import send_reminders
from assessments.reminders.kinds import Watch
from lawgov.audit.models import AuditEntry
from tests import factories
from tests.factories import NOW, TODAY
from tests.people import browser

pytestmark = pytest.mark.django_db
RULE = "/settings/reminders/rules/deadline/"
TYPED = {
    "active": "on",
    "before": "5，2",
    "first": "2",
    "every": "4",
    "head_from": "8",
    "office_from": "",
    "leader_from": "20",
}


def test_overview_tells_the_defaults_in_words(cast, django_assert_max_num_queries):
    client = browser(cast.office)
    with django_assert_max_num_queries(15):
        page = client.get("/settings/reminders/").content.decode()
    assert "7、3、1、当天" in page
    assert "第 1 天起，每 3 天" in page
    assert "单位负责人 7" in page


def test_only_the_office_finds_the_pages(cast):
    for name, actor in cast.everybody().items():
        status = 200 if name in ("office", "foreign_office") else 404
        assert browser(actor).get("/settings/reminders/").status_code == status, name
        assert browser(actor).get(RULE).status_code == status, name
    assert browser(cast.office).get("/settings/reminders/rules/nothing/").status_code == 404


def test_a_rule_is_changed_with_its_sentences_and_its_trail(cast):
    sentences = {"text_contact_zh_hans": "请{unit}抓紧", "text_head_en": "Please help {unit}"}
    answer = browser(cast.office).post(RULE, TYPED | sentences)
    assert answer.status_code == 302
    row = ReminderRule.objects.get(campaign=cast.campaign)
    assert (row.before, row.first, row.every) == ("5,2", 2, 4)
    assert (row.head_from, row.office_from, row.leader_from) == (8, None, 20)
    texts = ReminderText.objects.values_list("level", "language", "text").order_by("level")
    assert list(texts) == [
        ("contact", "zh-hans", "请{unit}抓紧"),
        ("head", "en", "Please help {unit}"),
    ]
    entry = AuditEntry.objects.get(verb="reminder.rule_changed")
    assert entry.data["set"]["before"] == ["7,3,1,0", "5,2"]
    assert not ReminderRule.objects.exclude(campaign=cast.campaign).exists()


def test_a_second_save_needs_the_version_that_was_seen(cast):
    client = browser(cast.office)
    client.post(RULE, TYPED)
    assert client.post(RULE, TYPED | {"version": "1", "every": "5"}).status_code == 302
    stale = client.post(RULE, TYPED | {"version": "1", "every": "6"})
    assert stale.status_code == 409
    assert ReminderRule.objects.get().every == 5


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("before", "七天", "只写数字"),
        ("before", "99", "每个不超过"),
        ("text_contact_zh_hans", "请{name}抓紧", "没有 {name} 这个占位"),
        ("text_contact_en", "{unit", "花括号没有配对"),
        ("leader_from", "3", "级别越高"),
    ],
)
def test_faulty_rules_are_refused_and_nothing_is_kept(cast, field, value, sentence):
    page = browser(cast.office).post(RULE, TYPED | {field: value})
    assert page.status_code == 422
    assert sentence in page.content.decode()
    assert not ReminderRule.objects.exists()
    assert not ReminderText.objects.exists()


def test_preview_shows_the_filled_sentence_and_saves_nothing(cast):
    typed = TYPED | {"text_contact_zh_hans": "请{unit}办理{number}", "preview": "1"}
    page = browser(cast.office).post(RULE, typed)
    assert "请区水利局办理086" in page.content.decode()
    assert not ReminderText.objects.exists()


def test_the_preview_is_the_item_as_it_goes_out_with_a_real_one_where_there_is_one(cast):
    page = browser(cast.office).get(RULE).content.decode()
    assert "逾期5天　086 处罚决定书未载明裁量理由" in page
    issue = factories.make_issue(factories.make_inspection(cast.region), text="公示栏没有更新",
                                 number="12", deadline_date=TODAY)  # fmt: skip
    factories.make_response(issue, cast.unit, "rectifying")
    send_reminders(NOW)
    page = browser(cast.office).get(RULE).content.decode()
    assert "今天到期　12 公示栏没有更新" in page
    assert "Due today　12 公示栏没有更新" in page
    assert "086" in page, "of the levels that nobody was told at yet"
    (line,) = [text for text in mail.outbox[0].body.splitlines() if "公示栏" in text]
    assert line.removeprefix("1. ") in page


@pytest.mark.parametrize("watch", Watch.values)
def test_every_rule_has_a_preview_in_both_languages(cast, watch):
    page = browser(cast.office).get(f"/settings/reminders/rules/{watch}/")
    lines = page.context["form"].text_fields
    assert len(lines) == 8
    for line in lines:
        assert line.preview.text
        assert line.preview.note
        assert "{" not in line.preview.note
    assert {bool(re.search("[a-z]{3}", one.preview.note)) for one in lines} == {True, False}


def test_hours_are_changed_and_an_end_before_the_start_is_refused(cast):
    client = browser(cast.office)
    typed = {"from_time": "09:00", "to_time": "18:00", "any_day_from": "10", "manual_daily": "5"}
    assert client.post("/settings/reminders/", typed | {"to_time": "08:00"}).status_code == 422
    assert client.post("/settings/reminders/", typed).status_code == 302
    row = ReminderHours.objects.get(campaign=cast.campaign)
    assert (str(row), row.any_day, row.manual_daily) == ("09:00—18:00", False, 5)
    assert AuditEntry.objects.filter(verb="reminder.hours_changed").count() == 1


def test_the_api_reads_and_writes_the_same_rules(cast):
    client = browser(cast.office)
    (first, *_others) = client.get("/api/v1/reminder-rules/").json()["rules"]
    assert (first["watch"], first["before"], first["version"]) == ("deadline", "7,3,1,0", 0)
    body = {
        "active": True, "before": "4", "first": 1, "every": 2, "head_from": 0,
        "office_from": None, "leader_from": None, "version": 0,
        "texts": [{"level": "contact", "language": "en", "text": "Now, {unit}"}],
    }  # fmt: skip
    send = {"content_type": "application/json"}
    changed = client.put("/api/v1/reminder-rules/deadline/", body, **send)
    assert changed.status_code == 200, changed.content
    assert changed.json()["texts"] == body["texts"]
    stale = client.put("/api/v1/reminder-rules/deadline/", body | {"version": 7}, **send)
    assert stale.status_code == 409
    bad = [{"level": "contact", "language": "en", "text": "{who}"}]
    refused = client.put(
        "/api/v1/reminder-rules/deadline/", body | {"version": 1, "texts": bad}, **send
    )
    assert refused.status_code == 422
    hours = {"from_time": "09:00", "to_time": "17:00", "any_day": True, "any_day_from": 7,
             "manual_daily": 9, "version": 0}  # fmt: skip
    assert client.put("/api/v1/reminder-hours/", hours, **send).json()["any_day"] is True
    assert browser(cast.supervisor).get("/api/v1/reminder-rules/").status_code == 404
