"""Rows of proof: in, versioned, shared, removed, brought back; and who may."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from indicators.assignments.states import UnitState
from indicators.evidence import actions, queries, receiving, uses
from indicators.models import Evidence, EvidenceLink, EvidenceVersion
from lawgov.audit.models import AuditEntry
from lawgov.errors import GuardFailed, NotAllowed, StaleState
from lawgov.files.models import Blob
from lawgov.files.refusals import Refused
from lawgov.files.store import StoreFull, TooLarge, blob_path
from tests import papers
from tests.factories import NOW, make_proof, make_work

pytestmark = pytest.mark.django_db
REVIEWED = [UnitState.WITH_HEAD, UnitState.WITH_LEAD, UnitState.ACCEPTED]


@pytest.fixture
def assignments(cast):
    return [*cast.campaign.assignments.select_related("campaign", "indicator")]


@pytest.fixture
def work(cast, assignments):
    return make_work(assignments[0], cast.unit)


def arrive(cast, name="审核登记表.pdf", content=None):
    upload = SimpleUploadedFile(name, papers.pdf() if content is None else content)
    return receiving.receive(upload, cast.region)


def add(cast, work, *names, **given):
    files = [arrive(cast, name) for name in names or ["审核登记表.pdf"]]
    return actions.add_files(work, files, actor=cast.editor, now=NOW, **given)


# -- in ----------------------------------------------------------------------------------------


def test_several_files_come_in_at_once_and_begin_the_work(cast, work):
    made = add(cast, work, "合法性审核意见书.pdf", "审核登记表.pdf")
    assert [each.title for each in made] == ["合法性审核意见书", "审核登记表"]
    assert {link.slot for link in EvidenceLink.objects.all()} == {"审核意见书", ""}
    work.refresh_from_db()
    assert work.state == UnitState.COLLECTING
    assert Blob.objects.count() == 1 and EvidenceVersion.objects.count() == 2
    assert blob_path(Blob.objects.get().sha256).read_bytes() == papers.pdf()
    assert {*AuditEntry.objects.values_list("verb", flat=True)} == {"evidence.add", "work.collect"}


def test_pages_and_name_of_a_file_are_kept(cast, work):
    (evidence,) = actions.add_files(
        work,
        [arrive(cast, "C:\\\\文\u202e件.pdf", papers.pdf("一", "二"))],
        actor=cast.editor,
        now=NOW,
    )
    assert (evidence.current.pages, evidence.current.filename) == (2, "文件.pdf")


@pytest.mark.parametrize("who", ["stranger", "lead", "office", "supervisor", "foreign_office"])
def test_only_the_unit_itself_hands_in_proof(cast, work, who):
    arrived = arrive(cast)
    with pytest.raises(NotAllowed):
        actions.add_files(work, [arrived], actor=getattr(cast, who), now=NOW)
    assert not Evidence.objects.exists() and not Blob.objects.exists()


@pytest.mark.parametrize("state", [*REVIEWED, UnitState.NOT_APPLICABLE])
def test_nothing_comes_in_while_the_work_is_judged(cast, assignments, state):
    work = make_work(assignments[0], cast.unit, state=state)
    with pytest.raises(GuardFailed):
        add(cast, work)


def test_proof_for_a_ticked_or_returned_work_leaves_its_state(cast, assignments):
    for number, state in enumerate([UnitState.TICKED, UnitState.RETURNED]):
        work = make_work(assignments[number], cast.unit, state=state)
        add(cast, work)
        work.refresh_from_db()
        assert work.state == state


def test_reference_has_no_file(cast, work):
    evidence = actions.add_reference(
        work, kind=Evidence.Kind.LINK, actor=cast.editor, now=NOW, slot="",
        details={"title": "规范性文件专栏", "url": "https://anhe.example/zl"},
    )  # fmt: skip
    assert evidence.current is None
    (piece,) = queries.proof_of(work).pieces
    assert piece.evidence == evidence


# -- what is refused before anything is kept ---------------------------------------------------


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("机密★长期 安排.pdf", papers.pdf()),
        ("安排.pdf", papers.pdf("首页", "秘密★1年")),
        ("安排.docx", papers.docx("正文", header="绝密级")),
        ("台账.xlsx", papers.xlsx("机 密 ★ 5 年")),
        ("说明.txt", "秘密级".encode("gb18030")),
    ],
)
def test_classified_papers_are_refused_and_not_kept(cast, data_dir, name, content):
    with pytest.raises(Refused) as refused:
        arrive(cast, name, content)
    assert refused.value.reason == "classified"
    assert not [path for path in data_dir.rglob("*") if path.is_file()]


def test_too_large_and_over_quota_are_refused(cast, data_dir, monkeypatch):
    monkeypatch.setattr(receiving, "FILE_LIMIT", 100)
    with pytest.raises(TooLarge):
        arrive(cast)
    monkeypatch.undo()
    monkeypatch.setattr(receiving, "PLACE_QUOTA", 100)
    with pytest.raises(StoreFull):
        arrive(cast)
    assert not [path for path in data_dir.rglob("*") if path.is_file()]


def test_quota_counts_a_content_once_and_other_places_not(cast, assignments, work):
    add(cast, work, "a.pdf", "b.pdf")
    assert queries.stored_bytes(cast.region) == len(papers.pdf())
    assert queries.stored_bytes(cast.foreign_office.region) == 0


# -- versions ----------------------------------------------------------------------------------


def test_new_version_is_a_new_row_and_the_old_one_stays(cast, work):
    (evidence,) = add(cast, work)
    newer = arrive(cast, "登记表-修订.pdf", papers.pdf("修订"))
    actions.add_version(evidence, newer, actor=cast.editor, now=NOW + timedelta(days=1))
    evidence = Evidence.objects.with_files().get()
    assert [version.number for version in evidence.versions.all()] == [1, 2]
    assert evidence.current.filename == "登记表-修订.pdf" and evidence.version == 2
    assert AuditEntry.objects.filter(verb="evidence.version", topic_id=work.assignment_id).exists()


def test_of_two_new_versions_at_once_one_is_stale(cast, work):
    (evidence,) = add(cast, work)
    rival = Evidence.objects.get()
    actions.add_version(evidence, arrive(cast), actor=cast.editor, now=NOW)
    with pytest.raises(StaleState):
        actions.add_version(rival, arrive(cast), actor=cast.head, now=NOW)
    assert evidence.versions.count() == 2


@pytest.mark.parametrize("state", REVIEWED)
def test_what_is_judged_gets_no_new_version(cast, assignments, work, state):
    (evidence,) = add(cast, work)
    other = make_work(assignments[1], cast.unit)
    uses.use(evidence, other, actor=cast.editor, now=NOW, slot="")
    other.__class__.objects.filter(pk=other.pk).update(state=state)
    with pytest.raises(GuardFailed) as refused:
        actions.add_version(evidence, arrive(cast), actor=cast.editor, now=NOW)
    assert "指标 2" in refused.value.sentences[0]


def test_two_people_editing_one_piece_do_not_overwrite_each_other(cast, work):
    (evidence,) = add(cast, work)
    details = {"title": "登记表（2026）", "issuing_body": "区水利局"}
    actions.edit(evidence, actor=cast.editor, now=NOW, version=1, details=details)
    with pytest.raises(StaleState):
        actions.edit(evidence, actor=cast.head, now=NOW, version=1, details={"title": "别的"})
    evidence.refresh_from_db()
    assert evidence.title == "登记表（2026）"
    entry = AuditEntry.objects.get(verb="evidence.edit")
    assert entry.data["changed"]["issuing_body"] == ["", "区水利局"]


def test_a_piece_moves_to_another_slot(cast, work):
    (evidence,) = add(cast, work, slot="")
    link = evidence.links.get()
    actions.edit(
        evidence, actor=cast.editor, now=NOW, version=1, details={}, link=link, slot="登记表"
    )
    assert evidence.links.get().slot == "登记表"


# -- shared between indicators -----------------------------------------------------------------


def test_one_piece_serves_several_indicators(cast, assignments, work):
    (evidence,) = add(cast, work)
    other = make_work(assignments[1], cast.unit)
    uses.use(evidence, other, actor=cast.editor, now=NOW, slot=None)
    uses.use(evidence, other, actor=cast.editor, now=NOW, slot=None)
    assert evidence.links.count() == 2
    other.refresh_from_db()
    assert other.state == UnitState.COLLECTING


def test_another_units_piece_cannot_be_used(cast, assignments, work):
    (evidence,) = add(cast, work)
    theirs = make_work(assignments[0], cast.other_unit)
    with pytest.raises(NotAllowed):
        uses.use(evidence, theirs, actor=cast.stranger, now=NOW, slot="")


def test_the_same_file_elsewhere_is_found_as_far_as_the_viewer_sees(cast, assignments, work):
    add(cast, work)
    theirs = make_work(assignments[1], cast.other_unit)
    actions.add_files(theirs, [arrive(cast)], actor=cast.stranger, now=NOW)
    sha256 = Blob.objects.get().sha256
    mine = queries.twins(sha256, work, cast.editor)
    assert [link.unit_assignment_id for link in mine.named] == [work.pk]
    assert (mine.others, mine.own.unit) == (1, cast.unit)
    assert len(queries.twins(sha256, work, cast.office).named) == 2
    assert not queries.twins("0" * 64, work, cast.editor)


def test_an_old_version_is_no_twin(cast, work):
    (evidence,) = add(cast, work)
    sha256 = evidence.current.blob.sha256
    newer = arrive(cast, content=papers.pdf("修订"))
    actions.add_version(evidence, newer, actor=cast.editor, now=NOW)
    assert not queries.twins(sha256, work, cast.editor)


def test_a_ticket_is_good_for_its_person_and_work_only(cast, work):
    arrived = arrive(cast)
    note = receiving.ticket(arrived, work.pk, cast.editor)
    assert receiving.redeem(note, work.pk, cast.editor) == arrived
    for bad in [
        (note, work.pk + 1, cast.editor),
        (note, work.pk, cast.head),
        (note[:-1] + "?", work.pk, cast.editor),
    ]:
        with pytest.raises(StaleState):
            receiving.redeem(*bad)


def test_a_ticket_ends_when_its_file_was_swept_away(cast, work):
    arrived = arrive(cast)
    note = receiving.ticket(arrived, work.pk, cast.editor)
    arrived.stored.path.unlink()
    with pytest.raises(StaleState):
        receiving.redeem(note, work.pk, cast.editor)


# -- removed and brought back ------------------------------------------------------------------


def test_last_use_removed_leaves_a_tombstone_that_can_come_back(cast, work):
    (evidence,) = add(cast, work)
    link = evidence.links.select_related("evidence", "unit_assignment").get()
    uses.unlink(link, actor=cast.editor, now=NOW)
    evidence.refresh_from_db()
    assert evidence.removed_at == NOW and Blob.objects.count() == 1
    uses.relink(link, actor=cast.editor, now=NOW)
    evidence.refresh_from_db()
    assert evidence.removed_at is None and evidence.links.in_force().count() == 1


def test_a_piece_in_use_elsewhere_is_only_taken_out_here(cast, assignments, work):
    (evidence,) = add(cast, work)
    other = make_work(assignments[1], cast.unit)
    uses.use(evidence, other, actor=cast.editor, now=NOW, slot="")
    uses.unlink(evidence.links.get(unit_assignment=work), actor=cast.editor, now=NOW)
    evidence.refresh_from_db()
    assert evidence.removed_at is None


def test_required_proof_stays_while_the_tick_stands(cast, assignments, work):
    assignments[0].required = ["登记表"]
    assignments[0].save()
    (evidence,) = add(cast, work, slot="登记表")
    work.__class__.objects.filter(pk=work.pk).update(state=UnitState.TICKED)
    with pytest.raises(GuardFailed) as refused:
        uses.unlink(evidence.links.get(), actor=cast.editor, now=NOW)
    assert "登记表" in refused.value.sentences[0] and "先取消打勾" in refused.value.sentences[0]
    assert evidence.links.in_force().count() == 1
    make_proof(work, slot="登记表")
    uses.unlink(evidence.links.get(), actor=cast.editor, now=NOW)


def test_required_proof_does_not_change_its_slot_under_a_tick(cast, assignments, work):
    assignments[0].required = ["登记表"]
    assignments[0].save()
    (evidence,) = add(cast, work, slot="登记表")
    work.__class__.objects.filter(pk=work.pk).update(state=UnitState.TICKED)
    link = evidence.links.get()
    with pytest.raises(GuardFailed):
        actions.edit(evidence, actor=cast.editor, now=NOW, version=1, details={}, link=link)
    assert evidence.links.get().slot == "登记表"


def test_a_tick_looked_at_before_the_removal_comes_too_late(cast, work):
    (evidence,) = add(cast, work)
    work.refresh_from_db()
    before = work.version
    uses.unlink(evidence.links.get(), actor=cast.editor, now=NOW)
    work.refresh_from_db()
    assert work.version == before + 1


@pytest.mark.parametrize("state", REVIEWED)
def test_nothing_is_removed_while_it_is_judged(cast, work, state):
    (evidence,) = add(cast, work)
    work.__class__.objects.filter(pk=work.pk).update(state=state)
    with pytest.raises(GuardFailed):
        uses.unlink(evidence.links.get(), actor=cast.editor, now=NOW)


def test_removing_twice_and_restoring_twice_are_stale(cast, work):
    (evidence,) = add(cast, work)
    link = evidence.links.get()
    again = evidence.links.get()
    uses.unlink(link, actor=cast.editor, now=NOW)
    with pytest.raises(StaleState):
        uses.unlink(again, actor=cast.editor, now=NOW)
    uses.relink(link, actor=cast.editor, now=NOW)
    with pytest.raises(StaleState):
        uses.relink(link, actor=cast.editor, now=NOW)


@pytest.mark.parametrize("who", ["stranger", "lead", "office", "foreign_office"])
def test_nobody_else_changes_a_units_proof(cast, work, who):
    (evidence,) = add(cast, work)
    actor, link = getattr(cast, who), evidence.links.get()
    arrived = arrive(cast)
    for act in (
        lambda: actions.add_version(evidence, arrived, actor=actor, now=NOW),
        lambda: actions.edit(evidence, actor=actor, now=NOW, version=1, details={"title": "x"}),
        lambda: uses.unlink(link, actor=actor, now=NOW),
    ):
        with pytest.raises(NotAllowed):
            act()
    evidence.refresh_from_db()
    assert (evidence.title, evidence.version) == ("审核登记表", 1)


# -- shown -------------------------------------------------------------------------------------


def test_proof_of_a_work_says_what_is_there_and_missing(cast, assignments, work):
    assignment = assignments[0]
    assignment.required = ["审核意见书"]
    assignment.save()
    work.assignment = assignment
    add(cast, work, "登记表一.pdf", slot="登记表", details={"issued_on": "2023-04-03"})
    proof = queries.proof_of(work)
    assert [(slot.name, slot.required, slot.pieces) for slot in proof.slots] == [
        ("登记表", False, 1),
        ("审核意见书", True, 0),
    ]
    assert proof.missing == ["审核意见书"] and proof.pages == 1
    assert proof.pieces[0].warning == "早于评估期间（2024年10月起）"


def test_proof_costs_the_same_for_few_and_many(cast, work, django_assert_num_queries):
    for size in (1, 10):
        add(cast, work, *(f"{size}-{n}.pdf" for n in range(size)))
        fresh = work.__class__.objects.select_related(
            "assignment__indicator", "assignment__campaign"
        ).get()
        with django_assert_num_queries(2):
            assert queries.proof_of(fresh).pages >= size
