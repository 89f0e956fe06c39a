"""Every text of pages and sentences has its English, and the English can be published."""

from __future__ import annotations

import re

import polib
import pytest

from lawgov.web.catalogue import (
    CATALOGUE,
    HEADER,
    Message,
    faults,
    in_python,
    in_template,
    merged,
    messages,
    of_entry,
)

#: Labels that the interface guide words exactly: context, Chinese, English.
LABELS = [
    ("", "我的待办", "My tasks"),
    ("", "指标清单", "Checklist"),
    ("", "整改台账", "Rectification ledger"),
    ("", "领导驾驶舱", "Dashboard"),
    ("rail", "待办", "Tasks"),
    ("rail", "督察", "Inspect"),
    ("rail", "评估", "Score"),
    ("", "个性问题", "Individual issues"),
    ("", "反馈意见", "Opinions"),
    ("", "待牵头审核", "With lead unit"),
    ("", "待核验", "To be verified"),
    ("", "申请销号", "Close-out requested"),
    ("edge", "申请销号", "Request close-out"),
    ("", "制定措施", "Planned"),
    ("", "退回整改", "Returned"),
    ("edge", "退回整改", "Return"),
    ("", "逾期销号", "Closed late"),
    ("", "长期坚持", "Ongoing"),
    ("", "期限待定", "Deadline to be set"),
    ("edge", "同意销号", "Close out"),
    ("", "清除全部条件", "Clear all filters"),
    ("", "没有符合条件的问题", "No issue matches"),
    ("", "这里没有这个页面，或不归你单位看", "No such page, or not for your unit"),
    ("", "登录已过期，填的内容还在", "Signed out; your text is kept"),
]


@pytest.fixture(scope="module")
def catalogue() -> polib.POFile:
    return polib.pofile(str(CATALOGUE))


@pytest.fixture(scope="module")
def english(catalogue: polib.POFile) -> dict[Message, polib.POEntry]:
    return {of_entry(entry): entry for entry in catalogue}


def test_every_source_string_has_english(english: dict[Message, polib.POEntry]) -> None:
    """`manage.py catalogue` adds what is new; then it wants its English."""
    missing = [
        f"{places[0]}: {message.text}"
        for message, places in messages().items()
        if message not in english or not english[message].translated()
    ]
    assert not missing


def test_the_catalogue_holds_nothing_else(english: dict[Message, polib.POEntry]) -> None:
    assert not [message.text for message in english.keys() - messages().keys()]


def test_the_english_can_be_published(catalogue: polib.POFile) -> None:
    """Not fuzzy, the same placeholders, no full-width punctuation, no Chinese."""
    assert not [(entry.msgid, found) for entry in catalogue if (found := faults(entry))]
    assert not catalogue.obsolete_entries()
    assert {name: catalogue.metadata[name] for name in HEADER} == HEADER


@pytest.mark.parametrize(("context", "chinese", "expected"), LABELS)
def test_labels_of_the_interface_guide(
    english: dict[Message, polib.POEntry], context: str, chinese: str, expected: str
) -> None:
    assert english[Message(chinese, context=context)].msgstr == expected


def test_english_is_in_sentence_case(catalogue: polib.POFile) -> None:
    """No Title Case: of three capitalised words in a row at most names and file formats remain."""
    titled = re.compile(r"\b[A-Z][a-z]+ [A-Z][a-z]+ [A-Z][a-z]+\b")
    assert not [entry.msgstr for entry in catalogue if titled.search(entry.msgstr)]


def test_python_is_read_by_every_name_of_gettext() -> None:
    source = """
from django.utils.translation import gettext as _, ngettext, pgettext_lazy
from django.utils.translation import gettext_lazy
T, L = tuple, gettext_lazy
edge = pgettext_lazy
def _other(text): return text
_("一") ; ngettext("%(n)s 件", "%(n)s 件", 2) ; edge("edge", "二") ; L("三" "四") ; _other("五")
_(source)
"""
    assert list(in_python(source)) == [
        Message("一"),
        Message("%(n)s 件", "%(n)s 件"),
        Message("二", context="edge"),
        Message("三四"),
    ]


def test_templates_are_read_with_contexts_plurals_and_constants() -> None:
    source = """{% load i18n %}{# {% translate "注" %} #}
{% translate "一" %}{% translate "二" context "edge" %}{{ words|join:_("、") }}
{% blocktranslate count n=rows|length %}{{ n }} 件{% plural %}{{ n }} 件们{% endblocktranslate %}
{% include "x.html" with heading=_("三") %}"""
    assert list(in_template(source)) == [
        Message("一"),
        Message("二", context="edge"),
        Message("、"),
        Message("%(n)s 件", "%(n)s 件们"),
        Message("三"),
    ]


def test_a_merge_keeps_english_and_tells_what_is_new_and_gone() -> None:
    old = polib.POFile()
    old.append(polib.POEntry(msgid="一", msgstr="One"))
    old.append(polib.POEntry(msgid="旧", msgstr="Old"))
    new, merge = merged({Message("一"): ["a.py"], Message("新"): ["b.py"]}, old)
    assert [(entry.msgid, entry.msgstr) for entry in new] == [("一", "One"), ("新", "")]
    assert [entry.msgid for entry in merge.added] == ["新"]
    assert [entry.msgid for entry in merge.dropped] == ["旧"]


@pytest.mark.parametrize(
    ("chinese", "text", "fault"),
    [
        ("剩 %(n)s 天", "%(n)s days left", None),
        ("剩 %(n)s 天", "%(m)s days left", "other placeholders"),
        ("已选 {n} 条", "selected", "other placeholders"),
        ("提醒", "", "no English"),
        ("是：", "Yes：", "full-width punctuation"),
        ("如 区水利局", "For example 区水利局", "Chinese"),
        ("行\n", "Line", "line breaks at the ends differ"),
    ],
)
def test_faults_of_an_entry(chinese: str, text: str, fault: str | None) -> None:
    assert faults(polib.POEntry(msgid=chinese, msgstr=text)) == ([fault] if fault else [])
