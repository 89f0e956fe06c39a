from django.urls import path

from lawgov.accounts import absence, token_views, views

app_name = "accounts"

urlpatterns = [
    path("login/", views.sign_in, name="login"),
    path("logout/", views.sign_out, name="logout"),
    path("language/", views.set_language, name="language"),
    path("large-text/", views.set_large_text, name="large_text"),
    path("account/", views.preferences, name="preferences"),
    path("account/absence/", absence.absence, name="absence"),
    path("account/password/", views.password, name="password"),
    path("account/tokens/", token_views.token_list, name="tokens"),
    path("account/tokens/<slug:key>/revoke/", token_views.token_revoke, name="token_revoke"),
    path("account/memberships/", views.memberships, name="memberships"),
    path("account/sessions/<int:pk>/end/", views.end_session, name="end_session"),
    path("account/sessions/end-others/", views.end_other_sessions, name="end_other_sessions"),
]
