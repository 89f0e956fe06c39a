from django.urls import path

from lawgov.operations.setup import opening, views

app_name = "setup"

urlpatterns = [
    path("", opening.home, name="home"),
    path("token/", opening.enter_token, name="token"),
    path("region/", opening.region, name="region"),
    path("office/", opening.office, name="office"),
    path("units/", views.units, name="units"),
    path("framework/", views.framework, name="framework"),
    path("campaign/", views.campaign, name="campaign"),
    path("assignments/", views.assignments, name="assignments"),
    path("summary/", views.summary, name="summary"),
]
