"""Carrying deliveries out: claim by lease, say `sending` before the call, then `sent`.

A crash leaves a lease that runs out, or is taken over at once when its owner is gone on this
host. Another try uses the same key, so a receiver that honours keys sees one effect.
"""

from __future__ import annotations

import logging
import time
from collections import Counter
from collections.abc import Callable, Collection
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import override

from lawgov.notifications import breaker, waits
from lawgov.notifications.channels import Gone, way_out
from lawgov.notifications.claims import Batch, Due, claim, give_back, renew
from lawgov.notifications.faults import NotTaken
from lawgov.notifications.messages import Message
from lawgov.notifications.models import Delivery
from lawgov.notifications.steps import Steps

log = logging.getLogger(__name__)

BATCH = 100
TURN = 10.0  # seconds that one channel may take before the others have theirs
PIECE = 15.0  # seconds after which a task begins no further turn
FRESH = 2.0  # seconds after which what was read ahead is read anew

Compose = Callable[[Delivery], Message | None]
Ahead = Callable[[list[Delivery]], None]
S = Delivery.Status


@dataclass
class Run:
    """What one run has at hand.

    `compose` writes a message anew at this moment, None when there is nothing left to say;
    `ahead` is told which deliveries it will be asked for next, to read their rows at once.
    """

    compose: Compose
    ahead: Ahead
    clock: Callable[[], datetime]
    stack: ExitStack
    tally: Counter = field(default_factory=Counter)
    lines: dict[str, Any] = field(default_factory=dict)
    shaky: set[str] = field(default_factory=set)  # channels whose last call failed

    def line(self, code: str) -> Any:
        """The channel of a code, opened when first needed and kept open; Gone when taken away."""
        if code not in self.lines:
            session = way_out(code, self.clock).session()
            self.lines[code] = self.stack.enter_context(session)
        return self.lines[code]


def drain(
    compose: Compose,
    *,
    today: date,
    clock: Callable[[], datetime] = timezone.now,
    regions: Collection[int] | None = None,
    ahead: Ahead = lambda deliveries: None,
    most: int | None = None,
) -> Counter:
    """Send what is due until nothing is; counts by what became of it.

    With `most` it is one task of a worker: over after so many, or after PIECE seconds.

    Of every place, or of `regions` (ids), so that quiet hours of one do not hold up another.
    `today` is the local day whose digests go out; leases and back-off run on `clock`. The channels
    take turns, and one that rests is left out.
    """
    due = Due(today, regions)
    began = time.monotonic()
    with ExitStack() as stack:
        run = Run(compose, ahead, clock, stack)
        while most is None or (run.tally.total() < most and time.monotonic() - began < PIECE):
            left = None if most is None else most - run.tally.total()
            if not _round(run, due, left):
                break
        tally = run.tally
    for code, line in run.lines.items():
        if getattr(line, "per_minute", 0) and most is None:
            tally["postponed"] += due.rows(clock()).filter(channel=code).count()
    return +tally


def _round(run: Run, due: Due, most: int | None) -> int:
    """One turn for each channel, which share what is left; how many deliveries were settled."""
    before = run.tally.total()
    codes = due.codes(run.clock())
    for code in codes:
        _turn(run, due, code, BATCH if most is None else max(most // len(codes), 1))
    return run.tally.total() - before


def _turn(run: Run, due: Due, code: str, most: int) -> None:
    try:
        line = run.line(code)
    except Gone:
        _cancel_all(run, claim(due, code, most, run.clock()))
        return
    limit = getattr(line, "per_minute", 0)
    batch = claim(due, code, most, run.clock(), per_minute=limit)
    if not batch.deliveries:
        return
    if batch.is_trial:
        run.shaky.add(code)
    run.ahead(list(batch.deliveries))
    if line.in_transaction:
        _settle(run, line, batch)
    else:
        _carry_out(run, line, batch)


def _cancel_all(run: Run, batch: Batch) -> None:
    steps = Steps(batch.token)
    for delivery in batch.deliveries:
        run.tally[steps.end(delivery, S.CANCELLED, last_error="the channel is gone")] += 1


# -- a channel inside the database ----------------------------------------------------------------


def _settle(run: Run, line: Any, batch: Batch) -> None:
    """All of a batch in one transaction with what they cause; nothing can be half done."""
    steps, written = Steps(batch.token), []
    for delivery in batch.deliveries:
        with override(_language(line, delivery)):
            message = _written(run, steps, delivery)
        if message is not None:
            written.append((delivery, message))
    with transaction.atomic():
        now = run.clock()
        ours = steps.sent_inside(written, now)
        line.deliver_all([pair for pair in written if pair[0].pk in ours], now)
    run.tally[S.SENT] += len(ours)
    run.tally["lost"] += len(written) - len(ours)


# -- a channel out of the house -------------------------------------------------------------------


def _carry_out(run: Run, line: Any, batch: Batch) -> None:
    """One call after another, until the batch is done, the turn is over or the channel rests."""
    steps, waiting = Steps(batch.token), list(batch.deliveries)
    began = read = time.monotonic()
    try:
        while waiting and time.monotonic() - began < TURN:
            if time.monotonic() - read > FRESH:
                renew(batch, [delivery.pk for delivery in waiting], run.clock())
                run.ahead(waiting)
                read = time.monotonic()
            delivery = waiting.pop(0)
            with override(_language(line, delivery)):
                message = _written(run, steps, delivery)
                if message is not None and not _call(run, line, steps, delivery, message):
                    break
    finally:
        steps.flush()
        give_back(batch, [delivery.pk for delivery in waiting])


def _call(run: Run, line: Any, steps: Steps, delivery: Delivery, message: Message) -> bool:
    """One call between two commits; False when the channel rests from now on."""
    if not steps.begin(delivery, run.clock(), message):
        run.tally["lost"] += 1
        return True
    try:
        line.deliver(delivery, message)
    except Exception as error:
        return _failed(run, steps, delivery, error)
    steps.went_out(delivery, run.clock())
    run.tally[S.SENT] += 1
    if delivery.channel in run.shaky:
        breaker.went_well(delivery.channel)
        run.shaky.discard(delivery.channel)
    return True


def _failed(run: Run, steps: Steps, delivery: Delivery, error: Exception) -> bool:
    """The call failed: another try later, and perhaps a rest for the whole channel."""
    asked = error.wait if isinstance(error, NotTaken) else None
    now, reason = run.clock(), _put_off(run, steps, delivery, error, asked)
    if isinstance(error, NotTaken) and error.only_this:
        return True
    run.shaky.add(delivery.channel)
    return not breaker.went_wrong(delivery.channel, reason, now, asked)


def _put_off(
    run: Run, steps: Steps, delivery: Delivery, error: Exception, asked: timedelta | None = None
) -> str:
    """Back-off, or the dead letter after the last try; the reason, which the page shows."""
    # The server's own words may hold an address; they stand on the page, not in the log.
    log.warning("delivery %s failed: %s", delivery.key, type(error).__name__)
    now, reason = run.clock(), f"{type(error).__name__}: {error}"[:300]
    if waits.is_over(delivery.attempts, delivery.first_try_at, now):
        run.tally[steps.end(delivery, S.DEAD, last_error=reason)] += 1
        return reason
    wait = max(waits.back_off(delivery.attempts, delivery.key), asked or timedelta(0))
    again = {"next_at": now + min(wait, waits.WITHIN), "leased_until": now}
    run.tally[steps.end(delivery, S.SENDING, last_error=reason, **again)] += 1
    return reason


# -- both -----------------------------------------------------------------------------------------


def _written(run: Run, steps: Steps, delivery: Delivery) -> Message | None:
    """The message as it is true now, in the active language.

    None when there is nothing to send: that is the delivery's end, or a try that failed when
    writing it went wrong, so that one bad row stops no other.
    """
    try:
        message = run.compose(delivery)
    except Exception as error:
        log.exception("delivery %s could not be written", delivery.key)
        if steps.begin(delivery, run.clock()):
            _put_off(run, steps, delivery, error)
        return None
    if message is None:
        run.tally[steps.end(delivery, S.CANCELLED, last_error="nothing left to say")] += 1
    return message


def _language(line: Any, delivery: Delivery) -> str:
    """Of the channel where it has one of its own, else of the person."""
    own = getattr(line, "language", "")
    return own or (delivery.person.language if delivery.person else settings.LANGUAGE_CODE)
