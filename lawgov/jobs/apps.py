from django.apps import AppConfig


class JobsConfig(AppConfig):
    name = "lawgov.jobs"
    label = "jobs"
    verbose_name = "任务"
