"""Who may import whom: between the packages, and between the layers of one folder.

Both lists are data. An arrow that is not in them is found and named with its line; a package that
is not in them is found too.
"""

from __future__ import annotations

import graphlib
import re
from collections.abc import Collection, Iterator, Mapping

import pytest

from tests.source import APPS, Import, Module, modules

# From the ground up. A package imports all of the shelves below its own, and of its own shelf
# what stands beside it here. Packages that name each other do it with different modules:
# `test_no_circle` keeps that so.
SHELVES: list[dict[str, str]] = [
    {  # values, texts and files: no person, no place
        "lawgov.errors": "",
        "lawgov.calendars": "",
        "lawgov.broker": "",
        "lawgov.chinese": "calendars",
        "lawgov.files": "errors",
        "lawgov.documents": "chinese errors files",
    },
    {  # the ground
        "lawgov.spreadsheets": "accounts",  # a column names the action that opens it
        "lawgov.accounts": "units audit holidays jobs web",
        "lawgov.units": "accounts audit spreadsheets web",
        "lawgov.audit": "accounts web",
        "lawgov.notifications": "accounts audit units jobs web",
        "lawgov.jobs": "accounts audit notifications web",
        "lawgov.workflow": "accounts audit notifications",
        "lawgov.web": "accounts notifications workflow",
        "lawgov.holidays": "accounts audit imports spreadsheets web",
        "lawgov.imports": "accounts audit jobs spreadsheets units web",
        "lawgov.filling": "accounts audit imports jobs spreadsheets units web",
    },
    {  # what is asked, and what proves it
        "indicators.framework": "",
        "indicators.campaigns": "framework",
        "indicators.assignments": "campaigns framework",
        "indicators.evidence": "assignments campaigns framework",
        "indicators.dossiers": "evidence assignments campaigns framework",
        "indicators": "framework campaigns assignments evidence dossiers",
    },
    {  # how it is judged and put right
        "assessments.inspections": "",
        "assessments.rounds": "",
        "assessments.rectification": "inspections rounds",
        "assessments.reminders": "rectification inspections rounds",
        "assessments.records": "inspections",
        "assessments.reports": "reminders rectification inspections rounds records",
        "assessments": "inspections rounds rectification reminders records reports",
    },
    {  # the roof: imports everything, imported by nobody below
        "lawgov.settings": "",
        "lawgov.celery": "",
        "lawgov.worker": "",
        "lawgov.desk": "",
        "lawgov.operations": "celery desk settings",
        "lawgov.api": "desk operations",
        "lawgov.urls": "operations",
        "lawgov.urls_settings": "operations",
        "lawgov.asgi": "",
        "lawgov.wsgi": "",
        "lawgov": "celery",
    },
]
# Lists of an app's tables: who imports a table there imports it from its subject.
INDEXES = ("indicators.models", "assessments.models")

# In a folder: a layer imports itself and those before it. What has no word here is a page when it
# declares a policy, a rule when it imports nothing of ours but rules, and else `actions`.
LAYERS = ("rules", "models", "actions", "forms", "pages")
PAGES = ("views", "pages", "api", "admin", "urls", "tasks", "jobs", "commands",
         "apps")  # fmt: skip
WORDS = {"models": "models", "forms": "forms"} | dict.fromkeys(PAGES, "pages")
# What must stay rules, whatever else becomes one: functions and words without rows or requests.
RULES = {
    "lawgov.accounts.policy",
    "lawgov.accounts.privacy",
    "lawgov.web.dates",
    "lawgov.web.shown",
    "indicators.framework.areas",
    "indicators.framework.titles",
    "indicators.assignments.deadlines",
    "indicators.assignments.proof",
    "indicators.assignments.states",
    "indicators.evidence.classified",
    "indicators.evidence.slots",
    "indicators.evidence.warnings",
    "assessments.rectification.deadlines",
    "assessments.rectification.states",
    "assessments.rounds.scoring",
}
RULES_MAY = ("lawgov.calendars", "lawgov.chinese.", "django.utils", "django.db.models")
NAMES = (*(f"{app}." for app in APPS), "django.", "rest_framework.")
POLICY = ("lawgov.accounts.guards.", "lawgov.web.rest.")
EXCEPTIONS = {
    **dict.fromkeys(
        [
            ("lawgov.accounts.models", f"lawgov.accounts.{name}")
            for name in ("answered", "lockout", "sessions", "tokens")
        ],
        "tables that stand with their own rules; the index names them for Django",
    ),
    ("lawgov.jobs.actions", "lawgov.jobs.tasks"): "starting a job nudges the worker",
    ("lawgov.jobs.models", "lawgov.jobs.kinds"): "a row's label is its kind's",
    ("lawgov.imports.models", "lawgov.imports.kinds"): "an upload is what its kind makes of it",
}


def package_of(name: str) -> str:
    """`lawgov.audit.views` → `lawgov.audit`; an app's own files belong to the app."""
    known = {package for shelf in SHELVES for package in shelf}
    two = ".".join(name.split(".")[:2])
    return two if two in known or name.startswith("lawgov.") else name.split(".")[0]


def resolved(one: Import, found: Mapping[str, Module]) -> str:
    """The module behind an import: a table's own one where it is taken from an index."""
    module, _dot, name = one.target.rpartition(".")
    if module in INDEXES:
        for inner in found[module].imports:
            if inner.target.endswith(f".{name}"):
                return resolved(inner, found)
    return one.target if one.target in found else module if module in found else one.target


def edges(found: Mapping[str, Module]) -> Iterator[tuple[Module, Import, str]]:
    """Importing module, import, and the product's module that it leads to."""
    for module in found.values():
        for one in module.imports:
            target = resolved(one, found)
            if target.partition(".")[0] in APPS and target != module.name:
                yield module, one, target


def wrong_arrows(found: Mapping[str, Module]) -> list[str]:
    height = {package: n for n, shelf in enumerate(SHELVES) for package in shelf}
    faults = [f"{name}: no shelf has {package_of(name)}" for name in found
              if package_of(name) not in height]  # fmt: skip
    for module, one, target in edges(found):
        here, there = package_of(module.name), package_of(target)
        if here == there or not {here, there} <= height.keys():
            continue
        beside = SHELVES[height[here]][here].split()
        fits = there.rpartition(".")[2] in beside if height[here] == height[there] else (
            height[there] < height[here])  # fmt: skip
        if not fits:
            faults.append(f"{module.name}:{one.line} imports {target}: {here} may not use {there}")
    return faults


def beyond(name: str, found: Mapping[str, Module], rules: Collection[str]) -> list[str]:
    """What of ours or of Django the module imports that is none of `rules`."""
    faults = []
    for one in found[name].imports:
        target = resolved(one, found)
        free = one.typing or target.startswith(RULES_MAY) or not target.startswith(NAMES)
        if not free and target not in rules:
            faults.append(f"{name}:{one.line} imports {target}: a rule knows only rules")
    return faults


def rules_among(found: Mapping[str, Module]) -> set[str]:
    """The modules that import no others of ours than each other: no rows, no requests."""
    rules = {name for name in found if word_of(name) not in WORDS}
    while fallen := {name for name in rules if beyond(name, found, rules)}:
        rules -= fallen
    return rules


def word_of(name: str) -> str:
    """The last word of a module's name, such as `views` of `letter_views`, or its folder's."""
    *folders, last = name.split(".")
    return "commands" if "commands" in folders else re.split("_", last)[0 if "urls" in last else -1]


def layers_of(found: Mapping[str, Module]) -> dict[str, int]:
    rules = rules_among(found)

    def layer(module: Module) -> str:
        word = "api" if module.mentions(*POLICY) else word_of(module.name)
        return WORDS.get(word) or ("rules" if module.name in rules else "actions")

    return {name: LAYERS.index(layer(module)) for name, module in found.items()}


def wrong_layers(found: Mapping[str, Module]) -> list[str]:
    """Imports against the order within a folder. The frame `web` has no subject, so no layers."""
    faults, layers = [], layers_of(found)
    for module, one, target in edges(found):
        if target not in found or one.typing or module.folder != found[target].folder:
            continue
        if module.folder == "lawgov.web" or (module.name, target) in EXCEPTIONS:
            continue
        low, high = layers[module.name], layers[target]
        if high > low:
            told = f"{LAYERS[low]} may not use {LAYERS[high]}"
            faults.append(f"{module.name}:{one.line} imports {target}: {told}")
    return faults


def impure_rules(found: Mapping[str, Module]) -> list[str]:
    rules = rules_among(found)
    return [fault for name in sorted(RULES - rules) for fault in beyond(name, found, rules)]


def circles(found: Mapping[str, Module]) -> list[str]:
    """A circle of modules, imports for the type checker and inside functions left out."""
    top = {name: {line for node in module.tree.body for line in [node.lineno]}
           for name, module in found.items()}  # fmt: skip
    graph: dict[str, set[str]] = {name: set() for name in found}
    for module, one, target in edges(found):
        if target in found and one.line in top[module.name] and not one.typing:
            graph[module.name].add(target)
    try:
        graphlib.TopologicalSorter(graph).prepare()
    except graphlib.CycleError as error:
        return [" imports ".join(reversed(error.args[1]))]
    return []


def test_packages_import_along_the_arrows():
    assert wrong_arrows(modules()) == []


def test_folders_keep_the_order_of_their_layers():
    assert wrong_layers(modules()) == []


def test_rules_know_only_rules():
    assert impure_rules(modules()) == []


def test_no_circle():
    assert circles(modules()) == []


def test_every_exception_is_still_needed():
    there = {(module.name, target) for module, _one, target in edges(modules())}
    assert there >= EXCEPTIONS.keys()


@pytest.mark.parametrize(
    ("place", "line", "check", "told"),
    [
        ("indicators.evidence.models", "from assessments.models import Issue", wrong_arrows,
         "indicators.evidence may not use assessments.rectification"),
        ("lawgov.audit.record", "from lawgov.desk.queries import rail", wrong_arrows,
         "lawgov.audit may not use lawgov.desk"),
        ("assessments.rounds.book", "import assessments.inspections.models", wrong_arrows,
         "assessments.rounds may not use assessments.inspections"),
        ("lawgov.helpers", "", wrong_arrows, "no shelf has lawgov.helpers"),
        ("indicators.evidence.models", "from indicators.evidence import views", wrong_layers,
         "models may not use pages"),
        ("assessments.rounds.scoring", "from assessments.rounds.models import Score", impure_rules,
         "a rule knows only rules"),
        ("lawgov.calendars", "from lawgov.chinese.deadlines import read_deadline", circles,
         "lawgov.calendars imports lawgov.chinese.deadlines"),
    ],
)  # fmt: skip
def test_a_wrong_import_is_found(place, line, check, told):
    """What the tests above say when somebody does it: this one edge and no other."""
    text = modules()[place].text if place in modules() else ""
    faults = check(modules() | {place: Module.of(place, f"{text}\n{line}\n")})
    (new,) = set(faults) - set(check(modules()))
    assert told in new
