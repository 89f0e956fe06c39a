"""The person who acts: who they are, for which place and unit, and from where they came in."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from django.utils import timezone

if TYPE_CHECKING:
    from lawgov.accounts.models import Membership, User
    from lawgov.accounts.policy import Role
    from lawgov.units.models import Region, Unit


@dataclass(frozen=True)
class Source:
    """The file by which somebody acts: its name as shown, and its SHA-256 (hex)."""

    file: str
    hash: str


@dataclass(frozen=True)
class Actor:
    """One membership at work, handed down from the edge; nothing deep asks the request.

    `membership` None with a user: signed in, but without any valid role. `user` None: the
    product itself (`is_system`), named in the audit trail by `label`. `source` is the file that
    speaks for them, where they do not act on a page; the trail names it.
    """

    user: User | None
    membership: Membership | None = None
    region: Region | None = None
    ip: str = ""
    request_id: str = ""
    label: str = ""
    source: Source | None = None

    @classmethod
    def system(cls, region: Region | None, label: str = "system") -> Actor:
        """The product acting by itself in one region (None: in the whole installation)."""
        return cls(user=None, region=region, label=label)

    @classmethod
    def of(cls, membership: Membership, *, ip: str = "", request_id: str = "") -> Actor:
        return cls(membership.user, membership, membership.region, ip, request_id)

    @property
    def is_system(self) -> bool:
        return self.user is None and bool(self.label)

    @property
    def role(self) -> Role | None:
        from lawgov.accounts.policy import Role

        return Role(self.membership.role) if self.membership else None

    @property
    def unit(self) -> Unit | None:
        return self.membership.unit if self.membership else None

    @property
    def unit_id(self) -> int | None:
        return self.membership.unit_id if self.membership else None

    @property
    def region_id(self) -> int | None:
        return self.region.pk if self.region else None

    @property
    def name(self) -> str:
        return self.user.name if self.user else self.label

    @cached_property
    def own_units(self) -> frozenset[int]:
        """Ids of all units the person belongs to today, by whichever membership they act.

        For rules that keep people from judging their own unit; asked once per actor.
        """
        if self.user is None:
            return frozenset()
        held = self.user.memberships.valid_on(timezone.localdate()).exclude(unit=None)
        return frozenset(held.values_list("unit_id", flat=True))
