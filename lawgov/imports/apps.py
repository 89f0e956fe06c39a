from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ImportsConfig(AppConfig):
    name = "lawgov.imports"
    label = "imports"
    verbose_name = _("导入")

    def ready(self) -> None:
        """Make the lists of the ground known as files that come in."""
        from lawgov.imports import unit_pages  # noqa: F401
