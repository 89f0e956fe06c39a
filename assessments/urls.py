"""The addresses of the assessments: ledger and inspections."""

from django.urls import include, path

from assessments.inspections import urls as inspections
from assessments.rectification import urls as rectification

urlpatterns = [
    path(
        "inspections/",
        include(([*inspections.urlpatterns, *rectification.of_inspection], "inspections")),
    ),
    path("", include("assessments.rectification.urls")),
    path("", include("assessments.reminders.urls")),
]
