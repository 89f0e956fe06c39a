from django.apps import AppConfig


class UnitsConfig(AppConfig):
    name = "lawgov.units"
    label = "units"
    verbose_name = "单位"
