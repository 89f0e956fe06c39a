"""Pages that count: the dashboard of a place, and the places below."""

from django.urls import path

from lawgov.desk.dashboard import views as dashboard
from lawgov.desk.places import views as places

app_name = "reports"

urlpatterns = [
    path("dashboard/", dashboard.dashboard, name="dashboard"),
    path("places/", places.places, name="places"),
]
