"""What is typed into each form that writes, and on which page it stands: the data of the test.

A new route that takes a POST needs a line only where the form's page is another one than its own
address, or where what stands in the form is not enough to be accepted.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any

from django.test import Client
from django.urls import reverse
from django.utils import timezone

from assessments.models import Reminder, Score, UnitResponse
from assessments.rectification.transitions import LEDGER
from assessments.reminders.feeds import make_feed
from assessments.rounds.actions import move, save_draft
from indicators.models import Evidence, EvidenceLink, Indicator, UnitAssignment
from lawgov.calendars import local_day
from lawgov.filling.subjects import every
from tests import factories, papers
from tests.filling.sheets import edited, exported, uploaded
from tests.imports.conftest import GOOD, Person, sheet
from tests.matrix.cases import Case
from tests.spreadsheets.books import book
from tests.submissions.filling import Submission, file_of, form_of, submission
from tests.world import World

Prepare = Callable[[World, Case], None]
Where = Callable[[World], str]
Steps = Callable[[World, Client], Submission]


@dataclass(frozen=True)
class Sent:
    """How a form is filled in: its page, what is typed, who sends it, and what comes before."""

    page: str | Where = ""
    typed: dict[str, Any] | Callable[[World], dict[str, Any]] = field(default_factory=dict)
    who: str = ""
    prepare: Prepare | None = None
    query: str = ""
    by_steps: Steps | None = None  # where the form stands at the end of several pages

    def at(self, world: World, path: str) -> str:
        page = self.page(world) if callable(self.page) else self.page
        return page or path

    def given(self, world: World) -> dict[str, Any]:
        return self.typed(world) if callable(self.typed) else self.typed


# -- pages and rows --------------------------------------------------------------------------------


def named(name: str, kind: str = "", query: str = "") -> Where:
    """The page of a route, that of the own object of `kind`."""
    return lambda world: reverse(name, args=[world.pk("own", kind)] if kind else []) + query


def of_number(world: World) -> str:
    return world.things["own"]["work"].assignment.get_absolute_url()


def of_work(world: World) -> str:
    return world.things["own"]["work"].get_absolute_url()


def picked(kind: str, **more: Any) -> Callable[[World], dict[str, Any]]:
    return lambda world: {"pk": world.pk("own", kind), **more}


def shown(world: World, **more: Any) -> dict[str, Any]:
    """The own indicator as the bulk form of the decomposition names it."""
    assignment = world.things["own"]["assignment"]
    return {"seen": f"{assignment.pk}:{assignment.version}", "apply": "1", **more}


# -- what comes before -----------------------------------------------------------------------------


def work_in(state: str, *, asked: bool = False) -> Prepare:
    """The own unit's work in `state`; `asked`: with an open request for exemption."""

    def prepare(world: World, case: Case) -> None:
        rows = UnitAssignment.objects.filter(pk=world.pk("own", "work"))
        rows.update(
            state=state,
            exemption_reason="无此事项" if asked else "",
            exemption_asked_at=timezone.now() if asked else None,
        )

    return prepare


def answer_in(state: str) -> Prepare:
    """The own unit's answer in `state`, with nothing asked that stands in the way."""

    def prepare(world: World, case: Case) -> None:
        answer = world.things["own"]["response"]
        closed = timezone.localdate() if state in ("closed", "look_back") else None
        UnitResponse.objects.filter(pk=answer.pk).update(state=state, closed_on=closed)
        if case.choice == "ask_extension":
            answer.extensions.all().delete()

    return prepare


def answer_before(world: World, case: Case) -> None:
    """The answer in a state from which the edge of the case goes."""
    sources = LEDGER[case.choice].sources
    likely = ("issued", "rectifying", "verifying")
    answer_in(next((state for state in likely if state in sources), min(sources)))(world, case)


def accepted(world: World, case: Case) -> None:
    """The unit's work of the indicator was accepted, and it stands alone."""
    assignment = world.things["own"]["assignment"]
    assignment.unit_assignments.exclude(pk=world.pk("own", "work")).delete()
    assignment.unit_assignments.update(state="accepted")
    self_round = assignment.campaign.rounds.get(number=1)
    given = {"round": self_round, "region": assignment.region, "assignment": assignment,
             "points": 8, "reason": "齐全", "given_at": factories.NOW,
             "given_by": world.cast.lead.user}  # fmt: skip
    Score.objects.create(unit=world.cast.unit, source="self", **given)
    if case.route.name != "indicators:lead_score":
        Score.objects.create(source="lead", **given)


def ticked_just_now(world: World, case: Case) -> None:
    work = UnitAssignment.objects.get(pk=world.pk("own", "work"))
    move(work, "tick", actor=world.cast.editor, now=timezone.now(), version=work.version)


def owed_today(world: World, case: Case) -> None:
    Reminder.objects.create(
        region=world.cast.region,
        response_id=world.pk("own", "response"),
        recipient=world.cast.editor.user,
        kind="overdue",
        level="contact",
        local_day=local_day(timezone.now()),
        days=-1,
        created_at=timezone.now(),
    )


def returned_just_now(world: World, case: Case) -> None:
    answer_in("verifying")(world, case)
    answer = UnitResponse.objects.get(pk=world.pk("own", "response"))
    now, office = timezone.now(), world.cast.office
    LEDGER.perform(answer, "return", actor=office, now=now, version=1, reason="佐证不全")


def nobody_leads(world: World, case: Case) -> None:
    Indicator.objects.update(lead_unit_type=world.cast.lead_unit.name)
    world.cast.campaign.assignments.update(lead_unit=None)


def used_elsewhere(world: World, case: Case) -> None:
    """Another piece of the unit, in use for its other indicator."""
    factories.make_proof(other_work(world), "另一件佐证")


def other_work(world: World) -> UnitAssignment:
    works = UnitAssignment.objects.filter(unit=world.cast.unit)
    return works.exclude(pk=world.pk("own", "work")).get()


def removed(world: World, case: Case) -> None:
    EvidenceLink.objects.filter(pk=world.pk("own", "use")).update(removed_at=timezone.now())


def has_feed(world: World, case: Case) -> None:
    make_feed(world.cast.office, now=timezone.now())


# -- forms at the end of several pages -------------------------------------------------------------


def letters(world: World, client: Client) -> Submission:
    """The letters are shown first, and sent from the page that asks again."""
    path = reverse("inspections:letters", args=[world.pk("own", "inspection")])
    return form_of(client.post(path, {"issued_on": timezone.localdate()}), path, client)


def found_elsewhere(world: World, client: Client) -> Submission:
    """A file that the unit uses for another indicator waits for a decision."""
    work = other_work(world)
    add = reverse("evidence:add", args=[work.assignment.indicator.number, work.unit_id])
    again = file_of("另存.pdf", papers.pdf("own 审核意见书"))
    return form_of(client.post(add, {"files": again}), add + "settle/", client)


def ledger_person(world: World, client: Client) -> Person:
    """The office with a ledger that was read, one of its units unknown."""
    office = Person(world.cast.office, client)
    rows = [GOOD[0], [2, "区文旅局", "台账缺页", "补台账", "6月底前", "", "否"]]
    office.send(sheet(rows), inspection=world.pk("own", "inspection"))
    return office


def mended(world: World, client: Client) -> Submission:
    office = ledger_person(world, client)
    pages = f"/imports/{office.upload.pk}/"
    return submission(
        client, pages + "preview/", pages + "mend/", {"take": f"{world.cast.unit.pk}:区文旅局"}
    )


def confirmed(world: World, client: Client) -> Submission:
    office = Person(world.cast.office, client)
    office.send(sheet(GOOD), inspection=world.pk("own", "inspection"))
    pages = f"/imports/{office.upload.pk}/"
    return submission(client, pages + "preview/", pages + "confirm/", {})


def marked(world: World, client: Client) -> Submission:
    pages = f"/imports/{ledger_person(world, client).upload.pk}/"
    return submission(client, pages + "preview/", pages + "marked/", {})


def laid_out(world: World, client: Client) -> Submission:
    """A header that nobody knows asks what its columns are."""
    office = Person(world.cast.office, client)
    office.send(
        sheet(GOOD, header=["甲", "乙", "丙", "丁", "戊", "己", "庚"]),
        inspection=world.pk("own", "inspection"),
    )
    page = f"/imports/{office.upload.pk}/columns/"
    columns = {"s0-A": "number", "s0-B": "units", "s0-C": "text", "s0-D": "requirement"}
    return submission(
        client, page, page, {**columns, "s0-E": "", "s0-F": "", "s0-G": "", "s0-used": "on"}
    )


def filled_sheet(world: World, client: Client, address: str, **typed: str) -> Submission:
    """A self-score sheet that came home with one cell filled in, while the draft was changed."""
    editor, work = world.cast.editor, UnitAssignment.objects.get(pk=world.pk("own", "work"))
    content = edited(exported("self_scores", editor), lambda desk: desk.type(0, "自评得分", 8))
    if address == "decide/":
        save_draft(work, actor=editor, now=timezone.now(), points=Decimal(5), statement="")
    page = f"/sheets/{uploaded(content, world.cast.editor).pk}/"
    return submission(client, page, page + address, typed)


def marked_copy(world: World, client: Client) -> Submission:
    """A sheet that came home with a fault in it, to be had with the fault marked."""
    editor = world.cast.editor
    content = edited(exported("self_scores", editor), lambda desk: desk.type(0, "自评得分", "很好"))
    page = f"/sheets/{uploaded(content, editor).pk}/"
    return submission(client, page, page + "marked/", {})


def applied(world: World, client: Client) -> Submission:
    return filled_sheet(world, client, "apply/")


def decided(world: World, client: Client) -> Submission:
    return filled_sheet(world, client, "decide/", every="sheet")


# -- the table -------------------------------------------------------------------------------------


def ledger_file() -> Any:
    head = ["序号", "责任单位", "存在问题", "整改要求", "完成时限", "整改进展", "是否销号"]
    row = [1, "区水利局", "公示不全", "补公示", "12月20日前", "", "否"]
    return file_of("台账.xlsx", book([head, row]))


def framework_file() -> Any:
    return file_of("framework-2031.csv", (FIXTURES / "framework-2021.csv").read_bytes())


def another_piece(world: World) -> dict[str, Any]:
    return {"pk": Evidence.objects.get(title="另一件佐证").pk}


FIXTURES = Path(__file__).parents[2] / "fixtures"
PROOF = file_of("审核意见书.pdf", papers.pdf("第二份审核意见书"))
ROBOT = {"kind": "wecom", "name": "工作群", "template": "", "secret": "",
         "address": "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=k-1"}  # fmt: skip
REASON = {"reason": "材料不全"}
TICK = Sent(typed={"version": "2"}, who="editor")
UNTICK = Sent(typed={"version": "2"}, who="editor", prepare=work_in("ticked"))
UNDO_TICK = Sent(who="editor", prepare=ticked_just_now, query="?version=3")
MOVED = Sent(of_work, who="editor")

#: By route, or by route and choice where the choices differ.
SENT: dict[str, Sent] = {
    "accounts:language": Sent(typed={"language": "en"}),
    "accounts:large_text": Sent(typed={"large_text": "1"}),
    "accounts:preferences": Sent(typed={"language": "en"}),
    "accounts:password": Sent(
        typed={"old": factories.PASSWORD, "new": "Anhe-creation-26", "again": "Anhe-creation-26"}
    ),
    "accounts:tokens": Sent(typed={"password": factories.PASSWORD}),
    "indicators:tick": TICK,
    "tasks:tick": TICK,
    "indicators:untick": UNTICK,
    "tasks:untick": UNTICK,
    "indicators:undo_tick": UNDO_TICK,
    "tasks:undo_tick": UNDO_TICK,
    "indicators:export": Sent(named("indicators:list")),
    "indicators:lead_score": Sent(of_number, {"points": "8"}, "lead", accepted),
    "indicators:verify": Sent(of_number, {"points": "8"}, "office", accepted),
    "indicators:required": Sent(of_number, {"slot": "登记表"}),
    "indicators:draft": Sent(of_work, {"points": "7"}, "editor"),
    "indicators:undo": Sent(who="editor", prepare=ticked_just_now, query="?version=3"),
    "indicators:move-tick": MOVED,
    "indicators:move-untick": Sent(of_work, who="editor", prepare=work_in("ticked")),
    "indicators:move-submit": Sent(
        of_work, {"points": "8", "statement": "齐全"}, "editor", work_in("ticked")
    ),
    "indicators:move-approve": Sent(of_work, who="head", prepare=work_in("with_head")),
    "indicators:move-accept": Sent(of_work, who="lead", prepare=work_in("with_lead")),
    "indicators:move-return": Sent(of_work, REASON, "lead", work_in("with_lead")),
    "indicators:move-ask_exemption": Sent(of_work, REASON, "editor"),
    "indicators:move-exempt": Sent(of_work, {}, "lead", work_in("collecting", asked=True)),
    "indicators:move-refuse_exemption": Sent(
        of_work, REASON, "lead", work_in("collecting", asked=True)
    ),
    "indicators:move-restore": Sent(of_work, REASON, "lead", work_in("not_applicable")),
    "review:pass-head": Sent(typed=picked("work"), who="head", prepare=work_in("with_head")),
    "review:pass-lead": Sent(typed=picked("work"), who="lead", prepare=work_in("with_lead")),
    "review:pass-exemption": Sent(
        typed=picked("work"), who="lead", prepare=work_in("collecting", asked=True)
    ),
    "review:pass-verify": Sent(typed=picked("assignment"), who="office", prepare=accepted),
    "review:back-head": Sent(
        typed=picked("work", **REASON), who="head", prepare=work_in("with_head")
    ),
    "review:back-lead": Sent(
        typed=picked("work", **REASON), who="lead", prepare=work_in("with_lead")
    ),
    "review:back-exemption": Sent(
        typed=picked("work", **REASON), who="lead", prepare=work_in("collecting", asked=True)
    ),
    **{
        f"exports:list-{code}": Sent(named(page))
        for code, page in {
            "units": "settings:units",
            "groups": "settings:groups",
            "framework": "settings:framework",
            "deliveries": "settings:reminders_sent",
            "liaisons": "settings:liaisons",
            "roster": "settings:liaisons",
            "people": "settings:people",
            "inspections": "inspections:list",
            "assignments": "settings:assignments",
            "contents": "indicators:list",
            "ranking": "reports:ranking",
        }.items()
    },
    "exports:list-reminders": Sent(named("settings:reminders_owed"), prepare=owed_today),
    "exports:list-audit": Sent(named("settings:audit"), prepare=ticked_just_now),
    "exports:list-review": Sent(named("review:list"), who="lead", prepare=work_in("with_lead")),
    "exports:list-problems": Sent(named("rectification:letter", "letter"), who="editor"),
    "evidence:add": Sent(typed={"files": PROOF}),
    "evidence:settle": Sent(who="editor", by_steps=found_elsewhere),
    "evidence:reuse": Sent(typed=another_piece, prepare=used_elsewhere),
    "evidence:edit": Sent(typed={"url": ""}),
    "evidence:reference": Sent(typed={"url": "https://www.anhe.invalid/1", "title": "公示网页"}),
    "evidence:version": Sent(typed={"files": PROOF}),
    "evidence:relink": Sent(prepare=removed),
    "inspections:new": Sent(typed={"starts_on": "2026-11-02", "ends_on": "2026-11-06"}),
    "inspections:letters": Sent(by_steps=letters),
    "rectification:bulk-accept": Sent(
        typed=picked("response", confirmed="1"), who="editor", prepare=answer_in("issued")
    ),
    "rectification:bulk-check": Sent(
        typed=picked("response", confirmed="1"), prepare=answer_in("submitted")
    ),
    "rectification:bulk-close": Sent(
        typed=picked("response", confirmed="1", conclusion="到位"), prepare=answer_in("verifying")
    ),
    "rectification:bulk-return": Sent(
        typed=picked("response", confirmed="1", **REASON), prepare=answer_in("verifying")
    ),
    "rectification:bulk-approve_extension": Sent(typed=picked("response", confirmed="1")),
    "rectification:bulk-withdraw": Sent(
        typed=picked("response", confirmed="1", **REASON), prepare=answer_in("issued")
    ),
    "jobs:again": Sent(named("jobs:detail", "failed"), who="editor"),
    "rectification:export-individual": Sent(
        lambda world: reverse("rectification:list", args=["individual"])
    ),
    "rectification:undo": Sent(prepare=returned_just_now, query="?version=2"),
    "rectification:proof": Sent(typed={"files": PROOF}),
    "rectification:move": Sent(prepare=answer_before),
    "rectification:move-confirm": Sent(
        typed=lambda world: {"looked_back_on": timezone.localdate().isoformat()},
        prepare=answer_before,
    ),
    "rectification:move-ask_extension": Sent(
        typed={"new_date": "2027-01-15"}, prepare=answer_before
    ),
    "rectification:accept_letter": Sent(
        named("rectification:letter", "letter"), prepare=answer_in("issued")
    ),
    "reminding:press_many-individual": Sent(
        typed=picked("response", confirmed="1", reason="快到期了")
    ),
    "reminders:read_all": Sent(who="editor"),
    "reminding:feed_revoke": Sent(named("reminding:feed"), prepare=has_feed),
    "settings:liaison_new": Sent(typed={"phone": "13900000000"}),
    "settings:liaison": Sent(typed={"phone": "13900000000"}),
    "settings:group_delete": Sent(named("settings:group", "group")),
    "settings:person_password": Sent(named("settings:person", "person")),
    "settings:person_active": Sent(named("settings:person", "person")),
    "settings:membership_end": Sent(named("settings:person", "person")),
    "settings:membership_new": Sent(typed={"role": "publicist", "unit": ""}),
    "settings:channel_new": Sent(typed=ROBOT),
    "settings:channel": Sent(typed=ROBOT),
    "reminders:own_channel_new": Sent(typed=ROBOT),
    "reminders:own_channel": Sent(typed=ROBOT),
    "settings:assignment_bulk-lead": Sent(
        typed=lambda world: shown(world, lead_unit=world.cast.other_unit.pk)
    ),
    "settings:assignment_bulk-units": Sent(
        typed=lambda world: shown(world, names="区司法局", how="add")
    ),
    "settings:assignment_bulk-due": Sent(typed=lambda world: shown(world, due_text="11月底前")),
    "setup:framework": Sent(typed=lambda world: {"upload": "1", "file": framework_file()}),
    "setup:assignments": Sent(prepare=nobody_leads),
    "setup:units": Sent(typed={"lines": "区文旅局"}),
    "imports:new": Sent(typed=lambda world: {"file": ledger_file()}),
    "imports:marked": Sent(by_steps=marked),
    "imports:mend": Sent(by_steps=mended),
    "imports:confirm": Sent(by_steps=confirmed),
    "imports:columns": Sent(by_steps=laid_out),
    "filling:list": Sent(typed=lambda world: {"file": ledger_file()}),
    "filling:marked": Sent(who="editor", by_steps=marked_copy),
    "filling:apply": Sent(who="editor", by_steps=applied),
    "filling:decide": Sent(who="editor", by_steps=decided),
    **{f"filling:export-{subject.code}": Sent(named("filling:list")) for subject in every()},
}

#: Forms whose first submission leaves the compared rows as they are, with the reason.
WRITES_NOTHING = {
    "accounts:login": "who is signed in already is led on",
    "accounts:memberships": "the choice is kept in the session",
    "accounts:end_other_sessions": "a login is no row of the domain",
    "rectification:move-add_proof": "proof is handed in at rectification:proof",
    "reminders:mail_test": "sends a mail; see test_double_click.py",
    "settings:audit_verify": "reads the chain and says what it found",
}
#: Forms of which each submission counts, with the reason.
EACH_COUNTS = {
    "settings:liaison_phone": "each look at a telephone number stands in the trail",
}
#: Forms of the installation before it has accounts, or that no place's office may open.
NOT_SIGNED_IN = {
    "reminding:ics-nobodys-address": "no form",
    "setup:token": "gone once there are accounts; see test_setup.py",
    "setup:region": "gone once there are accounts; see test_setup.py",
    "setup:office": "gone once there are accounts; see test_setup.py",
    "settings:calendar_entry-2026": "the administrator's; see test_calendar_entry.py",
}
