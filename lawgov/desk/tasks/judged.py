"""Tasks of those who judge others' work: lead unit, office and supervisors, a source a function."""

from __future__ import annotations

from collections.abc import Iterator

from django.db.models import Count, F, Min
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from assessments.models import UnitResponse
from assessments.rectification.states import AT_REST, State
from indicators.assignments.states import IndicatorState, UnitState
from indicators.framework.titles import shown_title
from lawgov.desk.tasks import sources
from lawgov.desk.tasks.reader import Reader
from lawgov.desk.tasks.task import Act, Kind, Task, Turn
from lawgov.web.dates import day_text

LIMIT = 200  # rows a source; beyond that the queues themselves are the better place


# -- indicators ------------------------------------------------------------------------------


def reviews(reader: Reader) -> Iterator[Task]:
    """An indicator a row, however many units have handed in."""
    rows = (
        sources.works_to_review(reader.actor)
        .order_by()
        .values(
            "assignment",
            due_on=F("assignment__due_on"),
            due_text=F("assignment__due_text"),
            number=F("assignment__indicator__number"),
            title=F("assignment__indicator__title"),
            title_en=F("assignment__indicator__title_en"),
        )
        .annotate(units=Count("pk"), name=Min("unit__short_name"), since=Min("submitted_at"))
    )
    url = reverse("review:list")
    for row in rows.order_by("number")[:LIMIT]:
        words = ngettext("%(name)s", "%(name)s等 %(n)d 家", row["units"])
        yield _indicator(
            reader,
            Kind.REVIEW,
            row["assignment"],
            row,
            note=_("%(day)s起等待审核") % {"day": reader.day(row["since"])} if row["since"] else "",
            party=words % {"name": row["name"], "n": row["units"]},
            state=UnitState.WITH_LEAD,
            act=Act(_("审核"), f"{url}?number={row['number']}"),
        )


def exemptions(reader: Reader) -> Iterator[Task]:
    rows = sources.exemptions_to_decide(reader.actor).select_related(
        "assignment__indicator", "unit"
    )
    for work in rows.order_by("exemption_asked_at")[:LIMIT]:
        indicator, url = work.assignment.indicator, work.get_absolute_url()
        yield Task(
            kind=Kind.EXEMPTION,
            pk=work.pk,
            number=str(indicator.number),
            title=indicator.shown_title,
            url=url,
            note=_("%(unit)s申请不适用：%(reason)s")
            % {"unit": work.unit, "reason": work.exemption_reason},
            party=str(work.unit),
            turn=Turn.MINE,
            act=Act(_("审核"), url),
            due_on=work.assignment.due_on,
            due=reader.work_due(work.assignment.due_on, work.assignment.due_text),
            state=UnitState(work.state),
        )


def scores(reader: Reader) -> Iterator[Task]:
    yield from _indicators(
        reader,
        Kind.SCORE,
        sources.indicators_to_score(reader.actor),
        _("各单位已全部通过，等待牵头评分"),
    )


def verifications(reader: Reader) -> Iterator[Task]:
    yield from _indicators(
        reader, Kind.VERIFY, sources.indicators_to_verify(reader.actor), _("牵头已评分，等待核验")
    )


def _indicators(reader: Reader, kind: Kind, rows, note: str) -> Iterator[Task]:
    values = rows.order_by("indicator__number").values(
        "pk",
        "due_on",
        "due_text",
        number=F("indicator__number"),
        title=F("indicator__title"),
        title_en=F("indicator__title_en"),
        lead=F("lead_unit__short_name"),
    )
    state, act_label = (
        (IndicatorState.WITH_LEAD, pgettext("edge", "评分"))
        if kind is Kind.SCORE
        else (IndicatorState.TO_VERIFY, pgettext("edge", "核验"))
    )
    for row in values[:LIMIT]:
        act = Act(act_label, reverse("indicators:detail", args=[row["number"]]))
        given = {"note": note, "party": row["lead"] or "", "act": act, "state": state}
        yield _indicator(reader, kind, row["pk"], row, **given)


def _indicator(reader: Reader, kind: Kind, pk: int, row: dict, **given) -> Task:
    return Task(
        kind=kind,
        pk=pk,
        number=str(row["number"]),
        title=shown_title(row["title"], row["title_en"]),
        url=reverse("indicators:detail", args=[row["number"]]),
        turn=Turn.MINE,
        due_on=row["due_on"],
        due=reader.work_due(row["due_on"], row["due_text"]),
        **given,
    )


# -- issues ----------------------------------------------------------------------------------


def checks(reader: Reader) -> Iterator[Task]:
    rows = sources.answers_to_check(reader.actor)
    for answer in _read(reader, rows):
        day = reader.day(answer.submitted_at)
        note = _("%(unit)s %(day)s申请销号") % {"unit": answer.unit, "day": day}
        yield _judged(reader, Kind.CHECK, answer, note, _("核查"))


def looks_back(reader: Reader) -> Iterator[Task]:
    for answer in _read(reader, sources.answers_to_look_back(reader.actor)):
        day = day_text(answer.closed_on, reader.today) if answer.closed_on else ""
        note = _("%(unit)s %(day)s销号") % {"unit": answer.unit, "day": day}
        yield _judged(reader, Kind.LOOK_BACK, answer, note, _("回头看"))


def _read(reader: Reader, rows):
    rows = rows.select_related("issue", "unit")
    return rows.order_by(F("deadline_date").asc(nulls_last=True), "pk")[:LIMIT]


def _judged(reader: Reader, kind: Kind, answer: UnitResponse, note: str, act: str) -> Task:
    url = answer.get_absolute_url()
    at_rest = answer.state in AT_REST
    return Task(
        kind=kind,
        pk=answer.pk,
        number=answer.issue.number,
        title=answer.issue.title,
        url=url,
        note=note,
        party=str(answer.unit),
        turn=Turn.MINE,
        act=Act(act, url),
        due_on=None if at_rest else answer.deadline_date,
        due=reader.due_of(answer),
        state=State(answer.state),
    )


def hand_overs(reader: Reader) -> Iterator[Task]:
    """An inspection a row: how many answers no letter has gone out for."""
    rows = sources.answers_to_hand_over(reader.actor).order_by()
    found = rows.values(
        inspection=F("issue__inspection"), name=F("issue__inspection__name")
    ).annotate(n=Count("pk"), units=Count("unit", distinct=True))
    for row in found.order_by("inspection")[:LIMIT]:
        url = reverse("inspections:letters", args=[row["inspection"]])
        yield Task(
            kind=Kind.HAND_OVER,
            pk=row["inspection"],
            number="",
            title=row["name"],
            url=url,
            note=_("%(n)d 条问题还没有交办") % {"n": row["n"]},
            party=_("%(n)d 家单位") % {"n": row["units"]},
            turn=Turn.MINE,
            act=Act(_("交办"), url),
            state=State.FOUND,
        )


def extensions(reader: Reader) -> Iterator[Task]:
    rows = sources.extensions_to_decide(reader.actor).select_related(
        "response__issue", "response__unit"
    )
    for asked in rows.order_by("asked_at")[:LIMIT]:
        answer = asked.response
        facts = {"unit": answer.unit, "reason": asked.reason}
        facts["day"] = day_text(asked.new_date, reader.today)
        yield Task(
            kind=Kind.EXTENSION,
            pk=asked.pk,
            number=answer.issue.number,
            title=answer.issue.title,
            url=answer.get_absolute_url(),
            note=_("%(unit)s申请延期至%(day)s：%(reason)s") % facts,
            party=str(answer.unit),
            turn=Turn.MINE,
            act=Act(_("审批"), answer.get_absolute_url()),
            due_on=answer.deadline_date,
            due=reader.due_of(answer),
            state=State(answer.state),
        )


# In the order in which the rows of one day are listed; each is empty for roles without the work.
SOURCES = (
    reviews, exemptions, scores, verifications, checks, looks_back, hand_overs, extensions,
)  # fmt: skip
