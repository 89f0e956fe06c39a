from django.apps import AppConfig


class AssessmentsConfig(AppConfig):
    name = "assessments"
    verbose_name = "评估与整改"

    def ready(self) -> None:
        """Make the kinds of background work known."""
        from assessments.rectification import jobs  # noqa: F401
        from assessments.rounds import jobs as rounds  # noqa: F401
