from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class FillingConfig(AppConfig):
    name = "lawgov.filling"
    label = "filling"
    verbose_name = _("填报表")

    def ready(self) -> None:
        """Make known the kinds of background work, and the sheet of the ground itself."""
        from lawgov.filling import contacts, jobs  # noqa: F401
