"""Who may do what: one table, two questions (`can` here, `visible_to` in scoping.py).

The table names actions of later packages as words and imports none of them. Source of the rows:
domain guide §3 and the decisions on roles; the route and role tests are drawn from it.
"""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

from django.db import models
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from lawgov.accounts.actors import Actor


class Role(models.TextChoices):
    """Role 角色 of a membership; codes as in the domain guide §3."""

    LEADING_GROUP = "leading_group", _("领导小组")
    OFFICE_ADMIN = "office_admin", _("创建办")
    SUPERVISOR = "supervisor", _("督导检查组")
    ASSESSOR = "assessor", _("评估测评组")
    PUBLICIST = "publicist", _("舆论宣传组")
    EXPERT = "expert", _("专家咨询团队")
    LEAD_REVIEWER = "lead_reviewer", _("牵头单位审核人")
    UNIT_EDITOR = "unit_editor", _("责任单位明白人")
    UNIT_HEAD = "unit_head", _("单位负责人")
    EXTERNAL = "external", _("第三方评估组")
    UPPER_SUPERVISOR = "upper_supervisor", _("上级督察")


UNIT_ROLES = frozenset({Role.UNIT_EDITOR, Role.UNIT_HEAD, Role.LEAD_REVIEWER})


class Scope(StrEnum):
    """How far a grant reaches. A role may hold one action in several scopes."""

    ALL = "all"  # every region of the installation
    REGION = "region"  # the membership's region
    BELOW = "below"  # regions under the membership's region
    LED = "led"  # what hangs from indicators that the membership's unit leads
    OWN_UNIT = "own_unit"  # the membership's unit
    ASSIGNED = "assigned"  # rows that name the person


class Action(StrEnum):
    """What can be done; the words after the dot are the verbs of pages and audit."""

    # one's own account
    OWN_ACCOUNT = "account.own"
    # indicators
    VIEW_TASKS = "tasks.view"
    VIEW_CHECKLIST = "checklist.view"
    VIEW_EVIDENCE = "evidence.view"
    EDIT_EVIDENCE = "evidence.edit"
    TICK = "assignment.tick"
    SUBMIT = "assignment.submit"
    APPROVE = "assignment.approve"
    REVIEW = "assignment.review"
    RETURN = "assignment.return"
    ASK_EXEMPTION = "assignment.ask_exemption"
    DECIDE_EXEMPTION = "assignment.decide_exemption"
    VERIFY_INDICATOR = "indicator.verify"
    VIEW_SCORES = "scores.view"
    SCORE = "scores.mock"
    # issues
    VIEW_LEDGER = "ledger.view"
    VIEW_INSPECTIONS = "inspection.view"
    EDIT_INSPECTION = "inspection.edit"
    RECORD_ISSUE = "issue.record"
    ISSUE = "issue.issue"
    ACCEPT = "issue.accept"
    RECTIFY = "issue.rectify"
    REQUEST_CLOSE = "issue.request_close"
    RECALL = "issue.recall"
    CHECK = "issue.check"
    CLOSE = "issue.close"
    LOOK_BACK = "issue.look_back"
    REOPEN_CLOSED = "issue.reopen_closed"
    WITHDRAW = "issue.withdraw"
    ASK_EXTENSION = "issue.ask_extension"
    DECIDE_EXTENSION = "issue.decide_extension"
    REMIND = "issue.remind"
    # overviews
    VIEW_DASHBOARD = "dashboard.view"
    VIEW_RANKING = "ranking.view"
    VIEW_PLACES = "places.view"
    SEARCH = "search"
    # work in the background, files
    EXPORT = "export"
    IMPORT_LEDGER = "ledger.import"
    # the campaign's office
    MANAGE_CAMPAIGN = "campaign.manage"
    MANAGE_CALENDAR = "calendar.manage"
    MANAGE_UNITS = "units.manage"
    MANAGE_PEOPLE = "people.manage"
    VIEW_SETTINGS = "settings.view"
    VIEW_AUDIT = "audit.view"


_EVERYBODY = {Action.OWN_ACCOUNT: Scope.ALL}

_READ_REGION = {
    Action.VIEW_CHECKLIST: Scope.REGION,
    Action.VIEW_EVIDENCE: Scope.REGION,
    Action.VIEW_SCORES: Scope.REGION,
    Action.VIEW_LEDGER: Scope.REGION,
    Action.VIEW_INSPECTIONS: Scope.REGION,
    Action.VIEW_DASHBOARD: Scope.REGION,
    Action.SEARCH: Scope.REGION,
    Action.EXPORT: Scope.REGION,
}

_EDITOR = _EVERYBODY | {
    Action.VIEW_TASKS: Scope.OWN_UNIT,
    Action.VIEW_CHECKLIST: Scope.OWN_UNIT,
    Action.VIEW_EVIDENCE: Scope.OWN_UNIT,
    Action.EDIT_EVIDENCE: Scope.OWN_UNIT,
    Action.VIEW_SCORES: Scope.OWN_UNIT,
    Action.TICK: Scope.OWN_UNIT,
    Action.SUBMIT: Scope.OWN_UNIT,
    Action.ASK_EXEMPTION: Scope.OWN_UNIT,
    Action.VIEW_LEDGER: Scope.OWN_UNIT,
    Action.ACCEPT: Scope.OWN_UNIT,
    Action.RECTIFY: Scope.OWN_UNIT,
    Action.RECALL: Scope.OWN_UNIT,
    Action.SEARCH: Scope.OWN_UNIT,
    Action.EXPORT: Scope.OWN_UNIT,
}

GRANTS: dict[Role, dict[Action, Scope]] = {
    Role.LEADING_GROUP: _EVERYBODY | _READ_REGION | {Action.VIEW_RANKING: Scope.REGION},
    Role.OFFICE_ADMIN: _EVERYBODY
    | _READ_REGION
    | {
        Action.VIEW_RANKING: Scope.REGION,
        Action.VIEW_TASKS: Scope.REGION,
        Action.DECIDE_EXEMPTION: Scope.REGION,
        Action.REVIEW: Scope.REGION,
        Action.RETURN: Scope.REGION,
        Action.VERIFY_INDICATOR: Scope.REGION,
        Action.EDIT_INSPECTION: Scope.REGION,
        Action.RECORD_ISSUE: Scope.REGION,
        Action.ISSUE: Scope.REGION,
        Action.CHECK: Scope.REGION,
        Action.CLOSE: Scope.REGION,
        Action.REOPEN_CLOSED: Scope.REGION,
        Action.WITHDRAW: Scope.REGION,
        Action.DECIDE_EXTENSION: Scope.REGION,
        Action.REMIND: Scope.REGION,
        Action.IMPORT_LEDGER: Scope.REGION,
        Action.MANAGE_CAMPAIGN: Scope.REGION,
        Action.MANAGE_CALENDAR: Scope.REGION,
        Action.MANAGE_UNITS: Scope.REGION,
        Action.MANAGE_PEOPLE: Scope.REGION,
        Action.VIEW_SETTINGS: Scope.REGION,
        Action.VIEW_AUDIT: Scope.REGION,
    },
    Role.SUPERVISOR: _EVERYBODY
    | _READ_REGION
    | {
        Action.VIEW_RANKING: Scope.REGION,
        Action.VIEW_TASKS: Scope.REGION,
        Action.EDIT_INSPECTION: Scope.REGION,
        Action.RECORD_ISSUE: Scope.REGION,
        Action.CHECK: Scope.REGION,
        Action.CLOSE: Scope.REGION,
        Action.LOOK_BACK: Scope.REGION,
        Action.REMIND: Scope.REGION,
        Action.IMPORT_LEDGER: Scope.REGION,
    },
    Role.ASSESSOR: _EVERYBODY
    | {
        Action.VIEW_CHECKLIST: Scope.REGION,
        Action.VIEW_EVIDENCE: Scope.REGION,
        Action.VIEW_SCORES: Scope.REGION,
        Action.VIEW_DASHBOARD: Scope.REGION,
        Action.SCORE: Scope.REGION,
        Action.SEARCH: Scope.REGION,
        Action.EXPORT: Scope.REGION,
    },
    # Figures for notices and news, never single proofs or ledgers.
    Role.PUBLICIST: _EVERYBODY | {Action.VIEW_DASHBOARD: Scope.REGION},
    # Named to rounds later; until then an expert reads the indicators, no proof.
    Role.EXPERT: _EVERYBODY | {Action.VIEW_CHECKLIST: Scope.ASSIGNED},
    Role.LEAD_REVIEWER: _EVERYBODY
    | {
        Action.VIEW_TASKS: Scope.LED,
        Action.VIEW_CHECKLIST: Scope.LED,
        Action.VIEW_EVIDENCE: Scope.LED,
        Action.VIEW_SCORES: Scope.LED,
        Action.REVIEW: Scope.LED,
        Action.RETURN: Scope.LED,
        Action.DECIDE_EXEMPTION: Scope.LED,
        Action.VIEW_LEDGER: Scope.LED,
        Action.CHECK: Scope.LED,
        Action.SEARCH: Scope.LED,
        Action.EXPORT: Scope.LED,
    },
    Role.UNIT_EDITOR: _EDITOR,
    # The head does all that the editor does, and signs.
    Role.UNIT_HEAD: _EDITOR
    | {
        Action.APPROVE: Scope.OWN_UNIT,
        Action.RETURN: Scope.OWN_UNIT,
        Action.REQUEST_CLOSE: Scope.OWN_UNIT,
        Action.ASK_EXTENSION: Scope.OWN_UNIT,
    },
    # Outside assessors read a frozen pack; a pack is opened to them by the office.
    Role.EXTERNAL: _EVERYBODY,
    Role.UPPER_SUPERVISOR: _EVERYBODY | {Action.VIEW_PLACES: Scope.BELOW},
}


def scope_of(actor: Actor, action: Action) -> Scope | None:
    """The scope in which `actor` holds `action`; None when the role does not hold it."""
    if actor.is_system:
        return Scope.REGION if actor.region is not None else Scope.ALL
    if actor.role is None:
        return None
    return GRANTS[actor.role].get(action)


def can(actor: Actor, action: Action, obj: object | None = None) -> bool:
    """May `actor` do `action`, to `obj` when one is given?

    An object answers `in_scope(scope, actor) -> bool` about itself (models mix in
    `scoping.Scoped`); without an object the answer is whether the role holds the action at all.
    """
    scope = scope_of(actor, action)
    if scope is None:
        return False
    return obj is None or obj.in_scope(scope, actor)  # type: ignore[attr-defined]
