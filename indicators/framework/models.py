"""The yardstick: FrameworkEdition 指标体系 → Area 一级 → Group 二级 → Indicator 三级指标."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from indicators.framework.titles import shown_method, shown_title


class FrameworkEdition(models.Model):
    """A published edition 版本 of the tree, shared by all places; nothing assumes 9 or 100.

    `content_hash` is over the file's rows, so that loading the same content again is a no-op.
    """

    code = models.CharField(_("版本"), max_length=40, unique=True)
    name = models.CharField(_("名称"), max_length=120)
    content_hash = models.CharField(max_length=64)
    loaded_at = models.DateTimeField()

    class Meta:
        ordering = ["code"]

    def __str__(self) -> str:
        return self.name


class Area(models.Model):
    """First level 一级指标（方面）; `short_name` fits a chart's label."""

    edition = models.ForeignKey(FrameworkEdition, models.CASCADE, related_name="areas")
    number = models.PositiveSmallIntegerField()
    title = models.CharField(_("一级指标"), max_length=100)
    short_name = models.CharField(max_length=12)

    class Meta:
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["edition", "number"], name="area_once")]

    def __str__(self) -> str:
        return self.title


class Group(models.Model):
    """Second level 二级指标, numbered inside its area."""

    area = models.ForeignKey(Area, models.CASCADE, related_name="groups")
    number = models.PositiveSmallIntegerField()
    title = models.CharField(_("二级指标"), max_length=100)

    class Meta:
        ordering = ["area__number", "number"]
        constraints = [models.UniqueConstraint(fields=["area", "number"], name="group_once")]

    def __str__(self) -> str:
        return self.title


class Indicator(models.Model):
    """Third level 三级指标: what is asked, and what usually proves it.

    `number` runs through the edition from 1; `points` are the edition's default, a campaign
    keeps its own copy. `evidence_hint` is parts split at ；, each a slot for proof.
    """

    edition = models.ForeignKey(FrameworkEdition, models.CASCADE, related_name="indicators")
    group = models.ForeignKey(Group, models.CASCADE, related_name="indicators")
    code = models.CharField(_("编码"), max_length=20)
    number = models.PositiveSmallIntegerField(_("序号"))
    title = models.CharField(_("三级指标"), max_length=200)
    title_en = models.CharField(max_length=300, blank=True)
    requirement = models.TextField(_("要求"), blank=True)
    evidence_hint = models.TextField(_("佐证提示"), blank=True)
    method = models.CharField(_("测评方式"), max_length=20)
    points = models.DecimalField(_("分值"), max_digits=5, decimal_places=1)
    lead_unit_type = models.CharField(_("牵头单位类型"), max_length=60, blank=True)
    basis = models.CharField(max_length=20, blank=True)

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["edition", "code"], name="indicator_code_once"),
            models.UniqueConstraint(fields=["edition", "number"], name="indicator_number_once"),
            models.CheckConstraint(condition=models.Q(points__gt=0), name="indicator_points"),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.shown_title}"

    @property
    def shown_title(self) -> str:
        return shown_title(self.title, self.title_en)

    @property
    def shown_method(self) -> str:
        return shown_method(self.method)

    @property
    def slots(self) -> list[str]:
        """The parts of the hint, in order; empty when there is no hint."""
        return [part.strip() for part in self.evidence_hint.split("；") if part.strip()]
