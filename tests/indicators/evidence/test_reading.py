"""Who may read which bytes, by every path that leads to them; and how they are handed out."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from indicators.evidence import actions, receiving, uses
from indicators.models import EvidenceLink
from lawgov.accounts.policy import Role
from tests import papers
from tests.factories import make_member, make_unit, make_work
from tests.people import browser

pytestmark = pytest.mark.django_db
READERS = {"editor", "head", "lead", "office", "supervisor", "leader", "assessor"}


@pytest.fixture
def piece(cast):
    """A piece of two versions, in use for one indicator."""
    work = make_work(cast.campaign.assignments.first(), cast.unit)
    (evidence,) = actions.add_files(
        work, [arrive(cast, "旧版.pdf", "旧")], actor=cast.editor, now=timezone.now()
    )
    actions.add_version(
        evidence, arrive(cast, "新版.pdf", "新"), actor=cast.editor, now=timezone.now()
    )
    return evidence


def arrive(cast, name, text):
    return receiving.receive(SimpleUploadedFile(name, papers.pdf(text)), cast.region)


def paths(evidence):
    """Every address under which something of a piece can be read."""
    pk = evidence.pk
    return {
        "preview": reverse("evidence:preview", args=[pk]),
        "old preview": reverse("evidence:old", args=[pk, 1]),
        "file": reverse("evidence:file", args=[pk, 2]),
        "old file": reverse("evidence:file", args=[pk, 1]),
        "page": reverse("evidence:page", args=[pk, 2, 1]),
        "old page": reverse("evidence:page", args=[pk, 1, 1]),
    }


def without_number(response):
    return response.content.decode().replace(response.headers["X-Request-ID"], "")


def content(response):
    return b"".join(response) if response.streaming else response.content


def test_matrix_of_readers_and_paths(cast, piece):
    for who, actor in cast.everybody().items():
        client = browser(actor)
        for path, url in paths(piece).items():
            for method in (client.get, client.head):
                status = method(url).status_code
                assert status == (200 if who in READERS else 404), (who, path)


def test_a_foreign_piece_answers_like_an_absent_one(cast, piece):
    client = browser(cast.stranger)
    for url in paths(piece).values():
        foreign = client.get(url)
        absent = client.get(url.replace(f"/{piece.pk}/", "/999999/", 1))
        assert foreign.status_code == absent.status_code == 404
        assert without_number(foreign) == without_number(absent)


def test_nobody_reads_without_login(cast, piece, client):
    for url in paths(piece).values():
        assert client.get(url).status_code == 302


def test_a_removed_piece_is_gone_for_all(cast, piece):
    link = EvidenceLink.objects.get()
    uses.unlink(link, actor=cast.editor, now=timezone.now())
    for actor in (cast.editor, cast.lead, cast.office):
        client = browser(actor)
        assert {client.get(url).status_code for url in paths(piece).values()} == {404}


def test_a_lead_reads_only_what_serves_its_own_indicators(cast, piece):
    other_lead = make_member(Role.LEAD_REVIEWER, cast.region, make_unit(cast.region))
    assert browser(other_lead).get(paths(piece)["file"]).status_code == 404


def test_a_revoked_role_reads_nothing_from_the_next_request_on(cast, piece):
    client = browser(cast.supervisor)
    url = paths(piece)["file"]
    assert client.get(url).status_code == 200
    membership = cast.supervisor.membership
    membership.valid_to = timezone.localdate() - timezone.timedelta(days=1)
    membership.save()
    assert client.get(url).status_code == 404


def test_every_version_is_handed_out_as_it_came_in(cast, piece):
    client = browser(cast.lead)
    assert content(client.get(paths(piece)["file"])) == papers.pdf("新")
    assert content(client.get(paths(piece)["old file"])) == papers.pdf("旧")


def test_downloads_cannot_run_in_our_name(cast, piece):
    response = browser(cast.editor).get(paths(piece)["file"])
    headers = response.headers
    assert headers["Content-Disposition"] == ("attachment; filename*=utf-8''%E6%96%B0%E7%89%88.pdf")
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert headers["Cache-Control"] == "no-store, private"
    assert headers["Content-Length"] == str(len(papers.pdf("新")))


def test_a_range_gets_the_whole_file(cast, piece):
    response = browser(cast.editor).get(paths(piece)["file"], headers={"Range": "bytes=0-9"})
    assert response.status_code == 200 and len(content(response)) == len(papers.pdf("新"))


def test_pages_are_pictures_made_anew(cast, piece):
    response = browser(cast.editor).get(paths(piece)["page"])
    assert response.headers["Content-Type"] == "image/jpeg"
    assert response.headers["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert content(response).startswith(b"\xff\xd8\xff")
    beyond = reverse("evidence:page", args=[piece.pk, 2, 2])
    assert browser(cast.editor).get(beyond).status_code == 404


def test_preview_opens_in_the_drawer_and_as_a_page(cast, piece):
    url = paths(piece)["preview"]
    page = browser(cast.lead).get(url).content.decode()
    drawer = browser(cast.lead, HX_Request="true").get(url).content.decode()
    for html in (page, drawer):
        assert "新版.pdf" in html and paths(piece)["page"] in html and "v1" in html
    assert "<html" in page and "<html" not in drawer


def test_a_lost_file_is_404_and_no_error(cast, piece, data_dir):
    for path in (data_dir / "blobs").rglob("*"):
        if path.is_file():
            path.unlink()
    assert browser(cast.editor).get(paths(piece)["file"]).status_code == 404
    assert browser(cast.editor).get(paths(piece)["page"]).status_code == 404
