"""Forms of the indicator page; what they ask is the edges' `needs`, what holds is the rules'."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from assessments.rounds import scoring
from assessments.rounds.actions import STATEMENT_LENGTH


class PointsField(forms.CharField):
    """Points as people type them (11.5, １１．５, 11.5分), judged against `full` points."""

    def __init__(self, full: Decimal, **given: Any) -> None:
        self.full = full
        attrs = {"inputmode": "decimal", "autocomplete": "off", "maxlength": 8}
        super().__init__(widget=forms.TextInput(attrs=attrs), **given)

    def prepare_value(self, value: object) -> str:
        return scoring.shown(value) if isinstance(value, Decimal) else str(value or "")

    def clean(self, value: str | None) -> Decimal | None:
        text = super().clean(value)
        if not text:
            return None
        points = scoring.parse_points(text)
        if fault := scoring.points_fault(points, self.full):
            raise forms.ValidationError(fault)
        return points


def _long(label: str, *, required: bool = True, rows: int = 2) -> forms.CharField:
    return forms.CharField(
        label=label,
        required=required,
        max_length=STATEMENT_LENGTH,
        widget=forms.Textarea(attrs={"rows": rows}),
        error_messages={"required": _("还没有填写")},
    )


class SelfScoreForm(forms.Form):
    """Self-score 自评 of a unit: handed in whole, saved as a draft with what there is."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=0)

    def __init__(self, full: Decimal, *args: Any, draft: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        label = _("得分（满分 %(full)s）") % {"full": scoring.shown(full)}
        missing = {"required": _("还没有填写")}
        self.fields["points"] = PointsField(
            full, label=label, required=not draft, error_messages=missing
        )
        self.fields["statement"] = _long(_("自评说明"), required=not draft)


class LeadScoreForm(forms.Form):
    """The lead unit's two figures: the indicator's self-score, and its own score."""

    def __init__(self, full: Decimal, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        missing = {"required": _("还没有填写")}
        self.fields["self_points"] = PointsField(full, label=_("本项自评"), error_messages=missing)
        self.fields["points"] = PointsField(full, label=_("牵头评分"), error_messages=missing)
        self.fields["reason"] = _long(_("评分理由"), required=False)


class VerifyForm(forms.Form):
    """The office's verification; the reason is asked where it differs from the lead's."""

    def __init__(self, full: Decimal, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["points"] = PointsField(
            full, label=_("核验得分"), error_messages={"required": _("还没有填写")}
        )
        self.fields["reason"] = _long(_("理由"), required=False)


class ReasonForm(forms.Form):
    """One reason: return, exemption asked, refused, restored."""

    reason = _long(_("理由"))
