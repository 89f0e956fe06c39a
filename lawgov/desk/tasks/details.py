"""What a row of 我的待办 shows when it is opened in place: the next step, ready to be done."""

from __future__ import annotations

from dataclasses import dataclass, field

from django.http import Http404

from assessments.models import UnitResponse
from assessments.rectification.forms import EdgeForm
from assessments.rectification.transitions import LEDGER
from indicators.assignments.states import WITH_UNIT
from indicators.evidence.queries import Proof, proof_of
from indicators.models import UnitAssignment
from lawgov.accounts.actors import Actor
from lawgov.accounts.policy import Action, can
from lawgov.audit.models import AuditEntry
from lawgov.desk.tasks import sources
from lawgov.desk.tasks.reader import Reader
from lawgov.desk.tasks.task import Kind, Task
from lawgov.workflow import Offer

# The next thing to do with an answer, where several are open; the rest are buttons beside it.
NEXT = ("accept", "plan", "request", "progress", "check", "close")
# What only the page of the answer has room for, or what another edge implies.
ELSEWHERE = frozenset({"start", "mark_measure", "add_proof", "remove_proof"})


@dataclass(frozen=True)
class Part:
    """One answer with the form of its next edge (None: nothing open) and the other edges."""

    answer: UnitResponse
    form: EdgeForm | None
    others: list[Offer]


@dataclass(frozen=True)
class Detail:
    """`returned` is the entry of the trail that sent it back, None when nobody did.

    Of an indicator: `work` and its `proof`, `may_edit` while more may be handed in. Of issues:
    the `parts`, with the `letter` whose receipt is all there is to do.
    """

    returned: AuditEntry | None = None
    work: UnitAssignment | None = None
    proof: Proof | None = None
    may_edit: bool = False
    letter: int | None = None
    parts: list[Part] = field(default_factory=list)


def of(reader: Reader, task: Task) -> Detail:
    """The detail of a row that `opens`; at most five statements. Http404 for other rows."""
    if task.kind is Kind.WORK:
        return _of_work(reader.actor, task)
    if task.opens:
        return _of_answers(reader.actor, task)
    raise Http404


def _of_work(actor: Actor, task: Task) -> Detail:
    rows = sources.own_works(actor).select_related(
        "assignment__indicator", "assignment__campaign", "unit"
    )
    work = rows.get(pk=task.pk)
    return Detail(
        returned=_returned(work, "work.return") if work.return_reason else None,
        work=work,
        proof=proof_of(work),
        may_edit=work.state in WITH_UNIT and can(actor, Action.EDIT_EVIDENCE, work),
    )


def _of_answers(actor: Actor, task: Task) -> Detail:
    rows = UnitResponse.objects.visible_to(actor).for_moves()
    first = rows.get(pk=task.pk)
    if task.kind is Kind.LETTER and first.letter_id:
        mine = rows.filter(letter=first.letter_id, unit=first.unit_id, state=first.state)
        parts = [Part(answer, None, []) for answer in mine.order_by("issue__kind", "pk")]
        return Detail(parts=parts, letter=first.letter_id)
    back = ("response.return", "response.reopen", "response.reopen_closed")
    returned = _returned(first, *back) if first.return_reason else None
    return Detail(returned=returned, parts=[_part(first, actor)])


def _part(answer: UnitResponse, actor: Actor) -> Part:
    offers = [offer for offer in LEDGER.available(answer, actor) if offer.name not in ELSEWHERE]
    opened = {offer.name: offer for offer in offers if offer.open}
    name = next((name for name in NEXT if name in opened), None)
    form = EdgeForm(LEDGER[name], response=answer) if name else None
    return Part(answer, form, [offer for offer in opened.values() if offer.name != name])


def _returned(row: UnitAssignment | UnitResponse, *verbs: str) -> AuditEntry | None:
    return AuditEntry.objects.about(row).filter(verb__in=verbs).first()
