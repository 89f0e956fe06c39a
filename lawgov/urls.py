"""Every address of the site, by the package that answers it."""

from django.contrib import admin
from django.urls import include, path

from lawgov.accounts.admin import sign_in as admin_sign_in
from lawgov.operations.views import healthz

urlpatterns = [
    path("healthz", healthz, name="healthz"),
    path("", include("lawgov.accounts.urls")),
    path("", include("lawgov.web.urls")),
    path("", include("lawgov.desk.urls_indicators")),
    path("", include("lawgov.desk.urls_tasks")),
    path("", include("lawgov.desk.urls_reports")),
    path("", include("lawgov.desk.urls_search")),
    path("", include("lawgov.desk.urls_home")),
    path("", include("lawgov.desk.urls_review")),
    path("", include("lawgov.desk.urls_exports")),
    path("", include("indicators.evidence.urls")),
    path("", include("assessments.urls")),
    path("settings/", include("lawgov.urls_settings")),
    path("setup/", include("lawgov.operations.setup.urls")),
    path("admin/login/", admin_sign_in, name="admin-login"),
    path("admin/", admin.site.urls),
    path("notices/", include("lawgov.notifications.urls")),
    path("imports/", include("lawgov.imports.urls")),
    path("jobs/", include("lawgov.jobs.urls")),
    path("sheets/", include("lawgov.filling.urls")),
    path("api/v1/", include("lawgov.api")),
]

handler400 = "lawgov.web.errors.bad_request"
handler403 = "lawgov.web.errors.forbidden"
handler404 = "lawgov.web.errors.not_found"
handler500 = "lawgov.web.errors.server_error"
