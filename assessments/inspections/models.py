"""The visit that finds issues: Inspection 督察 with its dates and the units visited."""

from __future__ import annotations

from typing import Self

from django.db import models
from django.db.models import Count, F, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from lawgov.accounts.policy import Action
from lawgov.accounts.scoping import Scoped, ScopedQuerySet


class InspectionQuerySet(ScopedQuerySet):
    def matching(self, text: str) -> Self:
        return self.filter(name__icontains=text) if text else self

    def with_figures(self) -> Self:
        """Adds `unit_count` units visited, `issue_count` issues and `letter_count` letters."""
        return self.annotate(
            unit_count=_count("units"),
            issue_count=_count("issues"),
            letter_count=_count("letters"),
        )


def _count(relation: str) -> Coalesce:
    """How many there are, each counted by itself: joins together would multiply."""
    own = Inspection.objects.filter(pk=OuterRef("pk")).order_by().values("pk")
    return Coalesce(Subquery(own.annotate(n=Count(relation)).values("n")), 0)


class Inspection(Scoped):
    """One inspection 督察 or 督查 (the word is kept as typed). Days are local days.

    `issued_on` is the day of its letters 交办日期, from which 立行立改 and 15个工作日内 count; None
    while no letter has gone out.
    """

    region = models.ForeignKey("units.Region", models.PROTECT, related_name="inspections")
    campaign = models.ForeignKey("indicators.Campaign", models.PROTECT, related_name="inspections")
    code = models.SlugField(_("代码"), max_length=40, unique=True)
    name = models.CharField(_("名称"), max_length=120)
    starts_on = models.DateField(_("开始日期"))
    ends_on = models.DateField(_("结束日期"))
    issued_on = models.DateField(_("交办日期"), null=True, blank=True)
    units = models.ManyToManyField("units.Unit", related_name="inspections", blank=True)
    version = models.PositiveIntegerField(default=1)

    scope_action = Action.VIEW_INSPECTIONS

    objects = InspectionQuerySet.as_manager()

    class Meta:
        ordering = ["-starts_on", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on__gte=F("starts_on")),
                name="inspection_days",
                violation_error_message=_("结束日期早于开始日期"),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("inspections:detail", args=[self.pk])
