"""What is said about a piece of proof, and where it belongs."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.validators import URLValidator
from django.utils.translation import gettext_lazy as _

from indicators.evidence.classified import first_marking
from indicators.evidence.models import Evidence
from lawgov.web.editing import VersionedForm

TYPED = ("title", "document_number", "issuing_body", "url")
DAY = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})


class DetailsForm(VersionedForm):
    """The details of one piece; `slots` are the parts of the hint it may be put under."""

    url = forms.URLField(
        label=_("网址"),
        max_length=500,
        required=False,
        assume_scheme="https",
        widget=forms.URLInput(attrs={"placeholder": _("对外公开的网页地址")}),
    )
    slot = forms.ChoiceField(label=_("归到哪一项"), required=False)

    class Meta:
        model = Evidence
        fields = (
            "title", "document_number", "issuing_body", "issued_on", "period_from", "period_to",
            "url", "is_public",
        )  # fmt: skip
        widgets = {
            "issued_on": DAY,
            "period_from": DAY,
            "period_to": DAY,
            "document_number": forms.TextInput(attrs={"placeholder": _("安司审〔2026〕5号")}),
        }

    def __init__(self, *args: Any, slots: list[str], kind: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.slots = slots
        self.kind = kind or self.instance.kind
        choices = [("", _("不归到某一项")), *((slot, slot) for slot in slots)]
        self.fields["slot"].choices = choices
        if not slots:
            del self.fields["slot"]
        self.fields["url"].validators = [URLValidator(schemes=["http", "https"])]
        if self.kind == Evidence.Kind.LINK:
            self.fields["url"].required = True
        if self.kind == Evidence.Kind.NUMBER:
            self.fields["document_number"].required = True
            self.fields["title"].required = False
        for field in self.fields.values():
            field.error_messages["required"] = _("还没有填写")

    def clean(self) -> dict[str, Any]:
        """Nothing classified, a period that runs forwards; a number may be its own title."""
        data = super().clean()
        for name in TYPED:
            if found := first_marking(str(data.get(name) or "")):
                text = _("有密级标志「%(marking)s」，严禁填写涉密内容") % {"marking": found}
                self.add_error(name, text)
        start, end = data.get("period_from"), data.get("period_to")
        if start and end and end < start:
            self.add_error("period_to", _("止早于起"))
        if self.kind == Evidence.Kind.NUMBER and not data.get("title"):
            data["title"] = data.get("document_number", "")
        return data

    def _post_clean(self) -> None:
        """The rows are written by actions.py; the instance here is only read."""

    def unbound(self, instance: Evidence) -> DetailsForm:
        initial = {"slot": self.initial.get("slot", "")}
        return DetailsForm(instance=instance, slots=self.slots, initial=initial)

    @property
    def details(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in self.Meta.fields}
