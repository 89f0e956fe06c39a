"""How far a place is set up: one row per step, with what is missing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Q, Sum
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy

from indicators.models import Assignment, Campaign
from lawgov.accounts.models import Membership
from lawgov.accounts.policy import Role
from lawgov.units.models import Region, Unit


@dataclass(frozen=True)
class Step:
    """One step: `facts` say what is there, `missing` what is not (empty: complete).

    `begun` tells whether there is anything at all; `url` is a name of the namespace setup,
    `settings_url` the page that keeps it later.
    """

    key: str
    label: str | Promise
    url: str
    settings_url: str
    facts: str
    missing: str
    begun: bool

    @property
    def done(self) -> bool:
        return self.begun and not self.missing


def steps(region: Region | None, today: date) -> list[Step]:
    """All steps in their order; about ten queries."""
    campaign = (
        Campaign.objects.select_related("edition").filter(region=region).first() if region else None
    )
    return [
        _region(region),
        _office(region, today),
        _units(region),
        _framework(campaign),
        _campaign(campaign, today),
        _assignments(campaign),
    ]


def _region(region: Region | None) -> Step:
    above = []
    place = region.parent if region else None
    while place:
        above.insert(0, place.name)
        place = place.parent
    facts = " › ".join([*above, region.name]) if region else ""
    missing = "" if region else _("还没有地区")
    return Step(
        "region", gettext_lazy("地区"), "region", "home", facts, missing, begun=region is not None
    )


def _office(region: Region | None, today: date) -> Step:
    rows = Membership.objects.filter(region=region).valid_on(today)
    people = rows.values("user").distinct().count() if region else 0
    office = rows.with_role(Role.OFFICE_ADMIN).count() if region else 0
    facts = _("%(n)s 个账号，其中创建办 %(office)s 个") % {"n": people, "office": office}
    missing = "" if office else _("还没有创建办账号")
    label = pgettext_lazy("many", "账号")
    return Step("office", label, "office", "people", facts, missing, begun=bool(office))


def _units(region: Region | None) -> Step:
    label = pgettext_lazy("many", "单位")
    rows = Unit.objects.filter(region=region, closed_on=None)
    counts = rows.aggregate(all=Count("pk"), enforcement=Count("pk", filter=Q(enforcement=True)))
    if not region or not counts["all"]:
        return Step("units", label, "units", "units", "", _("还没有单位"), begun=False)
    facts = _("%(all)s 家，行政执法单位 %(enforcement)s 家") % counts
    short = rows.short_of_liaisons().aggregate(people=Sum("liaisons_missing"), n=Count("pk"))
    missing = []
    if not counts["enforcement"]:
        missing.append(_("没有标出行政执法单位"))
    if short["n"]:
        text = ngettext("明白人还缺 %(n)s 人", "明白人还缺 %(n)s 人", short["people"])
        missing.append(text % {"n": short["people"]})
    return Step("units", label, "units", "units", facts, _("，").join(missing), begun=True)


def _framework(campaign: Campaign | None) -> Step:
    label = gettext_lazy("指标体系")
    if campaign is None:
        missing = _("还没有选定版本")
        return Step("framework", label, "framework", "framework", "", missing, begun=False)
    sums = campaign.assignments.aggregate(n=Count("pk"), points=Sum("points"))
    points = f"{sums['points'] or 0:.1f}".removesuffix(".0")
    facts = _("%(name)s，%(n)s 项，%(points)s 分") % {
        "name": campaign.edition.name,
        "n": sums["n"],
        "points": points,
    }
    return Step("framework", label, "framework", "framework", facts, "", begun=True)


def _campaign(campaign: Campaign | None, today: date) -> Step:
    label = gettext_lazy("阶段和参数")
    if campaign is None:
        missing = _("还没有创建活动")
        return Step("campaign", label, "campaign", "campaign", "", missing, begun=False)
    running = [phase.shown_name for phase in campaign.phases.all() if phase.is_running(today)]
    now = _("、").join(running) or _("现在没有进行中的阶段")
    facts = _("，").join([campaign.name, now])
    missing = [] if campaign.letter_agency else [_("没有写发文机关代字，发不了函")]
    if not campaign.office_name:
        missing.append(_("没有写发函机关"))
    return Step("campaign", label, "campaign", "campaign", facts, _("，").join(missing), begun=True)


def _assignments(campaign: Campaign | None) -> Step:
    label = gettext_lazy("任务分解")
    rows = Assignment.objects.filter(campaign=campaign) if campaign else Assignment.objects.none()
    total = rows.count()
    unowned = rows.unowned().count()
    owned = total - unowned
    facts = _("%(owned)s / %(total)s 项有人管") % {"owned": owned, "total": total}
    missing = _("%(n)s 项没人管") % {"n": unowned} if unowned else ""
    if not total:
        facts, missing = "", _("还没有创建活动")
    return Step(
        "assignments", label, "assignments", "assignments", facts, missing, begun=bool(owned)
    )
