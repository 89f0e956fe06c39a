"""The life of one unit's answer to one issue 整改销号: the table LEDGER.

A row reads from left to right as a sentence: the edge and its label, from, to, who may, what the
form needs, what stands against it, what it writes, who is told. Guards, effects and notices are
in the modules of these names. `imported` 接管 is no edge: import_ledger records it, see there.
Source of every row: decisions §2.
"""
# ruff: noqa: E501 - a row of the table is one line, so that it reads as a sentence

from __future__ import annotations

from django.utils.translation import pgettext_lazy as _

from assessments.rectification.effects import (
    accepted,
    approve_extensions,
    ask_extensions,
    attach_proof,
    checked,
    closed,
    confirmed,
    detach_proof,
    extended,
    issued,
    lapse_extensions,
    mark_measures,
    planned,
    progressed,
    recalled,
    refuse_extensions,
    reopened,
    requested,
    returned,
    strike_note,
    unmark_measure,
    withdrawn,
    write_measures,
    write_notes,
)
from assessments.rectification.guards import (
    another_than_the_checker,
    extension_asked,
    has_deadline,
    has_proof,
    later_than_deadline,
    looked_back_since_closing,
    no_extension_asked,
    not_in_the_past,
    not_of_own_unit,
    own_evidence,
    own_measure,
    own_proof,
    rectifying_or_immediate,
    target_before_deadline,
)
from assessments.rectification.notices import (
    checkers,
    tell,
    tell_letters,
    tell_withdrawn,
    the_office,
    the_unit,
)
from assessments.rectification.states import State as S
from lawgov.accounts.policy import Action as A
from lawgov.audit import verbs
from lawgov.workflow import Transition as T
from lawgov.workflow import Workflow

PREFIX = "response"

AT_WORK = frozenset({S.PLANNED, S.RETURNED, S.REOPENED, S.RECTIFYING})
PROVING = AT_WORK | {S.ACCEPTED}
RUNNING = PROVING | {S.ISSUED}  # handed over, and the unit's turn

# fmt: off
LEDGER = Workflow(
    PREFIX,
    # handing over
    T("issue",    _("edge", "交办"),     frozenset({S.FOUND}),                           S.ISSUED,     A.ISSUE,         ("letter", "deadline_text"),        stamps=issued, notices=tell_letters, primary=True),
    T("accept",   _("edge", "签收"),     frozenset({S.ISSUED}),                          S.ACCEPTED,   A.ACCEPT,        stamps=accepted, primary=True),
    T("withdraw", _("edge", "撤销立项"), frozenset({S.FOUND, S.ISSUED, S.ACCEPTED}),     S.WITHDRAWN,  A.WITHDRAW,      ("reason",),                        stamps=withdrawn, after=lapse_extensions, notices=tell_withdrawn),
    # the unit's work
    T("plan",     _("edge", "制定措施"), frozenset({S.ACCEPTED}),                        S.PLANNED,    A.RECTIFY,       ("measures", "person", "target_on"), checks=(target_before_deadline,), stamps=planned, after=write_measures, primary=True),
    T("start",    _("edge", "开始整改"), frozenset({S.PLANNED, S.RETURNED, S.REOPENED}), S.RECTIFYING, A.RECTIFY),
    T("progress", _("edge", "填进展"),   AT_WORK,                                        S.RECTIFYING, A.RECTIFY,       ("progress",),                      stamps=progressed, after=write_notes, undoable=True, undone=strike_note),
    T("mark_measure", _("edge", "标记措施"), AT_WORK,                                    None,         A.RECTIFY,       ("measure", "done"),                checks=(own_measure,), after=mark_measures, undoable=True, undone=unmark_measure),
    T("add_proof",    _("edge", "交佐证"),   PROVING,                                    None,         A.RECTIFY,       ("evidence",),                      checks=(own_evidence,), after=attach_proof),
    T("remove_proof", _("edge", "移除佐证"), PROVING,                                    None,         A.RECTIFY,       ("proof",),                         checks=(own_proof,), after=detach_proof),
    T("request",  _("edge", "申请销号"), frozenset({S.RECTIFYING, S.ACCEPTED}),          S.SUBMITTED,  A.REQUEST_CLOSE, ("result",),                        only=(rectifying_or_immediate,), guards=(has_proof,), stamps=requested, notices=tell("request", checkers), primary=True),
    T("recall",   _("edge", "撤回"),     frozenset({S.SUBMITTED}),                       S.RECTIFYING, A.RECALL,        stamps=recalled),
    # checking and closing, never by the unit's own people
    T("check",    _("edge", "开始核查"), frozenset({S.SUBMITTED}),                       S.VERIFYING,  A.CHECK,         only=(not_of_own_unit,), stamps=checked, primary=True),
    T("close",    _("edge", "同意销号"), frozenset({S.VERIFYING}),                       S.CLOSED,     A.CLOSE,         ("conclusion",),                    only=(not_of_own_unit,), guards=(has_proof, another_than_the_checker), stamps=closed, after=lapse_extensions, notices=tell("close", the_unit), primary=True),
    T("return",   _("edge", "退回整改"), frozenset({S.SUBMITTED, S.VERIFYING}),          S.RETURNED,   A.CHECK,         ("reason",),                        only=(not_of_own_unit,), stamps=returned, notices=tell("return", the_unit), undoable=True),
    # after closing
    T("look_back",     _("edge", "回头看"),   frozenset({S.CLOSED}),                     S.LOOK_BACK,  A.LOOK_BACK,     only=(not_of_own_unit,), notices=tell("look_back", the_unit)),
    T("confirm",       _("edge", "确认巩固"), frozenset({S.LOOK_BACK}),                  S.CLOSED,     A.LOOK_BACK,     ("looked_back_on", "result"),       only=(not_of_own_unit,), checks=(looked_back_since_closing,), stamps=confirmed, notices=tell("confirm", the_unit), primary=True),
    T("reopen",        _("edge", "重新打开"), frozenset({S.LOOK_BACK}),                  S.REOPENED,   A.LOOK_BACK,     ("reason", "new_date"),             only=(not_of_own_unit,), checks=(not_in_the_past,), stamps=reopened, notices=tell("reopen", the_unit)),
    T("reopen_closed", _("edge", "重新打开"), frozenset({S.CLOSED}),                     S.REOPENED,   A.REOPEN_CLOSED, ("reason", "new_date"),             checks=(not_in_the_past,), stamps=reopened, notices=tell("reopen", the_unit)),
    # more time; only an approval moves the deadline
    T("ask_extension",     _("edge", "申请延期"),   RUNNING,                             None,         A.ASK_EXTENSION, ("new_date", "reason"),             guards=(has_deadline, no_extension_asked), checks=(later_than_deadline,), after=ask_extensions, notices=tell("ask_extension", the_office)),
    T("approve_extension", _("edge", "批准延期"),   RUNNING,                             None,         A.DECIDE_EXTENSION,                                 only=(extension_asked,), stamps=extended, after=approve_extensions, notices=tell("approve_extension", the_unit), primary=True),
    T("refuse_extension",  _("edge", "不批准延期"), RUNNING,                             None,         A.DECIDE_EXTENSION, ("reason",),                     only=(extension_asked,), after=refuse_extensions, notices=tell("refuse_extension", the_unit)),
    topic=lambda response: response.issue,
)
# fmt: on

# How the trail tells of them, as what was done.
TOLD = {
    "issue": _("trail", "交办：%(letter)s，完成时限 %(deadline_text)s"),
    "accept": _("trail", "签收"),
    "withdraw": _("trail", "撤销立项"),
    "plan": _("trail", "制定措施"),
    "start": _("trail", "开始整改"),
    "progress": _("trail", "填进展"),
    "mark_measure": _("trail", "标记措施：%(measure)s"),
    "add_proof": _("trail", "交佐证：%(evidence)s"),
    "remove_proof": _("trail", "移除佐证：%(proof)s"),
    "request": _("trail", "申请销号"),
    "recall": _("trail", "撤回"),
    "check": _("trail", "开始核查"),
    "close": _("trail", "销号"),
    "return": _("trail", "退回整改"),
    "look_back": _("trail", "回头看"),
    "confirm": _("trail", "确认巩固"),
    "reopen": _("trail", "重新打开，新时限 %(new_date)s"),
    "reopen_closed": _("trail", "重新打开，新时限 %(new_date)s"),
    "ask_extension": _("trail", "申请延期至 %(new_date)s"),
    "approve_extension": _("trail", "批准延期至 %(new_date)s"),
    "refuse_extension": _("trail", "不批准延期至 %(new_date)s"),
}
verbs.add({f"{PREFIX}.{edge.name}": TOLD[edge.name] for edge in LEDGER})
verbs.add(
    {
        f"{PREFIX}.undo": _("trail", "撤销了上一步"),
        "issue.found": _("trail", "发现问题"),
        "issue.edited": _("trail", "修改问题"),
        "inspection.letters": _("trail", "发出反馈函 %(count)s 份：%(first)s 至 %(last)s"),
    }
)
