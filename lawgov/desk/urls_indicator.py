"""The page of one indicator; taken into the namespace `indicators` by urls_indicators.py."""

from django.urls import path, register_converter
from django.urls.converters import StringConverter

from indicators.assignments.transitions import WORK
from lawgov.desk.indicator import moves, views


class WorkEdge(StringConverter):
    """The edges of a unit's work that people take by hand; nothing else is an address."""

    regex = "|".join(edge.name for edge in WORK if edge.by_hand)


register_converter(WorkEdge, "work_edge")
WORK_PATH = "indicators/<int:number>/units/<int:unit_id>/"

patterns = [
    path("indicators/<int:number>/", views.detail, name="detail"),
    path("indicators/<int:number>/next/", views.step, {"where": "next"}, name="next"),
    path("indicators/<int:number>/previous/", views.step, {"where": "previous"}, name="previous"),
    path("indicators/<int:number>/score/", moves.lead_score, name="lead_score"),
    path("indicators/<int:number>/verify/", moves.verify, name="verify"),
    path("indicators/<int:number>/required/", moves.required, name="required"),
    path(WORK_PATH, views.unit, name="unit"),
    path(f"{WORK_PATH}actions/", views.next_actions, name="actions"),
    path(f"{WORK_PATH}draft/", moves.draft, name="draft"),
    path(f"{WORK_PATH}undo/", moves.undo, name="undo"),
    path(f"{WORK_PATH}<work_edge:edge>/", moves.move, name="move"),
]
