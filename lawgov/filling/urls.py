from django.urls import path

from lawgov.filling import views

app_name = "filling"
urlpatterns = [
    path("", views.sheet_list, name="list"),
    path("export/<slug:code>/", views.export, name="export"),
    path("<int:pk>/", views.detail, name="detail"),
    path("<int:pk>/decide/", views.decide, name="decide"),
    path("<int:pk>/apply/", views.apply, name="apply"),
    path("<int:pk>/marked/", views.marked, name="marked"),
    path("<int:pk>/discard/", views.discard, name="discard"),
]
