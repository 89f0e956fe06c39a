"""A whole small world: for every kind of object one of the own unit, one of another unit of the
place, and one of another place, each with a text of its own by which a leak is seen.

The objects hang from the cast of people.py; the other place has a unit and people of its own.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone

from assessments.models import (
    Extension,
    Inspection,
    Issue,
    Letter,
    Measure,
    ProgressNote,
    ResponseProof,
    Score,
    ScoreDraft,
)
from assessments.rectification.states import State
from indicators.models import (
    Assignment,
    Campaign,
    Evidence,
    EvidenceLink,
    EvidenceVersion,
    UnitAssignment,
)
from lawgov.accounts.actors import Actor
from lawgov.accounts.models import ApiToken, Membership, SignIn, User
from lawgov.accounts.policy import Role
from lawgov.files import store
from lawgov.filling.models import FilledSheet
from lawgov.imports.models import Upload, UploadRow
from lawgov.jobs.actions import exports_folder
from lawgov.jobs.models import Job
from lawgov.notifications.models import Channel, Delivery, Notification
from lawgov.units.models import Liaison, Region, Unit, UnitGroup
from tests import factories, papers
from tests.people import Cast, make_cast
from tests.spreadsheets.books import book

SIDES = ("own", "other", "foreign")
ABSENT = 987_654_321


@dataclass(frozen=True)
class Canary:
    """A text that may only reach who may read `row`, or its owner where it is one person's;
    nobody where `row` is None.

    `side` and `kind` name it in the table of readers.
    """

    side: str
    kind: str

    row: Any
    owner: User | None = None

    @property
    def text(self) -> str:
        return f"CANARY-{self.side}-{self.kind}"

    def may_reach(self, actor: Actor | None) -> bool:
        if actor is None or actor.membership is None:
            return False
        if self.row is None:
            return False
        if self.owner is not None:
            return actor.user == self.owner
        if isinstance(self.row, Membership) and self.row.user == actor.user:
            return True
        if isinstance(self.row, Inspection) and self._is_named_to(actor):
            return True
        return type(self.row).objects.visible_to(actor).filter(pk=self.row.pk).exists()

    def _is_named_to(self, actor: Actor) -> bool:
        """Letter and issue name their inspection to the unit that has to answer them."""
        return Issue.objects.visible_to(actor).filter(inspection=self.row).exists()


@dataclass
class World:
    """`things[side][kind]` is an object; `canaries` are the texts of all of them."""

    cast: Cast
    foreign: Region
    things: dict[str, dict[str, Any]] = field(default_factory=dict)
    canaries: list[Canary] = field(default_factory=list)
    people: dict[str, Actor | None] = field(default_factory=dict)
    disabled: Actor | None = None
    superuser: User | None = None
    word: str = "CANARY"  # with which the texts of its objects begin

    def mark(self, side: str, kind: str) -> str:
        return f"{self.word}-{side}-{kind}"

    def put(self, side: str, kind: str, row: Any) -> Any:
        self.things.setdefault(side, {})[kind] = row
        return row

    def guard(self, side: str, kind: str, row: Any, owner: User | None = None) -> None:
        """From now on the mark of this kind may only be read with the row."""
        self.canaries.append(Canary(side, kind, row, owner))

    def pk(self, side: str, kind: str) -> int:
        """The id of an object; of none for the side "absent"."""
        return ABSENT if side == "absent" else self.things[side][kind].pk


def make_world() -> World:
    cast = make_cast()
    foreign = cast.foreign_office.region
    world = World(cast, foreign)
    yonder = factories.make_unit(foreign, "县水务局")
    Assignment.objects.filter(region=foreign).update(lead_unit=yonder)
    Assignment.objects.filter(campaign=cast.campaign).update(due_text="12月20日前")
    office = {"own": cast.office, "other": cast.supervisor, "foreign": cast.foreign_office}
    units = {"own": cast.unit, "other": cast.other_unit, "foreign": yonder}
    editors = {
        "own": cast.editor,
        "other": cast.stranger,
        "foreign": factories.make_member(Role.UNIT_EDITOR, foreign, yonder),
    }
    for side in SIDES:
        _fill(world, side, units[side], office[side], editors[side])
    world.people = dict(cast.everybody())
    world.people["anonymous"] = None
    _outsiders(world)
    return world


def add_more(world: World, side: str) -> None:
    """One further unit of the place of `side`, foreign or other, with one of everything."""
    region = world.things[side]["unit"].region
    office = world.cast.foreign_office if side == "foreign" else world.cast.supervisor
    unit = factories.make_unit(region, "新增单位")
    more = World(world.cast, world.foreign, word="MORE")
    _fill(more, side, unit, office, factories.make_member(Role.UNIT_EDITOR, region, unit))


def _outsiders(world: World) -> None:
    """Somebody whose account was closed, and the operator without any role."""
    closed = factories.make_member(Role.UNIT_EDITOR, world.cast.region, world.cast.unit)
    world.disabled = closed
    world.superuser = factories.make_user(is_staff=True, is_superuser=True)


def _fill(world: World, side: str, unit: Unit, office: Actor, editor: Actor) -> None:
    world.put(side, "unit", unit)
    world.put(side, "editor", editor)
    works = _works(world, side, unit)
    _proof(world, side, works[0], editor.user)
    _scores(world, side, works, editor.user)
    _issues(world, side, unit, editor.user)
    _register(world, side, unit)
    _own(world, side, office, editor)


def _works(world: World, side: str, unit: Unit) -> list[UnitAssignment]:
    region = unit.region
    works = [
        factories.make_work(assignment, unit, return_reason=world.mark(side, "returned"))
        for assignment in Assignment.objects.filter(region=region).order_by("indicator__number")
    ]
    world.guard(side, "returned", works[0])
    UnitAssignment.objects.filter(pk=works[0].pk).update(state="collecting", version=2)
    works[0].refresh_from_db()
    world.put(side, "work", works[0])
    world.put(side, "assignment", works[0].assignment)
    campaign = Campaign.objects.get(region=region)
    if side != "other":
        Campaign.objects.filter(pk=campaign.pk).update(office_name=world.mark(side, "campaign"))
    world.put(side, "campaign", campaign)
    world.put(side, "phase", campaign.phases.first())
    return works


def _proof(world: World, side: str, work: UnitAssignment, user: User) -> None:
    title = world.mark(side, "evidence")
    evidence = factories.make_proof(work, title)
    world.guard(side, "evidence", evidence)
    content = papers.pdf(f"{side} 审核意见书")
    stored = store.put([content], limit=10**6)
    EvidenceVersion.objects.create(
        evidence=evidence,
        number=1,
        blob=store.keep(stored, "application/pdf", now=factories.NOW),
        filename=f"{title}.pdf",
        pages=1,
        uploaded_at=factories.NOW,
        uploaded_by=user,
    )
    Evidence.objects.filter(pk=evidence.pk).update(kind=Evidence.Kind.FILE)
    world.put(side, "evidence", evidence)
    world.put(side, "use", EvidenceLink.objects.get(evidence=evidence))


def _scores(world: World, side: str, works: list[UnitAssignment], user: User) -> None:
    work = works[1]
    score = Score.objects.create(
        round=work.assignment.campaign.rounds.get(number=1),
        region=work.region,
        assignment=work.assignment,
        unit=work.unit,
        source="self",
        points=8,
        reason=world.mark(side, "score"),
        given_at=factories.NOW,
        given_by=user,
    )
    world.guard(side, "score", score)
    draft = ScoreDraft.objects.create(
        unit_assignment=works[0],
        statement=world.mark(side, "draft"),
        saved_at=factories.NOW,
        saved_by=user,
    )
    world.guard(side, "draft", draft)
    world.put(side, "score", score)
    world.put(side, "round", score.round)


def _issues(world: World, side: str, unit: Unit, user: User) -> None:
    """An answer under way, with its letter, and an issue that nobody was told of yet."""
    inspection = _inspection(world, side, unit)
    issue = factories.make_issue(
        inspection, text=world.mark(side, "issue"), number=f"7{len(world.canaries)}"
    )
    letter = Letter.objects.create(
        region=unit.region,
        inspection=inspection,
        unit=unit,
        agency="安法办函",
        year=2026,
        number=Letter.objects.filter(region=unit.region).count() + 1,
        issued_on=inspection.issued_on,
    )
    answer = factories.make_response(
        issue,
        unit,
        State.RECTIFYING,
        letter=letter,
        progress=world.mark(side, "progress"),
        person=world.mark(side, "person"),
    )
    waiting = factories.make_issue(inspection, text=world.mark(side, "found"))
    factories.make_response(waiting, unit, State.FOUND)
    for kind, row in (("issue", issue), ("progress", answer), ("person", answer)):
        world.guard(side, kind, row)
    world.guard(side, "found", waiting)
    _beside(world, side, answer, user)
    world.put(side, "inspection", inspection)
    world.put(side, "issue", issue)
    world.put(side, "found", waiting)
    world.put(side, "response", answer)
    world.put(side, "letter", letter)


def _inspection(world: World, side: str, unit: Unit) -> Inspection:
    """One of the unit's own: another unit of the place was not visited."""
    inspection = factories.make_inspection(unit.region, name=world.mark(side, "inspection"))
    inspection.units.add(unit)
    world.guard(side, "inspection", inspection)
    return inspection


def _beside(world: World, side: str, answer: Any, user: User) -> None:
    measure = Measure.objects.create(
        region=answer.region,
        unit=answer.unit,
        text=world.mark(side, "measure"),
        created_at=factories.NOW,
    )
    measure.issues.add(answer.issue)
    ProgressNote.objects.create(response=answer, text=answer.progress, at=factories.NOW, by=user)
    proof = ResponseProof.objects.create(
        response=answer, evidence=world.things[side]["evidence"], created_at=factories.NOW
    )
    extension = Extension.objects.create(
        response=answer,
        old_date=answer.deadline_date,
        new_date=answer.deadline_date + timedelta(days=30),
        reason=world.mark(side, "extension"),
        asked_at=factories.NOW,
        asked_by=user,
    )
    world.guard(side, "measure", answer)
    world.guard(side, "extension", answer)
    world.put(side, "measure", measure)
    world.put(side, "proof", proof)
    world.put(side, "extension", extension)


def _register(world: World, side: str, unit: Unit) -> None:
    liaison = Liaison.objects.create(
        unit=unit, name=world.mark(side, "liaison"), phone=f"1399990{SIDES.index(side)}{unit.pk:03}"
    )
    world.guard(side, "liaison", liaison)
    group = UnitGroup.objects.create(region=unit.region, name=world.mark(side, "group"))
    group.members.add(unit)
    world.guard(side, "group", group)
    world.put(side, "liaison", liaison)
    world.put(side, "group", group)


def _own(world: World, side: str, office: Actor, editor: Actor) -> None:
    """Rows that are one person's: their job, notice, login, token, appointment."""
    person, tomorrow = editor.user, timezone.now() + timedelta(days=1)
    User.objects.filter(pk=person.pk).update(email=f"{world.mark(side, 'mail')}@demo.invalid")
    membership = Membership.objects.get(pk=editor.membership.pk)
    world.guard(side, "mail", membership)
    world.put(side, "person", person)
    world.put(side, "membership", membership)
    for kind in ("job", "result", "notice", "login", "token"):
        world.guard(side, kind, person, person)
    result = f"{side}-{person.pk}.xlsx"
    (exports_folder() / result).write_bytes(book([[world.mark(side, "result")]]))
    job = Job(
        owner=person, membership=membership, region=editor.region, kind="export_ledger",
        created_at=factories.NOW, filename=f"{world.mark(side, 'job')}.xlsx",
        state=Job.State.DONE, result=result, expires_at=tomorrow,
    )  # fmt: skip
    notice = Notification(
        recipient=person, region=editor.region, kind="job.failed", url="/jobs/1/",
        data={"kind": "export_ledger", "message": world.mark(side, "notice"), "filename": ""},
        created_at=factories.NOW,
    )  # fmt: skip
    login = SignIn(
        user=person, session_key=f"{side}-{person.pk}", ip="10.0.0.1",
        agent=world.mark(side, "login"), began_at=timezone.now(), seen_at=timezone.now(),
    )  # fmt: skip
    failed = Job(
        owner=person, membership=membership, region=editor.region, kind="export_ledger",
        created_at=factories.NOW, state=Job.State.FAILED, expires_at=tomorrow,
    )  # fmt: skip
    for kind, row in (("job", job), ("failed", failed), ("notice", notice), ("login", login)):
        row.save()
        world.put(side, kind, row)
    _uploads(world, side, office, editor, tomorrow)
    _channels(world, side, office, editor)
    token, _text = ApiToken.objects.create(
        user=person, membership=membership, expiry=timedelta(days=1), note=world.mark(side, "token")
    )
    world.put(side, "token", token)


def _uploads(world: World, side: str, office: Actor, editor: Actor, expires_at: datetime) -> None:
    """A ledger that the office is bringing in, and a filled sheet that was not read."""
    upload = Upload.objects.create(
        owner=office.user, membership=office.membership, region=office.region, kind="ledger",
        filename=f"{world.mark(side, 'upload')}.xlsx", sha256="0" * 64, created_at=factories.NOW,
        options={"inspection": world.pk(side, "inspection"), "issued_on": None},
        state=Upload.State.READY,
        expires_at=expires_at,
    )  # fmt: skip
    UploadRow.objects.create(
        upload=upload, position=1, sheet="Sheet1", row=3, outcome="created",
        cells={"text": world.mark(side, "upload")},
    )  # fmt: skip
    filled = FilledSheet.objects.create(
        owner=editor.user, membership=editor.membership, region=editor.region,
        blob=world.things[side]["evidence"].current.blob, filename="自评填报.xlsx",
        state=FilledSheet.State.REFUSED, refusal=world.mark(side, "sheet"),
        created_at=factories.NOW, expires_at=expires_at,
    )  # fmt: skip
    world.guard(side, "upload", office.user, office.user)
    world.guard(side, "sheet", editor.user, editor.user)
    world.put(side, "upload", upload)
    world.put(side, "sheet", filled)


def _channels(world: World, side: str, office: Actor, editor: Actor) -> None:
    """A robot of the place and one of a person; the addresses hold keys and are never shown.

    And a digest that did not arrive.
    """
    for kind, owner in (("channel", None), ("own_channel", editor.user)):
        robot = Channel.objects.create(
            region=office.region, owner=owner, kind="wecom", name=world.mark(side, kind),
            address=f"https://robot.invalid/send?key={world.mark(side, 'secret')}",
            created_at=factories.NOW,
        )  # fmt: skip
        world.guard(side, kind, robot, owner)
        world.put(side, kind, robot)
    world.guard(side, "secret", None)
    delivery = Delivery.objects.create(
        region=office.region, person=editor.user, day=factories.TODAY, channel="email",
        status=Delivery.Status.DEAD, subject=world.mark(side, "delivery"),
        key=f"{side}-delivery-{editor.user.pk}",
        body={"greeting": "", "lines": [[world.mark(side, "delivery"), "", "/"]], "rest": 0},
        created_at=factories.NOW,
    )  # fmt: skip
    world.guard(side, "delivery", delivery)
    world.put(side, "delivery", delivery)
