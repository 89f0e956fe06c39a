from django.apps import AppConfig
from django.forms import Field
from django.utils.translation import gettext_lazy as _


class WebConfig(AppConfig):
    name = "lawgov.web"
    label = "web"
    verbose_name = _("页面")

    def ready(self) -> None:
        # One wording for all forms: 退回理由：还没有填写.
        Field.default_error_messages = Field.default_error_messages | {"required": _("还没有填写")}
