from datetime import date

import pytest

from indicators.evidence.warnings import Period, lacks_public_url, outside_period

PERIOD = Period(date(2024, 10, 1), date(2026, 12, 31))


@pytest.mark.parametrize(
    ("issued", "start", "end", "warning"),
    [
        (None, None, None, ""),
        (date(2024, 10, 1), None, None, ""),
        (date(2026, 12, 31), None, None, ""),
        (date(2024, 9, 30), None, None, "早于评估期间（2024年10月起）"),
        (date(2027, 1, 1), None, None, "晚于评估期间（2026年12月止）"),
        # What it covers counts before the date on it.
        (date(2023, 4, 3), date(2023, 1, 1), date(2025, 1, 1), ""),
        (date(2025, 4, 3), date(2023, 1, 1), date(2024, 1, 1), "早于评估期间（2024年10月起）"),
        (None, date(2027, 1, 1), None, "晚于评估期间（2026年12月止）"),
        (None, date(2020, 1, 1), None, ""),
        (None, None, date(2024, 9, 30), "早于评估期间（2024年10月起）"),
    ],
)
def test_proof_outside_the_period_is_flagged(issued, start, end, warning):
    assert outside_period(PERIOD, issued, start, end) == warning


def test_online_search_wants_a_public_address():
    assert lacks_public_url("网络检索", ["", ""])
    assert lacks_public_url("网络检索", [])
    assert not lacks_public_url("网络检索", ["https://anhe.example/gongshi"])
    assert not lacks_public_url("材料查证", [])
