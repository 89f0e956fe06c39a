"""Every list and edge of the pages has its endpoint, or a reason why it is a page only."""

from assessments.rectification.transitions import LEDGER
from indicators.assignments.transitions import WORK
from tests.routes import routes

DIALOG = "a dialog or fragment of a page; the API answers the act itself"
FRAME = "belongs to the browser that shows pages"
BEFORE = "only before the installation has its first account"
SECRET = "addresses with keys are entered and tried out by a person at the page"
ADMIN = "the operator's back office"

#: page → endpoint, or why there is none
TWINS = {
    "healthz": "for machines already, without an account",
    "accounts:login": "api:token-list",
    "accounts:logout": "api:token-current",
    "accounts:language": "api:me-preferences",
    "accounts:large_text": "api:me-preferences",
    "accounts:preferences": "api:me-preferences",
    "accounts:absence": "api:me-absence",
    "accounts:password": "a password is changed by the person at the page, never by a machine",
    "accounts:memberships": "api:me-show",
    "accounts:end_session": "api:login-detail",
    "accounts:end_other_sessions": "api:login-end-others",
    "accounts:tokens": "api:token-list",
    "accounts:token_revoke": "api:token-detail",
    "web:accessibility": FRAME,
    "home": FRAME,
    "indicators:list": "api:checklist-show",
    "indicators:heat": "api:checklist-heat",
    "indicators:tick": "api:work-move",
    "indicators:untick": "api:work-move",
    "indicators:undo_tick": "api:work-undo",
    "indicators:detail": "api:indicator-detail",
    "indicators:next": FRAME,
    "indicators:previous": FRAME,
    "indicators:lead_score": "api:indicator-lead-score",
    "indicators:verify": "api:indicator-verify",
    "indicators:required": "api:indicator-required",
    "indicators:unit": "api:work-detail",
    "indicators:actions": DIALOG,
    "indicators:draft": "api:work-draft",
    "indicators:undo": "api:work-undo",
    "indicators:move": "api:work-move",
    "tasks:list": "api:task-show",
    "tasks:tick": "api:work-move",
    "tasks:untick": "api:work-move",
    "tasks:undo_tick": "api:work-undo",
    "tasks:row": DIALOG,
    "reports:dashboard": "api:dashboard-show",
    "reports:ranking": "api:ranking-show",
    "reports:places": "api:place-show",
    "search:all": "api:search-show",
    "review:list": "api:review-waiting",
    "review:next": "api:review-waiting",
    "review:pass": "api:work-bulk",
    "review:back": "api:work-bulk",
    "evidence:add": "api:proof-files",
    "evidence:settle": "api:proof-files",
    "evidence:reference": "api:proof-references",
    "evidence:reuse": "api:use-list",
    "evidence:edit": "api:evidence-detail",
    "evidence:version": "api:evidence-add-version",
    "evidence:unlink": "api:use-detail",
    "evidence:relink": "api:use-restore",
    "evidence:preview": "api:evidence-detail",
    "evidence:old": "api:evidence-detail",
    "evidence:file": "api:evidence-file",
    "evidence:page": "a picture for the preview; the API gives the file",
    "inspections:list": "api:inspection-list",
    "inspections:new": "api:inspection-list",
    "inspections:edit": "api:inspection-detail",
    "inspections:detail": "api:finding-figures",
    "inspections:record": "api:finding-record",
    "inspections:letters": "api:finding-letters",
    "imports:new": "api:import-list",
    "imports:result": "api:import-detail",
    "imports:columns": "api:import-columns",
    "imports:preview": "api:import-rows",
    "imports:mend": "api:import-mend",
    "imports:confirm": "api:import-confirm",
    "imports:marked": "api:import-marked",
    "imports:discard": "api:import-detail",
    "rectification:home": FRAME,
    "rectification:list": "api:ledger-detail",
    "rectification:bulk": "api:response-bulk",
    "rectification:export": "api:ledger-export",
    "indicators:export": "api:indicator-export",
    "exports:list": "api:export-make",
    "exports:blank": "an empty sheet is filled in by hand; the API takes rows",
    "rectification:new": FRAME,
    "rectification:detail": "api:issue-detail",
    "rectification:edit": "api:issue-detail",
    "rectification:response": "api:response-detail",
    "rectification:undo": "api:response-undo",
    "rectification:proof": "api:response-references",
    "rectification:move": "api:response-move",
    "rectification:letter": "api:letter-detail",
    "rectification:accept_letter": "api:letter-accept",
    "settings:home": "api:settings-show",
    "settings:units": "api:unit-list",
    "settings:unit_new": "api:unit-list",
    "settings:unit": "api:unit-detail",
    "settings:unit_close": "api:unit-close",
    "settings:liaison_new": "api:liaison-list",
    "settings:groups": "api:group-list",
    "settings:group_new": "api:group-list",
    "settings:group": "api:group-detail",
    "settings:group_delete": "api:group-detail",
    "settings:liaisons": "api:unit-short-of-liaisons",
    "settings:liaison": "api:liaison-detail",
    "settings:liaison_phone": "api:liaison-phone",
    "settings:liaison_delete": "api:liaison-detail",
    "settings:people": "api:person-list",
    "settings:person_new": "api:person-list",
    "settings:person": "api:person-detail",
    "settings:person_password": "api:person-password",
    "settings:person_active": "api:person-active",
    "settings:membership_new": "api:membership-list",
    "settings:membership": "api:membership-detail",
    "settings:membership_end": "api:membership-end",
    "settings:campaign": "api:campaign-show",
    "settings:framework": "api:edition-detail",
    "settings:assignments": "api:assignment-list",
    "settings:assignment_bulk": "api:assignment-many",
    "settings:assignment": "api:assignment-detail",
    "settings:reminders": "api:reminder-rule-show",
    "settings:reminders_sent": "api:delivery-list",
    "settings:reminders_again": "api:delivery-again",
    "settings:reminders_owed": "api:reminder-list",
    "reminding:of_issue": "api:reminder-list",
    "settings:reminder_rule": "api:reminder-rule-rule",
    "settings:calendar": "api:calendar-show",
    "settings:calendar_entry": "api:calendar-show",
    "settings:audit": "api:audit-list",
    "settings:audit_verify": "api:audit-verify",
    "setup:home": FRAME,
    "setup:token": BEFORE,
    "setup:region": BEFORE,
    "setup:office": BEFORE,
    "setup:units": "api:unit-read-list",
    "setup:framework": "api:edition-list",
    "setup:campaign": "api:campaign-show",
    "setup:assignments": "api:assignment-defaults",
    "setup:summary": "api:settings-show",
    "reminders:list": "api:notice-list",
    "reminders:read_all": "api:notice-read-all",
    "reminders:open": "api:notice-read",
    "reminders:digest": "api:delivery-detail",
    "filling:list": "api:sheet-list",
    "filling:export": "api:sheet-export",
    "filling:detail": "api:sheet-detail",
    "filling:decide": "api:sheet-decide",
    "filling:apply": "api:sheet-apply",
    "filling:discard": "api:sheet-detail",
    "filling:marked": "api:sheet-marked",
    "reminding:press": "api:remind-press",
    "reminding:press_many": "api:remind-press-many",
    "reminding:paste": "text for a person's clipboard; the API gives the ledger itself",
    "reminding:feed": SECRET,
    "reminding:feed_revoke": SECRET,
    "reminding:ics": "for calendar programs already, under its own secret",
    "reminders:own_channels": SECRET,
    "reminders:own_channel": SECRET,
    "reminders:own_channel_new": SECRET,
    "reminders:own_channel_test": SECRET,
    "reminders:own_channel_delete": SECRET,
    "reminders:mail_test": SECRET,
    "settings:channels": SECRET,
    "settings:channel": SECRET,
    "settings:channel_new": SECRET,
    "settings:channel_test": SECRET,
    "settings:channel_delete": SECRET,
    "jobs:detail": "api:job-detail",
    "jobs:file": "api:job-file",
    "jobs:again": "api:job-again",
}


def test_every_page_has_its_endpoint():
    pages = {route.name for route in routes() if not route.is_api and not is_admin(route)}
    missing = sorted(pages - set(TWINS))
    assert not missing, f"say in TWINS which endpoint does the same, or why none: {missing}"
    gone = sorted(set(TWINS) - pages)
    assert not gone, f"these are no pages any more: {gone}"


def is_admin(route):
    return route.pattern.startswith("admin/")


def test_every_named_endpoint_is_there():
    known = {route.name for route in routes() if route.is_api}
    named = {twin for twin in TWINS.values() if twin.startswith("api:")}
    assert named <= known, sorted(named - known)


def test_every_edge_is_an_endpoint():
    patterns = {route.name: route.pattern for route in routes() if route.is_api}
    for edge in WORK:
        assert (edge.name in _edges(patterns["api:work-move"])) == edge.by_hand, edge.name
    for edge in LEDGER:
        apart = edge.name == "add_proof"  # files and references, each an endpoint of its own
        there = edge.name in _edges(patterns["api:response-move"])
        assert there == (edge.by_hand and not apart), edge.name


def _edges(pattern):
    return pattern.partition("(?P<edge>")[2].partition(")")[0].split("|")
