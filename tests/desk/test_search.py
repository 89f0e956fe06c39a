"""Search: everything that has a page, nothing that is not the reader's."""

from __future__ import annotations

import re
from datetime import date

import pytest

from assessments.models import Letter
from assessments.rectification.states import State
from indicators.models import Indicator
from lawgov.desk.search.queries import SHOWN, search
from lawgov.units.models import UnitAlias
from tests import factories
from tests.people import Cast, browser, make_cast

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast() -> Cast:
    made = make_cast()
    first = made.campaign.assignments.first()
    Indicator.objects.filter(pk=first.indicator_id).update(title="公平竞争审查应审尽审")
    for unit in (made.unit, made.other_unit):
        work = factories.make_work(first, unit)
        factories.make_proof(work, f"公平竞争审查登记表（{unit}）")
    inspection = factories.make_inspection(made.region)
    for n, unit in enumerate((made.unit, made.other_unit)):
        issue = factories.make_issue(inspection, number=str(701 + n), text="公平竞争审查走过场")
        letter = Letter.objects.create(
            region=made.region, inspection=inspection, unit=unit, agency="安法办函", year=2026,
            number=41 + n, issued_on=date(2026, 9, 28),
        )  # fmt: skip
        factories.make_response(issue, unit, State.ISSUED, letter=letter)
    return made


def found(actor, text: str) -> dict[str, list[str]]:
    return {s.title: [hit.title for hit in s.hits] for s in search(actor, text)}


def test_one_word_finds_all_kinds(cast):
    hits = found(cast.office, "公平竞争")
    assert hits["指标"] == ["公平竞争审查应审尽审"]
    assert len(hits["问题"]) == len(hits["佐证"]) == 2
    assert list(hits) == ["指标", "问题", "佐证"]


def test_a_unit_finds_its_own_only(cast):
    hits = found(cast.editor, "公平竞争")
    assert hits["佐证"] == ["公平竞争审查登记表（区水利局）"]
    assert len(hits["问题"]) == 1
    assert found(cast.editor, "区林业局") == {}
    assert found(cast.editor, "702") == {}


def test_a_lead_reviewer_finds_what_hangs_from_its_indicators(cast):
    hits = found(cast.lead, "公平竞争")
    assert len(hits["佐证"]) == 2 and "问题" not in hits


@pytest.mark.parametrize("who", ["foreign_office", "city", "external"])
def test_strangers_find_nothing(cast, who):
    hits = found(getattr(cast, who), "公平竞争")
    assert not set(hits) - {"指标"} and not found(getattr(cast, who), "区水利局")


@pytest.mark.parametrize(
    "typed", ["安法办函〔2026〕41号", "安法办函[2026]41号", "安法办函（2026）第041号"]
)
def test_a_letter_by_its_number_however_typed(cast, typed):
    assert found(cast.office, typed)["反馈函"] == ["安法办函〔2026〕41号"]


@pytest.mark.parametrize("typed", ["安司审〔2026〕5号", "安司审(2026)5号", "[2026]5"])
def test_proof_by_its_document_number(cast, typed):
    assert len(found(cast.office, typed)["佐证"]) == 2


def test_a_short_figure_is_a_number(cast):
    assert found(cast.office, "701") == {"问题": ["公平竞争审查走过场"]}
    assert found(cast.office, "2")["指标"] == ["指标2"]


def test_a_unit_by_any_of_its_names(cast):
    UnitAlias.objects.create(region=cast.region, unit=cast.unit, name="水利和湖泊局")
    assert found(cast.office, "湖泊")["单位"] == ["区水利局"]


def test_hits_are_bounded_and_lead_on(cast):
    inspection = cast.region.inspections.first()
    for n in range(SHOWN + 3):
        issue = factories.make_issue(inspection, text=f"执法公示不及时{n}")
        factories.make_response(issue, cast.unit)
    (section,) = search(cast.office, "执法公示")
    assert len(section.hits) == SHOWN
    assert section.cut
    assert section.more.startswith("/ledger/individual/?q=")


def test_the_page(cast, count_statements):
    client = browser(cast.office)
    html = client.get("/search/?q=公平竞争").content.decode()
    assert "公平竞争审查应审尽审" in html and "data-search" in html
    assert (
        "<html"
        not in client.get("/search/?q=公平", headers={"HX-Request": "true"}).content.decode()
    )
    assert count_statements(lambda: client.get("/search/?q=公平竞争")) <= 12


def test_the_page_without_and_with_nothing_found(cast):
    client = browser(cast.office)
    assert "输入指标名称或序号" in client.get("/search/").content.decode()
    html = client.get("/search/?q=%3Cb%3E没有").content.decode()
    assert "没有找到「&lt;b&gt;没有」" in html and "<b>没有" not in html
    assert client.get("/search/?q=%00%25_'\"").status_code == 200


@pytest.mark.parametrize("who", ["publicist", "expert", "external", "city"])
def test_roles_without_search_get_neither_page_nor_box(cast, who):
    client = browser(getattr(cast, who))
    assert client.get("/search/?q=公平").status_code == 404
    landing = client.get("/", follow=True).content.decode()
    assert not re.search(r'role="search"[^>]+action="/search/"', landing)
