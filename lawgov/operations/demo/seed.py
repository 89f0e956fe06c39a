"""The demo place from nothing: register, campaign, a year of work, an inspection and its issues.

Played is the first place only; those beyond it are its copies.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from random import Random

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.db import connection, transaction
from django.db.models import Exists, F, OuterRef
from django.db.models.functions import TruncDate

from assessments.inspections.models import Inspection
from assessments.rectification.deadlines import Light, light
from assessments.rectification.models import Issue, Measure, UnitResponse
from assessments.rectification.states import State
from assessments.rounds.models import Round
from indicators.assignments.actions import distribute
from indicators.campaigns.actions import PhaseDays, create_campaign
from indicators.campaigns.models import PHASES, Campaign
from indicators.framework.loader import load_framework
from indicators.models import FrameworkEdition
from lawgov.accounts.actors import Actor
from lawgov.calendars import SHANGHAI
from lawgov.notifications.models import Notification
from lawgov.operations.demo.assigning import UNITS_FILE, Duties
from lawgov.operations.demo.cloning import clone_place
from lawgov.operations.demo.issues import play_issues, responses
from lawgov.operations.demo.people import (
    People,
    make_administrator,
    make_city_supervisor,
    make_liaisons,
    make_people,
)
from lawgov.operations.demo.plan import Plan
from lawgov.operations.demo.works import WorkHistory
from lawgov.units.actions import create_place
from lawgov.units.importing import import_units
from lawgov.units.models import Region, Unit

FIRST = "demo"
FRAMEWORK = Path(settings.BASE_DIR) / "fixtures" / "framework-2021.csv"
# Days from today on which each phase begins and ends; the letters fall into the third.
PHASE_DAYS = [(-262, -205), (-200, -82), (-80, 28), (-11, 14), (31, 49), (102, 160)]
LIGHTS = {Light.RED: "红灯", Light.YELLOW: "黄灯", Light.GREEN: "绿灯", Light.GREY: "灰灯"}
Say = Callable[[str], None]


def seed(plan: Plan, *, regions: int, say: Say) -> None:
    """Make `demo` and, beyond it, `demo-2` … under one city and province; one transaction each."""
    password = make_password(settings.DEMO_PASSWORD)  # a second's work, so once for all accounts
    with transaction.atomic():
        edition = _edition(plan)
        city = _places_above(plan)
        make_city_supervisor(city, password)
        make_administrator(password)
    with transaction.atomic():
        first = found_place(FIRST, "安和区", city, plan)
        play_place(first, edition, plan, password=password, say=say)
    for number in range(2, regions + 1):
        with transaction.atomic():
            region = found_place(f"{FIRST}-{number}", f"安和{number}区", city, plan)
            clone_place(first, region, password=password)
        say(f"{region.code}：已按 {FIRST} 复制")


def _places_above(plan: Plan) -> Region:
    """The province and, returned, the city."""
    system, now = Actor.system(None, "seed_demo"), plan.at(270)
    province = create_place(
        "demo-province", name="安河省", actor=system, now=now, level=Region.Level.PROVINCE
    )
    return create_place("demo-city", name="安远市", actor=system, now=now, parent=province)


def found_place(code: str, name: str, city: Region, plan: Plan) -> Region:
    """An empty place; its audit chain begins with this."""
    system = Actor.system(None, "seed_demo")
    return create_place(code, name=name, actor=system, now=plan.at(270), parent=city)


def _edition(plan: Plan) -> FrameworkEdition:
    actor = Actor.system(None, "seed_demo")
    load_framework(FRAMEWORK.read_bytes(), FRAMEWORK.name, actor=actor, now=plan.at(270))
    return FrameworkEdition.objects.get(code="2021")


@dataclass(frozen=True)
class Place:
    """A place that is ready for work: its register, its people, and who is responsible for what."""

    region: Region
    units: list[Unit]
    people: People
    campaign: Campaign
    rng: Random


def play_place(
    region: Region, edition: FrameworkEdition, plan: Plan, *, password: str, say: Say
) -> None:
    """Fill one place through the product's own actions; the draw is the same for every place."""
    place = open_place(region, edition, plan, password=password)
    say(f"{region.code}：{len(place.units)} 个单位，指标已分工")
    works = WorkHistory(place.campaign, place.people, plan.today, place.rng)
    works.play(works.draw())
    say(f"{region.code}：佐证、打勾、审核和评分已演完")
    inspection = play_inspection(place, plan)
    say(_figures(inspection, plan.today))


def open_place(region: Region, edition: FrameworkEdition, plan: Plan, *, password: str) -> Place:
    """The register, the accounts, the campaign and its assignments."""
    rng = Random(f"{plan.seed} {FIRST}")
    suffix = "" if region.code == FIRST else f".{region.code}"
    system = Actor.system(region, "seed_demo")
    import_units(
        UNITS_FILE.read_bytes(), UNITS_FILE.name, region=region, actor=system, now=plan.at(268)
    )
    units = list(Unit.objects.in_region(region).order_by("order", "pk"))
    duties = Duties(units, rng)
    people = make_people(region, units, duties.leads, suffix=suffix, password=password)
    make_liaisons(units, rng)
    campaign = _campaign(region, edition, plan, people)
    outcomes = distribute(
        campaign, duties.shares(campaign), actor=people.office, now=plan.at(255), tell=False
    )
    assert not any(outcome.error for outcome in outcomes)
    return Place(region, units, people, campaign, rng)


def play_inspection(place: Place, plan: Plan) -> Inspection:
    """One inspection and the life of its issues up to today."""
    inspection = _inspection(place.campaign, place.region, place.units, plan)
    play_issues(inspection, place.people, plan, place.rng)
    _settle(place.region, plan)
    return inspection


def _campaign(region: Region, edition: FrameworkEdition, plan: Plan, people: People) -> Campaign:
    def day(offset: int) -> date:
        return plan.today + timedelta(days=offset)

    phases = [
        PhaseDays(code, name, day(first), day(last))
        for (code, name), (first, last) in zip(PHASES, PHASE_DAYS, strict=True)
    ]
    campaign = create_campaign(
        region,
        edition,
        name=f"{plan.today.year}年全省法治政府建设示范地区创建",
        starts_on=day(PHASE_DAYS[0][0]),
        ends_on=day(PHASE_DAYS[-1][1]),
        evidence_from=day(-780),
        evidence_to=day(60),
        actor=people.office,
        now=plan.at(262),
        phases=phases,
        office_name="中共安和区委全面依法治区委员会办公室",
        letter_agency="安法办函",
    )
    Round.objects.get_or_create(
        campaign=campaign,
        number=1,
        defaults={
            "region": region,
            "name": "自评",
            "kind": Round.Kind.SELF,
            "opened_on": day(-200),
        },
    )
    return campaign


def _inspection(campaign: Campaign, region: Region, units: list[Unit], plan: Plan) -> Inspection:
    """The visit of all units in nine days, ended three days before the letters."""
    inspection = Inspection(
        region=region,
        campaign=campaign,
        code=f"{region.code}-1",
        name=f"{plan.letter.year}年{plan.letter.month}月全区法治政府建设专项督察",
        starts_on=plan.letter - timedelta(days=11),
        ends_on=plan.letter - timedelta(days=3),
    )
    if region.code == FIRST and not Inspection.objects.filter(pk=1).exists():
        inspection.pk = 1  # scripts call `import_ledger --inspection 1`
    inspection.save(force_insert=True)
    _raise_sequence()
    inspection.units.set(units)
    return inspection


def _raise_sequence() -> None:
    """PostgreSQL does not count an id that was given by hand."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT setval(pg_get_serial_sequence('assessments_inspection', 'id'),"
                " (SELECT max(id) FROM assessments_inspection))"
            )


# -- the end ---------------------------------------------------------------------------------------


def _settle(region: Region, plan: Plan) -> None:
    """What people were told of long ago they have read, and no digest repeats it today.

    Measures of answers that were handed in are ticked off.
    """
    handed_in = UnitResponse.objects.in_region(region).filter(
        unit=OuterRef("unit"), issue__measures=OuterRef("pk"), submitted_at__isnull=False
    )
    Measure.objects.filter(Exists(handed_in), region=region, removed_at=None).update(
        done_at=plan.at(2)
    )
    told = Notification.objects.filter(region=region)
    told.update(digest_on=TruncDate("created_at", tzinfo=SHANGHAI))
    told.filter(created_at__lt=plan.at(3)).update(read_at=F("created_at"))


def _figures(inspection: Inspection, today: date) -> str:
    rows = responses(inspection, Issue.Kind.INDIVIDUAL)
    states = Counter(row.state for row in rows)
    lights = Counter(light(row.deadline_date, today, row.state) for row in rows)
    parts = [f"{state.label} {states[state]}" for state in State if states[state]]
    shown = [f"{LIGHTS[colour]} {lights[colour]}" for colour in Light]
    common = len(responses(inspection, Issue.Kind.COMMON))
    return f"个性问题 {len(rows)}：{'，'.join(parts)}；{'，'.join(shown)}；共性问题的答复 {common}"
