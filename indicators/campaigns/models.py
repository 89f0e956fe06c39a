"""One place's effort: Campaign 创建 with its settings and six phases, meetings and trainings."""

from __future__ import annotations

from datetime import date

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext, gettext_noop
from django.utils.translation import gettext_lazy as _

from lawgov.accounts.policy import Action
from lawgov.accounts.scoping import Scoped, ScopedQuerySet

# Source: domain guide §4, stated in a seed.
PHASES = [
    ("mobilise", gettext_noop("宣传动员")),
    ("self_check", gettext_noop("自查自纠")),
    ("rectify", gettext_noop("整改提升")),
    ("mock", gettext_noop("模拟评估")),
    ("submit", gettext_noop("集中申报")),
    ("accept", gettext_noop("迎接验收")),
]


class Campaign(Scoped):
    """The campaign 创建 of one place; one per place. Days are local days, bounds included.

    Numbers of days are settings of the campaign (domain guide §6 and §9, our defaults):
    `light_days` calendar days before a deadline turn the light yellow; `immediate_days` is what
    立行立改 counts to.
    """

    class Level(models.TextChoices):
        NATIONAL = "national", _("全国")
        PROVINCIAL = "provincial", _("全省")

    class Kind(models.TextChoices):
        AREA = "area", _("示范地区")
        PROJECT = "project", _("单项示范项目")

    region = models.OneToOneField("units.Region", models.PROTECT, related_name="campaign")
    edition = models.ForeignKey(
        "indicators.FrameworkEdition", models.PROTECT, related_name="campaigns"
    )
    name = models.CharField(_("名称"), max_length=120)
    level = models.CharField(
        _("级别"), max_length=12, choices=Level.choices, default=Level.PROVINCIAL
    )
    kind = models.CharField(_("类型"), max_length=10, choices=Kind.choices, default=Kind.AREA)
    starts_on = models.DateField(_("开始日期"))
    ends_on = models.DateField(_("结束日期"))
    evidence_from = models.DateField(_("评估期间起"))
    evidence_to = models.DateField(_("评估期间止"))
    light_days = models.PositiveSmallIntegerField(_("黄灯天数"), default=10)
    immediate_days = models.PositiveSmallIntegerField(_("立行立改天数"), default=7)
    two_person_close = models.BooleanField(_("核查和销号须两人"), default=False)
    office_name = models.CharField(_("发函机关"), max_length=60, blank=True)
    letter_agency = models.CharField(_("发文机关代字"), max_length=20, blank=True)
    version = models.PositiveIntegerField(default=1)

    scope_action = Action.VIEW_SETTINGS

    objects = ScopedQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on__gte=F("starts_on")),
                name="campaign_days",
                violation_error_message=_("结束日期早于开始日期"),
            ),
            models.CheckConstraint(
                condition=Q(evidence_to__gte=F("evidence_from")),
                name="campaign_evidence_days",
                violation_error_message=_("评估期间的止早于起"),
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Phase(models.Model):
    """One of the phases 阶段; a label with dates, not a lock, and phases may overlap."""

    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="phases")
    number = models.PositiveSmallIntegerField(_("序号"))
    code = models.CharField(max_length=20)
    name = models.CharField(_("名称"), max_length=40)
    starts_on = models.DateField(_("开始日期"))
    ends_on = models.DateField(_("结束日期"))

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["campaign", "number"], name="phase_once"),
            models.CheckConstraint(
                condition=Q(ends_on__gte=F("starts_on")),
                name="phase_days",
                violation_error_message=_("结束日期早于开始日期"),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def shown_name(self) -> str:
        """In the reader's language as long as the place has not given its own name."""
        return gettext(self.name) if (self.code, self.name) in PHASES else self.name

    def is_running(self, today: date) -> bool:
        return self.starts_on <= today <= self.ends_on
