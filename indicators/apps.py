from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class IndicatorsConfig(AppConfig):
    name = "indicators"
    verbose_name = _("指标")

    def ready(self) -> None:
        """Make known which files of these subjects come in."""
        from indicators.assignments import filling, upload_pages  # noqa: F401
        from indicators.framework import upload_pages as framework  # noqa: F401
