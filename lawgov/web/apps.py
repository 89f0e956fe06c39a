from django.apps import AppConfig


class WebConfig(AppConfig):
    name = "lawgov.web"
    label = "web"
    verbose_name = "页面"
