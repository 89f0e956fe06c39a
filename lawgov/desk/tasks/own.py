"""A responsible unit's own tasks: indicators to prove, issues to answer, letters to receive."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from django.db.models import Exists, OuterRef
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from assessments.models import Issue, ProgressNote, UnitResponse
from assessments.rectification.states import WITH_CHECKER, State
from indicators.assignments.proof import missing_proof
from indicators.assignments.states import UnitState
from indicators.models import EvidenceLink, UnitAssignment
from lawgov.desk.checklist.items import Work
from lawgov.desk.tasks import sources
from lawgov.desk.tasks.reader import Reader
from lawgov.desk.tasks.task import Act, Kind, Task, Turn
from lawgov.web.dates import day_text

DONE = (UnitState.ACCEPTED, UnitState.NOT_APPLICABLE)
SENT_BACK = frozenset({State.RETURNED, State.REOPENED})


# -- indicators ------------------------------------------------------------------------------


def works(reader: Reader) -> Iterator[Task]:
    """Indicators that are not accepted yet; two statements."""
    found = sources.own_works(reader.actor).exclude(state__in=DONE)
    links = EvidenceLink.objects.in_force().filter(unit_assignment__in=found)
    slots, touched = defaultdict(list), set()
    for pk, slot, by in links.values_list("unit_assignment", "slot", "evidence__created_by"):
        slots[pk].append(slot)
        if by == reader.actor.user.pk:
            touched.add(pk)
    rows = found.select_related("assignment__indicator", "assignment__lead_unit")
    for work in rows.order_by("assignment__indicator__number"):
        named = work.pk in touched or work.ticked_by_id == reader.actor.user.pk
        yield work_task(reader, work, slots[work.pk], named=named)


def work_task(reader: Reader, work: UnitAssignment, slots: list[str], *, named: bool) -> Task:
    """`work` comes with indicator and lead unit; `slots` has an entry a piece of proof in force."""
    assignment, state = work.assignment, UnitState(work.state)
    missing = missing_proof(assignment.required, slots)
    turn = _turn(reader, work, state)
    url = work.get_absolute_url()
    return Task(
        kind=Kind.WORK,
        pk=work.pk,
        number=str(assignment.indicator.number),
        title=assignment.indicator.shown_title,
        url=url,
        note=_work_note(reader, work, state, slots, missing),
        party=_next_party(reader, work, state),
        turn=turn,
        act=_work_act(state, turn, missing, url),
        due_on=assignment.due_on,
        due=reader.work_due(assignment.due_on, assignment.due_text),
        state=state,
        named=named,
        work=Work(work.pk, state, work.version, len(slots), tuple(missing)),
    )


def _turn(reader: Reader, work: UnitAssignment, state: UnitState) -> Turn:
    if state == UnitState.WITH_HEAD:
        return Turn.MINE if reader.signs else Turn.OTHERS
    if state == UnitState.WITH_LEAD or work.exemption_open:
        return Turn.OTHERS
    return Turn.BACK if state == UnitState.RETURNED else Turn.MINE


def _work_note(
    reader: Reader, work: UnitAssignment, state: UnitState, slots: list[str], missing: list[str]
) -> str:
    if work.exemption_open:
        return _("已申请不适用：%(reason)s") % {"reason": work.exemption_reason}
    if state == UnitState.RETURNED:
        return _("审核意见：%(reason)s") % {"reason": work.return_reason}
    if state in (UnitState.WITH_HEAD, UnitState.WITH_LEAD):
        return _("%(day)s提交") % {"day": reader.day(work.submitted_at)}
    if missing:
        return _("还缺：%(what)s") % {"what": _("、").join(missing)}
    if state == UnitState.TICKED:
        return _("已打勾，填自评后提交审核")
    return _("佐证 %(n)d 件已齐，可以打勾") % {"n": len(slots)}


def _next_party(reader: Reader, work: UnitAssignment, state: UnitState) -> str:
    lead = work.assignment.lead_unit
    if state == UnitState.WITH_HEAD and not reader.signs:
        return _("单位负责人")
    if lead is None or lead.pk == work.unit_id:
        return _("创建办")
    return _("%(unit)s（牵头）") % {"unit": lead}


def _work_act(state: UnitState, turn: Turn, missing: list[str], url: str) -> Act:
    if turn is Turn.OTHERS:
        return Act(_("查看"), url, plain=True)
    if state == UnitState.WITH_HEAD:
        return Act(_("审核"), url)
    if missing:
        return Act(_("交佐证"), url, "up", here=True)
    return Act(_("重新提交") if turn is Turn.BACK else _("提交审核"), url)


# -- issues ----------------------------------------------------------------------------------


def answers(reader: Reader) -> Iterator[Task]:
    """Open answers; those that wait for the receipt as one row a letter. One statement."""
    notes = ProgressNote.objects.filter(response=OuterRef("pk"), by=reader.actor.user)
    rows = (
        sources.own_answers(reader.actor)
        .open()
        .for_moves()
        .select_related("letter")
        .annotate(noted=Exists(notes))
        .order_by("issue__kind", "pk")
    )
    letters: dict[object, list[UnitResponse]] = defaultdict(list)
    for answer in rows:
        if answer.state == State.ISSUED:
            letters[answer.letter or answer].append(answer)
        else:
            yield _answer(reader, answer)
    for answers in letters.values():
        yield _letter(reader, answers)


def _answer(reader: Reader, answer: UnitResponse) -> Task:
    state, issue = State(answer.state), answer.issue
    turn = Turn.BACK if state in SENT_BACK else Turn.MINE
    if state in WITH_CHECKER:
        turn = Turn.OTHERS
    url = answer.get_absolute_url()
    return Task(
        kind=Kind.ANSWER,
        pk=answer.pk,
        number=issue.number,
        title=issue.title,
        url=url,
        note=_answer_note(reader, answer, state),
        party=_("督导检查组"),
        turn=turn,
        act=_answer_act(reader, answer, state, url),
        due_on=answer.deadline_date,
        due=reader.due_of(answer),
        state=state,
        named=answer.noted or answer.person == reader.actor.name,
    )


def _answer_note(reader: Reader, answer: UnitResponse, state: State) -> str:
    if state in WITH_CHECKER:
        return _("%(day)s申请销号") % {"day": reader.day(answer.submitted_at)}
    if state in SENT_BACK:
        return _("退回意见：%(reason)s") % {"reason": answer.return_reason}
    if answer.asked_to:
        return _("已申请延期至%(day)s，等待审批") % {"day": day_text(answer.asked_to, reader.today)}
    return _("整改要求：%(text)s") % {"text": answer.issue.requirement or answer.issue.text}


def _answer_act(reader: Reader, answer: UnitResponse, state: State, url: str) -> Act:
    if state in WITH_CHECKER:
        return Act(_("查看"), url, plain=True)
    if state == State.ACCEPTED:
        return Act(pgettext("edge", "制定措施"), url, here=True)
    if state == State.RETURNED:
        return Act(_("补正"), url, here=True)
    if state == State.RECTIFYING and reader.signs and answer.has_proof:
        return Act(pgettext("edge", "申请销号"), url, here=True)
    return Act(_("填进展"), url, here=True)


def _letter(reader: Reader, answers: list[UnitResponse]) -> Task:
    """One letter waits for its receipt; without a letter the issue itself does."""
    first = answers[0]
    kinds = [Issue.Kind(answer.issue.kind) for answer in answers]
    parts = [
        _("%(kind)s %(n)d 条") % {"kind": kind.label, "n": kinds.count(kind)}
        for kind in Issue.Kind
        if kind in kinds
    ]
    due = min((a.deadline_date for a in answers if a.deadline_date), default=None)
    earliest = next((a for a in answers if a.deadline_date == due), first)
    letter = first.letter
    title = _("督察问题反馈函（%(number)s）") % {"number": letter} if letter else first.issue.title
    url = letter.get_absolute_url() if letter else first.issue.get_absolute_url()
    return Task(
        kind=Kind.LETTER,
        pk=first.pk,
        number=_("督函%(n)d") % {"n": letter.number} if letter else first.issue.number,
        title=title,
        url=url,
        note=_("、").join(parts),
        party=_("创建办"),
        turn=Turn.MINE,
        act=Act(_("签收"), url, here=True),
        due_on=due,
        due=reader.due_of(earliest),
        state=State.ISSUED,
    )
