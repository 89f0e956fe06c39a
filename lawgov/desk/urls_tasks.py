"""My tasks 我的待办."""

app_name = "tasks"

urlpatterns: list = []
