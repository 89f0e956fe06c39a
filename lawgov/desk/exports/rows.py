"""The lists themselves: each page's own filter function, and what stands around its rows."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from django.db.models import Prefetch
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from assessments.inspections import views as inspections
from assessments.models import Letter
from assessments.rectification.exporting import annex_workbook
from assessments.reminders import log_pages as log
from assessments.reminders.log import channel_label, channel_names
from assessments.reports.exporting import ranking_workbook
from indicators.assignments import views as assignments
from indicators.assignments.exporting import assignment_workbook
from indicators.campaigns.models import Campaign
from indicators.framework import views as framework
from indicators.framework.areas import stated_names
from indicators.models import Indicator
from lawgov.accounts import people
from lawgov.accounts.policy import Action
from lawgov.audit import views as audit
from lawgov.desk.exports import columns, log_columns
from lawgov.desk.exports.contents import contents
from lawgov.desk.exports.lists import Asked, ListExport, Rows, in_chunks, known, numbered
from lawgov.desk.ranking import queries as ranking
from lawgov.desk.review import queue
from lawgov.desk.review import views as review
from lawgov.errors import NotAllowed
from lawgov.spreadsheets.columns import Column
from lawgov.spreadsheets.lists import ListSheet
from lawgov.spreadsheets.sheet import Book
from lawgov.units import liaison_views
from lawgov.units import views as units
from lawgov.units.models import Liaison, Unit, UnitGroup
from lawgov.units.sheets import RosterHeading, RosterRow, roster_book
from lawgov.web.listing import in_order, number


def _sheet(asked: Asked, name: str, listed: tuple[Column, ...], **more: Any) -> ListSheet:
    title = f"{asked.actor.region.name}{name}"
    return ListSheet(title, listed, asked.unit, asked.today, name=name, **more)


def _units(asked: Asked) -> Rows:
    rows = in_order(asked.GET, units.listed_units(asked), sorts=units.SORTS, default="order")
    rows = rows.prefetch_related("aliases")
    sheet = _sheet(asked, "单位名册", columns.UNITS, freeze="name")
    return Rows(sheet, in_chunks(rows), rows.count())


def _liaisons(asked: Asked) -> Book:
    """The roster with masked numbers: what may lie about on a desk."""
    return _roster(asked, lambda person: person.masked_phone)


def _full_roster(asked: Asked) -> Book:
    """The roster with whole numbers, to be handed round; the trail tells who took it."""
    return _roster(asked, lambda person: person.phone)


def _roster(asked: Asked, phone: Any) -> Book:
    rows = liaison_views.listed_units(asked)
    rows = in_order(asked.GET, rows, sorts=liaison_views.SORTS, default="order")
    rows = rows.prefetch_related(Prefetch("liaisons", Liaison.objects.order_by("pk")))
    heading = RosterHeading(asked.actor.region.name, asked.unit, asked.today)
    lines = [
        RosterRow(line, unit.name, str(unit.get_kind_display()), *_person(person, phone))
        for line, (unit, person) in enumerate(_people_of(rows), 1)
    ]
    return roster_book(lines, heading, created=asked.now)


def _people_of(rows: Iterable[Unit]) -> Iterator[tuple[Unit, Liaison | None]]:
    for unit in rows:
        for person in list(unit.liaisons.all()) or [None]:
            yield unit, person


def _person(person: Liaison | None, phone: Any) -> tuple[str, ...]:
    return (person.name, person.position, phone(person), person.remark) if person else ()


def _groups(asked: Asked) -> Rows:
    rows = UnitGroup.objects.visible_to(asked.actor).order_by("pk")
    rows = rows.prefetch_related(Prefetch("members", Unit.objects.order_by("order", "pk")))
    sheet = _sheet(asked, "单位分组", columns.GROUPS, freeze="name")
    return Rows(sheet, numbered(in_chunks(rows)), rows.count())


def _framework(asked: Asked) -> Rows:
    """The edition that the page shows, in the columns in which it is loaded, so that loading the
    sheet again changes nothing."""
    edition = framework.shown_edition(asked)
    if edition is None:
        raise NotAllowed(gettext("还没有指标体系"))
    rows = Indicator.objects.filter(edition=edition).select_related("group__area")
    areas = edition.areas.order_by("number").values_list("number", "title", "short_name")
    listed = columns.indicators(stated_names(areas))
    sheet = _sheet(asked, "指标体系", listed, freeze="code", dated="导出时间")
    return Rows(
        replace(sheet, title=edition.name), in_chunks(rows.order_by("number")), rows.count()
    )


def _deliveries(asked: Asked) -> Rows:
    rows = log.listed_deliveries(asked)
    rows = in_order(asked.GET, rows, sorts=log.SENT_SORTS, default="-day")
    names = channel_names(asked.actor.region_id)
    sheet = _sheet(asked, "提醒发送记录", log_columns.DELIVERIES, freeze="person", dated="导出时间")
    return Rows(sheet, numbered(_on_channels(in_chunks(rows), names)), rows.count())


def _on_channels(rows: Iterable[Any], names: Mapping[str, str]) -> Iterator[Any]:
    """Deliveries with the name of their channel; robots are kept by code."""
    for row in rows:
        row.channel_name = channel_label(row.channel, names)
        yield row


def _reminders(asked: Asked) -> Rows:
    rows = log.listed_reminders(asked)
    rows = in_order(asked.GET, rows, sorts=log.OWED_SORTS, default="-day")
    sheet = _sheet(asked, "应提醒事项", log_columns.REMINDERS, freeze="headline", dated="导出时间")
    return Rows(sheet, numbered(in_chunks(rows)), rows.count())


def _people(asked: Asked) -> Rows:
    rows = people.listed_people(asked, asked.today)
    rows = in_order(asked.GET, rows, sorts=people.SORTS, default="username")
    sheet = _sheet(asked, "人员和任职", columns.PEOPLE, freeze="name")
    return Rows(sheet, numbered(in_chunks(rows)), rows.count())


def _audit(asked: Asked) -> Rows:
    rows = in_order(asked.GET, audit.listed_entries(asked), sorts=audit.SORTS, default="-at")
    sheet = _sheet(asked, "操作记录", columns.AUDIT, freeze="at", dated="导出时间")
    return Rows(sheet, in_chunks(rows), rows.count())


def _inspections(asked: Asked) -> Rows:
    rows = inspections.listed_inspections(asked)
    rows = in_order(asked.GET, rows, sorts=inspections.SORTS, default="-starts")
    sheet = _sheet(asked, "督察一览表", columns.INSPECTIONS, freeze="name")
    return Rows(sheet, numbered(in_chunks(rows)), rows.count())


def _assignments(asked: Asked) -> Book:
    """任务分解表 of the indicators under the filters, in the order of the framework."""
    campaigns = Campaign.objects.visible_to(asked.actor, Action.MANAGE_CAMPAIGN)
    campaign = campaigns.select_related("region", "edition").first()
    if campaign is None:
        raise NotAllowed(gettext("还没有创建活动"))
    rows = assignments.listed_assignments(asked)
    return assignment_workbook(
        campaign,
        rows,
        asked.actor,
        today=asked.today,
        created=asked.now,
        narrowed=asked.narrowed,
    )


def _review(asked: Asked) -> Rows:
    """The tab of the queue that the address names."""
    steps = queue.steps_of(asked.actor)
    wanted = asked.GET.get("step", "")
    step = review.chosen_step(wanted, steps, queue.counts(asked.actor, steps))
    rows = queue.with_figures(step, queue.waiting(step, asked.actor, queue.Filters.read(asked)))
    rows = in_order(asked.GET, rows, sorts=review.sorts(step), default="number")
    sheet = _sheet(asked, f"审核清单·{step.label}", columns.REVIEW, freeze="indicator")
    return Rows(sheet, numbered(in_chunks(rows)), rows.count())


def _ranking(asked: Asked) -> Book:
    """季度排序表 of the quarter and by the points that the address names."""
    campaign = ranking.ranked_campaign(asked.actor)
    if campaign is None:
        raise NotAllowed(gettext("还没有创建活动"))
    wanted = ranking.Asked.read(asked, campaign, asked.today)
    return ranking_workbook(campaign, wanted.quarter, wanted.source, asked.now)


def _problems(asked: Asked) -> Book:
    """问题清单 of the letter that the address names."""
    letters = Letter.objects.visible_to(asked.actor).select_related("unit", "inspection")
    letter = letters.filter(pk=number(asked, "letter", 0)).first()
    if letter is None:
        raise NotAllowed(gettext("没有这份函，或者不归你看"))
    return annex_workbook(letter, asked.actor, created=asked.now)


#: Every list page that is exported as it is filtered; the ledgers and the checklist have jobs of
#: their own, with the official workbooks.
LISTS = known(
    [
        ListExport("units", _("单位名册"), (Action.MANAGE_UNITS,), _units),
        ListExport("groups", _("单位分组"), (Action.MANAGE_UNITS,), _groups),
        ListExport("framework", _("指标体系"), (Action.MANAGE_CAMPAIGN,), _framework, ("edition",)),
        ListExport("liaisons", _("明白人名册"), (Action.MANAGE_UNITS,), _liaisons),
        ListExport("roster", _("明白人名册（完整号码）"), (Action.MANAGE_UNITS,), _full_roster),
        ListExport("people", _("人员和任职"), (Action.MANAGE_PEOPLE,), _people),
        ListExport("inspections", _("督察一览表"), (Action.VIEW_INSPECTIONS,), _inspections),
        ListExport("assignments", _("任务分解表"), (Action.MANAGE_CAMPAIGN,), _assignments),
        ListExport("contents", _("卷内目录"), (Action.VIEW_EVIDENCE,), contents, ("indicator",)),
        ListExport(
            "ranking", _("季度排序表"), (Action.VIEW_RANKING,), _ranking, ("period", "source")
        ),
        ListExport("review", _("审核清单"), review.REVIEWERS, _review, ("step",)),
        ListExport("problems", _("问题清单"), (Action.VIEW_LEDGER,), _problems, ("letter",)),
        ListExport("deliveries", _("提醒发送记录"), (Action.MANAGE_CAMPAIGN,), _deliveries),
        ListExport("reminders", _("应提醒事项"), (Action.MANAGE_CAMPAIGN,), _reminders),
        ListExport("audit", _("操作记录"), (Action.VIEW_AUDIT,), _audit),
    ]
)
