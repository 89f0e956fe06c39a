from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AssessmentsConfig(AppConfig):
    name = "assessments"
    verbose_name = _("评估与整改")

    def ready(self) -> None:
        """Make known the kinds of background work and of files that come in."""
        from assessments.rectification import filling as ledger  # noqa: F401
        from assessments.rectification import jobs, upload_pages  # noqa: F401
        from assessments.rounds import filling as scores  # noqa: F401
        from assessments.rounds import jobs as rounds  # noqa: F401
