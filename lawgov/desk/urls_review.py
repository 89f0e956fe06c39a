"""The review queue; one namespace of its own."""

from django.urls import path

from lawgov.desk.review import bulk, views

app_name = "review"

urlpatterns = [
    path("review/", views.review_list, name="list"),
    path("review/next/", views.one_by_one, name="next"),
    path("review/<slug:key>/pass/", bulk.pass_many, name="pass"),
    path("review/<slug:key>/back/", bulk.send_back, name="back"),
]
