"""What robots and webhooks are sent, and what counts as taken."""

import base64
import hashlib
import hmac
import json
from urllib.parse import parse_qs, urlsplit

import pytest

from lawgov.notifications import outbound
from lawgov.notifications.channels import robots
from lawgov.notifications.messages import Line, Message
from lawgov.notifications.models import Channel
from tests.factories import NOW, make_region

LINES = [
    Line(f"逾期{n}天　{n:03} 问题", "区水利局", f"https://x.test/issues/{n}/") for n in range(20)
]
MESSAGE = Message(
    "【催办】11月20日 逾期 2 件", "某某：请办理。", LINES[:2], 3, "结束", "https://x.test/"
)


def channel(kind: str, url: str = "https://robot.test/send?key=abc", **fields) -> Channel:
    return Channel(kind=kind, name="群", address=url, **fields)


def body_of(call: robots.Call) -> dict:
    return json.loads(call.body)


def test_wecom_gets_markdown_with_links_and_the_count_of_the_rest():
    call = robots.to_wecom(channel("wecom"), MESSAGE, "key-1", NOW)
    text = body_of(call)["markdown"]["content"]
    assert "1. [逾期0天 000 问题](https://x.test/issues/0/)" in text
    assert "[另有 3 件](https://x.test/)" in text
    assert call.headers["X-Idempotency-Key"] == "key-1"


def test_a_long_digest_is_cut_between_lines_and_what_is_left_out_is_counted():
    lines = [Line("字" * 200, "", f"https://x.test/{n}/") for n in range(20)]
    text = robots.markdown(Message("头", "问", lines, 5, "尾", "https://x.test/"), 4096)
    assert len(text.encode()) <= 4096
    shown = sum(line[:1].isdigit() for line in text.splitlines())
    assert f"另有 {25 - shown} 件" in text
    assert 1 < shown < 20


def test_what_people_wrote_can_neither_link_nor_mention():
    line = Line("[点我](https://evil.test) <@all> **x**\n# 头", "", "https://x.test/")
    text = robots.markdown(Message("题", "问", [line]), 4096)
    assert text.count("](") == 1
    assert "<@" not in text
    assert "\n# " not in text


def test_dingtalk_signs_as_its_documentation_says():
    call = robots.to_dingtalk(channel("dingtalk", secret="SEC42"), MESSAGE, "k", NOW)
    query = parse_qs(urlsplit(call.url).query)
    (stamp,), (sign,) = query["timestamp"], query["sign"]
    assert int(stamp) == int(NOW.timestamp() * 1000)
    expected = hmac.new(b"SEC42", f"{stamp}\nSEC42".encode(), hashlib.sha256).digest()
    assert base64.b64decode(sign) == expected
    assert query["key"] == ["abc"]


def test_a_webhook_is_signed_over_time_and_body():
    call = robots.to_webhook(channel("webhook", secret="s"), MESSAGE, "k", NOW)
    signed = call.headers["X-Lawgov-Timestamp"].encode() + b"." + call.body
    expected = hmac.new(b"s", signed, hashlib.sha256).hexdigest()
    assert call.headers["X-Lawgov-Signature"] == f"sha256={expected}"
    other = hmac.new(b"t", signed, hashlib.sha256).hexdigest()
    assert expected != other


def test_a_template_is_filled_inside_its_texts_only():
    template = '{"a": {"b": ["{subject}!", 1, null]}, "c": "{unknown} {key}"}'
    call = robots.to_webhook(channel("webhook", template=template), MESSAGE, "k{url}", NOW)
    assert body_of(call) == {"a": {"b": [MESSAGE.subject + "!", 1, None]}, "c": "{unknown} k{url}"}


def test_a_value_cannot_break_out_of_the_template():
    message = Message('"}, "x": "', "", [])
    call = robots.to_webhook(channel("webhook", template='{"t": "{subject}"}'), message, "k", NOW)
    assert body_of(call) == {"t": '"}, "x": "'}


def test_text_to_paste_names_every_item_with_its_address():
    text = robots.plain_text(MESSAGE)
    assert text.splitlines()[0] == MESSAGE.subject
    assert "https://x.test/issues/1/" in text
    assert "另有 3 件" in text


@pytest.mark.parametrize(
    ("status", "body", "taken"),
    [
        (200, b'{"errcode": 0, "errmsg": "ok"}', True),
        (200, b'{"errcode": 45009, "errmsg": "api freq out of limit"}', False),
        (200, b"<html>login</html>", False),
        (200, b"[]", False),
        (500, b'{"errcode": 0}', False),
        (302, b'{"errcode": 0}', False),
    ],
)
@pytest.mark.django_db
def test_a_robots_answer_decides(sink, status, body, taken):
    sink.answers = [(status, body, {})]
    row = Channel.objects.create(
        region=make_region(), kind="wecom", name="群", address=sink.url, created_at=NOW
    )
    if taken:
        robots.send(row, MESSAGE, "k", NOW)
    else:
        with pytest.raises(robots.NotTaken):
            robots.send(row, MESSAGE, "k", NOW)
    row.refresh_from_db()
    assert row.is_well is taken
    assert (row.last_ok_at == NOW) is taken
    assert "very-secret" not in row.last_error


@pytest.mark.django_db
def test_an_address_that_may_no_longer_be_called_is_told(sink, settings):
    settings.OUTBOUND_HOSTS = []
    row = Channel.objects.create(
        region=make_region(), kind="webhook", name="群", address=sink.url, created_at=NOW
    )
    with pytest.raises(outbound.Refused):
        robots.send(row, MESSAGE, "k", NOW)
    row.refresh_from_db()
    assert "OUTBOUND_HOSTS" in row.last_error
    assert not sink.calls
