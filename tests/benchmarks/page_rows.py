"""A demo place and a country around it, for what pages cost: `fill`, then `grow`."""

from __future__ import annotations

from datetime import date

from django.core.management import call_command
from django.db import connection

from assessments.models import Inspection, Issue, UnitResponse
from indicators.models import Campaign
from lawgov.units.models import Region

DEMO, PROVINCE = "demo", "demo-province"
DEEP = "bench-deep"
A_PLACE = 204  # individual issues of one place


def fill(issues: int, today: date) -> Region:
    """The demo place with so many individual issues; the common ones come on top."""
    call_command("migrate", verbosity=0)
    call_command("seed_demo", issues=issues, today=today, verbosity=0)
    _analyze()
    return Region.objects.get(code=DEMO)


def grow(places: int, deep: int) -> Region:
    """`places` counties beside it, 204 issues each, and one with `deep` of them; answers the last.

    Issues and answers are copies of the demo's, made inside the database.
    """
    source = Inspection.objects.get(region__code=DEMO, code="demo-1")
    province = Region.objects.get(code=PROVINCE)
    codes = [f"bench-{number}" for number in range(places)] + [DEEP]
    regions = Region.objects.bulk_create(
        Region(code=code, name=code, parent=province, path=f"{province.path}/{code}")
        for code in codes
    )
    made = Inspection.objects.bulk_create(
        _copy(source, region=region, campaign=campaign, code=f"{region.code}-1")
        for region, campaign in zip(regions, _campaigns(source.campaign, regions), strict=True)
    )
    first = list(
        source.issues.filter(kind="individual").order_by("pk").values_list("pk", flat=True)
    )
    _copy_issues([one.pk for one in made[:-1]], first[:A_PLACE], 1)
    _copy_issues([made[-1].pk], first, -(-deep // len(first)))
    _analyze()
    return regions[-1]


def _campaigns(source: Campaign, regions: list[Region]) -> list[Campaign]:
    return Campaign.objects.bulk_create(_copy(source, region=region) for region in regions)


def _copy(source, **changed):
    names = [field.name for field in source._meta.concrete_fields if not field.primary_key]
    return type(source)(**{name: getattr(source, name) for name in names} | changed)


def _copy_issues(inspections: list[int], issues: list[int], times: int) -> None:
    """Each of `issues` `times` over into each inspection, with the answer it has."""
    changed = {
        "inspection_id": "i.id",
        "region_id": "i.region_id",
        "number": "old.id || '-' || n",  # tells the answer which issue it belongs to
        "row_key": "''",
        "assignment_id": "NULL",
    }
    _insert(
        Issue,
        changed,
        "CROSS JOIN assessments_inspection i CROSS JOIN generate_series(1, %s) n"
        " WHERE old.id = ANY(%s) AND i.id = ANY(%s)",
        [times, issues, inspections],
    )
    _insert(
        UnitResponse,
        {"issue_id": "issue.id", "region_id": "issue.region_id", "letter_id": "NULL"},
        "JOIN assessments_issue issue ON split_part(issue.number, '-', 1) = old.issue_id::text"
        " WHERE old.issue_id = ANY(%s) AND issue.inspection_id = ANY(%s)",
        [issues, inspections],
    )


def _insert(model, changed: dict[str, str], joined: str, params: list) -> None:
    columns = [field.column for field in model._meta.concrete_fields if not field.primary_key]
    values = [changed.get(name, f'old."{name}"') for name in columns]
    names = ", ".join(f'"{name}"' for name in columns)
    table = model._meta.db_table
    copied = f'SELECT {", ".join(values)} FROM "{table}" old {joined}'
    with connection.cursor() as cursor:
        cursor.execute(f'INSERT INTO "{table}" ({names}) {copied}', params)


def _analyze() -> None:
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
