from django.urls import path

from assessments.reminders import feed_views, log_pages, views

app_name = "reminding"
urlpatterns = [
    path("issues/<int:issue>/responses/<int:pk>/remind/", views.press, name="press"),
    path("issues/<int:issue>/reminders/", log_pages.of_issue, name="of_issue"),
    path("ledger/<ledger_kind:kind>/remind/", views.press_many, name="press_many"),
    path("notices/paste/", views.paste, name="paste"),
    path("notices/calendar/", feed_views.calendar_feed, name="feed"),
    path("notices/calendar/revoke/", feed_views.feed_revoke, name="feed_revoke"),
    path("feeds/<str:token>.ics", feed_views.feed, name="ics"),
]
