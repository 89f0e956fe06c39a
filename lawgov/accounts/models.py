"""People and what they are in which place: User 账号, Membership 任职."""

from __future__ import annotations

from datetime import date
from typing import Self

from django.contrib.auth.models import AbstractUser
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from lawgov.accounts.policy import UNIT_ROLES, Action, Role
from lawgov.accounts.privacy import masked_phone
from lawgov.accounts.scoping import Scoped, ScopedQuerySet


class User(AbstractUser):
    """An account 账号. Rights never hang from it but from its memberships."""

    first_name = None
    last_name = None
    name = models.CharField(_("姓名"), max_length=60)
    phone = models.CharField(_("联系电话"), max_length=30, blank=True)
    language = models.CharField(
        _("语言"),
        max_length=10,
        default="zh-hans",
        choices=[("zh-hans", _("中文")), ("en", "English")],
    )
    large_text = models.BooleanField(_("大字版"), default=False)
    single_keys = models.BooleanField(_("单键快捷键"), default=True)
    must_change_password = models.BooleanField(_("下次登录须改口令"), default=False)
    version = models.PositiveIntegerField(default=1)

    REQUIRED_FIELDS = ["name"]

    def __str__(self) -> str:
        return self.name or self.username

    def get_full_name(self) -> str:
        return self.name

    get_short_name = get_full_name

    @property
    def masked_phone(self) -> str:
        return masked_phone(self.phone)


class MembershipQuerySet(ScopedQuerySet):
    def valid_on(self, day: date) -> Self:
        """Memberships in force on the local day `day`, of accounts that are not closed."""
        return self.filter(
            Q(valid_from=None) | Q(valid_from__lte=day),
            Q(valid_to=None) | Q(valid_to__gte=day),
            user__is_active=True,
        )

    def with_role(self, *roles: Role) -> Self:
        return self.filter(role__in=roles)


class Membership(Scoped):
    """One person in one role for one place, and for one unit where the role is a unit's.

    Days are inclusive local days; None leaves that side open. From `away_from` to `away_to`
    不在岗 reminders go to the deputy; without `away_from` the person is at work.
    """

    user = models.ForeignKey(User, models.PROTECT, related_name="memberships")
    region = models.ForeignKey("units.Region", models.PROTECT, related_name="memberships")
    role = models.CharField(_("角色"), max_length=20, choices=Role.choices)
    unit = models.ForeignKey(
        "units.Unit", models.PROTECT, null=True, blank=True, related_name="memberships"
    )
    valid_from = models.DateField(_("起"), null=True, blank=True)
    valid_to = models.DateField(_("止"), null=True, blank=True)
    deputy = models.ForeignKey(
        User, models.SET_NULL, null=True, blank=True, related_name="stands_in_for"
    )
    away_from = models.DateField(_("不在岗起"), null=True, blank=True)
    away_to = models.DateField(_("不在岗止"), null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    scope_action = Action.MANAGE_PEOPLE
    unit_path = "unit"

    objects = MembershipQuerySet.as_manager()

    class Meta:
        ordering = ["region", "role", "id"]
        constraints = [
            # Two constraints, for SQLite knows no NULLS NOT DISTINCT.
            models.UniqueConstraint(
                fields=["user", "region", "role", "unit"],
                name="membership_once",
                violation_error_message=_("这个人在这里已经有这个角色"),
            ),
            models.UniqueConstraint(
                fields=["user", "region", "role"],
                condition=Q(unit=None),
                name="membership_once_without_unit",
                violation_error_message=_("这个人在这里已经有这个角色"),
            ),
            models.CheckConstraint(
                name="membership_unit_fits_role",
                condition=Q(role__in=sorted(UNIT_ROLES), unit__isnull=False)
                | (~Q(role__in=sorted(UNIT_ROLES)) & Q(unit__isnull=True)),
                violation_error_message=_("单位角色要选单位，其他角色不选单位"),
            ),
            models.CheckConstraint(
                name="membership_away_days",
                condition=Q(away_to=None) | Q(away_from__isnull=False, away_to__gte=F("away_from")),
                violation_error_message=_("不在岗的止早于起"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user} · {self.get_role_display()}"

    def is_away(self, day: date) -> bool:
        """Whether the person is away 不在岗 on a local day, so that the deputy is told."""
        if self.away_from is None or day < self.away_from:
            return False
        return self.away_to is None or day <= self.away_to

    @property
    def place(self) -> str:
        """What stands beside the name in the top bar: the unit, else the role."""
        return self.unit.short_name if self.unit else str(self.get_role_display())


# Tables of their own subjects within this app.
from lawgov.accounts.answered import AnsweredCall  # noqa: E402, F401
from lawgov.accounts.lockout import LoginAttempt  # noqa: E402, F401
from lawgov.accounts.sessions import SignIn  # noqa: E402, F401
from lawgov.accounts.tokens import ApiToken  # noqa: E402, F401
