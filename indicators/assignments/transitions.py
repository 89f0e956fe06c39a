"""The life of one unit's work on one indicator 打勾与审核: the table WORK.

Scores that go with submit, accept and return are written by assessments/rounds, which calls
this table in the same transaction. Source of every row: decisions §1.
"""
# ruff: noqa: E501 - a row of the table is one line, so that it reads as a sentence

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy

from indicators.assignments.models import UnitAssignment
from indicators.assignments.proof import missing_proof
from indicators.assignments.states import UnitState as S
from lawgov.accounts.actors import Actor
from lawgov.accounts.models import Membership
from lawgov.accounts.policy import Action as A
from lawgov.accounts.policy import Role, Scope, scope_of
from lawgov.audit import verbs
from lawgov.calendars import local_day
from lawgov.notifications.outbox import (
    OFFICE,
    Audience,
    Notice,
    lead_reviewers,
    unit_head,
    unit_people,
)
from lawgov.workflow import Change, Move, Transition, Workflow

BEFORE_REVIEW = frozenset({S.NOT_STARTED, S.COLLECTING, S.TICKED, S.WITH_HEAD, S.RETURNED})


# -- guards: None passes, else the sentence to show ------------------------------------------


def has_required_proof(work: UnitAssignment, actor: Actor) -> str | None:
    slots = work.evidence_links.filter(removed_at=None).values_list("slot", flat=True)
    missing = missing_proof(work.assignment.required, slots)
    return _("还缺 %(what)s") % {"what": _("、").join(missing)} if missing else None


def lead_or_office_for_its_own(work: UnitAssignment, actor: Actor) -> str | None:
    """The lead unit reviews; where it would review itself, or there is none, the office does."""
    own = work.assignment.lead_unit_id in (None, work.unit_id)
    by_lead = scope_of(actor, A.REVIEW) is Scope.LED
    if own and by_lead:
        return _("牵头单位自己的材料由创建办审核")
    return None if own or by_lead else _("由牵头单位审核")


def at_own_step(work: UnitAssignment, actor: Actor) -> str | None:
    """A head returns what waits for the head, the lead unit and the office what came further."""
    with_head = work.state == S.WITH_HEAD
    is_head = scope_of(actor, A.RETURN) is Scope.OWN_UNIT
    return None if with_head == is_head else _("这一步由别人退回")


def unit_has_no_head(work: UnitAssignment, move: Move) -> str | None:
    """Nobody can sign for the unit on this day; one whose term is over does not count."""
    members = Membership.objects.valid_on(local_day(move.now)).with_role(Role.UNIT_HEAD)
    return _("由单位负责人审核") if members.filter(unit=work.unit_id).exists() else None


def exemption_is_asked(work: UnitAssignment, actor: Actor) -> str | None:
    return None if work.exemption_open else _("单位没有申请不适用")


def no_exemption_open(work: UnitAssignment, actor: Actor) -> str | None:
    return _("已经申请不适用，等待答复") if work.exemption_open else None


# -- stamps and notices ----------------------------------------------------------------------


def ticked(work: UnitAssignment, move: Move) -> dict:
    return {"ticked_at": move.now, "ticked_by": move.actor.user, "return_reason": ""}


def unticked(work: UnitAssignment, move: Move) -> dict:
    return {"ticked_at": None, "ticked_by": None}


def submitted(work: UnitAssignment, move: Move) -> dict:
    return {"submitted_at": move.now}


def returned(work: UnitAssignment, move: Move) -> dict:
    return {"return_reason": move.data["reason"], "ticked_at": None, "ticked_by": None}


def exemption_asked(work: UnitAssignment, move: Move) -> dict:
    return {"exemption_reason": move.data["reason"], "exemption_asked_at": move.now}


def exemption_decided(work: UnitAssignment, move: Move) -> dict:
    return {"exemption_asked_at": None}


def _reviewers(work: UnitAssignment) -> Audience:
    lead = work.assignment.lead_unit_id
    return OFFICE if lead in (None, work.unit_id) else lead_reviewers(lead)


def _tell(kind: str, audience):
    def notices(changes: Sequence[Change]) -> list[Notice]:
        return [
            Notice(
                audience(change.obj),
                kind,
                change.obj.get_absolute_url(),
                change.obj,
                {
                    "number": change.obj.assignment.indicator.number,
                    "title": change.obj.assignment.indicator.title,
                    "unit": str(change.obj.unit),
                    "reason": change.move.data.get("reason", ""),
                    "on": local_day(change.move.now).isoformat(),
                },
            )
            for change in changes
        ]

    return notices


tell_head = _tell("work.submitted", lambda work: unit_head(work.unit_id))
tell_reviewers = _tell("work.approved", _reviewers)
tell_unit_returned = _tell("work.returned", lambda work: unit_people(work.unit_id))
tell_unit_exempt = _tell("work.exempt", lambda work: unit_people(work.unit_id))
tell_unit_refused = _tell("work.exemption_refused", lambda work: unit_people(work.unit_id))
tell_exemption = _tell("work.exemption_asked", _reviewers)

LEAD = (lead_or_office_for_its_own,)
T, L = Transition, pgettext_lazy

# fmt: off
WORK = Workflow(
    "work",
    #  name               label                    from                              to                action
    T("collect",          L("edge", "开始收集"),   frozenset({S.NOT_STARTED}),       S.COLLECTING,     A.EDIT_EVIDENCE,    by_hand=False),
    T("tick",             L("edge", "打勾"),       frozenset({S.NOT_STARTED, S.COLLECTING, S.RETURNED}),
                                                                                     S.TICKED,         A.TICK,             guards=(has_required_proof,), stamps=ticked, undoable=True),
    T("untick",           L("edge", "取消打勾"),   frozenset({S.TICKED}),            S.COLLECTING,     A.TICK,             stamps=unticked, undoable=True),
    T("submit",           L("edge", "提交审核"),   frozenset({S.TICKED}),            S.WITH_HEAD,      A.SUBMIT,           ("points", "statement"), stamps=submitted, notices=tell_head, primary=True),
    T("skip_head",        L("edge", "无负责人账号，直接送牵头"), frozenset({S.WITH_HEAD}), S.WITH_LEAD, A.SUBMIT,          checks=(unit_has_no_head,), notices=tell_reviewers, by_hand=False),
    T("approve",          L("edge", "同意"),       frozenset({S.WITH_HEAD}),         S.WITH_LEAD,      A.APPROVE,          notices=tell_reviewers, primary=True),
    T("accept",           L("edge", "通过"),       frozenset({S.WITH_LEAD}),         S.ACCEPTED,       A.REVIEW,           only=LEAD, primary=True),
    T("return",           L("edge", "退回"),       frozenset({S.WITH_HEAD, S.WITH_LEAD, S.ACCEPTED}),
                                                                                     S.RETURNED,       A.RETURN,           ("reason",), only=(at_own_step,), stamps=returned, notices=tell_unit_returned, undoable=True),
    T("ask_exemption",    L("edge", "申请不适用"), BEFORE_REVIEW,                    None,             A.ASK_EXEMPTION,    ("reason",), guards=(no_exemption_open,), stamps=exemption_asked, notices=tell_exemption),
    T("exempt",           L("edge", "同意不适用"), BEFORE_REVIEW,                    S.NOT_APPLICABLE, A.DECIDE_EXEMPTION, only=(*LEAD, exemption_is_asked), stamps=exemption_decided, notices=tell_unit_exempt),
    T("refuse_exemption", L("edge", "不同意不适用"), BEFORE_REVIEW,                  None,             A.DECIDE_EXEMPTION, ("reason",), only=(*LEAD, exemption_is_asked), stamps=exemption_decided, notices=tell_unit_refused),
    T("restore",          L("edge", "恢复"),       frozenset({S.NOT_APPLICABLE}),    S.COLLECTING,     A.DECIDE_EXEMPTION, ("reason",), only=LEAD),
    topic=lambda work: work.assignment,
)
# fmt: on

# How the edges read in a timeline, as what was done; each entry names the unit.
TOLD = {
    "collect": L("trail", "开始收集"),
    "tick": L("trail", "打勾"),
    "untick": L("trail", "取消打勾"),
    "submit": L("trail", "提交审核"),
    "skip_head": L("trail", "无负责人账号，直接送牵头"),
    "approve": L("trail", "同意"),
    "accept": L("trail", "通过"),
    "return": L("trail", "退回"),
    "ask_exemption": L("trail", "申请不适用"),
    "exempt": L("trail", "同意不适用"),
    "refuse_exemption": L("trail", "不同意不适用"),
    "restore": L("trail", "恢复"),
}
verbs.add({f"{WORK.prefix}.{edge.name}": TOLD[edge.name] for edge in WORK})
verbs.add({"work.undo": L("trail", "撤销了上一步")})
