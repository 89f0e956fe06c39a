"""The pages of the ledger through the client: who sees what, and what becomes of a form."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from assessments.models import Extension, UnitResponse
from assessments.rectification.states import State
from assessments.rectification.transitions import LEDGER
from indicators.models import Evidence
from lawgov.audit.models import AuditEntry
from lawgov.jobs.models import Job
from lawgov.notifications.models import Notification
from tests import factories
from tests.assessments.rectification import moves
from tests.people import browser


def soon(days: int = 30):
    return timezone.localdate() + timedelta(days=days)


def text_of(response) -> str:
    return response.content.decode()


def toasts(client) -> str:
    """What the toasts of the next full page say."""
    return text_of(client.get("/ledger/individual/")).partition('id="toasts"')[2][:3000]


# -- who sees what --------------------------------------------------------------------------------


def test_each_role_sees_its_ledger_and_others_none(cast, answer):
    answer(State.RECTIFYING)
    seen = {"office", "supervisor", "leader", "lead", "editor", "head"}
    for name, actor in cast.everybody().items():
        page = browser(actor).get("/ledger/individual/")
        if name in seen:
            assert len(page.context["rows"]) == 1, name
        elif page.status_code == 200:
            assert page.context["rows"] == [], name
        else:
            assert page.status_code == 404, name


def test_a_stranger_finds_neither_issue_nor_answer_nor_form(cast, answer):
    response = answer(State.RECTIFYING)
    absent = response.issue_id + 1000
    for actor in (cast.stranger, cast.foreign_office, cast.publicist):
        client = browser(actor)
        for path in (f"/issues/{response.issue_id}/", response.get_absolute_url()):
            own, none = client.get(path), client.get(f"/issues/{absent}/")
            assert own.status_code == none.status_code == 404
        move = f"{response.get_absolute_url()}progress/"
        assert client.post(move, {"version": 1, "progress": "x"}).status_code == 404
    response.refresh_from_db()
    assert response.version == 1


def test_what_is_only_found_is_not_yet_the_units(cast, answer):
    response = answer(State.FOUND)
    assert browser(cast.editor).get(f"/issues/{response.issue_id}/").status_code == 404
    assert browser(cast.office).get(f"/issues/{response.issue_id}/").status_code == 200


def test_of_a_common_issue_a_unit_sees_its_own_answer_and_trail(cast, inspection):
    issue = factories.make_issue(inspection, kind="common")
    own = factories.make_response(issue, cast.unit, State.PLANNED)
    other = factories.make_response(issue, cast.other_unit, State.PLANNED)
    moves.take(own, "progress", cast.editor, progress="我们的进展")
    moves.take(other, "progress", cast.stranger, progress="别家的进展")
    page = text_of(browser(cast.editor).get(f"/issues/{issue.pk}/"))
    assert "我们的进展" in page
    assert "别家的进展" not in page
    assert str(cast.other_unit) not in page
    assert browser(cast.editor).get(other.get_absolute_url()).status_code == 404
    whole = browser(cast.office).get(f"/issues/{issue.pk}/")
    assert [row.units for row in whole.context["rows"]] == [str(cast.unit), str(cast.other_unit)]
    assert "别家的进展" in text_of(whole)


def test_unknown_ledgers_and_edges_are_not_there(cast, answer):
    client = browser(cast.office)
    response = answer(State.VERIFYING)
    assert client.get("/ledger/nonsense/").status_code == 404
    assert client.get(f"{response.get_absolute_url()}imported/").status_code == 404


def test_the_empty_ledger_says_what_to_do_first(cast):
    assert "录入问题" in text_of(browser(cast.office).get("/ledger/individual/"))
    assert "没有要看的问题" in text_of(browser(cast.editor).get("/ledger/individual/"))


def test_filters_that_find_nothing_say_so_and_offer_the_way_back(cast, answer):
    answer(State.ISSUED)
    page = text_of(browser(cast.office).get("/ledger/individual/?q=没有这样的字"))
    assert "没有符合条件的问题" in page
    assert "清除全部条件" in page


def test_typing_gets_the_parts_only(cast, answer):
    answer(State.ISSUED)
    part = text_of(browser(cast.office, **{"HX-Request": "true"}).get("/ledger/individual/?q=处罚"))
    assert "<html" not in part
    for name in ("list", "states", "facets"):
        assert f'id="{name}"' in part


def test_hostile_addresses_are_harmless(cast, answer):
    answer(State.ISSUED)
    client = browser(cast.office)
    for query in (
        "page=-1&per=7",
        "sort=;drop&unit=1e9",
        "q=%00%00",
        "group=" + "9" * 40,
        "area=x",
    ):
        assert client.get(f"/ledger/individual/?{query}").status_code == 200


# -- previous and next ----------------------------------------------------------------------------


def test_previous_and_next_keep_the_list_one_came_from(cast, inspection):
    issues = [factories.make_issue(inspection, number=str(n)) for n in range(1, 6)]
    for number, issue in enumerate(issues):
        state = State.RECTIFYING if number != 2 else State.ISSUED
        factories.make_response(issue, cast.unit, state)
    query = "from=individual&state=rectifying&sort=-number"
    page = browser(cast.office).get(f"/issues/{issues[3].pk}/?{query}")
    around = page.context["around"]
    assert (around.position, around.total) == (2, 4)
    assert around.previous.startswith(f"/issues/{issues[4].pk}/?from=individual&")
    assert around.next.startswith(f"/issues/{issues[1].pk}/?from=individual&")
    assert around.back == "/ledger/individual/?state=rectifying&sort=-number"


def test_an_issue_that_left_the_list_still_shows_the_way_back(cast, answer):
    response = answer(State.CLOSED)
    page = browser(cast.office).get(f"/issues/{response.issue_id}/?from=individual&state=issued")
    assert (page.context["around"].position, page.context["around"].next) == (0, "")


# -- edges ----------------------------------------------------------------------------------------


def test_an_editor_signs_plans_and_notes_progress_by_plain_forms(cast, answer):
    response = answer(State.ISSUED, deadline_date=soon())
    client, url = browser(cast.editor), response.get_absolute_url()
    assert client.post(f"{url}accept/", {"version": 1}).status_code == 302
    plan = {"version": 2, "measures": "1. 自查\n2. 补正", "person": "赵某", "target_on": soon(9)}
    assert client.post(f"{url}plan/", plan).status_code == 302
    assert client.post(f"{url}progress/", {"version": 3, "progress": "已查"}).status_code == 302
    response.refresh_from_db()
    assert (response.state, response.version, response.person) == (State.RECTIFYING, 4, "赵某")
    assert [m.text for m in response.issue.measures.all()] == ["自查", "补正"]


def test_a_form_left_empty_comes_back_with_summary_and_field(cast, answer):
    response = answer(State.VERIFYING)
    url = f"{response.get_absolute_url()}return/"
    page = browser(cast.supervisor).post(url, {"version": 1, "reason": ""})
    assert page.status_code == 422
    assert "还有 1 处要改" in text_of(page)
    assert 'id="return_reason_error"' in text_of(page)


def test_what_a_guard_says_stands_in_the_form(cast, answer):
    response = answer(State.RECTIFYING)
    url = f"{response.get_absolute_url()}request/"
    page = browser(cast.head).post(url, {"version": 1, "result": "都改好了，写了很长"})
    assert page.status_code == 422
    assert "还没有佐证材料" in text_of(page)
    assert "都改好了，写了很长" in text_of(page)


def test_a_closed_edge_says_why_beside_its_button(cast, answer):
    page = text_of(browser(cast.head).get(answer(State.RECTIFYING).get_absolute_url()))
    assert 'aria-disabled="true" aria-describedby="why-request"' in page


def test_a_stale_form_says_who_was_first_and_keeps_the_text(cast, answer):
    response = answer(State.VERIFYING)
    url = f"{response.get_absolute_url()}return/"
    moves.take(response, "return", cast.office, reason="先退了", now=timezone.now())
    page = browser(cast.supervisor).post(url, {"version": 1, "reason": "我写的理由"})
    assert page.status_code == 409
    told = text_of(page)
    assert "我写的理由" in told
    assert cast.office.user.name in told
    assert "先退了" in told
    assert "这一步已经不能再办" in told


def test_a_stale_form_can_be_sent_again_where_the_edge_is_still_open(cast, answer):
    response = answer(State.RECTIFYING)
    moves.take(response, "progress", cast.head, progress="别人写的", now=timezone.now())
    client, url = browser(cast.editor), f"{response.get_absolute_url()}progress/"
    page = client.post(url, {"version": 1, "progress": "我写的"})
    assert page.status_code == 409
    again = page.context["form"]
    assert (again["version"].value(), again["progress"].value()) == (2, "我写的")
    assert client.post(url, {"version": 2, "progress": "我写的"}).status_code == 302


def test_one_text_and_two_buttons(cast, answer):
    response = answer(State.VERIFYING)
    moves.make_proof_of(response)
    client, url = browser(cast.supervisor), response.get_absolute_url()
    page = text_of(client.get(url))
    assert f'formaction="{url}return/"' in page
    back = client.post(f"{url}return/", {"version": 1, "note": "缺送达回证"})
    assert back.status_code == 302
    response.refresh_from_db()
    assert (response.state, response.return_reason) == (State.RETURNED, "缺送达回证")


def test_a_step_back_is_offered_but_never_the_filled_button(cast, answer):
    response = answer(State.CLOSED)
    page = text_of(browser(cast.supervisor).get(response.get_absolute_url()))
    assert f'action="{response.get_absolute_url()}look_back/"' in page
    assert "btn primary" not in page


def test_what_is_ticked_off_is_part_of_the_conclusion(cast, answer):
    response = answer(State.VERIFYING)
    moves.make_proof_of(response)
    url = f"{response.get_absolute_url()}close/"
    client = browser(cast.supervisor)
    assert client.post(url, {"version": 1, "note": ""}).status_code == 422
    client.post(url, {"version": 1, "points": ["0", "1"], "note": "另看了台账"})
    response.refresh_from_db()
    assert response.state == State.CLOSED
    assert response.conclusion == ("措施全部落实，佐证能够对应；抽看原件，与上传一致；另看了台账")


def test_progress_offers_undo_and_z_takes_it_back(cast, answer):
    response = answer(State.PLANNED)
    client, url = browser(cast.editor), response.get_absolute_url()
    client.post(f"{url}progress/", {"version": 1, "progress": "写错了"})
    assert f"{url}undo/?version=2" in toasts(client)
    assert client.post(f"{url}undo/?version=2").status_code == 302
    response.refresh_from_db()
    assert (response.state, response.progress) == (State.PLANNED, "")
    assert client.post(f"{url}undo/?version=3").status_code == 409
    assert client.post(f"{url}undo/?version=x").status_code == 404


def test_a_mark_answers_htmx_with_the_parts_it_changed(cast, answer):
    response = answer(State.RECTIFYING)
    measure = moves.make_measure(response)
    client = browser(cast.head, **{"HX-Request": "true"})
    data = {"version": 1, "measure": measure.pk, "done": "1"}
    part = client.post(f"{response.get_absolute_url()}mark_measure/", data)
    told = text_of(part)
    assert "<html" not in told
    for name in ("files", "measures", "trail", "go-request"):
        assert f'id="{name}"' in told
    assert 'name="version" value="2"' in told
    measure.refresh_from_db()
    assert measure.done_at


def test_time_is_asked_for_and_granted_in_place(cast, answer):
    response = answer(State.RECTIFYING, deadline_date=soon(3))
    url = response.get_absolute_url()
    asked = {"version": 1, "new_date": soon(20), "reason": "案卷多"}
    assert browser(cast.head).post(f"{url}ask_extension/", asked).status_code == 302
    office = browser(cast.office)
    assert "批准延期" in text_of(office.get(url))
    assert office.post(f"{url}approve_extension/", {"version": 2}).status_code == 302
    response.refresh_from_db()
    assert response.deadline_date == soon(20)
    assert Extension.objects.get().state == "approved"
    assert "缺" not in text_of(browser(cast.head).get("/notices/"))


def test_every_edge_that_is_offered_has_a_form_that_opens(cast, answer):
    for state in State:
        response = answer(state)
        for actor in (cast.office, cast.supervisor, cast.head, cast.lead):
            client = browser(actor)
            for offer in LEDGER.available(response, actor):
                url = f"{response.get_absolute_url()}{offer.name}/"
                assert client.get(url).status_code == 200, (state, offer.name)
        response.delete()


def test_handing_over_one_issue_makes_its_letter(cast, answer):
    response = answer(State.FOUND, deadline_text="15个工作日内", deadline_date=None)
    url = f"{response.get_absolute_url()}issue/"
    data = {"version": 1, "issued_on": "2026-09-28", "deadline_text": "15个工作日内"}
    assert browser(cast.office).post(url, data).status_code == 302
    response.refresh_from_db()
    assert response.state == State.ISSUED
    assert str(response.letter) == "安法办函〔2026〕1号"
    assert response.deadline_date.isoformat() == "2026-10-23"  # over 国庆, with its make-up day
    assert Notification.objects.filter(kind="response.issue").count() == 2


# -- many at once ---------------------------------------------------------------------------------


@pytest.fixture
def handed_in(cast, inspection) -> list[UnitResponse]:
    return [
        factories.make_response(
            factories.make_issue(inspection, number=str(n)), cast.unit, State.SUBMITTED
        )
        for n in (81, 82, 86)
    ]


def sent(rows, **data):
    return {"pk": [r.pk for r in rows], "seen": [f"{r.pk}:{r.version}" for r in rows]} | data


def test_the_bar_asks_first_and_then_counts_both_ways(cast, handed_in):
    client, url = browser(cast.supervisor), "/ledger/individual/bulk/return/"
    question = client.post(url, sent(handed_in))
    assert question.status_code == 200
    assert "选中的 3 条" in text_of(question)
    moves.take(handed_in[2], "check", cast.office, now=timezone.now())
    handed_in[2].version = 1  # as the supervisor's page shows it
    answer = client.post(url, sent(handed_in, confirmed="1", reason="缺附件"))
    assert answer.status_code == 302
    told = toasts(client)
    assert "已办 2 条" in told
    assert "1 条未办：86" in told
    assert "开始核查" in told
    states = list(UnitResponse.objects.order_by("pk").values_list("state", flat=True))
    assert states == [State.RETURNED, State.RETURNED, State.VERIFYING]


def test_a_row_in_the_wrong_state_says_where_it_is(cast, handed_in):
    client = browser(cast.office)
    client.post("/ledger/individual/bulk/close/", sent(handed_in, confirmed="1", conclusion="好"))
    assert "现在是「申请销号」" in toasts(client)


def test_the_question_without_its_reason_comes_back(cast, handed_in):
    client = browser(cast.supervisor)
    page = client.post("/ledger/individual/bulk/return/", sent(handed_in, confirmed="1"))
    assert page.status_code == 422
    assert UnitResponse.objects.filter(version=1).count() == 3


def test_all_that_is_filtered_can_be_taken(cast, handed_in, inspection):
    other = factories.make_response(
        factories.make_issue(inspection, category="别的"), cast.unit, State.SUBMITTED
    )
    data = {"all": "1", "query": "category=行政执法案卷", "confirmed": "1"}
    browser(cast.office).post("/ledger/individual/bulk/check/", data)
    other.refresh_from_db()
    assert other.state == State.SUBMITTED
    assert UnitResponse.objects.filter(state=State.VERIFYING).count() == 3


def test_bulk_reaches_nothing_beyond_ones_own(cast, handed_in):
    assert browser(cast.editor).post("/ledger/individual/bulk/check/").status_code == 404
    foreign = browser(cast.foreign_office)
    foreign.post("/ledger/individual/bulk/check/", sent(handed_in, confirmed="1"))
    assert not AuditEntry.objects.filter(verb="response.check").exists()
    nothing = browser(cast.office).post("/ledger/individual/bulk/plan/", sent(handed_in))
    assert nothing.status_code == 404


# -- proof ----------------------------------------------------------------------------------------

PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj 2 0 obj<</Type/Pages/Kids[]/Count 0>>"


def test_a_document_number_becomes_proof(cast, answer):
    response = answer(State.RECTIFYING)
    url = f"{response.get_absolute_url()}proof/"
    assert browser(cast.editor).get(url).status_code == 200
    page = browser(cast.editor).post(url, {"document_number": "安水发〔2026〕9号"})
    assert page.status_code == 302
    proof = response.proofs.get()
    assert (proof.evidence.kind, proof.evidence.unit) == (Evidence.Kind.NUMBER, cast.unit)
    response.refresh_from_db()
    assert response.version == 2


def test_evidence_of_the_unit_can_be_used_again_but_no_others(cast, answer, inspection):
    response = answer(State.RECTIFYING)
    other = factories.make_response(
        factories.make_issue(inspection), cast.other_unit, State.RECTIFYING
    )
    own, foreign = moves.make_own_evidence(response), moves.make_own_evidence(other)
    client, url = browser(cast.editor), f"{response.get_absolute_url()}proof/"
    assert client.post(url, {"known": [foreign.pk]}).status_code == 422
    assert client.post(url, {"known": [own.pk]}).status_code == 302
    assert [proof.evidence for proof in response.proofs.all()] == [own]


@pytest.mark.parametrize(
    "data", [{}, {"url": "javascript:alert(1)"}, {"title": "秘密★1年", "url": "https://a.cn/"}]
)
def test_bad_references_are_refused_with_a_reason(cast, answer, data):
    response = answer(State.RECTIFYING)
    url = f"{response.get_absolute_url()}proof/"
    page = browser(cast.editor).post(url, data)
    assert page.status_code == 422
    assert not response.proofs.exists()


def test_a_picture_is_taken_in_and_answers_with_the_tiles(cast, answer):
    from io import BytesIO

    from PIL import Image

    picture = BytesIO()
    Image.new("RGB", (40, 30), "white").save(picture, "PNG")
    response = answer(State.RECTIFYING)
    url = f"{response.get_absolute_url()}proof/"
    file = SimpleUploadedFile("现场照片.png", picture.getvalue(), "image/png")
    part = browser(cast.editor, **{"HX-Request": "true"}).post(url, {"files": file})
    assert part.status_code == 200
    assert "现场照片" in text_of(part)
    assert response.proofs.get().evidence.kind == Evidence.Kind.FILE


def test_a_program_is_refused_and_leaves_nothing(cast, answer):
    response = answer(State.RECTIFYING)
    file = SimpleUploadedFile("整改报告.exe", b"MZ" + b"\0" * 200)
    url = f"{response.get_absolute_url()}proof/"
    page = browser(cast.editor).post(url, {"files": file})
    assert page.status_code in (415, 422)
    assert not Evidence.objects.exists()


def test_proof_goes_only_to_an_answer_that_is_with_its_unit(cast, answer):
    response = answer(State.SUBMITTED)
    url = f"{response.get_absolute_url()}proof/"
    page = browser(cast.editor).post(url, {"document_number": "安水发〔2026〕9号"})
    assert page.status_code == 409
    assert not Evidence.objects.exists()
    assert browser(cast.office).post(url, {"document_number": "x"}).status_code == 404


def test_what_is_selected_is_what_the_export_holds(cast, handed_in):
    url = "/ledger/individual/export/"
    page = browser(cast.office).post(url, sent(handed_in[:2], query="state=submitted"))
    assert page.status_code == 302
    job = Job.objects.get(kind="export_ledger")
    assert job.params["pks"] == [row.pk for row in handed_in[:2]]
    assert "导出所选" in text_of(browser(cast.head).get("/ledger/individual/"))


def test_proof_is_read_by_those_who_check_it_and_by_no_other_unit(cast, answer):
    proof = moves.make_proof_of(answer(State.SUBMITTED))
    readers = {
        name
        for name, actor in cast.everybody().items()
        if Evidence.objects.visible_to(actor).filter(pk=proof.evidence_id).exists()
    }
    assert {"office", "supervisor", "lead", "editor", "head"} <= readers
    assert not readers & {"stranger", "foreign_office", "city", "external", "publicist", "expert"}
    proof.removed_at = timezone.now()
    proof.save()
    assert not Evidence.objects.visible_to(cast.lead).exists()
