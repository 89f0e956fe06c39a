"""Robots in group chats and webhooks: what is sent to each kind, and what its answer means.

Every call goes through the one outbound client. A robot answers 200 even when it refuses, so the
code in its answer counts.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any, Self
from urllib.parse import urlencode

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from lawgov.notifications import outbound
from lawgov.notifications.faults import NotTaken
from lawgov.notifications.messages import Line, Message, told_rest
from lawgov.notifications.models import Channel, Delivery

WECOM_BYTES = 4096  # of a markdown text; the vendor's documentation
DINGTALK_BYTES = 20_000
#: What a webhook is sent where the office wrote no template of its own.
TEMPLATE = '{"key": "{key}", "subject": "{subject}", "text": "{text}", "url": "{url}"}'
PLACES = ("key", "subject", "text", "url", "day")


#: How long robots want to be left alone when they have had too much in a minute; from the vendors'
#: documentation (WeCom 45009, DingTalk 130101: ten minutes after more than 20 messages in one).
TOO_MUCH = {45009: timedelta(minutes=1), 130101: timedelta(minutes=10)}
#: What to do about what a robot answered, by the code at the head of `Channel.last_error`.
REMEDIES: dict[str, Promise] = {
    "93000": gettext_lazy("网址不对或机器人已删除，在群里重新复制网址"),
    "300001": gettext_lazy("网址不对或机器人已删除，在群里重新复制网址"),
    "310000": gettext_lazy("机器人的安全设置不符：用“加签”，把密钥填在这里；不要用关键词"),
    "45009": gettext_lazy("发得太快，把每分钟最多几条改小"),
    "130101": gettext_lazy("发得太快，把每分钟最多几条改小"),
}


@dataclass(frozen=True)
class Call:
    """One request that is ready to go."""

    url: str
    body: bytes
    headers: Mapping[str, str]


# -- texts ----------------------------------------------------------------------------------------


def plain_text(message: Message) -> str:
    """The digest as people paste it into a chat: numbered lines, each with its address."""
    lines = [message.subject, message.greeting]
    for number, line in enumerate(message.lines, 1):
        lines.append(f"{number}. {line.text}")
        lines += [f"   {part}" for part in (line.note, line.url) if part]
    if message.rest:
        lines.append(message.rest_text)
    return "\n".join(part for part in [*lines, message.closing, message.url] if part)


def markdown(message: Message, limit: int) -> str:
    """The digest in the few marks that robots know, cut between lines to `limit` bytes.

    What is left out is counted, as in the other channels.
    """
    head = [f"**{_quoted(message.subject)}**", _quoted(message.greeting)]
    kept: list[str] = []
    for number, line in enumerate(message.lines, 1):
        left_out = len(message.lines) - number + message.rest
        trial = [*head, *kept, _item(number, line), *_tail(message, left_out)]
        if len("\n".join(trial).encode()) > limit:
            return "\n".join([*head, *kept, *_tail(message, left_out + 1)])
        kept.append(_item(number, line))
    return "\n".join([*head, *kept, *_tail(message, message.rest)])


def _item(number: int, line: Line) -> str:
    text = f"[{_quoted(line.text)}]({line.url})" if line.url else _quoted(line.text)
    note = f"\n> {_quoted(line.note)}" if line.note else ""
    return f"{number}. {text}{note}"


def _tail(message: Message, left_out: int) -> list[str]:
    rest = f"[{_quoted(told_rest(left_out))}]({message.url})" if left_out else ""
    return [part for part in (rest, _quoted(message.closing)) if part]


def _quoted(text: str) -> str:
    """Without what would become a mark, a mention or another line."""
    return " ".join(text.split()).translate(str.maketrans("[]()<>*`@#", "［］（）＜＞＊｀＠＃"))


# -- kinds ----------------------------------------------------------------------------------------

JSON = {"Content-Type": "application/json; charset=utf-8"}


def to_wecom(channel: Channel, message: Message, key: str, now: datetime) -> Call:
    content = markdown(message, WECOM_BYTES)
    body = {"msgtype": "markdown", "markdown": {"content": content}}
    return Call(channel.address, _json(body), JSON | {"X-Idempotency-Key": key})


def to_dingtalk(channel: Channel, message: Message, key: str, now: datetime) -> Call:
    """With the signature of the robot's secret where it has one."""
    text = markdown(message, DINGTALK_BYTES).replace("\n", "\n\n")
    body = {"msgtype": "markdown", "markdown": {"title": message.subject, "text": text}}
    url = channel.address
    if channel.secret:
        mark = "&" if "?" in url else "?"
        url += f"{mark}{urlencode(dingtalk_signature(channel.secret, now))}"
    return Call(url, _json(body), JSON | {"X-Idempotency-Key": key})


def dingtalk_signature(secret: str, now: datetime) -> dict[str, str]:
    """HMAC-SHA256 over "milliseconds, line feed, secret" by the secret, in Base64."""
    stamp = str(int(now.timestamp() * 1000))
    digest = hmac.new(secret.encode(), f"{stamp}\n{secret}".encode(), hashlib.sha256).digest()
    return {"timestamp": stamp, "sign": base64.b64encode(digest).decode()}


def to_webhook(channel: Channel, message: Message, key: str, now: datetime) -> Call:
    """The filled template; `X-Lawgov-Signature` is the HMAC-SHA256 of "seconds.body" in hex."""
    values = {
        "key": key,
        "subject": message.subject,
        "text": plain_text(message),
        "url": message.url,
        "day": timezone.localtime(now).date().isoformat(),
    }
    body = _json(fill(json.loads(channel.template or TEMPLATE), values))
    headers = JSON | {"X-Idempotency-Key": key}
    if channel.secret:
        stamp = str(int(now.timestamp()))
        signed = webhook_signature(channel.secret, stamp, body)
        headers |= {"X-Lawgov-Timestamp": stamp, "X-Lawgov-Signature": f"sha256={signed}"}
    return Call(channel.address, body, headers)


def webhook_signature(secret: str, stamp: str, body: bytes) -> str:
    return hmac.new(secret.encode(), stamp.encode() + b"." + body, hashlib.sha256).hexdigest()


def fill(template: Any, values: Mapping[str, str]) -> Any:
    """The parsed template with `{name}` replaced inside its texts; the structure stays.

    One pass over the text as written, so that a value with braces is left as it is.
    """
    if isinstance(template, dict):
        return {name: fill(value, values) for name, value in template.items()}
    if isinstance(template, list):
        return [fill(value, values) for value in template]
    if not isinstance(template, str):
        return template
    parts = template.split("{")
    found = [parts[0]]
    for part in parts[1:]:
        name, brace, rest = part.partition("}")
        found.append(values[name] + rest if brace and name in values else "{" + part)
    return "".join(found)


def _json(body: Any) -> bytes:
    return json.dumps(body, ensure_ascii=False).encode()


def robot_verdict(answer: outbound.Answer) -> str:
    """What the robot said against it; "" when it took the message."""
    if answer.status != 200:
        return f"HTTP {answer.status}"
    try:
        told = json.loads(answer.body)
        code = told["errcode"]
    except (ValueError, TypeError, KeyError):
        return "the answer is not a robot's"
    return "" if code == 0 else f"{code} {told.get('errmsg', '')}"


def remedy(error: str) -> str:
    """What to do about a `last_error`; "" where nothing is known."""
    return str(REMEDIES.get(error.partition(" ")[0], ""))


def asked_to_wait(answer: outbound.Answer, now: datetime) -> timedelta | None:
    """How long the receiver wants to be left alone: by Retry-After with 429 or 503 (in seconds or
    as a date), or by the robot's own code; None when it does not say."""
    if answer.status in (429, 503):
        if answer.retry_after.isdecimal():
            return timedelta(seconds=int(answer.retry_after[:9]))
        try:
            return parsedate_to_datetime(answer.retry_after) - now
        except (TypeError, ValueError):
            return timedelta(minutes=1) if answer.status == 429 else None
    try:
        return TOO_MUCH.get(json.loads(answer.body)["errcode"])
    except (ValueError, TypeError, KeyError):
        return None


def webhook_verdict(answer: outbound.Answer) -> str:
    return "" if 200 <= answer.status < 300 else f"HTTP {answer.status}"


Maker = Callable[[Channel, Message, str, datetime], Call]
KINDS: dict[str, tuple[Maker, Callable[[outbound.Answer], str]]] = {
    Channel.Kind.WECOM: (to_wecom, robot_verdict),
    Channel.Kind.DINGTALK: (to_dingtalk, robot_verdict),
    Channel.Kind.WEBHOOK: (to_webhook, webhook_verdict),
}


def send(channel: Channel, message: Message, key: str, now: datetime) -> None:
    """Send one message and keep with the channel how it went.

    Raises NotTaken, or Refused and Failed of the outbound client.
    """
    make, verdict = KINDS[channel.kind]
    call = make(channel, message, key, now)
    try:
        answer = outbound.post(call.url, call.body, call.headers)
        fault = verdict(answer)
        if fault:
            raise NotTaken(fault, wait=asked_to_wait(answer, now))
    except (NotTaken, outbound.Refused, outbound.Failed) as error:
        told = str(error).replace(channel.address, channel.host)[:300]
        Channel.objects.filter(pk=channel.pk).update(last_error=told, last_error_at=now)
        raise
    Channel.objects.filter(pk=channel.pk).update(last_ok_at=now, last_error="")


class RobotChannel:
    """One robot or webhook, for the sender."""

    in_transaction = False

    def __init__(self, channel: Channel, clock: Callable[[], datetime]) -> None:
        self._channel, self._clock = channel, clock
        self.per_minute: int = channel.per_minute
        self.language: str = channel.language

    @contextmanager
    def session(self) -> Iterator[Self]:
        yield self

    def deliver(self, delivery: Delivery, message: Message) -> None:
        send(self._channel, message, delivery.key, self._clock())
