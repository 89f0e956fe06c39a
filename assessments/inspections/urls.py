from django.urls import path

from assessments.inspections import views

# The namespace `inspections` is put together in assessments/urls.py, with the pages of one
# inspection that know of issues and letters.
urlpatterns = [
    path("", views.inspections, name="list"),
    path("new/", views.new, name="new"),
    path("<int:pk>/edit/", views.edit, name="edit"),
]
