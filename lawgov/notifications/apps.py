from django.apps import AppConfig


class NotificationsConfig(AppConfig):
    name = "lawgov.notifications"
    label = "notifications"
    verbose_name = "通知"
