"""Writes on accounts and memberships by the office of a place; the trail never sees a password."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from lawgov.accounts import lockout, sessions, tokens
from lawgov.accounts.actors import Actor
from lawgov.accounts.models import Membership, User
from lawgov.accounts.policy import Role
from lawgov.audit.record import record
from lawgov.calendars import local_day
from lawgov.errors import GuardFailed, StaleState
from lawgov.units.models import Region

# Without what is mistaken for something else when read aloud or from paper.
LETTERS = "abcdefghjkmnpqrstuvwxyz"
DIGITS = "23456789"


def first_password() -> str:
    """A password to hand over: three groups of four, letters and digits, about 55 bits."""
    groups = ["".join(secrets.choice(LETTERS + DIGITS) for _n in range(4)) for _g in range(3)]
    return "-".join([*groups[:2], groups[2][:3] + secrets.choice(DIGITS)])


def works_elsewhere(user: User, region: Region) -> bool:
    """Whether the account belongs to another place too, or to the whole installation."""
    return user.is_superuser or user.memberships.exclude(region=region).exists()


def _refuse_shared(user: User, actor: Actor) -> None:
    if actor.region and works_elsewhere(user, actor.region):
        raise GuardFailed(_("这个账号在别的地区也有任职，由系统管理员修改"))


def open_account(
    account: dict[str, Any],
    appointment: dict[str, Any],
    *,
    actor: Actor,
    now: datetime,
    password: str = "",
) -> tuple[User, str]:
    """A new account and its first membership in the actor's place; returns it and its password.

    `account` are columns of User, `appointment` of Membership. A password that is made here must
    be changed at the first login, one that the person chose (`password`) need not.
    """
    chosen = bool(password)
    password = password or first_password()
    with transaction.atomic():
        user = User(**account, must_change_password=not chosen)
        user.set_password(password)
        user.save()
        data = {"username": user.username, "name": user.name}
        record(actor, "account.created", user, now=now, data=data)
        membership = Membership(user=user, region=actor.region)
        save_membership(membership, appointment, actor=actor, now=now, version=None)
    return user, password


def change_account(
    user: User, values: dict[str, Any], *, actor: Actor, now: datetime, version: int
) -> None:
    """Write what the office keeps about a person; GuardFailed for an account shared by places."""
    _refuse_shared(user, actor)
    with transaction.atomic():
        rows = User.objects.filter(pk=user.pk, version=version)
        if not rows.update(**values, version=F("version") + 1):
            raise StaleState(_("没有保存：别人刚改过这个账号"))
        changed = sorted(name for name, value in values.items() if getattr(user, name) != value)
        data = {"username": user.username, "fields": changed}
        record(actor, "account.changed", user, now=now, data=data)
    user.refresh_from_db()


def reset_password(user: User, *, actor: Actor, now: datetime) -> str:
    """A new first password; returns it. All logins end, a lock-out too."""
    _refuse_shared(user, actor)
    password = first_password()
    with transaction.atomic():
        user.set_password(password)
        user.must_change_password = True
        user.save(update_fields=["password", "must_change_password"])
        data = {"username": user.username}
        record(actor, "account.password_reset", user, now=now, data=data)
        lockout.forget(lockout.account_key(user.username))
        tokens.revoke_all(user)
    sessions.end_others(user, None)
    return password


def set_active(user: User, active: bool, *, actor: Actor, now: datetime) -> None:
    """Close an account, so that nobody can sign in with it, or open it again."""
    _refuse_shared(user, actor)
    if not active and user == actor.user:
        raise GuardFailed(_("不能停用自己的账号"))
    with keeps_an_office(actor.region, now):
        other = User.objects.filter(pk=user.pk, is_active=not active)
        if not other.update(is_active=active, version=F("version") + 1):
            return  # it is so already
        verb = "account.reopened" if active else "account.closed"
        record(actor, verb, user, now=now, data={"username": user.username})
    if not active:
        sessions.end_others(user, None)


# -- memberships -------------------------------------------------------------------------------


def save_membership(
    membership: Membership,
    values: dict[str, Any],
    *,
    actor: Actor,
    now: datetime,
    version: int | None,
) -> Membership:
    """Write what a person is in the actor's place; `values` are columns of Membership."""
    new = membership._state.adding
    before = {} if new else {name: getattr(membership, name) for name in values}
    with keeps_an_office(membership.region, now):
        if new:
            for name, value in values.items():
                setattr(membership, name, value)
            membership.save()
        else:
            rows = Membership.objects.filter(pk=membership.pk, version=version)
            if not rows.update(**values, version=F("version") + 1):
                raise StaleState(_("没有保存：别人刚改过这项任职"))
            membership.refresh_from_db()
        verb = "membership.created" if new else "membership.changed"
        changes = {
            name: [_plain(before[name]), _plain(value)]
            for name, value in values.items()
            if not new and before[name] != value
        }
        data = _told(membership) | {"set": changes}
        record(actor, verb, membership, topic=membership.user, now=now, data=data)
    return membership


def end_membership(membership: Membership, *, actor: Actor, now: datetime) -> None:
    """End it at once: its last day was yesterday, the next request has no right any more."""
    yesterday = local_day(now) - timedelta(days=1)
    with keeps_an_office(membership.region, now):
        rows = Membership.objects.filter(pk=membership.pk).exclude(valid_to__lte=yesterday)
        if not rows.update(valid_to=yesterday, version=F("version") + 1):
            return  # over already
        data = _told(membership)
        record(actor, "membership.ended", membership, topic=membership.user, now=now, data=data)


@contextmanager
def keeps_an_office(region: Region, now: datetime) -> Iterator[None]:
    """A transaction after which the place still has somebody who manages it, if it had before."""
    office = Membership.objects.in_region(region).with_role(Role.OFFICE_ADMIN)
    office = office.valid_on(local_day(now))
    with transaction.atomic():
        had = office.exists()
        yield
        if had and not office.exists():
            raise GuardFailed(_("这是最后一个创建办账号，先任命另一个人再改"))


def _told(membership: Membership) -> dict[str, Any]:
    return {
        "person": membership.user.name,
        "role": membership.role,
        "role_name": membership.role,
        "unit": membership.unit.name if membership.unit else "",
    }


def _plain(value: Any) -> Any:
    """A value as the trail keeps it: people and units by name."""
    return value.name if hasattr(value, "name") else value
