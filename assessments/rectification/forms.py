"""The forms of the ledger's edges, built from what the table says they need, and of findings."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from assessments.rectification.actions import SINGLE, Finding
from assessments.rectification.models import LONG, Issue, Measure, ResponseProof, UnitResponse
from indicators.models import Assignment
from lawgov.chinese.lists import split_numbered
from lawgov.units.models import Unit, UnitGroup
from lawgov.workflow import Transition

# What a checker can tick instead of writing it; part of the conclusion.
CHECKPOINTS = [
    _("措施全部落实，佐证能够对应"),
    _("抽看原件，与上传一致"),
    _("同类问题已一并排查"),
]


def area(label: Any, *, rows: int = 3, hint: Any = "", placeholder: Any = "") -> forms.CharField:
    attrs = {"rows": rows} | ({"placeholder": placeholder} if placeholder else {})
    widget = forms.Textarea(attrs=attrs)
    return forms.CharField(label=label, widget=widget, max_length=LONG, help_text=hint)


def day(label: Any, *, hint: Any = "", **options: Any) -> forms.DateField:
    # format: a date input takes ISO days only, whatever the language of the page
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    return forms.DateField(label=label, widget=widget, help_text=hint, **options)


class MeasuresField(forms.CharField):
    """Measures, one a line; numbers at the beginning of lines are taken off."""

    def to_python(self, value: str) -> list[dict[str, str]]:
        return [{"text": text} for text in split_numbered(super().to_python(value))]


class DoneField(forms.TypedChoiceField):
    """Done or not, from a hidden field that is always sent."""

    def __init__(self) -> None:
        choices = [("1", _("已完成")), ("0", _("未完成"))]
        super().__init__(choices=choices, coerce=lambda value: value == "1")


def measures() -> forms.Field:
    hint = _("每行一条，例如：本月内对全部案卷逐卷自查")
    widget = forms.Textarea(attrs={"rows": 4})
    return MeasuresField(label=_("整改措施"), widget=widget, max_length=LONG, help_text=hint)


# Field of a form by its name in `needs`; the texts for one edge stand in TEXTS.
FIELDS = {
    "deadline_text": lambda: forms.CharField(
        label=_("完成时限"),
        max_length=200,
        help_text=_("按原文填写，例如：12月底前、15个工作日内、立行立改"),
    ),
    "issued_on": lambda: day(_("发文日期"), hint=_("“15个工作日内”和“立行立改”从这一天算起")),
    "measures": measures,
    "person": lambda: forms.CharField(label=_("责任人"), max_length=60),
    "target_on": lambda: day(_("目标日期"), hint=_("不晚于完成时限")),
    "progress": lambda: area(_("整改进展")),
    "measure": lambda: forms.ModelChoiceField(Measure.objects.none()),
    "done": DoneField,
    "proof": lambda: forms.ModelChoiceField(ResponseProof.objects.none()),
    "result": lambda: area(_("整改结果"), rows=4),
    "conclusion": lambda: area(_("核查结论"), placeholder=_("写明核查情况")),
    "reason": lambda: area(_("理由")),
    "new_date": lambda: day(_("新的时限")),
    "looked_back_on": lambda: day(_("回头看日期")),
}
TEXTS: dict[tuple[str, str], dict[str, Any]] = {
    ("return", "reason"): {
        "label": _("退回理由"),
        "placeholder": _("写明缺什么、补到什么程度"),
    },
    ("withdraw", "reason"): {"label": _("撤销理由")},
    ("reopen", "reason"): {"label": _("重新打开的理由")},
    ("reopen_closed", "reason"): {"label": _("重新打开的理由")},
    ("ask_extension", "reason"): {"label": _("延期理由")},
    ("ask_extension", "new_date"): {"label": _("延期至")},
    ("refuse_extension", "reason"): {"label": _("不批准的理由")},
    ("confirm", "result"): {"label": _("回头看结果")},
    ("request", "result"): {
        "help_text": _("写明怎样整改到位；提交后由督导检查组或创建办核查"),
    },
}
# Given by the page or the action, not typed into the form.
GIVEN_ELSEWHERE = frozenset({"letter", "evidence"})


class EdgeForm(forms.Form):
    """The form of one edge for one answer; `version` is what the person saw.

    The page sets what the buttons need: `reasons` why the edge is not open yet, `first` for the
    next thing to do, `verdict` the address of the second button of a form with two.
    """

    reasons: tuple[str, ...] = ()
    first = False
    verdict = ""
    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(
        self,
        edge: Transition,
        data: Any = None,
        *,
        response: UnitResponse | None = None,
        initial: dict[str, Any] | None = None,
    ) -> None:
        start = {"version": response.version} | _known(edge, response) if response else {}
        super().__init__(
            _with_note(edge, data),
            initial=start | (initial or {}),
            prefix=None,
            auto_id=f"{edge.name}_%s",
        )
        self.edge = edge
        for name in needed(edge):
            self.fields[name] = FIELDS[name]()
            self._say(name)
        if edge.name == "close":
            self.fields["points"] = forms.MultipleChoiceField(
                label=_("逐项核对"),
                required=False,
                choices=[(str(n), text) for n, text in enumerate(CHECKPOINTS)],
                widget=forms.CheckboxSelectMultiple,
            )
            self.fields["conclusion"].required = False
            self.order_fields(["version", "points"])
        if response is None:
            del self.fields["version"]
        else:
            self._limit(response)

    def _say(self, name: str) -> None:
        texts = dict(TEXTS.get((self.edge.name, name), {}))
        field = self.fields[name]
        if placeholder := texts.pop("placeholder", None):
            field.widget.attrs["placeholder"] = placeholder
        for attribute, text in texts.items():
            setattr(field, attribute, text)

    def _limit(self, response: UnitResponse) -> None:
        """Rows to choose from are the answer's own."""
        if "measure" in self.fields:
            self.fields["measure"].queryset = Measure.objects.filter(
                unit=response.unit_id, issues=response.issue_id, removed_at=None
            )
        if "proof" in self.fields:
            self.fields["proof"].queryset = response.proofs.in_force().select_related("evidence")

    def clean(self) -> dict[str, Any]:
        """What was ticked off becomes the beginning of the conclusion."""
        data = super().clean()
        if "points" in self.fields:
            ticked = [str(CHECKPOINTS[int(n)]) for n in data.pop("points", [])]
            texts = [*ticked, data.get("conclusion", "")]
            data["conclusion"] = "；".join(filter(None, texts))
            if not data["conclusion"]:
                self.add_error("conclusion", _("写明核查情况，或者勾选核对过的事项"))
        return data

    @property
    def moves(self) -> dict[str, Any]:
        """What the edge gets: everything but the version."""
        return {name: value for name, value in self.cleaned_data.items() if name != "version"}


def needed(edge: Transition) -> list[str]:
    """Names of the fields that a person fills in, in the order of the table."""
    own = ["issued_on"] if edge.name == "issue" else []
    return own + [name for name in edge.needs if name not in GIVEN_ELSEWHERE]


def _known(edge: Transition, response: UnitResponse) -> dict[str, Any]:
    """What the row already holds for the form; the editor's last progress opens the result."""
    known = {
        "deadline_text": response.deadline_text,
        "issued_on": timezone.localdate(),
        "person": response.person,
        "progress": "",
        "result": response.result or response.progress if edge.name == "request" else "",
    }
    if "measures" in edge.needs:
        # A callable, asked when the form is drawn: posting it costs no query.
        known["measures"] = lambda: "\n".join(_proposed_measures(response))
    return {name: known[name] for name in needed(edge) if known.get(name)}


def _proposed_measures(response: UnitResponse) -> list[str]:
    """Measures that came with an imported ledger open the form; the plan takes their place."""
    rows = Measure.objects.filter(unit=response.unit_id, issues=response.issue_id, removed_at=None)
    return list(rows.values_list("text", flat=True))


def _with_note(edge: Transition, data: Any) -> Any:
    """One text and two buttons: what is written serves as conclusion or as reason."""
    own = {"close": "conclusion", "return": "reason"}.get(edge.name)
    if data is None or own is None or "note" not in data or own in data:
        return data
    copy = data.copy()
    copy[own] = data["note"]
    return copy


class FindingForm(forms.Form):
    """An issue as an inspector writes it down, also on a phone; units by name or as a group."""

    kind = forms.ChoiceField(label=_("类型"), choices=Issue.Kind.choices, initial="individual")
    units = forms.ModelMultipleChoiceField(
        Unit.objects.none(),
        label=_("责任单位"),
        widget=forms.SelectMultiple(attrs={"size": 6}),
    )
    groups = forms.ModelMultipleChoiceField(
        UnitGroup.objects.none(),
        label=_("或者一组单位"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    text = area(_("存在问题"), rows=4)
    requirement = area(_("整改要求"))
    deadline_text = FIELDS["deadline_text"]()
    category = forms.CharField(
        label=_("问题类别"),
        max_length=120,
        required=False,
        widget=forms.TextInput(attrs={"list": "categories"}),
    )
    goal = area(_("整改目标"), rows=2)
    assignment = forms.ModelChoiceField(
        Assignment.objects.none(), label=_("关联指标"), required=False
    )
    lead_units = forms.ModelMultipleChoiceField(
        Unit.objects.none(), label=_("牵头单位"), required=False
    )
    found_on = day(_("发现日期"), required=False)
    remark = area(_("备注"), rows=2)
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, region: Any, today: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        units = Unit.objects.in_region(region).open_on(today)
        self.fields["units"].queryset = self.fields["lead_units"].queryset = units
        self.fields["groups"].queryset = UnitGroup.objects.in_region(region)
        self.fields["assignment"].queryset = Assignment.objects.in_region(region).with_tree()
        for name in ("requirement", "goal", "remark", "deadline_text"):
            self.fields[name].required = False

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        named, groups = data.get("units", []), data.get("groups", [])
        here = self.fields["units"].queryset
        chosen = [*here.filter(Q(pk__in=named) | Q(groups__in=groups)).distinct()]
        if chosen and groups:
            self.errors.pop("units", None)  # a group is as good as a name
        data["units"] = chosen
        if data.get("kind") in SINGLE and len(chosen) > 1:
            self.add_error("units", _("个性问题只对应一个单位；涉及多个单位的记作共性问题"))
        return data

    @property
    def finding(self) -> Finding:
        data = {n: v for n, v in self.cleaned_data.items() if n not in ("version", "groups")}
        groups = self.cleaned_data["groups"]
        return Finding(addressed_text="、".join(group.name for group in groups), **data)
