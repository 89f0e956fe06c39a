"""Places and the bodies in them: Region 地区, Unit 单位 with aliases and groups, Liaison 明白人."""

from __future__ import annotations

from datetime import date
from typing import Self

from django.db import models
from django.db.models import Count, F, Q, Value
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from lawgov.accounts.policy import Action
from lawgov.accounts.privacy import masked_phone
from lawgov.accounts.scoping import Scoped, ScopedQuerySet


class Region(models.Model):
    """A place 地区 in the tree of province, city, county.

    `path` is the codes from the root joined by "/", so that all places below one are the rows
    whose path starts with its path and a slash.
    """

    class Level(models.TextChoices):
        PROVINCE = "province", _("省")
        CITY = "city", _("市")
        COUNTY = "county", _("县（市、区）")

    code = models.SlugField(_("代码"), max_length=40, unique=True)
    name = models.CharField(_("名称"), max_length=60)
    level = models.CharField(_("层级"), max_length=10, choices=Level.choices, default=Level.COUNTY)
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="children"
    )
    path = models.CharField(max_length=200, unique=True, editable=False)

    class Meta:
        ordering = ["path"]

    def __str__(self) -> str:
        return self.name

    def save(self, *args: object, **kwargs: object) -> None:
        self.path = f"{self.parent.path}/{self.code}" if self.parent else self.code
        super().save(*args, **kwargs)


def _count(relation: str) -> models.Subquery:
    """Rows of a relation counted apart, so that several counts do not multiply each other."""
    rows = Unit._meta.get_field(relation).related_model._base_manager
    column = Unit._meta.get_field(relation).field.name
    counted = rows.filter(**{column: models.OuterRef("pk")}).order_by().values(column)
    counted = counted.annotate(n=Count("pk")).values("n")
    return Coalesce(models.Subquery(counted), 0)


class UnitQuerySet(ScopedQuerySet):
    def open_on(self, day: date) -> Self:
        """Units that exist on the local day `day` (not closed or merged away before it)."""
        return self.filter(Q(closed_on=None) | Q(closed_on__gt=day))

    def matching(self, text: str) -> Self:
        """Units with `text` in their name, short name, code or an alias."""
        if not text:
            return self
        alias = UnitAlias.objects.filter(unit=models.OuterRef("pk"), name__icontains=text)
        return self.filter(
            Q(name__icontains=text)
            | Q(short_name__icontains=text)
            | Q(code__iexact=text)
            | models.Exists(alias)
        )

    def with_work_counts(self) -> Self:
        """Adds `led_count` and `work_count` (indicators) and `people_count` (memberships)."""
        return self.annotate(
            led_count=_count("led_assignments"),
            work_count=_count("unit_assignments"),
            people_count=_count("memberships"),
        )

    def with_liaison_counts(self) -> Self:
        """Adds `liaison_count` and `liaison_minimum` (people; 3 for enforcement units, else 2).

        Source: domain guide §7, the 明白人 rule, stated in a seed; checked per unit.
        """
        return self.annotate(
            liaison_count=Count("liaisons"),
            liaison_minimum=models.Case(
                models.When(enforcement=True, then=Value(3)), default=Value(2)
            ),
        )

    def short_of_liaisons(self) -> Self:
        """Units below their minimum, with `liaisons_missing` people; the alert list."""
        return (
            self.with_liaison_counts()
            .filter(liaison_count__lt=F("liaison_minimum"))
            .annotate(liaisons_missing=F("liaison_minimum") - F("liaison_count"))
        )


class Unit(Scoped):
    """A body 单位 of one place that owes proof and puts issues right."""

    class Kind(models.TextChoices):
        GOVERNMENT = "government", _("政府部门")
        PARTY = "party", _("党委部门")
        VERTICAL = "vertical", _("垂管单位")
        INSTITUTION = "institution", _("事业单位")
        MASS = "mass", _("群团")
        TOWNSHIP = "township", _("镇街")
        OTHER = "other", _("其他")

    region = models.ForeignKey(Region, models.PROTECT, related_name="units")
    code = models.CharField(_("代码"), max_length=20)
    name = models.CharField(_("名称"), max_length=60)
    short_name = models.CharField(_("简称"), max_length=30)
    kind = models.CharField(_("单位类型"), max_length=20, choices=Kind.choices)
    enforcement = models.BooleanField(_("行政执法单位"), default=False)
    order = models.PositiveSmallIntegerField(_("排序"), default=0)
    closed_on = models.DateField(_("撤并日期"), null=True, blank=True)
    successor = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="predecessors"
    )
    version = models.PositiveIntegerField(default=1)

    scope_action = Action.VIEW_CHECKLIST
    unit_path = "pk"

    objects = UnitQuerySet.as_manager()

    class Meta:
        ordering = ["order", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["region", "code"],
                name="unit_code_once",
                violation_error_message=_("单位代码已经有了"),
            ),
            models.UniqueConstraint(
                fields=["region", "name"],
                name="unit_name_once",
                violation_error_message=_("单位名称已经有了"),
            ),
        ]

    def __str__(self) -> str:
        return self.short_name or self.name

    @property
    def missing_liaisons(self) -> int:
        """People below the minimum; rows must come with `with_liaison_counts`."""
        return max(0, self.liaison_minimum - self.liaison_count)


class UnitAlias(models.Model):
    """Another way in which offices write a unit's name 别名; unique in the place."""

    region = models.ForeignKey(Region, models.CASCADE, related_name="unit_aliases")
    unit = models.ForeignKey(Unit, models.CASCADE, related_name="aliases")
    name = models.CharField(_("别名"), max_length=60)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["region", "name"],
                name="alias_once",
                violation_error_message=_("这个别名已经指向一个单位"),
            )
        ]

    def __str__(self) -> str:
        return self.name


class UnitGroup(Scoped):
    """A name that stands for many units, such as 各镇（街道）; editable data."""

    region = models.ForeignKey(Region, models.CASCADE, related_name="unit_groups")
    name = models.CharField(_("名称"), max_length=60)
    members = models.ManyToManyField(
        Unit, related_name="groups", blank=True, verbose_name=_("单位")
    )
    version = models.PositiveIntegerField(default=1)

    scope_action = Action.VIEW_INSPECTIONS  # read by all who read the whole place's issues

    objects = ScopedQuerySet.as_manager()

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["region", "name"],
                name="unit_group_once",
                violation_error_message=_("这个分组名称已经有了"),
            )
        ]

    def __str__(self) -> str:
        return self.name


class Liaison(Scoped):
    """A named contact 明白人 of a unit, with or without an account of their own."""

    unit = models.ForeignKey(Unit, models.CASCADE, related_name="liaisons")
    name = models.CharField(_("姓名"), max_length=60)
    position = models.CharField(_("职务"), max_length=60, blank=True)
    phone = models.CharField(_("联系电话"), max_length=30, blank=True)
    remark = models.CharField(_("备注"), max_length=200, blank=True)
    user = models.ForeignKey(
        "accounts.User", models.SET_NULL, null=True, blank=True, related_name="liaisons"
    )
    version = models.PositiveIntegerField(default=1)

    scope_action = Action.MANAGE_UNITS
    region_path = "unit__region"
    unit_path = "unit"

    objects = ScopedQuerySet.as_manager()

    class Meta:
        ordering = ["unit__order", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["unit", "name", "phone"],
                name="liaison_once",
                violation_error_message=_("这位明白人已经登记"),
            )
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def masked_phone(self) -> str:
        return masked_phone(self.phone)
