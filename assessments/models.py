"""Index of the tables; each stands in the folder of its subject."""

from assessments.inspections.models import Inspection
from assessments.rectification.models import (
    Extension,
    Issue,
    Letter,
    Measure,
    ProgressNote,
    ResponseProof,
    UnitResponse,
)
from assessments.reminders.models import (
    PlannerRun,
    Reminder,
    ReminderHours,
    ReminderRule,
    ReminderText,
)
from assessments.rounds.models import Round, Score, ScoreDraft

__all__ = [
    "Extension",
    "Inspection",
    "Issue",
    "Letter",
    "Measure",
    "PlannerRun",
    "ProgressNote",
    "Reminder",
    "ReminderHours",
    "ReminderRule",
    "ReminderText",
    "ResponseProof",
    "Round",
    "Score",
    "ScoreDraft",
    "UnitResponse",
]
