"""The runner of `make test` hides nothing: skips, empty passes and a missing browser are said."""

from __future__ import annotations

import subprocess
import sys
from contextlib import contextmanager
from itertools import product

import pytest
from django.conf import settings

from tests import chromium, run, selection

ELSEWHERE = pytest.mark.servers

REPORT = """<testsuites><testsuite>
<testcase classname="tests.a" name="good"/>
<testcase classname="tests.a" name="bad"><failure message="no"/></testcase>
<testcase classname="tests.a" name="broken"><error message="no"/></testcase>
<testcase classname="tests.a" name="left"><skipped message="no time"/></testcase>
</testsuite></testsuites>"""


def test_a_report_is_read_whole(tmp_path):
    (tmp_path / "report.xml").write_text(REPORT)
    outcome = run.Outcome("sqlite")
    run.read_report(tmp_path / "report.xml", outcome)
    assert outcome.passed == 1
    assert outcome.failed == ["tests.a::bad", "tests.a::broken"]
    assert outcome.skipped == ["tests.a::left: no time"]
    assert outcome.is_red


def test_the_summary_names_what_was_left_out(capsys):
    outcome = run.Outcome("sqlite", passed=3, skipped=["tests.a::left: no time"])
    assert run.summary([outcome], ["tests/journeys::test_start"]) == 0
    said = capsys.readouterr().out
    for words in ("GREEN", "3 passed", "tests.a::left: no time", "tests/journeys::test_start"):
        assert words in said


@pytest.mark.parametrize("outcome", [run.Outcome("x", failed=["a"]), run.Outcome("x", trouble="a")])
def test_one_red_pass_is_red_in_the_end(outcome):
    assert run.summary([run.Outcome("sqlite", passed=3), outcome], []) == 1


@pytest.fixture
def passes(monkeypatch) -> list[str]:
    """The names of the passes that would run, on no servers and without a browser."""
    ran: list[str] = []

    @contextmanager
    def no_servers():
        yield {}

    def note(planned: list[run.Pass], *_others: object) -> list[run.Outcome]:
        ran.extend(one.name for one in planned)
        return [run.Outcome(one.name, passed=1) for one in planned]

    monkeypatch.setattr(run, "real_servers", no_servers)
    monkeypatch.setattr(run, "run_all", note)
    monkeypatch.setattr(run, "ensure_chromium", lambda: None)
    monkeypatch.setattr(run, "collected", lambda *_words: ["tests/journeys::test_start"])
    monkeypatch.setattr(run.signal, "signal", lambda *_words: None)
    return ran


@pytest.mark.parametrize(("allowed", "code"), [("1", 0), ("", 1)])
def test_a_missing_browser_is_red_unless_allowed(passes, monkeypatch, capsys, allowed, code):
    monkeypatch.setenv("ALLOW_NO_BROWSER", allowed)
    assert run.main([]) == code
    assert passes == ["sqlite", "servers", "postgres"]
    said = capsys.readouterr().out
    assert "tests/journeys::test_start" in said
    assert ("Chromium is missing" in said) is (code == 1)


TWO = """
import pathlib, time, pytest
given = pathlib.Path(__file__).with_name("given")

@pytest.mark.servers
def test_waits():
    print("it waits")
    until = time.monotonic() + 60
    while not given.exists():
        assert time.monotonic() < until
        time.sleep(0.05)
    assert given.read_text() == "{text}"

@pytest.mark.browser
def test_gives():
    given.write_text("this")
"""
BESIDE = run.Pass("waits", "it waits for the next", "servers", beside=True)


@pytest.mark.parametrize(("text", "failed"), [("this", 0), ("that", 1)])
def test_a_pass_beside_is_not_waited_for_and_keeps_nothing_back(tmp_path, capsys, text, failed):
    file = tmp_path / "test_two.py"
    file.write_text(TWO.replace("{text}", text))
    passes = [BESIDE, run.Pass("gives", "it gives", "browser")]
    waits, gives = run.run_all(passes, run.clean_environment(), [str(file)])
    assert (waits.passed, len(waits.failed), gives.passed) == (1 - failed, failed, 1)
    said = capsys.readouterr().out
    assert said.index("it gives") < said.index("what waits said")
    assert ("it waits\n" in said.split("what waits said")[1]) is bool(failed)


def test_a_pass_beside_ends_with_the_run(tmp_path):
    file = tmp_path / "test_two.py"
    file.write_text(TWO.replace("{text}", ""))
    with run.Running(BESIDE, run.clean_environment(), [str(file)], tmp_path) as running:
        assert running.process.poll() is None
    assert running.process.poll() is not None


def test_every_test_is_in_a_pass():
    """Each combination of marks is selected by exactly one pass, PostgreSQL's repetition apart."""
    for servers in (True, False):
        for browser in (True, False):
            marks = {"servers": servers, "browser": browser, "postgres": True}
            chosen = [one for one in run.PASSES if eval(one.marks, {}, marks)]
            assert len([one for one in chosen if not one.on_postgres]) == 1


def test_a_pass_that_reads_some_files_has_no_other_tests():
    for set_or_not in product((True, False), repeat=len(selection.MARKS)):
        marks = dict(zip(selection.MARKS, set_or_not, strict=True))
        chosen = [one for one in run.PASSES if one.naming and eval(one.marks, {}, marks)]
        assert all(marks[one.naming] for one in chosen)


def test_a_mark_that_its_file_does_not_name_is_an_error(tmp_path):
    """The control: it comes from elsewhere, so a pass that reads by name would miss the test."""
    (tmp_path / "test_hidden.py").write_text(
        "from tests.test_runner import ELSEWHERE as pytestmark\ndef test_it(): pass\n"
    )
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "--collect-only"]
    command += ["-c", str(settings.BASE_DIR / "pyproject.toml"), "-p", "tests.selection"]
    found = subprocess.run(
        [*command, tmp_path], capture_output=True, text=True, cwd=settings.BASE_DIR
    )
    assert found.returncode == pytest.ExitCode.USAGE_ERROR
    assert "test_hidden.py: servers" in found.stderr


@pytest.mark.parametrize(
    ("uid", "debian", "installs"), [(0, True, True), (1000, True, False), (0, False, False)]
)
def test_chromium_is_installed_only_by_root_on_debian(monkeypatch, uid, debian, installs):
    called: list[tuple[str, ...]] = []
    monkeypatch.setattr(chromium, "find_chromium", lambda: None)
    monkeypatch.setattr(chromium, "has_chinese_font", lambda: False)
    monkeypatch.setattr(chromium, "is_debian", lambda: debian)
    monkeypatch.setattr(chromium, "apt", lambda *words: called.append(words))
    monkeypatch.setattr(chromium.os, "getuid", lambda: uid)
    monkeypatch.setattr(chromium.shutil, "which", lambda name: f"/usr/bin/{name}")
    chromium.ensure_chromium()
    assert bool(called) is installs
    if installs:
        assert called[-1][-2:] == ("chromium", "fonts-noto-cjk")


def test_the_products_own_variables_do_not_reach_the_tests(monkeypatch):
    monkeypatch.setenv("DATABASE_URL", "postgresql://the.real.one/lawgov")
    assert "DATABASE_URL" not in run.clean_environment()
