"""/settings/…: pages that stay with their subjects, under one namespace for the office."""

from django.urls import path

from assessments.reminders import log_pages as reminder_log
from assessments.reminders import settings_pages as reminders
from indicators.assignments import views as assignments
from indicators.campaigns import views as campaigns
from indicators.framework import views as framework
from lawgov.accounts import people
from lawgov.audit import views as audit
from lawgov.notifications import channel_pages
from lawgov.operations import merging, settings_pages
from lawgov.operations.calendar import pages as calendar
from lawgov.units import liaison_views as liaisons
from lawgov.units import views as units

app_name = "settings"

urlpatterns = [
    path("", settings_pages.home, name="home"),
    # units
    path("units/", units.unit_list, name="units"),
    path("units/new/", units.unit_new, name="unit_new"),
    path("units/<int:pk>/", units.unit_detail, name="unit"),
    path("units/<int:pk>/close/", merging.unit_close, name="unit_close"),
    path("units/<int:pk>/liaisons/new/", liaisons.liaison_new, name="liaison_new"),
    path("groups/", units.group_list, name="groups"),
    path("groups/new/", units.group_new, name="group_new"),
    path("groups/<int:pk>/", units.group_edit, name="group"),
    path("groups/<int:pk>/delete/", units.group_delete, name="group_delete"),
    path("liaisons/", liaisons.liaison_list, name="liaisons"),
    path("liaisons/<int:pk>/", liaisons.liaison_edit, name="liaison"),
    path("liaisons/<int:pk>/phone/", liaisons.liaison_phone, name="liaison_phone"),
    path("liaisons/<int:pk>/delete/", liaisons.liaison_delete, name="liaison_delete"),
    # people
    path("people/", people.person_list, name="people"),
    path("people/new/", people.person_new, name="person_new"),
    path("people/<int:pk>/", people.person_detail, name="person"),
    path("people/<int:pk>/password/", people.person_password, name="person_password"),
    path("people/<int:pk>/active/", people.person_active, name="person_active"),
    path("people/<int:pk>/memberships/new/", people.membership_new, name="membership_new"),
    path("memberships/<int:pk>/", people.membership_edit, name="membership"),
    path("memberships/<int:pk>/end/", people.membership_end, name="membership_end"),
    # campaign, framework, who does what
    path("campaign/", campaigns.campaign_settings, name="campaign"),
    path("framework/", framework.framework, name="framework"),
    path("assignments/", assignments.assignment_list, name="assignments"),
    path("assignments/bulk/<slug:what>/", assignments.assignment_bulk, name="assignment_bulk"),
    path("assignments/<int:pk>/", assignments.assignment_edit, name="assignment"),
    # reminders
    path("reminders/", reminders.overview, name="reminders"),
    path("reminders/sent/", reminder_log.sent, name="reminders_sent"),
    path("reminders/sent/<int:pk>/again/", reminder_log.send_again, name="reminders_again"),
    path("reminders/owed/", reminder_log.owed, name="reminders_owed"),
    path("reminders/rules/<slug:watch>/", reminders.rule, name="reminder_rule"),
    path("channels/", channel_pages.channel_list, name="channels"),
    path("channels/new/", channel_pages.channel_new, name="channel_new"),
    path("channels/<int:pk>/", channel_pages.channel_edit, name="channel"),
    path("channels/<int:pk>/test/", channel_pages.channel_test, name="channel_test"),
    path("channels/<int:pk>/delete/", channel_pages.channel_delete, name="channel_delete"),
    # the rest
    path("calendar/", calendar.year_calendar, name="calendar"),
    path("calendar/<int:year>/", calendar.year_entry, name="calendar_entry"),
    path("audit/", audit.audit_list, name="audit"),
    path("audit/verify/", audit.audit_verify, name="audit_verify"),
]
