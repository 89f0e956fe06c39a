"""Django's admin with our own site; apart from the site, which needs the tables to be loaded."""

from django.contrib.admin.apps import AdminConfig


class OperatorAdminConfig(AdminConfig):
    default_site = "lawgov.accounts.operator_site.OperatorSite"
