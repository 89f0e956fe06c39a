"""What each route opens, and by which right: the part of the matrix that is data.

A new route with an object in its address gets a line in `OPENS`; one whose address has a choice
of words, a line in `CHOICES`. What a route needs stands on its view (`policy`).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from assessments.models import Inspection, Issue, Letter, Round, UnitResponse
from assessments.rectification.ledger_page import BULK as LEDGER_BULK
from assessments.rectification.transitions import LEDGER
from indicators.assignments.forms import BULK as ASSIGNMENT_BULK
from indicators.assignments.transitions import WORK
from indicators.models import Assignment, Evidence, EvidenceLink, UnitAssignment
from lawgov.accounts.models import Membership
from lawgov.accounts.policy import Action as A
from lawgov.desk.exports.blanks import FORMS
from lawgov.desk.exports.rows import LISTS
from lawgov.desk.review.queue import STEPS
from lawgov.filling.subjects import every
from lawgov.notifications.models import Channel, Delivery
from lawgov.units.models import Liaison, Unit, UnitGroup

MODELS = {
    "assignment": Assignment,
    "channel": Channel,
    "delivery": Delivery,
    "evidence": Evidence,
    "group": UnitGroup,
    "inspection": Inspection,
    "issue": Issue,
    "letter": Letter,
    "liaison": Liaison,
    "membership": Membership,
    "response": UnitResponse,
    "round": Round,
    "unit": Unit,
    "use": EvidenceLink,
    "work": UnitAssignment,
}
#: Rows that are one person's, with the attribute that names the person.
OWNED = {
    "job": "owner",
    "failed": "owner",
    "upload": "owner",
    "sheet": "owner",
    "own_channel": "owner",
    "notice": "recipient",
    "login": "user",
    "token": "user",
}


@dataclass(frozen=True)
class Opens:
    """A route that opens one object: its kind, and the right by which it is found.

    `also` is a second right that is asked of the object itself. `query` goes with the address.
    """

    kind: str
    action: A | None = None
    also: A | None = None
    query: str = ""
    headers: tuple[tuple[str, str], ...] = ()


def edges(workflow: Any, kind: str, action: A) -> dict[str, Opens]:
    return {edge.name: Opens(kind, action, edge.action) for edge in workflow if edge.by_hand}


HTMX = (("HX-Request", "true"),)
WORK_EDGES = edges(WORK, "work", A.VIEW_CHECKLIST)
LEDGER_EDGES = edges(LEDGER, "response", A.VIEW_LEDGER)
TICK = Opens("work", A.TICK)
PROOF = Opens("work", A.EDIT_EVIDENCE)
USE = Opens("use", A.EDIT_EVIDENCE)
UNIT, GROUP, LIAISON = (Opens(kind, A.MANAGE_UNITS) for kind in ("unit", "group", "liaison"))
PERSON, MEMBERSHIP = (Opens(kind, A.MANAGE_PEOPLE) for kind in ("person", "membership"))
DIVISION = Opens("assignment", A.MANAGE_CAMPAIGN)
ANSWER = Opens("response", A.VIEW_LEDGER)
REMIND, DELIVERY = Opens("response", A.VIEW_LEDGER, A.REMIND), Opens("delivery", A.MANAGE_CAMPAIGN)
UPLOAD, SHEET = Opens("upload"), Opens("sheet")
CHANNEL, OWN_CHANNEL = Opens("channel", A.MANAGE_CAMPAIGN), Opens("own_channel")

OPENS: dict[str, Opens | dict[str, Opens]] = {
    # pages
    "accounts:end_session": Opens("login"),
    "accounts:token_revoke": Opens("token"),
    "indicators:tick": TICK,
    "indicators:untick": TICK,
    "indicators:undo_tick": TICK,
    "tasks:tick": TICK,
    "tasks:untick": TICK,
    "tasks:undo_tick": TICK,
    "tasks:row": Opens("task", headers=HTMX),
    "indicators:detail": Opens("number"),
    "indicators:next": Opens("number"),
    "indicators:previous": Opens("number"),
    "indicators:lead_score": Opens("number"),
    "indicators:verify": Opens("number"),
    "indicators:required": Opens("number"),
    "indicators:unit": Opens("work", A.VIEW_CHECKLIST),
    "indicators:actions": PROOF,
    "indicators:draft": Opens("work", A.SUBMIT),
    "indicators:undo": Opens("work", A.VIEW_CHECKLIST),
    "indicators:move": WORK_EDGES,
    "evidence:add": PROOF,
    "evidence:settle": PROOF,
    "evidence:reference": PROOF,
    "evidence:reuse": PROOF,
    "evidence:edit": USE,
    "evidence:version": USE,
    "evidence:unlink": USE,
    "evidence:relink": USE,
    "evidence:preview": Opens("evidence"),
    "evidence:old": Opens("evidence"),
    "evidence:file": Opens("evidence"),
    "evidence:page": Opens("evidence"),
    "inspections:edit": Opens("inspection", A.EDIT_INSPECTION),
    "inspections:detail": Opens("inspection", A.VIEW_INSPECTIONS),
    "inspections:record": Opens("inspection", A.RECORD_ISSUE),
    "inspections:letters": Opens("inspection", A.ISSUE),
    "imports:result": UPLOAD,
    "imports:columns": UPLOAD,
    "imports:preview": UPLOAD,
    "imports:mend": UPLOAD,
    "imports:confirm": UPLOAD,
    "imports:marked": UPLOAD,
    "imports:discard": UPLOAD,
    "filling:detail": SHEET,
    "filling:decide": SHEET,
    "filling:apply": SHEET,
    "filling:discard": SHEET,
    "filling:marked": SHEET,
    "rectification:detail": Opens("issue"),
    "rectification:edit": Opens("found", A.RECORD_ISSUE),
    "rectification:response": ANSWER,
    "reminding:press": REMIND,
    "reminding:of_issue": Opens("issue"),
    "settings:reminders_again": DELIVERY,
    "rectification:undo": Opens("response", A.VIEW_LEDGER, query="?version=1"),
    "rectification:proof": Opens("response", A.VIEW_LEDGER, A.RECTIFY),
    "rectification:move": LEDGER_EDGES,
    "rectification:letter": Opens("letter"),
    "rectification:accept_letter": Opens("letter"),
    "settings:unit": UNIT,
    "settings:unit_close": UNIT,
    "settings:liaison_new": UNIT,
    "settings:group": GROUP,
    "settings:group_delete": GROUP,
    "settings:liaison": LIAISON,
    "settings:liaison_phone": LIAISON,
    "settings:liaison_delete": LIAISON,
    "settings:person": PERSON,
    "settings:person_password": PERSON,
    "settings:person_active": PERSON,
    "settings:membership_new": PERSON,
    "settings:membership": MEMBERSHIP,
    "settings:membership_end": MEMBERSHIP,
    "settings:assignment": DIVISION,
    "settings:channel": CHANNEL,
    "settings:channel_test": CHANNEL,
    "settings:channel_delete": CHANNEL,
    "reminders:own_channel": OWN_CHANNEL,
    "reminders:own_channel_test": OWN_CHANNEL,
    "reminders:own_channel_delete": OWN_CHANNEL,
    "reminders:open": Opens("notice"),
    "reminders:digest": Opens("delivery"),
    "jobs:detail": Opens("job"),
    "jobs:file": Opens("job"),
    "jobs:again": Opens("failed"),
    # endpoints
    "api:token-detail": Opens("token"),
    "api:login-detail": Opens("login"),
    "api:notice-read": Opens("notice"),
    "api:job-detail": Opens("job"),
    "api:job-file": Opens("job"),
    "api:job-again": Opens("failed"),
    "api:indicator-detail": Opens("assignment"),
    "api:indicator-lead-score": Opens("assignment", None, A.REVIEW),
    "api:indicator-verify": Opens("assignment"),
    "api:indicator-required": Opens("assignment"),
    "api:work-detail": Opens("work"),
    "api:work-undo": Opens("work"),
    "api:work-draft": Opens("work", None, A.SUBMIT),
    "api:work-move": WORK_EDGES,
    "api:proof-proof": Opens("work", A.VIEW_EVIDENCE),
    "api:proof-files": PROOF,
    "api:proof-references": PROOF,
    "api:evidence-detail": Opens("evidence"),
    "api:evidence-add-version": Opens("evidence", None, A.EDIT_EVIDENCE),
    "api:evidence-file": Opens("evidence"),
    "api:use-detail": Opens("use"),
    "api:use-restore": USE,
    "api:round-detail": Opens("round"),
    "api:inspection-detail": Opens("inspection"),
    "api:finding-figures": Opens("inspection"),
    "api:finding-letters": Opens("inspection", A.ISSUE),
    "api:finding-record": Opens("inspection", A.RECORD_ISSUE),
    "api:issue-detail": Opens("issue"),
    "api:issue-lines": Opens("issue"),
    "api:response-detail": ANSWER,
    "api:response-files": Opens("response", None, A.RECTIFY),
    "api:response-references": Opens("response", None, A.RECTIFY),
    "api:response-undo": ANSWER,
    "api:response-move": {k: v for k, v in LEDGER_EDGES.items() if k != "add_proof"},
    "api:remind-press": REMIND,
    "api:remind-receivers": REMIND,
    "api:delivery-detail": Opens("delivery"),
    "api:delivery-again": DELIVERY,
    "api:extension-detail": Opens("extension"),
    "api:letter-detail": Opens("letter"),
    "api:letter-accept": Opens("letter"),
    "api:import-detail": UPLOAD,
    "api:import-columns": UPLOAD,
    "api:import-confirm": UPLOAD,
    "api:import-marked": UPLOAD,
    "api:import-mend": UPLOAD,
    "api:import-rows": UPLOAD,
    "api:sheet-detail": SHEET,
    "api:sheet-apply": SHEET,
    "api:sheet-decide": SHEET,
    "api:sheet-marked": SHEET,
    "api:unit-detail": UNIT,
    "api:unit-close": UNIT,
    "api:group-detail": GROUP,
    "api:liaison-detail": LIAISON,
    "api:liaison-phone": LIAISON,
    "api:person-detail": PERSON,
    "api:person-password": PERSON,
    "api:person-active": PERSON,
    "api:membership-detail": MEMBERSHIP,
    "api:membership-end": MEMBERSHIP,
    "api:assignment-detail": DIVISION,
}

#: Routes whose address has a part that is no object: its values, each with a right of its own.
#: Of several rights any is enough.
CHOICES: dict[str, dict[str, A | tuple[A, ...] | None]] = {
    "review:pass": {step.key: step.action for step in STEPS if step.edge},
    "review:back": {step.key: step.action for step in STEPS if step.back},
    "rectification:list": dict.fromkeys(["individual", "common"]),
    "rectification:bulk": {edge: LEDGER[edge].action for edge in LEDGER_BULK},
    "rectification:export": dict.fromkeys(["individual"]),
    "settings:assignment_bulk": dict.fromkeys(ASSIGNMENT_BULK),
    "api:review-waiting": {step.key: step.action for step in STEPS},
    "api:ledger-detail": dict.fromkeys(["individual", "common"]),
    "api:ledger-export": dict.fromkeys(["individual"]),
    "settings:calendar_entry": {"2026": None},
    "settings:reminder_rule": {"deadline": None},
    "filling:export": {subject.code: subject.action for subject in every()},
    "exports:list": {code: found.actions for code, found in LISTS.items()},
    "exports:blank": {code: form.action for code, form in FORMS.items()},
    "reminding:press_many": dict.fromkeys(["individual"]),
    "reminding:ics": {"nobodys-address": None},
    "api:export-make": {code: found.actions for code, found in LISTS.items()},
    "api:calendar-show": {"2026": None},
    "api:reminder-rule-rule": {"deadline": None},
    "api:edition-detail": {"none": None},
}
#: Answered like a bad address, whoever asks, with the reason.
GONE = {
    "review:pass": "the empty form that the matrix sends picks nothing",
    "review:back": "the empty form that the matrix sends picks nothing",
    "settings:assignment_bulk": "the empty form that the matrix sends picks nothing",
    "reminding:ics": "nobody holds that address",
    "api:edition-detail": "there is no edition of that code",
    "settings:calendar_entry": "with several places the calendar is the administrator's",
    "setup:token": "public before the first account, gone afterwards",
    "setup:region": "public before the first account, gone afterwards",
    "setup:office": "public before the first account, gone afterwards",
}
#: The same for some methods alone.
GONE_BY = {
    ("accounts:memberships", "POST"): "the empty form chooses no membership",
    ("api:calendar-show", "POST"): "with several places the calendar is the administrator's",
    ("api:token-current", "DELETE"): "the caller came with a session, not with a token",
}
#: Routes that write although they are only read, what they write, and why.
WRITES_WHEN_READ: dict[str, dict[str, str]] = {}
#: Unsafe calls that need no token of a page, with the reason.
NO_SESSION = {("api:token-list", "POST"): "takes account and password, never a session"}
