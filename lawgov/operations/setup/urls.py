from django.urls import path

from lawgov.operations.setup import views

app_name = "setup"

urlpatterns = [
    path("", views.home, name="home"),
    path("token/", views.enter_token, name="token"),
    path("region/", views.region, name="region"),
    path("office/", views.office, name="office"),
    path("units/", views.units, name="units"),
    path("framework/", views.framework, name="framework"),
    path("campaign/", views.campaign, name="campaign"),
    path("assignments/", views.assignments, name="assignments"),
    path("summary/", views.summary, name="summary"),
]
