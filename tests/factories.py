"""The smallest true object of each kind; every argument that matters can be given by name."""

from __future__ import annotations

from datetime import date, datetime
from itertools import count
from typing import Any
from zoneinfo import ZoneInfo

from assessments.models import Inspection, Issue, Round, UnitResponse
from assessments.rectification.states import State
from indicators.campaigns.models import PHASES
from indicators.models import (
    Area,
    Assignment,
    Campaign,
    Evidence,
    EvidenceLink,
    FrameworkEdition,
    Group,
    Indicator,
    Phase,
    UnitAssignment,
)
from lawgov.accounts.actors import Actor
from lawgov.accounts.models import Membership, User
from lawgov.accounts.policy import Role
from lawgov.units.models import Region, Unit

SHANGHAI = ZoneInfo("Asia/Shanghai")
TODAY = date(2026, 11, 20)  # a Friday
NOW = datetime(2026, 11, 20, 10, 0, tzinfo=SHANGHAI)
PASSWORD = "correct-horse-9"

_numbers = count(1)


def make_region(code: str = "", *, parent: Region | None = None, **fields: Any) -> Region:
    code = code or f"place-{next(_numbers)}"
    return Region.objects.create(code=code, **({"name": code, "parent": parent} | fields))


def make_unit(region: Region, name: str = "", **fields: Any) -> Unit:
    number = next(_numbers)
    name = name or f"第{number}局"
    defaults = {"code": f"U{number}", "short_name": name, "kind": "government", "order": number}
    return Unit.objects.create(region=region, name=name, **(defaults | fields))


def make_user(username: str = "", **fields: Any) -> User:
    username = username or f"person{next(_numbers)}"
    defaults = {"name": f"{username}某", "email": f"{username}@demo.invalid"}
    return User.objects.create_user(username=username, password=PASSWORD, **(defaults | fields))


def make_member(
    role: Role, region: Region, unit: Unit | None = None, *, user: User | None = None, **fields: Any
) -> Actor:
    """A person at work in `role`, as the request would see them."""
    membership = Membership.objects.create(
        user=user or make_user(), region=region, role=role, unit=unit, **fields
    )
    return Actor.of(membership)


def make_edition(
    areas: int = 1, groups: int = 1, each: int = 2, code: str = ""
) -> FrameworkEdition:
    """`areas` areas of `groups` groups of `each` indicators, 10 points each."""
    code = code or f"edition-{next(_numbers)}"
    edition = FrameworkEdition.objects.create(
        code=code, name=f"指标体系 {code}", content_hash=code, loaded_at=NOW
    )
    number = 0
    for area_no in range(1, areas + 1):
        area = Area.objects.create(
            edition=edition, number=area_no, title=f"第{area_no}方面", short_name=f"方面{area_no}"
        )
        for group_no in range(1, groups + 1):
            group = Group.objects.create(area=area, number=group_no, title=f"二级{group_no}")
            for item in range(1, each + 1):
                number += 1
                Indicator.objects.create(
                    edition=edition,
                    group=group,
                    code=f"{area_no}.{group_no}.{item}",
                    number=number,
                    title=f"指标{number}",
                    requirement="有据可查",
                    evidence_hint="登记表；审核意见书",
                    method="材料查证",
                    points=10,
                )
    return edition


def make_campaign(
    region: Region, edition: FrameworkEdition | None = None, **fields: Any
) -> Campaign:
    """A campaign with six phases and one assignment per indicator, nobody assigned yet."""
    edition = edition or make_edition()
    defaults = {
        "name": "2026年全省法治政府建设示范地区创建",
        "starts_on": date(2026, 3, 2),
        "ends_on": date(2027, 4, 30),
        "evidence_from": date(2024, 10, 1),
        "evidence_to": date(2026, 12, 31),
        "office_name": f"{region.name}委员会全面依法治区委员会办公室",
        "letter_agency": "安法办函",
    }
    campaign = Campaign.objects.create(region=region, edition=edition, **(defaults | fields))
    for number, (code, name) in enumerate(PHASES, start=1):
        Phase.objects.create(
            campaign=campaign,
            number=number,
            code=code,
            name=name,
            starts_on=date(2026, 3 + number, 1),
            ends_on=date(2026, 4 + number, 28),
        )
    for indicator in edition.indicators.all():
        Assignment.objects.create(
            campaign=campaign, region=region, indicator=indicator, points=indicator.points
        )
    Round.objects.create(
        campaign=campaign, region=region, number=1, name="自评", kind="self", opened_on=TODAY
    )
    return campaign


def make_work(assignment: Assignment, unit: Unit, **fields: Any) -> UnitAssignment:
    return UnitAssignment.objects.create(
        assignment=assignment, unit=unit, region=assignment.region, **fields
    )


def make_proof(work: UnitAssignment, title: str = "审核登记表", *, slot: str = "") -> Evidence:
    """A piece of evidence with a document number, in use for `work`."""
    evidence = Evidence.objects.create(
        region=work.region,
        unit=work.unit,
        kind=Evidence.Kind.NUMBER,
        title=title,
        document_number="安司审〔2026〕5号",
        issued_on=date(2026, 5, 6),
        created_at=NOW,
    )
    EvidenceLink.objects.create(evidence=evidence, unit_assignment=work, slot=slot, created_at=NOW)
    return evidence


def make_inspection(region: Region, **fields: Any) -> Inspection:
    defaults = {
        "campaign": Campaign.objects.filter(region=region).first() or make_campaign(region),
        "code": f"{region.code}-{next(_numbers)}",
        "name": "2026年9月全区专项督察",
        "starts_on": date(2026, 9, 7),
        "ends_on": date(2026, 9, 15),
        "issued_on": date(2026, 9, 28),
    }
    return Inspection.objects.create(region=region, **(defaults | fields))


def make_issue(inspection: Inspection, **fields: Any) -> Issue:
    defaults = {
        "kind": Issue.Kind.INDIVIDUAL,
        "number": str(next(_numbers)),
        "category": "行政执法案卷",
        "text": "处罚决定书未载明裁量理由",
        "requirement": "逐卷自查，形成瑕疵清单",
        "found_on": inspection.ends_on,
        "deadline_text": "12月18日",
        "deadline_kind": "fixed",
        "deadline_date": date(2026, 12, 18),
        "created_at": NOW,
    }
    return Issue.objects.create(
        inspection=inspection, region=inspection.region, **(defaults | fields)
    )


def make_response(
    issue: Issue, unit: Unit, state: State = State.ISSUED, **fields: Any
) -> UnitResponse:
    """A unit's answer, placed in `state` without the path to it; deadline as the issue's."""
    defaults = {
        "deadline_text": issue.deadline_text,
        "deadline_kind": issue.deadline_kind,
        "deadline_date": issue.deadline_date,
        "closed_on": TODAY if state in (State.CLOSED, State.LOOK_BACK) else None,
    }
    return UnitResponse.objects.create(
        issue=issue, region=issue.region, unit=unit, state=state, **(defaults | fields)
    )
