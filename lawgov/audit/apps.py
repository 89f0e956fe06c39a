from django.apps import AppConfig


class AuditConfig(AppConfig):
    name = "lawgov.audit"
    label = "audit"
    verbose_name = "审计"
