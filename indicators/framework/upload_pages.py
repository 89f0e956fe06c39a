"""A framework 指标体系 among the kinds of files that come in."""

from __future__ import annotations

from collections import Counter
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from indicators.framework.checking import Row, check, content_hash
from indicators.framework.columns import FRAMEWORK
from indicators.framework.forms import EditionForm
from indicators.framework.loader import default_code, load_file
from indicators.framework.models import FrameworkEdition
from indicators.framework.reading import FrameworkFile
from lawgov.accounts.actors import Actor
from lawgov.accounts.policy import Action
from lawgov.imports.faults import with_faults
from lawgov.imports.forms import UploadForm
from lawgov.imports.kinds import ALL_OR_NOTHING, ImportKind, Incoming, Judged, Verdict
from lawgov.imports.lists import shown_texts, table_read
from lawgov.imports.work import register
from lawgov.spreadsheets.tables import Fault


class FrameworkForm(EditionForm, UploadForm):
    """A file with an edition, and what it is to be called."""

    endings = (".yaml", ".yml")
    clean_file = UploadForm.clean_file

    def options(self) -> dict[str, Any]:
        points = self.cleaned_data["points"]
        return {
            "code": self.cleaned_data["code"],
            "name": self.cleaned_data["name"],
            "points": str(points) if points is not None else "",
        }


def _file(incoming: Incoming) -> FrameworkFile:
    extra = incoming.read.extra
    points = extra.get("points")
    return FrameworkFile(
        table_read(incoming.read),
        extra.get("code", ""),
        extra.get("name", ""),
        Decimal(points) if points else None,
    )


def _points(incoming: Incoming, file: FrameworkFile) -> Decimal | None:
    stated = incoming.options["points"]
    return Decimal(stated) if stated else file.points


def _code(incoming: Incoming, file: FrameworkFile) -> str:
    return incoming.options["code"] or file.code or default_code(incoming.filename)


def judge(incoming: Incoming, actor: Actor) -> Verdict:
    """Every indicator of the edition; one that is there already with this content is unchanged."""
    file = _file(incoming)
    rows, faults = check(file.table, points=_points(incoming, file))
    code = _code(incoming, file)
    edition = FrameworkEdition.objects.filter(code=code).first()
    same = bool(edition) and edition.content_hash == content_hash(rows)
    if edition and not same:
        text = _("版本 %(code)s 已经有别的内容在用，请换一个版本代码") % {"code": code}
        faults.append(Fault(None, "", text))
    by_row = {row.row: row for row in rows}
    judged = [
        Judged("unchanged" if same else "created", _cells(by_row[record.row]))
        for record in file.table.records
    ]
    found = with_faults(incoming, judged, faults, FRAMEWORK)
    total = sum((row.points for row in rows if row.points.is_finite()), Decimal(0))
    areas = len({row.area_no for row in rows})
    found.notes += [
        (_("版本代码"), code),
        (_("方面"), str(areas)),
        (_("分值合计"), f"{total.normalize():f}"),
    ]
    return found


def _cells(row: Row) -> dict[str, str]:
    return {
        "code": row.code,
        "area": row.area,
        "group": row.group,
        "title": row.title,
        "method": row.method,
        "points": f"{row.points.normalize():f}",
    }


def write(incoming: Incoming, actor: Actor, now: datetime) -> Counter[str]:
    """Load the edition; never in the place of another that is there."""
    file = _file(incoming)
    loaded = load_file(
        file,
        incoming.filename,
        actor=actor,
        now=now,
        code=_code(incoming, file),
        name=incoming.options["name"] or file.name,
        points=_points(incoming, file),
        may_replace=False,
    )
    outcome = "unchanged" if loaded.outcome == "unchanged" else "created"
    return Counter({outcome: loaded.indicators, "skipped": incoming.read.skipped})


FRAMEWORK_FILE = register(
    ImportKind(
        code="framework",
        label=gettext_lazy("指标体系"),
        action=Action.MANAGE_CAMPAIGN,
        reader="indicators.framework.file_reader:read_file",
        columns=FRAMEWORK,
        shown=(
            ("code", gettext_lazy("编码"), "5rem"),
            ("area", gettext_lazy("一级指标"), "9rem"),
            ("group", gettext_lazy("二级指标"), "10rem"),
            ("title", gettext_lazy("三级指标"), ""),
            ("method", gettext_lazy("测评方式"), "8rem"),
            ("points", gettext_lazy("分值"), "5rem"),
        ),
        shown_row=shown_texts,
        judge=judge,
        write=write,
        form=FrameworkForm,
        back=("settings:framework",),
        section={"section": "settings", "tab": "framework"},
        tips=(
            gettext_lazy("一行一项三级指标；没有编码和序号就按先后编。YAML 也认。"),
            gettext_lazy("装入的是一个新版本，不会替换正在用的版本。"),
            ALL_OR_NOTHING,
        ),
    )
)
