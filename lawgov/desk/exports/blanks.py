"""The blank forms 空表 that stand beside the imports: the same columns, nothing filled in."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from django.conf import settings
from django.utils.translation import override

from assessments.rectification.columns import INDIVIDUAL
from indicators.assignments.columns import DECOMPOSITION
from indicators.assignments.exporting import blank_workbook
from indicators.campaigns.models import Campaign
from indicators.framework.columns import FRAMEWORK
from lawgov.accounts.policy import Action
from lawgov.desk.exports.lists import Asked
from lawgov.spreadsheets.blank import blank_form
from lawgov.spreadsheets.columns import Column
from lawgov.spreadsheets.sheet import Book
from lawgov.units.columns import UNITS
from lawgov.units.models import Unit
from lawgov.units.sheets import RosterHeading, blank_roster_book


@dataclass(frozen=True)
class BlankForm:
    """The form of one kind of import, under the kind's code; `action` as the import asks it.

    `name` is what the sheet is called when it is filled in.
    """

    code: str
    name: str
    action: Action
    make: Callable[[Asked, str], Book]

    @property
    def filename(self) -> str:
        return f"{self.name}（空表）.xlsx"

    def book(self, asked: Asked) -> Book:
        """The workbook; forms are Chinese, whoever asks for them."""
        with override(settings.LANGUAGE_CODE):
            return self.make(asked, self.name)


def _of(columns: tuple[Column, ...], freeze: str = "A4") -> Callable[[Asked, str], Book]:
    return lambda asked, name: blank_form(name, columns, created=asked.now, freeze=freeze)


def _of_place(asked: Asked, name: str, columns: tuple[Column, ...], freeze: str) -> Book:
    """The form under the place's name, as the sheet will be titled when it is exported."""
    title = f"{asked.actor.region.name}{name}"
    return blank_form(title, columns, created=asked.now, name=name, freeze=freeze)


def _offered(columns: tuple[Column, ...], **choices: tuple[str, ...]) -> tuple[Column, ...]:
    """The columns with the place's own lists."""
    return tuple(
        replace(column, choices=choices.get(column.key, column.choices)) for column in columns
    )


def _unit_names(asked: Asked) -> tuple[str, ...]:
    units = Unit.objects.in_region(asked.actor.region).filter(closed_on=None)
    return tuple(units.order_by("order", "pk").values_list("name", flat=True))


def _kinds() -> tuple[str, ...]:
    return tuple(str(label) for label in Unit.Kind.labels)


def _ledger(asked: Asked, name: str) -> Book:
    columns = _offered(INDIVIDUAL, units=_unit_names(asked))
    return _of_place(asked, name, columns, "D4")


def _units(asked: Asked, name: str) -> Book:
    return _of_place(asked, name, _offered(UNITS, kind=_kinds()), "C4")


def _roster(asked: Asked, name: str) -> Book:
    heading = RosterHeading(asked.actor.region.name, "", None, _unit_names(asked), _kinds())
    return blank_roster_book(heading, created=asked.now)


def _tasks(asked: Asked, name: str) -> Book:
    """The campaign's indicators with nobody's name; empty lines before there is a campaign."""
    campaigns = Campaign.objects.visible_to(asked.actor, Action.MANAGE_CAMPAIGN)
    campaign = campaigns.select_related("region", "edition").first()
    if campaign is None:
        return _of_place(asked, name, DECOMPOSITION, "E4")
    return blank_workbook(campaign, asked.actor, created=asked.now)


FORMS = {
    form.code: form
    for form in (
        BlankForm("ledger", "整改台账", Action.IMPORT_LEDGER, _ledger),
        BlankForm("units", "单位名册", Action.MANAGE_UNITS, _units),
        BlankForm("roster", "明白人名册", Action.MANAGE_UNITS, _roster),
        BlankForm("tasks", "任务分解表", Action.MANAGE_CAMPAIGN, _tasks),
        BlankForm("framework", "指标体系", Action.MANAGE_CAMPAIGN, _of(FRAMEWORK)),
    )
}
