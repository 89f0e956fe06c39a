"""A channel that fails rests, and the others go on: its state is a row all senders see."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db.models import F

from lawgov.notifications import waits
from lawgov.notifications.models import ChannelHealth


def resting_until(now: datetime) -> dict[str, datetime]:
    """Channels that are left alone at this moment, by code, and until when."""
    rows = ChannelHealth.objects.filter(rests_until__gt=now)
    return dict(rows.values_list("code", "rests_until"))


def is_shaky(code: str) -> bool:
    """Whether its last call failed: then one delivery tries it before the others follow."""
    return ChannelHealth.objects.filter(code=code, failures__gt=0).exists()


def went_well(code: str) -> None:
    ChannelHealth.objects.filter(code=code).update(failures=0, rests_until=None)


def went_wrong(code: str, reason: str, now: datetime, asked: timedelta | None = None) -> bool:
    """Count one failure in a row; True when the channel rests from now on."""
    ChannelHealth.objects.get_or_create(code=code)
    row = ChannelHealth.objects.filter(code=code)
    row.update(failures=F("failures") + 1, last_error=reason, failed_at=now)
    pause = waits.rest(row.values_list("failures", flat=True).get(), asked)
    if pause is None:
        return False
    row.update(rests_until=now + pause)
    return True
