from django.urls import path

from assessments.rectification import import_views as views

app_name = "imports"
urlpatterns = [
    path("", views.new, name="new"),
    path("<int:pk>/", views.result, name="result"),
]
