from django.urls import path

from lawgov.imports import views

app_name = "imports"
urlpatterns = [
    path("", views.new, name="new"),
    path("<int:pk>/", views.result, name="result"),
    path("<int:pk>/columns/", views.columns, name="columns"),
    path("<int:pk>/preview/", views.preview, name="preview"),
    path("<int:pk>/mend/", views.mend, name="mend"),
    path("<int:pk>/confirm/", views.confirm, name="confirm"),
    path("<int:pk>/marked/", views.marked, name="marked"),
    path("<int:pk>/discard/", views.discard, name="discard"),
]
