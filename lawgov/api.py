"""/api/v1/: put together from the subjects' endpoints; every edge and list of the web is here."""

from __future__ import annotations

from django.urls import include, path
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerView
from rest_framework.routers import SimpleRouter

from assessments.rectification.api import AnswerEndpoint, IssueEndpoint
from lawgov.accounts.api import MeView, TokenView
from lawgov.accounts.guards import PUBLIC
from lawgov.jobs.api import JobEndpoint
from lawgov.notifications.api import NotificationEndpoint

router = SimpleRouter(use_regex_path=True)
router.register("issues", IssueEndpoint, "issue")
router.register("responses", AnswerEndpoint, "response")
router.register("notices", NotificationEndpoint, "notice")
router.register("jobs", JobEndpoint, "job")

SpectacularAPIView.policy = PUBLIC
SpectacularSwaggerView.policy = PUBLIC

app_name = "api"
urlpatterns = [
    path("tokens/", TokenView.as_view(), name="token"),
    path("me/", MeView.as_view(), name="me"),
    path("schema/", SpectacularAPIView.as_view(permission_classes=[]), name="schema"),
    path("", include(router.urls)),
]
