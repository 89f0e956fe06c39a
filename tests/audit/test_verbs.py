"""Every verb reads as a sentence, also when an older entry tells less."""

from __future__ import annotations

import pytest
from django.utils.translation import override

from lawgov.audit import verbs
from lawgov.audit.models import AuditEntry


@pytest.mark.parametrize("verb", sorted(verbs.VERBS))
def test_verbs_read_as_sentences_without_their_values(verb):
    for language in ("zh-hans", "en"):
        with override(language):
            assert "%(" not in verbs.sentence(AuditEntry(verb=verb, data={}))


def test_values_stand_in_their_place():
    entry = AuditEntry(verb="unit.merged", data={"name": "区林业局", "successor": "区水利局"})
    assert verbs.sentence(entry) == "区林业局 并入 区水利局"


def test_a_percent_sign_in_a_value_is_only_text():
    entry = AuditEntry(verb="unit.created", data={"name": "100%(x)s"})
    assert verbs.sentence(entry) == "新建单位 100%(x)s"


def test_unknown_verbs_show_their_code():
    assert verbs.sentence(AuditEntry(verb="moon.landed", data={})) == "moon.landed"


def test_a_verb_is_added_once():
    verbs.add({"unit.created": verbs.VERBS["unit.created"]})
    with pytest.raises(ValueError, match="taken"):
        verbs.add({"unit.created": "别的话"})


def test_own_words_are_told_apart():
    assert verbs.reason(AuditEntry(verb="x", data={"reason": "材料不全"})) == "材料不全"
    assert verbs.reason(AuditEntry(verb="x", data={"note": 3})) == ""
