"""Tables of holidays 放假安排: one edition of one year a row, never changed, only followed.

The years that ship with the product have no row; an edition takes the place of what ships.
"""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class HolidayTable(models.Model):
    """The notice of one year as entered; the highest edition of a year is in force."""

    year = models.PositiveSmallIntegerField(_("年份"))
    edition = models.PositiveSmallIntegerField(_("版本"))
    source = models.CharField(_("文件"), max_length=200, blank=True)
    entered_at = models.DateTimeField(_("录入时间"))
    entered_by = models.ForeignKey("accounts.User", models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(fields=["year", "edition"], name="holiday_edition_once"),
        ]

    def __str__(self) -> str:
        return f"{self.year}.{self.edition}"


class HolidayDay(models.Model):
    """An exception to Monday-Friday: a day off, or a weekend day worked 调休上班."""

    table = models.ForeignKey(HolidayTable, models.CASCADE, related_name="days")
    day = models.DateField(_("日期"))
    worked = models.BooleanField(_("上班"))
    name = models.CharField(_("节日"), max_length=40, blank=True)

    class Meta:
        ordering = ["day"]
        constraints = [models.UniqueConstraint(fields=["table", "day"], name="holiday_day_once")]

    def __str__(self) -> str:
        return f"{self.day} {'worked' if self.worked else 'off'}"
