"""Forms that change a row: one answer for good, faulty and outdated input, the text always kept."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.db import IntegrityError, models
from django.http import HttpRequest, HttpResponse, QueryDict
from django.utils.datastructures import MultiValueDict
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from lawgov.errors import GuardFailed, StaleState
from lawgov.web.pages import go, render_page, say

Save = Callable[[], str | Promise]
After = str | Callable[[], str]


class VersionedForm(forms.ModelForm):
    """A form over a row with a `version`: it sends back the one that the person saw.

    It writes nothing itself: the view hands `seen` and `values()` to an action.
    """

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    #: Columns that the view has set on the instance: constraints over them are checked too.
    given = ("region", "unit")

    def _get_validation_exclusions(self) -> set[str]:
        return super()._get_validation_exclusions() - set(self.given)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.is_outdated = False
        self.conflicts: list[tuple[str, str]] = []
        if self.instance.pk:
            self.initial["version"] = self.instance.version

    def clean_version(self) -> int | None:
        seen = self.cleaned_data["version"]
        if self.instance.pk and seen is None:
            raise forms.ValidationError(_("页面不完整，请刷新后再填"))
        return seen

    @property
    def seen(self) -> int | None:
        """The version that the person saw; None for a new row."""
        return self.cleaned_data["version"]

    def values(self) -> dict[str, Any]:
        """The model's columns among the fields, cleaned."""
        columns = {field.name for field in self._meta.model._meta.concrete_fields}
        named = (name for name in self.cleaned_data if name in columns and name != "version")
        return {name: self.cleaned_data[name] for name in named}

    def unbound(self, instance: models.Model) -> VersionedForm:
        """The form as it would open on `instance`; forms that take more arguments override it."""
        return type(self)(instance=instance)

    def stored(self) -> models.Model:
        return type(self.instance)._base_manager.get(pk=self.instance.pk)

    def outdated(self) -> None:
        """After StaleState: what was typed stays, `conflicts` tells what stands now, as (label,
        value), and the next save goes over it knowingly."""
        self.is_outdated = True
        current = self.unbound(self.stored())
        self.conflicts = [
            (str(bound.label), _told(bound))
            for bound in current
            if bound.name != "version" and not _same(bound.value(), self[bound.name].value())
        ]
        self.data = self.data.copy()
        self.data[self.add_prefix("version")] = str(current.instance.version)


def _same(stored: Any, typed: Any) -> bool:
    """Whether a field's stored value and what the browser sent back for it are one."""
    if isinstance(stored, list) or isinstance(typed, list):
        return {str(item) for item in stored or []} == {str(item) for item in typed or []}
    return _text(stored) == _text(typed)


def _text(value: Any) -> str:
    if value is None or value is False:
        return ""
    return str(value).replace("\r\n", "\n")


def _told(bound: forms.BoundField) -> str:
    """The value of a field as a person reads it."""
    value = bound.value()
    choices = getattr(bound.field, "choices", None)
    if choices:
        wanted = {str(item) for item in value} if isinstance(value, list) else {str(value)}
        labels = [str(label) for key, label in choices if str(key) in wanted]
        return _("、").join(labels) or "—"
    if isinstance(value, bool):
        return _("是") if value else _("否")
    return "—" if value in (None, "") else str(value)


def posted(request: HttpRequest) -> QueryDict | None:
    """What a form is bound to: the body of a POST, be it empty, and nothing otherwise."""
    return request.POST if request.method == "POST" else None


def uploaded(request: HttpRequest) -> MultiValueDict | None:
    """The files of a POST, for a form that is bound to `posted`."""
    return request.FILES if request.method == "POST" else None


def edit_page(
    request: HttpRequest,
    form: forms.BaseForm,
    template: str,
    context: dict[str, Any],
    *,
    save: Save,
    after: After,
    partial: str | None = None,
) -> HttpResponse:
    """Show the form, or save it and go on.

    `save` writes and returns the sentence for the toast; `after` is the address that follows.
    Faulty input is answered with 422, outdated input with 409, both with the page as it was
    filled in.
    """
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                sentence = save()
            except GuardFailed as error:
                show_faults(form, error)
            except StaleState:
                form.outdated()
                status = 409
            except IntegrityError:
                form.add_error(None, _("别人刚存了同样的内容，请核对后再存"))
            else:
                say(request, str(sentence))
                return go(request, after() if callable(after) else after)
    return render_page(request, template, {"form": form, **context}, partial=partial, status=status)


def show_faults(form: forms.BaseForm, error: GuardFailed) -> None:
    """Put the sentences of a refused action to their fields, the others on top of the form."""
    for name, sentence in error.fields.items():
        form.add_error(name if name in form.fields else None, str(sentence))
    for sentence in error.sentences[: len(error.sentences) - len(error.fields)]:
        form.add_error(None, str(sentence))
