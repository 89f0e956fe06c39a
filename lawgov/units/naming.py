"""What the name of a unit tells: its short form, and its kind where nobody stated one."""

from __future__ import annotations

import re
from collections.abc import Sequence

from lawgov.units.models import Unit
from lawgov.units.resolve import normalise

SHORT = 6  # characters that fit the vertical names of the heat map

Kind = Unit.Kind

# Words with which offices name the kinds, beside the labels themselves.
KIND_WORDS: dict[str, Kind] = {
    **{kind.value: kind for kind in Kind},
    **{normalise(str(kind.label)): kind for kind in Kind},
    "政府工作部门": Kind.GOVERNMENT,
    "政府直属机构": Kind.GOVERNMENT,
    "党委": Kind.PARTY,
    "党群部门": Kind.PARTY,
    "垂直管理单位": Kind.VERTICAL,
    "群团组织": Kind.MASS,
    "人民团体": Kind.MASS,
    "乡镇": Kind.TOWNSHIP,
    "街道": Kind.TOWNSHIP,
    "乡镇街道": Kind.TOWNSHIP,
    "乡镇(街道)": Kind.TOWNSHIP,
    "镇(街道)": Kind.TOWNSHIP,
    "镇": Kind.TOWNSHIP,
}

# The first that fits decides; a default of ours that the office may correct.
GUESSES: tuple[tuple[re.Pattern[str], Kind], ...] = (
    (re.compile("(镇|乡)(人民政府|政府)?$|街道(办事处|办)?$|管委会$|管理委员会$"), Kind.TOWNSHIP),
    (
        re.compile("(总工会|妇联|妇女联合会|残联|团[区县市]委|红十字会|工商联|科协|文联)$"),
        Kind.MASS,
    ),
    (re.compile("^(中共)?[区县市]委|纪委|监委|党校"), Kind.PARTY),
    (re.compile("税务局|气象局|烟草|消防|自然资源和规划分局|生态环境分局|海关"), Kind.VERTICAL),
    (re.compile("(中心|馆|站|社|大队|院)$"), Kind.INSTITUTION),
)


def kind_of(text: str) -> Kind | None:
    """The kind that `text` names; None for a word nobody knows."""
    return KIND_WORDS.get(normalise(text))


def guessed_kind(name: str) -> Kind:
    """The kind a unit called `name` probably is; a government department when nothing tells."""
    plain = normalise(name)
    for pattern, kind in GUESSES:
        if pattern.search(plain):
            return kind
    return Kind.GOVERNMENT


def short_form(name: str, others: Sequence[str]) -> str:
    """How lists and charts call a unit: its name when short, else the first of its other names
    that begins like the name and is shorter, else the first of them, else the name.

    区市场监督管理局 with 区市场监管局, 市场监管局 is 区市场监管局.
    """
    if len(name) <= SHORT:
        return name
    alike = [other for other in others if other[:1] == name[:1] and len(other) < len(name)]
    return next(iter([*alike, *others]), name)[:30]


def split_names(text: str) -> list[str]:
    """Several names in one cell, in their order, each once."""
    parts = (part.strip() for part in re.split("[;；、，,/\n]+", text))
    return list(dict.fromkeys(part for part in parts if part))
