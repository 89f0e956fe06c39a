"""Being away 不在岗: from when to when, and who may stand in and do the work meanwhile."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lawgov.accounts.models import Membership, User
from lawgov.audit import verbs
from lawgov.calendars import local_day
from lawgov.web.editing import VersionedForm

verbs.COLUMNS |= {
    "away_from": gettext_lazy("不在岗起"),
    "away_to": gettext_lazy("不在岗止"),
}
DAY = {"type": "date"}
COLUMNS = ("away_from", "away_to", "deputy")


def possible_deputies(membership: Membership, now: datetime) -> QuerySet[User]:
    """People who may stand in: with a post in the same unit, or beside it in the place's offices.

    Somebody from elsewhere could not open what the reminders lead to.
    """
    beside = Membership.objects.in_region(membership.region_id).valid_on(local_day(now))
    beside = beside.filter(unit=membership.unit_id).exclude(user=membership.user_id)
    return User.objects.filter(pk__in=beside.values("user")).order_by("name", "pk")


def check_away(form: forms.BaseForm, data: dict[str, Any]) -> None:
    """Put what is wrong with the days and the deputy to their fields."""
    start, end, deputy = (data.get(name) for name in COLUMNS)
    if end and not start:
        form.add_error("away_from", _("填从哪天起"))
    elif start and end and end < start:
        form.add_error("away_to", _("不在岗的止早于起"))
    if start and not deputy and "deputy" not in form.errors:
        form.add_error("deputy", _("不在岗要选代理人，否则提醒仍发给本人"))


class AbsenceForm(VersionedForm):
    class Meta:
        model = Membership
        fields = COLUMNS
        labels = {"deputy": gettext_lazy("代理人")}
        help_texts = {
            "away_from": gettext_lazy("含当天；都留空为在岗"),
            "away_to": gettext_lazy("含当天；留空为一直到改回来"),
            "deputy": gettext_lazy("同单位或同办公室的人，这段时间的提醒发给代理人"),
        }
        widgets = {
            "away_from": forms.DateInput(DAY, "%Y-%m-%d"),
            "away_to": forms.DateInput(DAY, "%Y-%m-%d"),
        }

    given = ()

    def __init__(self, *args: Any, now: datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.now = now
        self.fields["deputy"].queryset = possible_deputies(self.instance, now)

    def unbound(self, instance: Membership) -> AbsenceForm:
        return AbsenceForm(instance=instance, now=self.now)

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        check_away(self, data)
        return data
