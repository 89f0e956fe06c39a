"""Search over everything that has a page: what the actor may see, a few of each kind."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from assessments.models import Issue, Letter, UnitResponse
from indicators.models import Assignment, Evidence, EvidenceLink, UnitAssignment
from lawgov.accounts.actors import Actor
from lawgov.accounts.policy import Action, can
from lawgov.chinese.documents import read_document_number
from lawgov.chinese.text import fold
from lawgov.units.models import Unit

SHOWN = 8  # hits a kind; more are counted as "more" and looked for in their own list
BRACKETS = re.compile(r"[\[(【〔](\d{4})[\])】〕]")  # around a year, after folding widths


@dataclass(frozen=True)
class Hit:
    """One thing found: where it is, what it is called, and one line on it."""

    url: str
    number: str
    title: str
    note: str = ""


@dataclass(frozen=True)
class Section:
    """The first hits of one kind; `cut` when there are more of them.

    `more` is then the address of the list that holds all of them, "" where there is none.
    """

    title: str
    hits: list[Hit] = field(default_factory=list)
    more: str = ""
    cut: bool = False


def search(actor: Actor, text: str) -> list[Section]:
    """Sections with hits, in the order of the page; one statement each, five in all."""
    if not text:
        return []
    return [found for section in SECTIONS if (found := section(actor, text)).hits]


def _section(title: str, rows: QuerySet, hit: Callable[[Any], Hit], more: str = "") -> Section:
    """The first rows as hits; `more` is offered only where there are more."""
    found = list(rows[: SHOWN + 1])
    cut = len(found) > SHOWN
    return Section(title, [hit(row) for row in found[:SHOWN]], more if cut else "", cut)


def indicators(actor: Actor, text: str) -> Section:
    condition = Q(indicator__title__icontains=text) | Q(indicator__title_en__icontains=text)
    if _is_number(text):
        condition |= Q(indicator__number=int(text))
    else:
        condition |= Q(indicator__requirement__icontains=text) | Q(indicator__code=text)
    rows = Assignment.objects.visible_to(actor).filter(condition).with_tree()
    more = f"{reverse('indicators:list')}?{urlencode({'q': text})}"
    return _section(_("指标"), rows, _indicator, more)


def _indicator(row: Assignment) -> Hit:
    return Hit(
        row.get_absolute_url(),
        str(row.indicator.number),
        row.indicator.shown_title,
        row.indicator.group.area.title,
    )


def issues(actor: Actor, text: str) -> Section:
    condition = Q(number=text) | Q(text__icontains=text) | Q(category__icontains=text)
    if not _is_number(text):
        condition |= Q(requirement__icontains=text)
    rows = Issue.objects.visible_to(actor).filter(condition).select_related("inspection")
    more = ""
    if can(actor, Action.VIEW_LEDGER):
        ledger = reverse("rectification:list", args=[Issue.Kind.INDIVIDUAL.value])
        more = f"{ledger}?{urlencode({'q': text})}"
    return _section(pgettext("many", "问题"), rows.order_by("kind", "pk"), _issue, more)


def _issue(row: Issue) -> Hit:
    note = f"{row.get_kind_display()} · {row.inspection.name}"
    return Hit(row.get_absolute_url(), row.number, row.title, note)


def units(actor: Actor, text: str) -> Section:
    """Units at work on what the actor sees; for others than the unit itself a way to its list."""
    works = UnitAssignment.objects.visible_to(actor).filter(unit=OuterRef("pk"))
    rows = Unit.objects.in_region(actor.region).filter(Exists(works))
    named = Q(name__icontains=text) | Q(short_name__icontains=text)
    named |= Q(aliases__name__icontains=text)
    return _section(pgettext("many", "单位"), rows.filter(named).distinct(), _unit)


def _unit(row: Unit) -> Hit:
    url = f"{reverse('indicators:list')}?{urlencode({'unit': row.pk})}"
    return Hit(url, row.code, row.name, row.get_kind_display())


def proof(actor: Actor, text: str) -> Section:
    """Proof by title or document number 文号, whichever brackets its year was typed in."""
    written = _as_written(text)
    condition = Q(document_number__icontains=written)
    if not _is_number(text):
        condition |= Q(title__icontains=text)
    rows = Evidence.objects.visible_to(actor).in_force().filter(condition)
    links = EvidenceLink.objects.in_force().filter(evidence=OuterRef("pk"))
    seen = links.filter(unit_assignment__in=UnitAssignment.objects.visible_to(actor)).order_by("pk")
    rows = rows.select_related("unit").annotate(
        indicator=Subquery(seen.values("unit_assignment__assignment__indicator__number")[:1]),
        used_by=Subquery(seen.values("unit_assignment__unit")[:1]),
    )
    return _section(_("佐证"), rows.exclude(indicator=None).order_by("-pk"), _proof)


def _proof(row: Evidence) -> Hit:
    url = reverse("indicators:unit", args=[row.indicator, row.used_by])
    place = _("指标 %(number)d · %(unit)s") % {"number": row.indicator, "unit": row.unit}
    note = " · ".join(filter(None, [row.document_number, place]))
    return Hit(url, "", row.title, note)


def letters(actor: Actor, text: str) -> Section:
    """Letters by their number as it is written on them."""
    answers = UnitResponse.objects.visible_to(actor).filter(letter=OuterRef("pk"))
    rows = Letter.objects.filter(Exists(answers), region=actor.region_id)
    match = re.fullmatch(r"([^\d〔]*)(?:〔(\d{4})〕)?(\d*)号?", _as_written(text))
    if not match or not any(match.groups()):
        return Section(_("反馈函"))
    agency, year, number = match.groups()
    if agency:
        rows = rows.filter(agency__icontains=agency)
    if year:
        rows = rows.filter(year=int(year))
    if number:
        rows = rows.filter(number=int(number[:6]))
    return _section(_("反馈函"), rows.select_related("unit"), _letter)


def _letter(row: Letter) -> Hit:
    return Hit(row.get_absolute_url(), "", str(row), str(row.unit))


def _is_number(text: str) -> bool:
    """A short figure: the number of an indicator, an issue or a letter."""
    return text.isascii() and text.isdigit() and len(text) < 5


def _as_written(text: str) -> str:
    """A document number, or a part of one, in the form that offices print: 〔2026〕."""
    try:
        return str(read_document_number(text))
    except ValueError:
        return BRACKETS.sub(r"〔\1〕", fold(text))


SECTIONS = (indicators, issues, units, letters, proof)
