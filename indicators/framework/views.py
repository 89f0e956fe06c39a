"""Settings pages of the framework: the tree with its points, and loading another edition."""

from __future__ import annotations

from collections import defaultdict
from decimal import Decimal

from django import forms
from django.db.models import Count, Sum
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from indicators.framework.loader import EditionInUse, default_code, load_framework
from indicators.framework.models import FrameworkEdition, Indicator
from lawgov.accounts.guards import requires
from lawgov.accounts.policy import Action
from lawgov.spreadsheets.tables import MAX_BYTES, Faulty
from lawgov.web.editing import posted, uploaded
from lawgov.web.listing import chosen
from lawgov.web.pages import go, render_page, say

SETTINGS = {"section": "settings", "tab": "framework"}


@requires(Action.MANAGE_CAMPAIGN)
@require_safe
def framework(request: HttpRequest) -> HttpResponse:
    """An edition as a tree; the campaign's own, or the one that the address names."""
    editions = FrameworkEdition.objects.annotate(
        size=Count("indicators"), total=Sum("indicators__points")
    )
    own = FrameworkEdition.objects.filter(campaigns__region=request.actor.region).first()
    wanted = chosen(request, "edition", [edition.code for edition in editions])
    shown = next((edition for edition in editions if edition.code == wanted), None)
    if shown is None:
        shown = next((edition for edition in editions if own and edition.pk == own.pk), None)
    shown = shown or next(iter(editions), None)
    context = SETTINGS | {
        "editions": editions,
        "own": own,
        "shown": shown,
        "areas": _tree(shown) if shown else [],
        "unofficial": bool(shown) and shown.indicators.filter(basis="outline").exists(),
    }
    return render_page(request, "indicators/framework/tree.html", context)


def _tree(edition: FrameworkEdition) -> list[dict]:
    """Areas in order, each with its groups (a list of indicators each) and its figures."""
    rows = Indicator.objects.filter(edition=edition).select_related("group__area")
    areas: dict[int, dict] = {}
    for row in rows.order_by("number"):
        area = row.group.area
        entry = areas.setdefault(
            area.pk, {"area": area, "groups": defaultdict(list), "points": Decimal(0), "size": 0}
        )
        entry["groups"][row.group.pk].append(row)
        entry["points"] += row.points
        entry["size"] += 1
    return [entry | {"groups": list(entry["groups"].values())} for entry in areas.values()]


class EditionForm(forms.Form):
    """A file with an edition; other content under a known code is refused here."""

    file = forms.FileField(
        label=gettext_lazy("指标体系文件"),
        widget=forms.FileInput({"accept": ".csv,.xlsx,.xlsm,.xls,.yaml,.yml"}),
        help_text=gettext_lazy("Excel、CSV（UTF-8）或 YAML，一行一项三级指标"),
    )
    code = forms.SlugField(
        label=gettext_lazy("版本代码"),
        required=False,
        max_length=40,
        help_text=gettext_lazy("如 2025；不填就用文件名"),
    )
    name = forms.CharField(label=gettext_lazy("名称"), required=False, max_length=120)
    points = forms.DecimalField(
        label=gettext_lazy("总分"),
        required=False,
        min_value=0,
        help_text=gettext_lazy("填了就核对合计，如 1000"),
    )

    def clean_file(self) -> object:
        file = self.cleaned_data["file"]
        if file.size > MAX_BYTES:
            raise forms.ValidationError(_("文件超过 20 MB"))
        return file


def load_edition(request: HttpRequest, form: EditionForm) -> FrameworkEdition:
    """Load what the form brought; raises Faulty and EditionInUse. Never replaces an edition:
    editions are shared by all places of the installation."""
    data = form.cleaned_data
    return load_framework(
        data["file"].read(),
        data["file"].name,
        actor=request.actor,
        now=timezone.now(),
        code=data["code"] or default_code(data["file"].name),
        name=data["name"],
        points=data["points"],
        may_replace=False,
    ).edition


@requires(Action.MANAGE_CAMPAIGN)
@require_http_methods(["GET", "HEAD", "POST"])
def framework_load(request: HttpRequest) -> HttpResponse:
    form = EditionForm(posted(request), uploaded(request))
    faults: list = []
    if request.method == "POST" and form.is_valid():
        try:
            edition = load_edition(request, form)
        except Faulty as error:
            faults = error.faults
        except EditionInUse as error:
            form.add_error("code", error.sentence)
        else:
            say(request, _("已装入 %(name)s") % {"name": edition.name})
            return go(request, f"{reverse('settings:framework')}?edition={edition.code}")
    context = SETTINGS | {"form": form, "faults": faults}
    status = 422 if faults or form.errors else 200
    return render_page(request, "indicators/framework/load.html", context, status=status)
