"""The campaign's settings: parameters and phase days saved together, or not at all."""

from __future__ import annotations

from datetime import date

import pytest

from indicators.models import Campaign
from lawgov.audit.models import AuditEntry
from tests.factories import make_member, make_region
from tests.people import browser

pytestmark = pytest.mark.django_db

HERE = "/settings/campaign/"


def filled(client) -> dict[str, object]:
    """The form as the page shows it."""
    context = client.get(HERE).context
    data = {name: value for name, value in context["form"].initial.items() if value is not False}
    formset = context["phases"]
    data |= {"form-TOTAL_FORMS": len(formset), "form-INITIAL_FORMS": len(formset)}
    for form in formset:
        data |= {form.add_prefix(name): value for name, value in form.initial.items()}
        data[form.add_prefix("id")] = form.instance.pk
    return {
        key: value.isoformat() if isinstance(value, date) else value for key, value in data.items()
    }


def test_parameters_and_phases_are_saved_together(cast):
    office = browser(cast.office)
    data = filled(office) | {
        "light_days": 15,
        "two_person_close": "on",
        "form-2-ends_on": "2026-12-01",
        "form-0-name": "动员",
    }
    assert office.post(HERE, data).status_code == 302
    campaign = Campaign.objects.get(pk=cast.campaign.pk)
    assert (campaign.light_days, campaign.two_person_close, campaign.version) == (15, True, 2)
    assert campaign.phases.get(number=3).ends_on == date(2026, 12, 1)
    assert campaign.phases.get(number=1).name == "动员"
    verbs = list(AuditEntry.objects.on_page_of(campaign).values_list("verb", flat=True))
    assert sorted(verbs) == ["campaign.changed", "phase.changed", "phase.changed"]


def test_a_stale_save_keeps_the_text(cast):
    office = browser(cast.office)
    data = filled(office)
    office.post(HERE, data | {"light_days": 15})
    response = office.post(HERE, data | {"light_days": 20})
    page = response.content.decode()
    assert response.status_code == 409
    assert 'value="20"' in page
    assert "系统里现在是 15" in page


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"ends_on": "2020-01-01"}, "结束日期早于开始日期"),
        ({"evidence_to": "2020-01-01"}, "评估期间的止早于起"),
        ({"form-1-ends_on": "2020-01-01"}, "阶段的日期有误"),
        ({"light_days": "-1"}, "light_days"),
        ({"name": ""}, "名称"),
    ],
)
def test_faulty_input_is_told_and_nothing_saved(cast, change, words):
    office = browser(cast.office)
    response = office.post(HERE, filled(office) | change)
    assert response.status_code == 422
    assert words in response.content.decode()
    assert Campaign.objects.get(pk=cast.campaign.pk).version == 1


def test_phases_of_another_campaign_cannot_be_reached(cast):
    office = browser(cast.office)
    foreign = Campaign.objects.get(region=cast.foreign_office.region).phases.first()
    response = office.post(HERE, filled(office) | {"form-0-id": foreign.pk, "form-0-name": "偷改"})
    assert response.status_code == 422
    foreign.refresh_from_db()
    assert foreign.name != "偷改"


def test_a_place_without_campaign_is_led_to_the_wizard():
    office = make_member("office_admin", make_region())
    page = browser(office).get(HERE).content.decode()
    assert 'href="/setup/campaign/"' in page


def test_the_page_is_the_offices(cast):
    for name, actor in cast.everybody().items():
        expected = 200 if name in ("office", "foreign_office") else 404
        assert browser(actor).get(HERE).status_code == expected, name
