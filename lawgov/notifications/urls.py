from django.urls import path

from lawgov.notifications import channel_pages, views

app_name = "reminders"
urlpatterns = [
    path("", views.inbox, name="list"),
    path("read/", views.read_all, name="read_all"),
    path("<int:pk>/open/", views.open_one, name="open"),
    path("digests/<int:pk>/", views.digest, name="digest"),
    path("channels/", channel_pages.own_channel_list, name="own_channels"),
    path("channels/new/", channel_pages.own_channel_new, name="own_channel_new"),
    path("channels/mail/test/", channel_pages.mail_test, name="mail_test"),
    path("channels/<int:pk>/", channel_pages.own_channel_edit, name="own_channel"),
    path("channels/<int:pk>/test/", channel_pages.own_channel_test, name="own_channel_test"),
    path("channels/<int:pk>/delete/", channel_pages.own_channel_delete, name="own_channel_delete"),
]
