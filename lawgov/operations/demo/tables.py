"""Every table with rows of a place, so that resetting and cloning a demo place know them all."""

from __future__ import annotations

from django.db.models import Model

from assessments import models as judged
from assessments.reminders.models import ReminderHours, ReminderRule, ReminderText
from assessments.rounds.models import ScoreDraft
from indicators import models as asked
from lawgov.accounts.models import ApiToken, Membership
from lawgov.filling.models import FilledSheet
from lawgov.imports.models import KnownLayout, Upload, UploadRow
from lawgov.jobs.models import Job
from lawgov.notifications.models import CalendarFeed, Channel, Delivery, Notification
from lawgov.units.models import Liaison, Unit, UnitAlias, UnitGroup

# Parents before children; the path from each table to its region. The audit trail stands apart.
TABLES: list[tuple[type[Model], str]] = [
    (Unit, "region"),
    (Membership, "region"),
    (ApiToken, "membership__region"),
    (UnitAlias, "region"),
    (UnitGroup, "region"),
    (UnitGroup.members.through, "unitgroup__region"),
    (Liaison, "unit__region"),
    (asked.Campaign, "region"),
    (asked.Phase, "campaign__region"),
    (ReminderRule, "campaign__region"),
    (ReminderText, "campaign__region"),
    (ReminderHours, "campaign__region"),
    (asked.Assignment, "region"),
    (asked.UnitAssignment, "region"),
    (asked.Evidence, "region"),
    (asked.EvidenceVersion, "evidence__region"),
    (asked.EvidenceLink, "evidence__region"),
    (judged.Round, "region"),
    (ScoreDraft, "unit_assignment__region"),
    (judged.Score, "region"),
    (judged.Inspection, "region"),
    (judged.Inspection.units.through, "inspection__region"),
    (judged.Letter, "region"),
    (judged.Issue, "region"),
    (judged.Issue.lead_units.through, "issue__region"),
    (judged.UnitResponse, "region"),
    (judged.Measure, "region"),
    (judged.Measure.issues.through, "measure__region"),
    (judged.Extension, "response__region"),
    (judged.ProgressNote, "response__region"),
    (judged.ResponseProof, "response__region"),
    (Job, "region"),
    (Upload, "region"),
    (UploadRow, "upload__region"),
    (KnownLayout, "region"),
    (FilledSheet, "region"),
    (Notification, "region"),
    (Channel, "region"),
    (CalendarFeed, "membership__region"),
    (Delivery, "region"),
    (judged.PlannerRun, "region"),
    (judged.Reminder, "region"),
]
