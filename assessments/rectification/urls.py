from django.urls import path, register_converter

from assessments.rectification import (
    bulk_views,
    export_views,
    letter_views,
    proof_views,
    views,
)
from assessments.rectification.models import Issue
from assessments.rectification.transitions import LEDGER


class Kind:
    """One of the ledgers: individual, common, opinion, problem, direct."""

    regex = "|".join(Issue.Kind.values)

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


class Edge(Kind):
    """The name of an edge that a form can take."""

    regex = "|".join(edge.name for edge in LEDGER if edge.by_hand)


register_converter(Kind, "ledger_kind")
register_converter(Edge, "ledger_edge")

app_name = "rectification"
ANSWER = "issues/<int:issue>/responses/<int:pk>/"
urlpatterns = [
    path("ledger/", views.home, name="home"),
    path("ledger/<ledger_kind:kind>/", views.ledger, name="list"),
    path("ledger/<ledger_kind:kind>/bulk/<ledger_edge:edge>/", bulk_views.bulk, name="bulk"),
    path("ledger/<ledger_kind:kind>/export/", export_views.export, name="export"),
    path("issues/new/", letter_views.new, name="new"),
    path("issues/<int:pk>/", views.detail, name="detail"),
    path("issues/<int:pk>/edit/", letter_views.edit, name="edit"),
    path(ANSWER, views.response, name="response"),
    path(f"{ANSWER}undo/", views.undo, name="undo"),
    path(f"{ANSWER}proof/", proof_views.add, name="proof"),
    path(f"{ANSWER}<ledger_edge:edge>/", views.move, name="move"),
    path("letters/<int:pk>/", letter_views.letter, name="letter"),
    path("letters/<int:pk>/accept/", letter_views.accept, name="accept_letter"),
]

# Pages of one inspection that know of issues and letters; joined with the namespace
# `inspections` in assessments/urls.py, because the lower folder imports nothing from here.
of_inspection = [
    path("<int:pk>/", letter_views.inspection, name="detail"),
    path("<int:pk>/findings/", letter_views.record, name="record"),
    path("<int:pk>/letters/", letter_views.letters, name="letters"),
]
