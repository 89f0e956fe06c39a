"""/api/v1/: put together from the subjects' endpoints; every edge and list of the web is here."""

from __future__ import annotations

from typing import Any

from django.urls import URLPattern, include, path
from rest_framework.routers import SimpleRouter

from assessments.inspections.api import InspectionEndpoint
from assessments.rectification.answer_api import AnswerEndpoint
from assessments.rectification.api import ExtensionEndpoint, IssueEndpoint, LetterEndpoint
from assessments.rectification.inspection_api import FindingEndpoint
from assessments.rectification.ledger_api import LedgerEndpoint
from assessments.reminders.api import RemindEndpoint, ReminderRuleEndpoint
from assessments.reminders.log_api import DeliveryEndpoint, ReminderEndpoint
from assessments.rounds.api import AssignmentEndpoint, RoundEndpoint, ScoreEndpoint
from assessments.rounds.work_api import WorkEndpoint
from indicators.evidence.api import EvidenceEndpoint, UseEndpoint
from indicators.evidence.proof_api import ProofEndpoint
from indicators.framework.api import EditionEndpoint
from lawgov.accounts.api import LoginEndpoint, MeEndpoint, TokenEndpoint
from lawgov.accounts.people_api import AppointmentEndpoint, PersonEndpoint
from lawgov.audit.api import AuditEndpoint
from lawgov.desk.checklist.api import ChecklistEndpoint
from lawgov.desk.dashboard.api import DashboardEndpoint
from lawgov.desk.exports.api import ExportEndpoint
from lawgov.desk.places.api import PlaceEndpoint
from lawgov.desk.ranking.api import RankingEndpoint
from lawgov.desk.review.api import ReviewEndpoint
from lawgov.desk.search.api import SearchEndpoint
from lawgov.desk.tasks.api import TaskEndpoint
from lawgov.filling.api import SheetEndpoint
from lawgov.imports.api import ImportEndpoint
from lawgov.jobs.api import JobEndpoint
from lawgov.notifications.api import NoticeEndpoint
from lawgov.operations.calendar.api import CalendarEndpoint
from lawgov.operations.merging_api import UnitWithClosingEndpoint
from lawgov.operations.settings_api import SettingsEndpoint
from lawgov.operations.setup.api import CampaignSetUpEndpoint, DivisionSetUpEndpoint
from lawgov.units.api import GroupEndpoint, LiaisonEndpoint
from lawgov.web.rest.documentation import RootEndpoint, SchemaView, documentation
from lawgov.web.rest.endpoints import Endpoint

router = SimpleRouter()
# the caller
router.register("tokens", TokenEndpoint, "token")
router.register("logins", LoginEndpoint, "login")
router.register("notices", NoticeEndpoint, "notice")
router.register("jobs", JobEndpoint, "job")
router.register("sheets", SheetEndpoint, "sheet")
# indicators
router.register("indicators", AssignmentEndpoint, "indicator")
router.register("work", WorkEndpoint, "work")
router.register("work", ProofEndpoint, "proof")
router.register("evidence", EvidenceEndpoint, "evidence")
router.register("evidence-uses", UseEndpoint, "use")
router.register("rounds", RoundEndpoint, "round")
router.register("scores", ScoreEndpoint, "score")
router.register("checklist", ChecklistEndpoint, "checklist")
router.register("review", ReviewEndpoint, "review")
# issues
router.register("inspections", InspectionEndpoint, "inspection")
router.register("inspections", FindingEndpoint, "finding")
router.register("issues", IssueEndpoint, "issue")
router.register("responses", AnswerEndpoint, "response")
router.register("responses", RemindEndpoint, "remind")
router.register("reminders", ReminderEndpoint, "reminder")
router.register("deliveries", DeliveryEndpoint, "delivery")
router.register("extensions", ExtensionEndpoint, "extension")
router.register("letters", LetterEndpoint, "letter")
router.register("ledger", LedgerEndpoint, "ledger")
router.register("imports", ImportEndpoint, "import")
# the office
router.register("units", UnitWithClosingEndpoint, "unit")
router.register("groups", GroupEndpoint, "group")
router.register("liaisons", LiaisonEndpoint, "liaison")
router.register("people", PersonEndpoint, "person")
router.register("memberships", AppointmentEndpoint, "membership")
router.register("editions", EditionEndpoint, "edition")
router.register("assignments", DivisionSetUpEndpoint, "assignment")
router.register("audit", AuditEndpoint, "audit")


def single(address: str, endpoint: type[Endpoint], subject: str, **methods: Any) -> URLPattern:
    """An address without rows; named by the subject and the first of its methods."""
    view = endpoint.as_view(methods, basename=subject)
    return path(address, view, name=f"{subject}-{next(iter(methods.values()))}")


#: What the root names: the subjects with a list, by the first word of their addresses.
SUBJECTS = {
    prefix: f"{basename}-list"
    for prefix, endpoint, basename in router.registry
    if hasattr(endpoint, "list")
}

app_name = "api"
urlpatterns = [
    path(
        "", RootEndpoint.as_view({"get": "show"}, basename="root", subjects=SUBJECTS), name="root"
    ),
    single("me/", MeEndpoint, "me", get="show"),
    single("me/preferences/", MeEndpoint, "me", put="preferences"),
    single("me/absence/", MeEndpoint, "me", get="absence", put="change_absence"),
    single("campaign/", CampaignSetUpEndpoint, "campaign", get="show", put="update", post="create"),
    single("checklist/", ChecklistEndpoint, "checklist", get="show"),
    single("tasks/", TaskEndpoint, "task", get="show"),
    single("dashboard/", DashboardEndpoint, "dashboard", get="show"),
    single("ranking/", RankingEndpoint, "ranking", get="show"),
    single("places/", PlaceEndpoint, "place", get="show"),
    single("exports/<slug:code>/", ExportEndpoint, "export", post="make"),
    single("search/", SearchEndpoint, "search", get="show"),
    single("review/", ReviewEndpoint, "review", get="show"),
    single("settings/", SettingsEndpoint, "settings", get="show"),
    single("calendar/<int:year>/", CalendarEndpoint, "calendar", get="show", post="enter"),
    single("reminder-rules/", ReminderRuleEndpoint, "reminder-rule", get="show"),
    single(
        "reminder-rules/<slug:watch>/",
        ReminderRuleEndpoint,
        "reminder-rule",
        get="rule",
        put="change",
    ),
    single(
        "reminder-hours/", ReminderRuleEndpoint, "reminder-hours", get="hours", put="change_hours"
    ),
    path("schema/", SchemaView.as_view(), name="schema"),
    path("docs/", documentation, name="docs"),
    path("", include(router.urls)),
]
