from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DeskConfig(AppConfig):
    name = "lawgov.desk"
    label = "desk"
    verbose_name = _("工作台")

    def ready(self) -> None:
        """Make the exports of the lists known to the worker and to the trail."""
        from lawgov.audit import verbs
        from lawgov.desk.exports.rows import LISTS

        verbs.add({f"job.{each.job}": each.sentence for each in LISTS.values()})
