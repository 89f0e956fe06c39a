"""Pages of channels: added, tried, changed, taken away; keys never shown, strangers kept out."""

from datetime import timedelta

import pytest
from django.core import mail
from django.utils import timezone

from lawgov.audit.models import AuditEntry
from lawgov.notifications import breaker, changing, waits
from lawgov.notifications.channels.robots import send
from lawgov.notifications.faults import NotTaken
from lawgov.notifications.models import Channel, ChannelHealth, Delivery
from tests.factories import NOW, TODAY
from tests.people import browser

pytestmark = pytest.mark.django_db
PLACE, OWN = "/settings/channels/", "/notices/channels/"


def typed(sink, **fields) -> dict[str, str]:
    return {"kind": "wecom", "name": "整改群", "address": sink.url, "secret": "key-of-it",
            "per_minute": "20", "active": "on"} | fields  # fmt: skip


def test_the_office_adds_a_robot_and_nobody_sees_its_keys_again(cast, sink):
    client = browser(cast.office)
    assert client.post(f"{PLACE}new/", typed(sink)).status_code == 302
    row = Channel.objects.get()
    assert (row.region, row.owner, row.secret) == (cast.region, None, "key-of-it")
    for page in (PLACE, f"{PLACE}{row.pk}/", "/settings/audit/"):
        text = client.get(page).content.decode()
        assert "very-secret" not in text
        assert "key-of-it" not in text
    told = str(list(AuditEntry.objects.values_list("data", flat=True)))
    assert "very-secret" not in told
    assert "key-of-it" not in told


def test_what_is_left_empty_stays(cast, sink):
    client = browser(cast.office)
    client.post(f"{PLACE}new/", typed(sink))
    row = Channel.objects.get()
    changed = typed(sink, address="", secret="", name="新群", version="1", active="")
    assert client.post(f"{PLACE}{row.pk}/", changed).status_code == 302
    row.refresh_from_db()
    assert (row.name, row.address, row.secret, row.active) == ("新群", sink.url, "key-of-it", False)
    assert client.post(f"{PLACE}{row.pk}/", changed).status_code == 409


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("address", "http://10.0.0.1/", "只能用 https"),
        ("address", "https://evil.test/", "OUTBOUND_HOSTS"),
        ("address", "", "id_address_error"),
        ("template", "{", "不是一段正确的 JSON"),
        ("template", "[]", "最外面要是"),
        ("template", '{"a": "{name}"}', "没有 {name} 这个占位"),
        ("per_minute", "0", "1 到 600"),
    ],
)
def test_faulty_channels_are_refused(cast, sink, field, value, sentence):
    page = browser(cast.office).post(f"{PLACE}new/", typed(sink, **{field: value}))
    assert page.status_code == 422
    assert sentence in page.content.decode()
    assert not Channel.objects.exists()


def test_a_try_sends_at_once_and_shows_how_it_went(cast, sink):
    client = browser(cast.office)
    client.post(f"{PLACE}new/", typed(sink))
    row = Channel.objects.get()
    client.post(f"{PLACE}{row.pk}/test/")
    assert len(sink.calls) == 1
    assert "测试" in sink.calls[0][2].decode()
    client.post(f"{PLACE}{row.pk}/test/")
    assert len(sink.calls) == 1, "not twice in ten seconds"
    sink.answers = [(200, b'{"errcode": 93000, "errmsg": "invalid webhook url"}', {})]
    Channel.objects.update(last_ok_at=timezone.now() - timedelta(minutes=1))
    client.post(f"{PLACE}{row.pk}/test/")
    page = client.get(PLACE).content.decode()
    assert "发不出去" in page
    assert "93000" in page
    assert AuditEntry.objects.filter(verb="channel.tested").count() == 2


def failing(cast, sink, answer) -> Channel:
    """A channel of the place whose tries all failed, and which rests."""
    browser(cast.office).post(f"{PLACE}new/", typed(sink))
    row, now = Channel.objects.get(), timezone.now()
    sink.answers = [answer]
    for _n in range(waits.FAILURES):
        with pytest.raises(NotTaken):
            send(row, changing.test_message("群"), "k", now)
        row.refresh_from_db()
        breaker.went_wrong(row.code, row.last_error, now)
    return row


def test_a_channel_at_rest_says_why_and_until_when(cast, sink):
    row = failing(cast, sink, (500, b"", {}))
    page = browser(cast.office).get(PLACE)
    ((shown, *_urls, until, _remedy),) = page.context["lines"]
    assert (shown, until) == (row, breaker.resting_until(timezone.now())[row.code])
    text = page.content.decode()
    assert "发不出去" in text
    assert "HTTP 500" in text
    assert "连续失败，先停一停，再试" in text


def test_a_try_that_goes_well_ends_the_rest(cast, sink):
    row = failing(cast, sink, (500, b"", {}))
    sink.answers = [(200, b'{"errcode": 0}', {})]
    Channel.objects.update(last_error_at=timezone.now() - timedelta(minutes=1))
    client = browser(cast.office)
    client.post(f"{PLACE}{row.pk}/test/")
    text = client.get(PLACE).content.decode()
    assert "正常" in text
    assert "先停一停" not in text
    assert not breaker.resting_until(timezone.now())


def test_a_rest_that_is_over_is_not_told(cast, sink):
    failing(cast, sink, (500, b"", {}))
    ChannelHealth.objects.update(rests_until=timezone.now() - timedelta(seconds=1))
    text = browser(cast.office).get(PLACE).content.decode()
    assert "发不出去" in text
    assert "先停一停" not in text


@pytest.mark.parametrize(
    ("code", "words"),
    [(93000, "在群里重新复制网址"), (310000, "用“加签”"), (130101, "每分钟最多几条改小")],
)
def test_what_a_robot_refuses_comes_with_the_remedy(cast, sink, code, words):
    failing(cast, sink, (200, f'{{"errcode": {code}, "errmsg": "no"}}'.encode(), {}))
    assert words in browser(cast.office).get(PLACE).content.decode()


def test_the_places_mail_at_rest_says_so(cast):
    Delivery.objects.create(
        region=cast.region, person=cast.editor.user, day=TODAY, channel="email", key="k",
        status="sending", last_error="ConnectionRefusedError", created_at=NOW,
    )  # fmt: skip
    for _n in range(waits.FAILURES):
        breaker.went_wrong("email", "ConnectionRefusedError", timezone.now())
    text = browser(cast.office).get(PLACE).content.decode()
    assert "最近一次没发出去：ConnectionRefusedError" in text
    assert "先停一停" in text


@pytest.mark.parametrize(("language", "word"), [("", "测试"), ("zh-hans", "测试"), ("en", "test")])
def test_a_try_speaks_as_the_channel_will(cast, sink, language, word):
    client = browser(cast.office)
    client.post(f"{PLACE}new/", typed(sink, language=language))
    client.post(f"{PLACE}{Channel.objects.get().pk}/test/")
    assert word in sink.calls[0][2].decode().lower()


def test_a_person_has_channels_of_their_own(cast, sink):
    client = browser(cast.editor)
    assert client.post(f"{OWN}new/", typed(sink)).status_code == 302
    row = Channel.objects.get()
    assert row.owner == cast.editor.user
    assert client.post(f"{OWN}{row.pk}/delete/").status_code == 302
    assert not Channel.objects.exists()


def test_six_are_too_many_for_one_person(cast, sink):
    client = browser(cast.editor)
    codes = [client.post(f"{OWN}new/", typed(sink)).status_code for _n in range(6)]
    assert codes == [302] * 5 + [422]


def test_nobody_reaches_the_channels_of_others(cast, sink):
    browser(cast.office).post(f"{PLACE}new/", typed(sink))
    browser(cast.editor).post(f"{OWN}new/", typed(sink))
    place, own = Channel.objects.get(owner=None).pk, Channel.objects.exclude(owner=None).get().pk
    for name, actor in cast.everybody().items():
        client = browser(actor)
        expected = 200 if name == "office" else 404
        assert client.get(f"{PLACE}{place}/").status_code == expected, name
        assert client.get(f"{PLACE}{own}/").status_code == 404, name
        assert client.get(f"{OWN}{place}/").status_code == 404, name
        assert client.get(f"{OWN}{own}/").status_code == (200 if name == "editor" else 404), name
        if name not in ("office", "editor"):
            for base, pk in ((PLACE, place), (OWN, own)):
                assert client.post(f"{base}{pk}/test/").status_code == 404
                assert client.post(f"{base}{pk}/delete/").status_code == 404
    assert not sink.calls


def test_the_office_tries_the_places_mail_where_its_state_is_told(cast):
    client = browser(cast.office)
    assert "给自己试发一封" in client.get(PLACE).content.decode()
    page = client.post(f"{OWN}mail/test/", {"next": PLACE})
    assert page["Location"] == PLACE
    assert mail.outbox[0].to == [cast.office.user.email]


def test_a_test_mail_goes_to_ones_own_address(cast):
    browser(cast.editor).post(f"{OWN}mail/test/")
    (letter,) = mail.outbox
    assert letter.to == [cast.editor.user.email]
