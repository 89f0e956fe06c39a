"""The demo place from nothing: register, campaign, a year of work, an inspection and its issues."""

from __future__ import annotations

import tempfile
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path
from random import Random

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Exists, F, OuterRef
from django.db.models.functions import TruncDate

from assessments.inspections.models import Inspection
from assessments.rectification.deadlines import Light
from assessments.rectification.importing import import_ledger
from assessments.rectification.issuing import issue_letters
from assessments.rectification.models import Issue, Measure, UnitResponse
from assessments.rectification.reading import read_ledger
from assessments.rectification.states import State
from assessments.rectification.transitions import LEDGER
from assessments.rounds.models import Round
from indicators.assignments.actions import distribute
from indicators.campaigns.actions import PhaseDays, create_campaign
from indicators.campaigns.models import PHASES, Campaign
from indicators.framework.loader import load_framework
from indicators.models import Evidence, FrameworkEdition
from lawgov.accounts.actors import Actor
from lawgov.calendars import SHANGHAI
from lawgov.files.store import hash_of
from lawgov.notifications.models import Notification
from lawgov.operations.demo import ledger
from lawgov.operations.demo.assigning import UNITS_FILE, Duties
from lawgov.operations.demo.fates import COMMON_STATES, Fate, draw, shares
from lawgov.operations.demo.history import Historian
from lawgov.operations.demo.people import (
    People,
    make_administrator,
    make_city_supervisor,
    make_liaisons,
    make_people,
)
from lawgov.operations.demo.works import WorkHistory
from lawgov.units.actions import create_place
from lawgov.units.importing import import_units
from lawgov.units.models import Region, Unit

FRAMEWORK = Path(settings.BASE_DIR) / "fixtures" / "framework-2021.csv"
LETTER_AGE = 45  # days before today on which the letters went out; decisions §6
# Days from today on which each phase begins and ends; the letters fall into the third.
PHASE_DAYS = [(-262, -205), (-200, -82), (-80, 28), (-11, 14), (31, 49), (102, 160)]
Say = Callable[[str], None]


@dataclass(frozen=True)
class Plan:
    """What is asked for; `issues` counts individual issues of one place."""

    today: date
    seed: int = 1
    issues: int = 204

    def at(self, days_ago: int, hour: int = 9) -> datetime:
        return datetime.combine(self.today - timedelta(days=days_ago), time(hour), SHANGHAI)

    @property
    def letter(self) -> date:
        return self.today - timedelta(days=LETTER_AGE)


def seed(plan: Plan, *, regions: int, say: Say) -> None:
    """Make `demo` and, beyond it, `demo-2` … under one city and province; one transaction each."""
    system = Actor.system(None, "seed_demo")
    now = plan.at(270)
    with transaction.atomic():
        edition = _edition(now)
        province = create_place(
            "demo-province", name="安河省", actor=system, now=now, level="province"
        )
        city = create_place("demo-city", name="安远市", actor=system, now=now, parent=province)
        make_city_supervisor(city)
        make_administrator()
    for number in range(1, regions + 1):
        code = "demo" if number == 1 else f"demo-{number}"
        name = "安和区" if number == 1 else f"安和{number}区"
        with transaction.atomic():
            region = create_place(code, name=name, actor=system, now=now, parent=city)
            _place(region, edition, plan, number, say)


def _edition(now: datetime) -> FrameworkEdition:
    actor = Actor.system(None, "seed_demo")
    load_framework(FRAMEWORK.read_bytes(), FRAMEWORK.name, actor=actor, now=now)
    return FrameworkEdition.objects.get(code="2021")


def _place(region: Region, edition: FrameworkEdition, plan: Plan, number: int, say: Say) -> None:
    rng = Random(f"{plan.seed} {region.code}")
    suffix = "" if number == 1 else f".{region.code}"
    system = Actor.system(region, "seed_demo")
    import_units(
        UNITS_FILE.read_bytes(), UNITS_FILE.name, region=region, actor=system, now=plan.at(268)
    )
    units = list(Unit.objects.in_region(region).order_by("order", "pk"))
    duties = Duties(units, rng)
    people = make_people(region, units, duties.leads, suffix)
    make_liaisons(units, rng)
    campaign = _campaign(region, edition, plan, people)
    outcomes = distribute(
        campaign, duties.shares(campaign), actor=people.office, now=plan.at(255), tell=False
    )
    assert not any(outcome.error for outcome in outcomes)
    say(f"{region.code}：{len(units)} 个单位、{len(outcomes)} 项指标已分工")
    works = WorkHistory(campaign, people, plan.today, rng)
    works.play(works.draw())
    say(f"{region.code}：佐证、打勾、审核和评分已演完")
    inspection = _inspection(campaign, region, units, plan, number)
    _issues(inspection, people, plan, rng)
    _settle(region, plan)
    say(_figures(inspection))


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


def _inspection(
    campaign: Campaign, region: Region, units: list[Unit], plan: Plan, number: int
) -> Inspection:
    """The visit of all units in nine days, ended three days before the letters."""
    inspection = Inspection(
        region=region,
        campaign=campaign,
        code=f"{region.code}-1",
        name=f"{plan.letter.year}年{plan.letter.month}月全区法治政府建设专项督察",
        starts_on=plan.letter - timedelta(days=11),
        ends_on=plan.letter - timedelta(days=3),
    )
    if number == 1 and not Inspection.objects.filter(pk=1).exists():
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


# -- issues ----------------------------------------------------------------------------------------


def _import(name: str, fates: list[Fate], inspection: Inspection, plan: Plan, rng: Random) -> None:
    """Shift a shipped ledger to today and read it in, as the office would."""
    with tempfile.TemporaryDirectory(prefix="lawgov-demo-") as folder:
        file = Path(folder) / f"{name}.xlsx"
        ledger.shifted(
            ledger.original(name), file, fates, letter=plan.letter, today=plan.today, rng=rng
        )
        reading = read_ledger(file, year=plan.letter.year, issued_on=plan.letter)
        import_ledger(
            reading,
            inspection,
            actor=Actor.system(inspection.region, "seed_demo"),
            now=plan.at(LETTER_AGE + 1, 17),
            source_name=file.name,
            source_hash=hash_of(file),
        )


def _import_individual(inspection: Inspection, plan: Plan, rng: Random) -> dict[str, State]:
    """Read the individual issues in; where each is to end, by its number."""
    have = ledger.original("individual").rows
    kinds = [have[index % len(have)].deadline_kind for index in range(plan.issues)]
    fates = draw(kinds, rng)
    _import("individual", fates, inspection, plan, rng)
    return {str(number): fate.state for number, fate in enumerate(fates, start=1)}


def _import_common(inspection: Inspection, plan: Plan, rng: Random) -> None:
    count = len(ledger.original("common").rows)
    lights = rng.choices([Light.RED, Light.YELLOW, Light.GREEN], [2, 3, 4], k=count)
    fates = [Fate(State.RECTIFYING, light) for light in lights]
    _import("common", fates, inspection, plan, rng)


def _issues(inspection: Inspection, people: People, plan: Plan, rng: Random) -> None:
    """Both lists read in, one letter to each unit, then every answer on its way."""
    ends = _import_individual(inspection, plan, rng)
    _import_common(inspection, plan, rng)
    issue_letters(
        inspection, actor=people.office, now=plan.at(LETTER_AGE, 10), issued_on=plan.letter
    )
    own = _responses(inspection, Issue.Kind.INDIVIDUAL)
    shared = _responses(inspection, Issue.Kind.COMMON)
    states = [s for s, n in shares(COMMON_STATES, len(shared)).items() for _one in range(n)]
    rng.shuffle(states)
    targets = {row.pk: ends[row.issue.number] for row in own}
    targets |= {row.pk: state for row, state in zip(shared, states, strict=True)}
    _play([*own, *shared], targets, people, plan, rng)
    _ask_for_time(inspection, people, plan)


def _responses(inspection: Inspection, kind: str) -> list[UnitResponse]:
    rows = UnitResponse.objects.for_moves().filter(issue__inspection=inspection, issue__kind=kind)
    return list(rows.order_by("pk"))


def _play(
    rows: list[UnitResponse], ends: dict[int, State], people: People, plan: Plan, rng: Random
) -> None:
    """Write every answer's script, make the proof it names, and play them all."""
    historian = Historian(people, plan.letter, plan.today, rng)
    measures = _measures(rows)
    steps = []
    for row in rows:
        deadline = row.deadline_date or plan.today + timedelta(days=20)
        mine = measures.get((row.unit_id, row.issue_id), [])
        steps += historian.script(row, ends[row.pk], mine, max(deadline, plan.today))
    proofs = [step.data["evidence"][0] for step in steps if step.edge == "add_proof"]
    Evidence.objects.bulk_create(proofs, batch_size=500)
    historian.play(steps)


def _measures(rows: list[UnitResponse]) -> dict[tuple[int, int], list[str]]:
    """Texts of the measures that came with the ledger, by unit and issue, in order."""
    found: dict[tuple[int, int], list[str]] = {}
    issues = {row.issue_id for row in rows}
    links = Issue.measures.through.objects.filter(
        issue__in=issues, measure__removed_at=None
    ).select_related("measure")
    for link in links.order_by("measure__order", "pk"):
        found.setdefault((link.measure.unit_id, link.issue_id), []).append(link.measure.text)
    return found


def _ask_for_time(inspection: Inspection, people: People, plan: Plan) -> None:
    """Three heads have asked for more time, so that the office has something to decide."""
    rows = _responses(inspection, Issue.Kind.INDIVIDUAL)
    waiting = [r for r in rows if r.state == State.RECTIFYING and r.deadline_date][:40:15]
    for row in waiting:
        LEDGER.perform(
            row,
            "ask_extension",
            actor=people.heads[row.unit_id],
            now=plan.at(1, 20),
            version=row.version,
            new_date=max(row.deadline_date, plan.today) + timedelta(days=15),
            reason="涉及案卷数量多，需逐户核实补正。",
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


def _figures(inspection: Inspection) -> str:
    rows = _responses(inspection, Issue.Kind.INDIVIDUAL)
    states = Counter(row.state for row in rows)
    parts = [f"{State(state).label} {states[state]}" for state in State if states[state]]
    common = UnitResponse.objects.filter(
        issue__inspection=inspection, issue__kind=Issue.Kind.COMMON
    ).count()
    return f"个性问题 {len(rows)}：{'，'.join(parts)}；共性问题的答复 {common}"
