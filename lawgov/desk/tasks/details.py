"""What a row of 我的待办 shows when it is opened in place: the next step, ready to be done."""

from __future__ import annotations

from dataclasses import dataclass, field

from django.urls import reverse

from assessments.models import UnitResponse
from assessments.rectification.transitions import LEDGER
from indicators.evidence.queries import Proof, proof_of
from indicators.models import UnitAssignment
from lawgov.accounts.actors import Actor
from lawgov.accounts.policy import Action, can
from lawgov.audit.models import AuditEntry
from lawgov.desk.tasks import sources
from lawgov.desk.tasks.reader import Reader
from lawgov.desk.tasks.task import Kind, Task
from lawgov.workflow import Offer


@dataclass(frozen=True)
class Detail:
    """`returned` is the entry of the trail that sent it back, None when nobody did.

    Of an indicator: `work` and its `proof`, with `upload` where more may be handed in. Of issues:
    `answers` with the edges that are `offers` of each.
    """

    returned: AuditEntry | None = None
    work: UnitAssignment | None = None
    proof: Proof | None = None
    upload: str = ""
    answers: list[tuple[UnitResponse, list[Offer]]] = field(default_factory=list)


def of(reader: Reader, task: Task) -> Detail:
    """The detail of a row that `opens`; at most four statements."""
    if task.kind is Kind.WORK:
        return _of_work(reader.actor, task)
    return _of_answers(reader.actor, task)


def _of_work(actor: Actor, task: Task) -> Detail:
    rows = sources.own_works(actor).select_related(
        "assignment__indicator", "assignment__campaign", "unit"
    )
    work = rows.get(pk=task.pk)
    open_to_proof = work.state in sources.WITH_UNIT and can(actor, Action.EDIT_EVIDENCE, work)
    return Detail(
        returned=_returned(work) if work.return_reason else None,
        work=work,
        proof=proof_of(work),
        upload=reverse("evidence:add", args=[work.pk]) if open_to_proof else "",
    )


def _of_answers(actor: Actor, task: Task) -> Detail:
    rows = UnitResponse.objects.visible_to(actor).for_moves()
    first = rows.get(pk=task.pk)
    answers = [first]
    if task.kind is Kind.LETTER and first.letter_id:
        answers = list(rows.filter(letter=first.letter_id, unit=first.unit_id, state=first.state))
    sent_back = first if first.return_reason else None
    return Detail(
        returned=_returned(sent_back) if sent_back else None,
        answers=[(answer, LEDGER.available(answer, actor)) for answer in answers],
    )


def _returned(row: UnitAssignment | UnitResponse) -> AuditEntry | None:
    prefix = "work" if isinstance(row, UnitAssignment) else "response"
    back = [f"{prefix}.return", f"{prefix}.reopen", f"{prefix}.reopen_closed"]
    return AuditEntry.objects.about(row).filter(verb__in=back).first()
