"""Bringing proof in by the pages: drop zone and plain form, twins, versions, removal."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from indicators.assignments.states import UnitState
from indicators.evidence import views
from indicators.models import Evidence, EvidenceLink, EvidenceVersion
from lawgov.files.models import Blob
from tests import papers
from tests.factories import make_proof, make_work
from tests.people import browser

pytestmark = pytest.mark.django_db


@pytest.fixture
def works(cast):
    return [make_work(each, cast.unit) for each in cast.campaign.assignments.all()]


def address(name, work):
    return reverse(f"evidence:{name}", args=[work.assignment.indicator.number, work.unit_id])


def pdf(name="审核登记表.pdf", *pages):
    return SimpleUploadedFile(name, papers.pdf(*pages), "application/pdf")


def send(actor, work, *files, **headers):
    return browser(actor, **headers).post(address("add", work), {"files": files})


def drop(actor, work, file):
    return send(actor, work, file, HX_Request="true")


# -- in ----------------------------------------------------------------------------------------


def test_plain_form_takes_several_files_and_goes_back(cast, works):
    response = send(cast.editor, works[0], pdf("一.pdf", "甲"), pdf("二.pdf", "乙"))
    assert response.url == works[0].get_absolute_url()
    assert EvidenceVersion.objects.count() == 2
    html = browser(cast.editor).get(response.url).content.decode()
    assert "一" in html and "2 件" in html


def test_drop_zone_gets_the_tiles(cast, works):
    response = drop(cast.editor, works[0], pdf())
    html = response.content.decode()
    assert f'id="files-{works[0].pk}"' in html and "审核登记表" in html and "<html" not in html


def test_good_files_are_saved_beside_refused_ones(cast, works):
    bad = SimpleUploadedFile("宏.xlsm", b"PK\x03\x04")
    response = send(cast.editor, works[0], pdf(), bad)
    html = response.content.decode()
    assert response.status_code == 422 and "宏.xlsm" in html and "1 件没有保存" in html
    assert Evidence.objects.get().title == "审核登记表"


@pytest.mark.parametrize(
    ("name", "content", "word"),
    [
        ("机密★安排.pdf", papers.pdf(), "涉密"),
        ("假的.pdf", b"MZ not a pdf", "不符"),
        ("坏的.pdf", b"%PDF-1.4 broken", "打不开"),
        ("锁的.pdf", papers.pdf(password=True), "密码"),
        ("空的.pdf", b"", "空"),
    ],
)
def test_refusal_is_one_sentence_for_the_drop_zone(cast, works, data_dir, name, content, word):
    response = drop(cast.editor, works[0], SimpleUploadedFile(name, content))
    html = response.content.decode()
    assert 400 <= response.status_code < 500
    assert "data-error" in html and word in html
    assert not Evidence.objects.exists() and not Blob.objects.exists()
    assert not [path for path in data_dir.rglob("*") if path.is_file()]


def test_no_file_and_too_many_files_are_refused(cast, works, monkeypatch):
    assert send(cast.editor, works[0]).status_code == 422
    monkeypatch.setattr(views, "FILES_AT_ONCE", 1)
    assert send(cast.editor, works[0], pdf("一.pdf"), pdf("二.pdf")).status_code == 422
    assert not Evidence.objects.exists()


def test_upload_into_a_reviewed_work_is_refused_before_the_file_is_kept(cast, works, data_dir):
    works[0].__class__.objects.filter(pk=works[0].pk).update(state=UnitState.WITH_LEAD)
    assert drop(cast.editor, works[0], pdf()).status_code == 422
    assert not Blob.objects.exists()
    assert not [path for path in data_dir.rglob("*") if path.is_file()]


@pytest.mark.parametrize("who", ["stranger", "lead", "office", "foreign_office", "publicist"])
@pytest.mark.parametrize("name", ["add", "settle", "reference", "reuse"])
def test_others_have_no_way_in(cast, works, who, name):
    client = browser(getattr(cast, who))
    assert client.post(address(name, works[0]), {"files": [pdf()]}).status_code == 404
    assert not Evidence.objects.exists()


# -- the same file elsewhere -------------------------------------------------------------------


def test_same_file_elsewhere_asks_before_it_is_saved(cast, works):
    drop(cast.editor, works[0], pdf())
    response = drop(cast.editor, works[1], pdf("改名.pdf"))
    html = response.content.decode()
    assert "照样保存" in html and "改用已有的" in html and "指标 1「审核登记表」" in html
    assert f'hx-swap-oob="beforeend:#choices-{works[1].pk}"' in html
    assert Evidence.objects.count() == 1


@pytest.mark.parametrize(("choice", "pieces", "links"), [("use", 1, 2), ("save", 2, 2)])
def test_the_choice_is_carried_out(cast, works, choice, pieces, links):
    drop(cast.editor, works[0], pdf())
    ticket = drop(cast.editor, works[1], pdf()).context["choices"][0].ticket
    data = {"ticket": ticket, "choice": choice}
    response = browser(cast.editor, HX_Request="true").post(address("settle", works[1]), data)
    assert 'hx-swap-oob="true"' in response.content.decode()
    assert (Evidence.objects.count(), EvidenceLink.objects.count()) == (pieces, links)


def test_another_units_file_is_counted_and_not_named(cast, works):
    theirs = make_work(works[0].assignment, cast.other_unit)
    drop(cast.stranger, theirs, pdf("别家的登记表.pdf"))
    html = drop(cast.editor, works[1], pdf()).content.decode()
    assert "另有 1 项指标" in html
    assert "别家的登记表" not in html and "改用已有的" not in html


def test_forged_and_foreign_tickets_are_refused(cast, works):
    drop(cast.editor, works[0], pdf())
    ticket = drop(cast.editor, works[1], pdf()).context["choices"][0].ticket
    for actor, work, note in [
        (cast.head, works[1], ticket),
        (cast.editor, works[0], ticket),
        (cast.editor, works[1], "forged"),
    ]:
        response = browser(actor).post(address("settle", work), {"ticket": note})
        assert response.status_code == 409
    assert Evidence.objects.count() == 1


# -- without a file, from elsewhere ------------------------------------------------------------


def test_link_and_number_are_saved_with_their_details(cast, works):
    client = browser(cast.editor)
    url = address("reference", works[0])
    assert client.get(url).status_code == 200
    assert client.post(url, {"kind": "link", "url": "https://anhe.example/zl", "title": "专栏",
                             "slot": "登记表"}).status_code == 302  # fmt: skip
    client.post(url, {"kind": "number", "document_number": "安政发〔2026〕8号"})
    link, number = Evidence.objects.order_by("pk")
    assert (link.kind, link.url, link.links.get().slot) == (
        "link", "https://anhe.example/zl", "登记表",
    )  # fmt: skip
    assert number.title == "安政发〔2026〕8号"
    html = client.get(works[0].get_absolute_url()).content.decode()
    assert "anhe.example" in html and "网址" in html and "文号" in html


@pytest.mark.parametrize(
    ("data", "word"),
    [
        ({"kind": "link", "title": "专栏"}, "还没有填写"),
        ({"kind": "link", "title": "专栏", "url": "javascript:alert(1)"}, "网址"),
        ({"kind": "link", "title": "专栏", "url": "ftp://anhe.example"}, "网址"),
        ({"kind": "number", "title": "机密级通知", "document_number": "1号"}, "涉密"),
        ({"kind": "number", "document_number": "安密发 绝密★1号"}, "涉密"),
        ({"kind": "number", "document_number": "1号", "period_from": "2026-02-01",
          "period_to": "2026-01-01"}, "止早于起"),
        ({"kind": "number", "document_number": "1号", "slot": "没有这一项"}, ""),
    ],
)  # fmt: skip
def test_bad_details_come_back_with_a_reason(cast, works, data, word):
    response = browser(cast.editor).post(address("reference", works[0]), data)
    assert response.status_code == 422 and word in response.content.decode()
    assert not Evidence.objects.exists()


def test_proof_of_other_indicators_can_be_used(cast, works):
    evidence = make_proof(works[0], "通用的制度汇编")
    theirs = make_proof(make_work(works[0].assignment, cast.other_unit), "别家的制度汇编")
    client, url = browser(cast.editor), address("reuse", works[1])
    html = client.get(url + "?q=汇编").content.decode()
    assert "通用的制度汇编" in html and "别家的" not in html
    assert "没有符合条件的佐证" in client.get(url + "?q=查无此件").content.decode()
    client.post(url, {"pk": [evidence.pk, theirs.pk, "x"], "slot": "登记表"})
    link = works[1].evidence_links.get()
    assert (link.evidence, link.slot) == (evidence, "登记表")
    assert "没有可选用的佐证" in client.get(url).content.decode()


# -- changing ----------------------------------------------------------------------------------


@pytest.fixture
def link(cast, works):
    drop(cast.editor, works[0], pdf())
    return EvidenceLink.objects.get()


def test_details_are_changed_in_a_dialog_or_on_a_page(cast, link):
    url = reverse("evidence:edit", args=[link.pk])
    assert 'id="dialog-title"' in browser(cast.editor, HX_Request="true").get(url).content.decode()
    data = {"title": "登记表（定稿）", "issued_on": "2023-04-03", "version": 1, "slot": "登记表"}
    assert browser(cast.editor).post(url, data).status_code == 302
    html = browser(cast.editor).get(link.unit_assignment.get_absolute_url()).content.decode()
    assert "登记表（定稿）" in html and "早于评估期间" in html
    late = browser(cast.head).post(url, data | {"title": "另一个名字"})
    assert late.status_code == 409
    html = late.content.decode()
    assert "另一个名字" in html and "登记表（定稿）" in html and 'value="2"' in html


def test_new_version_keeps_the_old_one(cast, link):
    url = reverse("evidence:version", args=[link.pk])
    assert browser(cast.editor).get(url).status_code == 200
    response = browser(cast.editor).post(url, {"files": pdf("修订.pdf", "修订")})
    assert response.status_code == 302
    html = browser(cast.lead).get(reverse("evidence:preview", args=[link.evidence_id]))
    assert "v1" in html.content.decode() and "修订.pdf" in html.content.decode()
    assert browser(cast.editor).post(url).status_code == 422


def test_who_may_replace_a_piece_finds_the_way_on_its_page(cast, link):
    """A reminder of a period that ends leads to that page."""
    url = reverse("evidence:preview", args=[link.evidence_id])
    ways = [reverse(f"evidence:{name}", args=[link.pk]) for name in ("version", "edit")]
    for actor, there in ((cast.editor, True), (cast.head, True), (cast.lead, False)):
        html = browser(actor).get(url).content.decode()
        assert [way in html for way in ways] == [there, there]


def test_removed_proof_comes_back_by_undo(cast, link):
    client = browser(cast.editor)
    response = client.post(reverse("evidence:unlink", args=[link.pk]), follow=True)
    restore = reverse("evidence:relink", args=[link.pk])
    assert (
        restore in response.content.decode() and "已移除「审核登记表」" in response.content.decode()
    )
    assert client.get(reverse("evidence:preview", args=[link.evidence_id])).status_code == 404
    assert client.post(restore).status_code == 302
    assert client.get(reverse("evidence:preview", args=[link.evidence_id])).status_code == 200


@pytest.mark.parametrize("who", ["stranger", "lead", "office", "supervisor", "foreign_office"])
@pytest.mark.parametrize("name", ["edit", "version", "unlink", "relink"])
def test_nobody_else_changes_proof(cast, link, who, name):
    url = reverse(f"evidence:{name}", args=[link.pk])
    data = {"title": "x", "version": 1, "files": pdf()}
    assert browser(getattr(cast, who)).post(url, data).status_code == 404
    link.refresh_from_db()
    assert link.removed_at is None and link.evidence.version == 1
