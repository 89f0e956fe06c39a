"""Rules of the house that no linter knows: who reads rows, the clock and workbooks, and how."""

from __future__ import annotations

import ast
import re
import subprocess
from collections.abc import Iterator

import pytest
from django.apps import apps

from tests.source import ROOT, Module, modules

# Libraries that one package alone may import: others go through it.
CONFINED = {
    "openpyxl": "lawgov.spreadsheets",
    "python_calamine": "lawgov.spreadsheets",
    "docx": "lawgov.documents",
    "chinese_calendar": "lawgov.calendars",
    "holidays": "lawgov.calendars",
    "pypdfium2": "lawgov.files",
}
# Where requests, beats and commands come in: here the clock is read, here rows are scoped.
EDGES = re.compile(
    r"(_|\b)(views|pages|api|admin|tasks|jobs|commands|middleware|context)$|\.commands\."
)
EDGE_IMPORTS = ("lawgov.accounts.guards.", "lawgov.web.rest.")
CLOCK = {"timezone.now", "datetime.now", "date.today", "time.time", "datetime.utcnow"}
CLOCK_READERS = {
    "lawgov.accounts.sessions:SessionLimitMiddleware.__call__": "an edge: every request passes it",
    "lawgov.accounts.tokens:MembershipTokenAuthentication.authenticate_credentials": "an edge too",
    "lawgov.web.idempotency:once": "an edge of the API",
    "lawgov.web.submissions:OnceMiddleware.process_view": "an edge of the pages",
    "lawgov.web.templatetags.ui:moment": "only where a page has not said its own `now`",
    "lawgov.jobs.actions:run": "long work: its beats tell that it is alive",
    "lawgov.jobs.actions:_reporter": "long work: its beats tell that it is alive",
    "lawgov.jobs.actions:_reporter.report": "long work: its beats tell that it is alive",
    "lawgov.jobs.actions:_finish": "long work: it ends later than it began",
    "lawgov.accounts.operator_site:OperatorSite.each_context": "Django's admin asks without a now",
    "lawgov.desk.queries:rail_counts": "the frame of every page, which says no now",
    "lawgov.desk.exports.lists:ListExport.run": "an edge: the worker begins here",
    "lawgov.imports.work:_run": "an edge: the worker begins here",
    "lawgov.operations.preparation:prepare": "an edge: the start of the product",
    "lawgov.operations.valkey:Valkey.set_aside": "the name of a file that is moved aside",
}
# Scoped rows, rows of the actor's own region, rows of what was found so, and none at all.
SCOPES = ("visible_to(", "in_region(", "actor.region", "campaign=campaign", ".none()", "OuterRef(")
UNSCOPED = {
    "assessments.management.commands.import_ledger:Command.handle": "the operator names the row",
    "assessments.rectification.proof_views:ReferenceForm.__init__": "of the answer's own unit",
    "assessments.rectification.upload_pages:_inspection": "chosen by scope when it was uploaded",
    "assessments.rounds.api:AssignmentDetailSerializer.get_state": "the row that is being shown",
    "indicators.evidence.views:reuse": "of the work's own unit",
    "indicators.assignments.views:_rows": "prefetched for rows that are scoped",
    "indicators.assignments.api:DivisionEndpoint.get_queryset": "prefetched for scoped rows",
    "lawgov.accounts.middleware:ActorMiddleware._load": "the person's own, before they act",
    "lawgov.accounts.api:membership_for": "the person's own, before they act for a place",
    "lawgov.operations.merging:load_of": "of a unit that was found by scope",
    "lawgov.operations.merging:_move_people": "rows that were read by scope above",
}
THIRD_PARTY = re.compile(
    r"(^|/)(vendor|third_party|node_modules|bower_components)/|\.(min\.(js|css)|map|woff2?|ttf|otf"
    r"|eot|whl|jar|so|dll|exe|zip|gz|pyc)$"
)
MACHINE = re.compile(
    r"(?<![\w.:}])/(?:home|root|Users|work|mnt|tmp)/\w+"
    r"|\b(?:pypi|npmjs|pythonhosted|jsdelivr|unpkg|cdnjs|artifactory)\b"
)


def is_edge(module: Module) -> bool:
    return bool(EDGES.search(module.name)) or module.mentions(*EDGE_IMPORTS)


def calls(module: Module, names: set[str]) -> Iterator[str]:
    for where, node in module.nodes():
        if isinstance(node, ast.Call) and ast.unparse(node.func) in names:
            yield f"{module.name}:{where}"


def scoped_tables() -> set[str]:
    """Names of the models whose rows belong to a place."""
    managers = [(model.__name__, model._default_manager.all()) for model in apps.get_models()]
    return {name for name, rows in managers if hasattr(rows, "visible_to")}


def unscoped_rows(module: Module, tables: set[str]) -> Iterator[str]:
    """Functions that begin a query over a place's table and do not say whose rows they want.

    An endpoint's `rows` are scoped by its base class, the rows of a Prefetch by its parents.
    """
    inside: set[int] = set()
    for where, node in module.nodes():
        text = ast.unparse(node) if isinstance(node, ast.Call) else ""
        if text.startswith("Prefetch(") or any(scope in text for scope in SCOPES):
            inside |= {id(part) for part in ast.walk(node)}
        if not isinstance(node, ast.Attribute) or node.attr != "objects" or id(node) in inside:
            continue
        table = ast.unparse(node.value).rpartition(".")[2]
        if table in tables and not where.endswith(".rows"):
            yield f"{module.name}:{where}"


def tracked() -> list[str]:
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True)
    return [name for name in listed.stdout.decode().split("\0") if name and (ROOT / name).exists()]


def texts() -> Iterator[tuple[str, str]]:
    for name in tracked():
        try:
            yield name, (ROOT / name).read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue


@pytest.mark.parametrize(("library", "owner"), CONFINED.items())
def test_one_package_alone_imports(library, owner):
    users = {m.name for m in modules().values() if m.mentions(f"{library}.")
             or any(one.target == library for one in m.imports)}  # fmt: skip
    assert {name for name in users if not f"{name}.".startswith(f"{owner}.")} == set()


def test_only_edges_read_the_clock():
    deep = {at for module in modules().values() if not is_edge(module)
            for at in calls(module, CLOCK)}  # fmt: skip
    assert deep - CLOCK_READERS.keys() == set()
    assert CLOCK_READERS.keys() - deep == set(), "no longer needed"


def test_edges_ask_for_rows_by_place():
    tables = scoped_tables()
    found = {at for module in modules().values() if is_edge(module)
             for at in unscoped_rows(module, tables)}  # fmt: skip
    assert found - UNSCOPED.keys() == set()
    assert UNSCOPED.keys() - found == set(), "no longer needed"


def test_nobody_but_the_workflow_sets_a_state():
    for module in modules().values():
        for where, node in module.nodes():
            targets = node.targets if isinstance(node, ast.Assign) else []
            named = [t for t in targets if isinstance(t, ast.Attribute) and t.attr == "state"]
            assert not named, f"{module.name}:{where} sets a state"


def test_nothing_of_others_is_in_the_repository():
    assert [name for name in tracked() if THIRD_PARTY.search(name)] == []
    long = [name for name, text in texts() if name.endswith((".js", ".css"))
            and max(map(len, text.splitlines()), default=0) > 400]  # fmt: skip
    assert long == [], "minified"


def test_nothing_names_a_machine_or_a_registry():
    found = [f"{name}: {match[0]}" for name, text in texts() for match in MACHINE.finditer(text)
             if name != "tests/test_lints.py"]  # fmt: skip
    assert found == []


MADE_UP = """
from indicators.models import Evidence, Assignment
def page(request):
    return Evidence.objects.filter(unit=1), Assignment.objects.visible_to(1).filter(pk=2)
def deep():
    return date.today()
"""


def test_what_is_wrong_is_found():
    module = Module.of("indicators.evidence.views", MADE_UP)
    assert [*unscoped_rows(module, {"Evidence", "Assignment"})] == [f"{module.name}:page"]
    assert [*calls(module, CLOCK)] == [f"{module.name}:deep"]
    assert THIRD_PARTY.search("lawgov/web/static/web/js/htmx.min.js")
    assert MACHINE.search("see /home/somebody/x") and MACHINE.search("from pypi.org")
