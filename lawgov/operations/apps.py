from django.apps import AppConfig


class OperationsConfig(AppConfig):
    name = "lawgov.operations"
    label = "operations"
    verbose_name = "运行"
