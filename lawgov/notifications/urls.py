from django.urls import path

from lawgov.notifications import views

app_name = "reminders"
urlpatterns = [
    path("", views.inbox, name="list"),
    path("read/", views.read_all, name="read_all"),
    path("<int:pk>/open/", views.open_one, name="open"),
]
