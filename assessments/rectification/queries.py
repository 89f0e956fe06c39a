"""What the pages of the ledger show of a row: values ready for the template, in few queries."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from assessments.rectification import deadlines
from assessments.rectification.deadlines import due, is_counted
from assessments.rectification.models import (
    Extension,
    Issue,
    Measure,
    ResponseProof,
    UnitResponse,
)
from assessments.rectification.states import State
from assessments.rectification.sums import Summed
from assessments.rectification.transitions import LEDGER, PREFIX
from indicators.models import Campaign
from lawgov.accounts.actors import Actor
from lawgov.audit import verbs
from lawgov.audit.models import AuditEntry
from lawgov.holidays.tables import calendar_in_force
from lawgov.web.shown import Due, Line
from lawgov.workflow import Offer

BACKWARDS = frozenset(f"{PREFIX}.{edge}" for edge in ("return", "reopen", "reopen_closed"))
DEFAULT_NEAR = 10  # calendar days; a place without a campaign


def light_days(region_id: int | None) -> int:
    """The campaign's threshold of the yellow light, in calendar days."""
    days = Campaign.objects.filter(region=region_id).values_list("light_days", flat=True)
    return days.first() or DEFAULT_NEAR


# -- rows of lists -----------------------------------------------------------------------------


@dataclass(frozen=True)
class LedgerRow:
    """One line of the ledger, for one answer or for an issue with the sum of its answers.

    `proofs` None: not counted here. `done` of `total` answers; `late`: closed after its day.
    """

    pk: int
    version: int
    url: str
    number: str
    text: str
    units: str
    due: Due
    state: State
    proofs: int | None = None
    done: int = 0
    total: int = 1
    late: bool = False
    asked_to: date | None = None

    @property
    def label(self) -> str:
        """What the chip says: 逾期销号 where it was closed after its day."""
        late = self.late and self.state == State.CLOSED
        return _("逾期销号") if late else str(self.state.label)


def due_of(response: UnitResponse, today: date, near: int) -> Due:
    return due(
        response.deadline_date,
        response.deadline_kind,
        today,
        response.state,
        workdays=calendar_in_force(),
        near=near,
        closed_on=response.closed_on,
        counted=is_counted(response.deadline_text),
    )


def is_provisional(row: UnitResponse | Issue) -> bool:
    """Whether the deadline may still move, by the calendar in force."""
    return deadlines.is_provisional(row.deadline_text, row.deadline_date, may_move)


def may_move(day: date) -> bool:
    """Whether a count in working days up to `day` may still change, by the calendar in force."""
    return calendar_in_force().provisional(day)


def answer_row(response: UnitResponse, today: date, near: int, url: str) -> LedgerRow:
    return LedgerRow(
        pk=response.pk,
        version=response.version,
        url=url,
        number=response.issue.number,
        text=response.issue.text,
        units=str(response.unit),
        due=due_of(response, today, near),
        state=State(response.state),
        proofs=response.proof_count,
        late=response.closed_late,
        asked_to=response.asked_to,
    )


def summed_row(one: Summed, issue: Issue, today: date, near: int, url: str) -> LedgerRow:
    shown = due(
        one.deadline,
        one.deadline_kind,
        today,
        one.state,
        workdays=calendar_in_force(),
        near=near,
        closed_on=one.closed_on,
        counted=is_counted(issue.deadline_text),
    )
    units = issue.addressed_text or _units_text(one.total)
    return LedgerRow(
        pk=one.pk,
        version=issue.version,
        url=url,
        number=issue.number,
        text=issue.text,
        units=units,
        due=shown,
        state=one.state,
        done=one.done,
        total=one.total,
    )


def _units_text(count: int) -> str:
    return ngettext("%(n)s 个单位", "%(n)s 个单位", count) % {"n": count}


# -- one answer --------------------------------------------------------------------------------


@dataclass(frozen=True)
class Tile:
    """A piece of proof as the page shows it; `mark` is the text of its box (PDF, 网址, 文号)."""

    proof: ResponseProof
    mark: str
    notes: list[Any]

    @property
    def evidence(self) -> Any:
        return self.proof.evidence


@dataclass(frozen=True)
class AnswerPage:
    """Everything on one unit's answer to one issue, and what the viewer may do with it."""

    response: UnitResponse
    due: Due
    offers: dict[str, Offer]
    measures: list[Measure]
    tiles: list[Tile]
    notes: list[Any]
    extensions: list[Extension]
    lines: list[Line]

    @property
    def done(self) -> int:
        return sum(measure.done_at is not None for measure in self.measures)

    @property
    def reason_open(self) -> bool:
        """Whether the reason of a return or a reopening still has to be worked on."""
        waiting = (State.RETURNED, State.REOPENED, State.RECTIFYING, State.WITHDRAWN)
        return bool(self.response.return_reason) and self.response.state in waiting

    @property
    def will_be_late(self) -> bool:
        return self.due.light == "r"


def answer_page(response: UnitResponse, actor: Actor, today: date, near: int) -> AnswerPage:
    """Six queries; `response` comes from `for_moves`."""
    offers = {offer.name: offer for offer in LEDGER.available(response, actor)}
    measures = Measure.objects.filter(
        unit=response.unit_id, issues=response.issue_id, removed_at=None
    )
    extensions = response.extensions.select_related("asked_by", "decided_by").order_by("-pk")
    return AnswerPage(
        response=response,
        due=due_of(response, today, near),
        offers=offers,
        measures=list(measures),
        tiles=tiles(response),
        notes=list(response.notes.filter(removed_at=None).select_related("by").order_by("-pk")),
        extensions=list(extensions),
        lines=timeline(response.issue, [response.pk]),
    )


def tiles(response: UnitResponse) -> list[Tile]:
    proofs = response.proofs.in_force().select_related("evidence")
    return [_tile(proof) for proof in proofs.prefetch_related("evidence__versions")]


def _tile(proof: ResponseProof) -> Tile:
    evidence, file = proof.evidence, proof.evidence.current
    if file is None:
        mark = evidence.get_kind_display()
    else:
        mark = file.filename.rpartition(".")[2].upper()[:4]
    notes = [evidence.document_number, evidence.issued_on]
    if file and file.pages:
        notes.append(ngettext("%(n)s 页", "%(n)s 页", file.pages) % {"n": file.pages})
    if file and file.number > 1:
        notes.append(f"v{file.number}")
    return Tile(proof, str(mark), [note for note in notes if note])


# -- the trail ---------------------------------------------------------------------------------


def timeline(issue: Issue, responses: Sequence[int], newest: int | None = None) -> list[Line]:
    """The trail 经过 of an issue, newest first, less what concerns other units' answers.

    `newest` limits it to that many lines.
    """
    about = Q(subject_type="issue") | Q(subject_type="unitresponse", subject_id__in=list(responses))
    return [_line(entry) for entry in AuditEntry.objects.on_page_of(issue).filter(about)[:newest]]


def _line(entry: AuditEntry) -> Line:
    return Line(
        who=_who(entry),
        what=verbs.sentence(entry),
        at=entry.at,
        reason=verbs.reason(entry),
        back=entry.verb in BACKWARDS,
    )


def _who(entry: AuditEntry) -> str:
    return f"{entry.shown_place} {entry.actor_name}".strip()


def acted_since(response: UnitResponse, version: int) -> list[Line]:
    """What others did with a row after it had `version`; oldest first."""
    entries = AuditEntry.objects.about(response)
    return [_line(e) for e in reversed(entries) if (e.data.get("version") or 0) > version]


# -- one issue with many answers ----------------------------------------------------------------


def visible_answers(issue: Issue, actor: Actor) -> QuerySet:
    rows = UnitResponse.objects.visible_to(actor).for_moves().filter(issue=issue)
    return rows.select_related("letter", "checker", "closer", "accepted_by").order_by(
        "unit__order", "unit_id"
    )


def stale_words(responses: Iterable[UnitResponse]) -> dict[int, str]:
    """For rows that others moved meanwhile: what was done last, as 已被他人核查; one query."""
    ids = [response.pk for response in responses]
    entries = AuditEntry.objects.filter(subject_type="unitresponse", subject_id__in=ids)
    last = {entry.subject_id: entry for entry in entries.order_by("id")}
    return {
        pk: _("已被他人办理：%(what)s") % {"what": verbs.sentence(entry)}
        for pk, entry in last.items()
    }
