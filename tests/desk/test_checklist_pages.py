"""The checklist through the client: who sees what, in how many statements, and ticking in place."""

from __future__ import annotations

import json
import re

import pytest
from django.template.loader import render_to_string
from django.urls import reverse

from indicators.assignments.states import UnitState
from indicators.models import UnitAssignment
from tests import factories
from tests.people import Cast, browser, make_cast

pytestmark = pytest.mark.django_db

HTMX = {"HX-Request": "true"}
LIST = "/checklist/"


@pytest.fixture
def cast() -> Cast:
    made = make_cast(edition=factories.make_edition(areas=2, groups=2, each=2))
    for assignment in made.campaign.assignments.all():
        factories.make_proof(factories.make_work(assignment, made.unit))
        factories.make_work(assignment, made.other_unit, state=UnitState.TICKED)
    return made


def work_of(cast: Cast, number: int) -> UnitAssignment:
    return UnitAssignment.objects.get(unit=cast.unit, assignment__indicator__number=number)


def rows(html: str) -> list[int]:
    return [int(n) for n in re.findall(r'<td class="num muted desk">(\d+)</td>', html)]


def get(client, path: str = LIST, **headers) -> str:
    response = client.get(path, headers=headers)
    assert response.status_code == 200
    return response.content.decode()


@pytest.mark.parametrize("who", ["office", "leader", "supervisor", "assessor", "expert", "lead"])
def test_readers_of_the_place_see_all_indicators(cast, who):
    html = get(browser(getattr(cast, who)))
    assert rows(html) == [1, 2, 3, 4, 5, 6, 7, 8]
    assert "单位打勾" in html


@pytest.mark.parametrize("who", ["publicist", "external", "city"])
def test_others_do_not_find_the_page(cast, who):
    assert browser(getattr(cast, who)).get(LIST).status_code == 404


def test_another_place_sees_nothing_of_it(cast):
    html = get(browser(cast.foreign_office))
    assert rows(html) == [1, 2, 3, 4, 5, 6, 7, 8]  # the same edition, nobody at work on it
    assert "区司法局" not in html and 'id="done-0">0/8' in html and "/2</td>" not in html


def test_an_expert_sees_neither_proof_nor_scores(cast):
    html = get(browser(cast.expert))
    assert "佐证</th>" not in html and "自评</th>" not in html


def test_only_a_unit_gets_ticks_to_press(cast):
    assert 'formaction="' in get(browser(cast.editor))
    for who in ("office", "lead", "leader"):
        assert 'formaction="' not in get(browser(getattr(cast, who)))


def test_a_unit_filtered_for_shows_its_ticks_without_a_button(cast):
    html = get(browser(cast.office), f"{LIST}?unit={cast.other_unit.pk}")
    assert html.count('class="tick" disabled checked') == 8
    assert "formaction" not in html


def test_areas_are_those_of_the_edition(cast):
    html = get(browser(cast.office))
    assert "2 个方面" in html
    assert re.findall(r'id="done-(\d)">(\d/\d)', html) == [("0", "0/8"), ("1", "0/4"), ("2", "0/4")]


def test_second_level_is_one_merged_cell(cast):
    html = get(browser(cast.office))
    assert html.count('rowspan="2"') == 4
    html = get(browser(cast.office), f"{LIST}?q=指标3")
    assert html.count('rowspan="1"') == 1


def test_htmx_gets_the_part_and_the_address_holds_everything(cast):
    client = browser(cast.office)
    part = get(client, f"{LIST}?area=2&state=collecting&q=指标7", **HTMX)
    assert "<html" not in part and rows(part) == [7]
    assert rows(get(client, f"{LIST}?area=2&state=collecting&q=指标7")) == [7]
    assert "显示 1 / 8 项" in part


def test_nothing_found_says_what_was_asked_and_how_to_clear(cast):
    html = get(browser(cast.office), f"{LIST}?q=没有这样的&unit={cast.unit.pk}&missing=1")
    assert "文字「没有这样的」、责任单位「区水利局」、佐证「缺佐证」" in html
    assert "清除全部条件" in html


def test_nothing_yet_says_what_to_do_first(cast):
    UnitAssignment.objects.filter(unit=cast.unit).delete()
    assert "还没有分给本单位的指标" in get(browser(cast.editor))
    cast.campaign.assignments.all().delete()
    assert "还没有分解任务" in get(browser(cast.office))


@pytest.mark.parametrize("bad", ["area=x", "unit=99999999", "state=%00", "lead=-1", "scope=all"])
def test_odd_addresses_do_no_harm(cast, bad):
    assert browser(cast.office).get(f"{LIST}?{bad}").status_code == 200


def test_what_people_wrote_is_escaped(cast):
    indicator = cast.campaign.assignments.first().indicator
    indicator.title = indicator.group.title = '<b>"&'
    indicator.save()
    indicator.group.save()
    assert "<b>&quot;" not in (html := get(browser(cast.editor)))
    assert html.count("&lt;b&gt;&quot;&amp;") >= 3


# -- ticking ---------------------------------------------------------------------------------


def post(client, work: UnitAssignment, edge: str = "tick", **given):
    query, version = given.pop("query", "?span=2"), given.pop("version", work.version)
    address = reverse(f"indicators:{edge}", args=[work.pk])
    return client.post(address + query, {"version": version}, headers=given or HTMX)


def toast(response) -> dict:
    return json.loads(response.headers["HX-Trigger"])["toast"]["toasts"][0]


def test_a_tick_answers_with_row_progress_and_undo(cast):
    work = work_of(cast, 3)
    response = post(browser(cast.editor), work)
    html = response.content.decode()
    work.refresh_from_db()
    assert work.state == UnitState.TICKED
    assert 'aria-checked="true"' in html and 'rowspan="2"' in html
    assert 'id="head-1" hx-swap-oob="true"' in html
    assert ">1/8<" in html and ">1/4<" in html
    said = toast(response)
    assert said["text"] == "已打勾：3 指标3，已保存"
    assert said["row"] == f"i{work.assignment_id}"
    assert said["undo"] == f"/checklist/{work.pk}/undo/?span=2&version={work.version}"


def test_the_row_after_a_tick_is_the_row_of_the_page(cast):
    client, work = browser(cast.editor), work_of(cast, 3)
    row = re.search(r"<tr class=.row. .*?</tr>", post(client, work).content.decode(), re.S)
    assert row.group() in get(client)


def test_a_tick_without_proof_is_refused_by_name(cast):
    work = work_of(cast, 1)
    work.assignment.required = ["登记表", "审核意见书"]
    work.assignment.save()
    factories.make_proof(work, slot="登记表")
    response = post(browser(cast.editor), work)
    assert response.status_code == 422
    assert "未打勾：还缺 审核意见书" in response.content.decode()
    assert response.headers["HX-Reswap"] == "none"
    assert 'data-missing="审核意见书"' in get(browser(cast.editor))
    work.refresh_from_db()
    assert work.state == UnitState.NOT_STARTED


def test_untick_and_undo(cast):
    client, work = browser(cast.editor), work_of(cast, 1)
    post(client, work)
    work.refresh_from_db()
    response = post(client, work, "untick")
    work.refresh_from_db()
    assert work.state == UnitState.COLLECTING
    assert ">0/8<" in response.content.decode()
    undone = client.post(toast(response)["undo"], headers=HTMX)
    work.refresh_from_db()
    assert work.state == UnitState.TICKED
    assert ">1/8<" in undone.content.decode()


def test_undo_after_another_persons_change_changes_nothing(cast):
    client, work = browser(cast.editor), work_of(cast, 1)
    address = toast(post(client, work))["undo"]
    work.refresh_from_db()
    post(browser(cast.head), work, "untick")
    response = client.post(address, headers=HTMX)
    assert response.status_code == 409
    work.refresh_from_db()
    assert work.state == UnitState.COLLECTING


def test_an_old_page_cannot_tick(cast):
    work = work_of(cast, 1)
    assert post(browser(cast.editor), work, version=work.version + 1).status_code == 409


@pytest.mark.parametrize("who", ["stranger", "lead", "office", "foreign_office"])
def test_nobody_ticks_for_another_unit(cast, who):
    work = work_of(cast, 1)
    assert post(browser(getattr(cast, who)), work).status_code == 404
    work.refresh_from_db()
    assert work.state == UnitState.NOT_STARTED


def test_ticking_works_without_scripts(cast):
    client, work = browser(cast.editor), work_of(cast, 1)
    address = reverse("indicators:tick", args=[work.pk])
    form = {"version": work.version, "next": f"{LIST}?area=1"}
    response = client.post(address, form, follow=True)
    assert response.redirect_chain == [(f"{LIST}?area=1", 302)]
    assert "已打勾：1 指标1，已保存" in response.content.decode()


def test_the_tick_is_that_of_the_tag(cast):
    work = work_of(cast, 1)
    given = {
        "url": f"/checklist/{work.pk}/tick/?span=2",
        "label": "打勾完成：指标1",
        "checked": False,
        "missing": "",
        "version": 1,
    }
    assert render_to_string("web/_tick.html", given) in get(browser(cast.editor))


# -- statements ------------------------------------------------------------------------------


def grow(cast: Cast) -> None:
    """Many more units and proof; the page has to need no statement more."""
    for _number in range(12):
        unit = factories.make_unit(cast.region)
        for assignment in cast.campaign.assignments.all():
            factories.make_proof(factories.make_work(assignment, unit, state=UnitState.TICKED))


@pytest.mark.parametrize("who", ["office", "lead", "editor", "leader"])
@pytest.mark.parametrize("query", ["", "?q=登记表", "?unit=%d"])
def test_the_page_takes_at_most_12_statements(cast, count_statements, who, query):
    client = browser(getattr(cast, who))
    path = LIST + query.replace("%d", str(cast.other_unit.pk))
    get(client, path)  # the first request of a minute also says that the person is here
    before = count_statements(lambda: get(client, path))
    assert before <= 12
    grow(cast)
    assert count_statements(lambda: get(client, path)) == before


@pytest.mark.parametrize("edge, state", [("tick", "collecting"), ("untick", "ticked")])
def test_a_tick_takes_at_most_8_statements(cast, count_statements, edge, state):
    work = work_of(cast, 1)
    UnitAssignment.objects.filter(pk=work.pk).update(state=state)
    client = browser(cast.editor)
    post(client, work_of(cast, 2))  # the place's first entry also begins its chain
    assert count_statements(lambda: post(client, work, edge)) <= 8
