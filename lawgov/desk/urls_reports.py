"""Pages that count: the dashboard of a place, the order of its units, and the places below."""

from django.urls import path

from lawgov.desk.dashboard import views as dashboard
from lawgov.desk.places import views as places
from lawgov.desk.ranking import views as ranking

app_name = "reports"

urlpatterns = [
    path("dashboard/", dashboard.dashboard, name="dashboard"),
    path("ranking/", ranking.units, name="ranking"),
    path("places/", places.places, name="places"),
]
