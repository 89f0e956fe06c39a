from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class FillingConfig(AppConfig):
    name = "lawgov.filling"
    label = "filling"
    verbose_name = _("填报表")

    def ready(self) -> None:
        """Make the kinds of background work known."""
        from lawgov.filling import jobs  # noqa: F401
