"""Addresses of proof: under the work it serves, and by itself."""

from django.urls import path

from indicators.evidence import reading, views

app_name = "evidence"
WORK = "indicators/<int:number>/units/<int:unit_id>/evidence/"

urlpatterns = [
    path(WORK, views.add, name="add"),
    path(f"{WORK}settle/", views.settle, name="settle"),
    path(f"{WORK}reference/", views.reference, name="reference"),
    path(f"{WORK}reuse/", views.reuse, name="reuse"),
    path("evidence/uses/<int:pk>/edit/", views.edit, name="edit"),
    path("evidence/uses/<int:pk>/version/", views.version, name="version"),
    path("evidence/uses/<int:pk>/remove/", views.unlink, name="unlink"),
    path("evidence/uses/<int:pk>/restore/", views.relink, name="relink"),
    path("evidence/<int:pk>/", reading.preview, name="preview"),
    path("evidence/<int:pk>/versions/<int:number>/", reading.preview, name="old"),
    path("evidence/<int:pk>/versions/<int:number>/file/", reading.file, name="file"),
    path(
        "evidence/<int:pk>/versions/<int:number>/pages/<int:page_number>/",
        reading.page,
        name="page",
    ),
]
