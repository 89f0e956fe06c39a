"""The page of one indicator; taken into the namespace `indicators` by urls_indicators.py."""

from django.urls import path

from lawgov.desk.indicator import moves, views

patterns = [
    path("indicators/<int:number>/", views.detail, name="detail"),
    path("indicators/<int:number>/next/", views.step, {"where": "next"}, name="next"),
    path("indicators/<int:number>/previous/", views.step, {"where": "previous"}, name="previous"),
    path("indicators/<int:number>/score/", moves.lead_score, name="lead_score"),
    path("indicators/<int:number>/verify/", moves.verify, name="verify"),
    path("indicators/<int:number>/required/", moves.required, name="required"),
    path("indicators/<int:number>/units/<int:unit_id>/", views.unit, name="unit"),
    path("indicators/<int:number>/units/<int:unit_id>/actions/", views.next_actions, name="actions"),
    path("indicators/<int:number>/units/<int:unit_id>/draft/", moves.draft, name="draft"),
    path("indicators/<int:number>/units/<int:unit_id>/undo/", moves.undo, name="undo"),
    path("indicators/<int:number>/units/<int:unit_id>/<slug:edge>/", moves.move, name="move"),
]
