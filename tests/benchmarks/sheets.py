"""What the sheets cost, as ratios taken side by side in one run: `make bench-sheets`.

Ledgers of 204, 10,000 and 100,000 answers and the assessment sheet of 100 indicators, against
django-import-export on the same rows and against deflating the same XML. Rounds are interleaved and
medians taken, of CPU seconds; memory is that of a process of its own.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path

SIZES = (204, 10_000, 100_000)
IDLE = 10  # answers of the place whose export stands for the idle process
ROUNDS = {204: 9, 10_000: 5, 100_000: 3}
SLOW = 1_000  # beyond this many rows the slow side runs once
# Of 10,000 rows and more; a few hundred are the price of a workbook, whoever writes it.
GOALS = {
    "limit": 4.0,
    "writer": 2.5,
    "other": 20.0,
    "memory": 16.0,
    "growth": 1.2,
    "queries": 15,
    "assessment": 1.3,
}


def main() -> None:
    """Fill a database of its own and print a table a size."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", type=int, nargs="*", default=SIZES)
    parser.add_argument(
        "--peer", type=int, default=max(SIZES), help="rows up to which the slow side runs"
    )
    parser.add_argument("--peak", type=int, help="only print the peak memory of one export")
    given = parser.parse_args()
    if given.peak is not None:
        print(json.dumps(peaks(given.peak)))
        return
    with tempfile.TemporaryDirectory(prefix="bench-sheets-") as folder:
        os.environ["DATABASE_URL"] = f"sqlite:///{folder}/bench.sqlite3"
        set_up()
        from django.core.management import call_command

        call_command("migrate", verbosity=0)
        from tests.benchmarks.ledger_rows import fill

        started = time.perf_counter()
        fill(IDLE)
        regions = {count: fill(count) for count in given.sizes}
        print(f"{sum(given.sizes):,} answers written in {time.perf_counter() - started:.0f} s")
        queries = [
            _ledger(region, count, Path(folder), peer=count <= given.peer)
            for count, region in regions.items()
        ]
        same = said(len(set(queries)) == 1)
        print(f"\nqueries an export: {queries} (goal: the same for every size: {same})")
        _assessment(Path(folder))
        _memory(given.sizes)


def set_up() -> None:
    """Django as the tests have it, on the database that DATABASE_URL names."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "lawgov.settings.test"
    import django

    django.setup()


def medians(rounds: int, works: dict[str, Callable[[], object]]) -> dict[str, float]:
    """CPU seconds of each work, the works taken in turn."""
    taken: dict[str, list[float]] = {name: [] for name in works}
    for _ in range(rounds):
        for name, work in works.items():
            before = time.process_time()
            work()
            taken[name].append(time.process_time() - before)
    return {name: statistics.median(times) for name, times in taken.items()}


def _ledger(region: object, count: int, folder: Path, *, peer: bool) -> int:
    """One size: the long sheet from the database, the writer alone, and both others; queries."""
    from django.utils import timezone

    from assessments.rectification.exported_rows import ledger_rows
    from assessments.rectification.exporting import heading_of
    from assessments.rectification.sheets import long_ledger
    from lawgov.spreadsheets import house
    from lawgov.spreadsheets.lists import streamed
    from lawgov.spreadsheets.stream import stream
    from tests.benchmarks.ledger_rows import answers_of, office
    from tests.benchmarks.peers import exported_by_resource

    now, actor = timezone.now(), office(region)
    answers, target = answers_of(region), folder / "ledger.xlsx"
    found = long_ledger(heading_of(region, actor, now.date()))
    table: house.Table = house.Table(found.columns)

    def ours() -> None:
        lines = (table.values(row) for row in ledger_rows(answers))
        stream(streamed(found), lines, target, created=now)

    ours()
    markup = _markup(target)
    ready = [table.values(row) for row in ledger_rows(answers)]
    works = {
        "ours": ours,
        "writer": lambda: stream(streamed(found), ready, folder / "w.xlsx", created=now),
        "limit": lambda: _deflate(markup),
    }
    if peer and count <= SLOW:
        works["other"] = lambda: exported_by_resource(answers)
    taken = medians(ROUNDS.get(count, 3), works)
    if peer and count > SLOW:
        taken |= medians(1, {"other": lambda: exported_by_resource(answers)})
    queries = _queries(ours)
    print(f"\nledger of {count:,}: {len(markup) / 1e6:.1f} MB of XML, {queries} queries")
    limit, writer, other = ("limit", "writer", "other") if count > SLOW else ("", "", "")
    _tell("from the database / deflating the same XML", taken["ours"] / taken["limit"], limit)
    _tell("writer alone / deflating the same XML", taken["writer"] / taken["limit"], writer)
    if peer:
        _tell("django-import-export / ours", taken["other"] / taken["ours"], other, least=True)
    seconds = ", ".join(f"{name} {value:.2f}" for name, value in taken.items())
    print(f"  CPU seconds: {seconds}", flush=True)
    return queries


def _tell(what: str, figure: float, goal: str, *, least: bool = False) -> None:
    """One figure with its goal, an upper bound unless `least`, and whether it is reached.

    Without a goal it is only told.
    """
    if not goal:
        print(f"  {what}: {figure:.2f}")
        return
    reached = figure >= GOALS[goal] if least else figure <= GOALS[goal]
    print(f"  {what}: {figure:.2f} (goal {'≥' if least else '≤'} {GOALS[goal]:g}: {said(reached)})")


def said(reached: bool) -> str:
    return "reached" if reached else "missed"


def _markup(path: Path) -> bytes:
    with zipfile.ZipFile(path) as archive:
        return archive.read("xl/worksheets/sheet1.xml")


def _deflate(markup: bytes) -> int:
    """What nobody can save: zlib level 1 over the same bytes, in pieces as they come."""
    squeeze, size = zlib.compressobj(zlib.Z_BEST_SPEED), 0
    for start in range(0, len(markup), 65_536):
        size += len(squeeze.compress(markup[start : start + 65_536]))
    return size + len(squeeze.flush())


def _queries(work: Callable[[], object]) -> int:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as found:
        work()
    return len(found)


def _assessment(folder: Path) -> None:
    """The styled sheet of 100 indicators, from the database, against openpyxl with its cells."""
    from django.utils import timezone

    from assessments.rounds.exporting import assessment_workbook
    from lawgov.spreadsheets.writer import write
    from tests.benchmarks.ledger_rows import office
    from tests.benchmarks.peers import cells_of, written_by_openpyxl
    from tests.factories import make_campaign, make_edition, make_region

    region = make_region("bench-sheet", name="安和区")
    edition = make_edition(areas=9, groups=4, each=3)
    edition.indicators.filter(number__gt=100).delete()
    campaign = make_campaign(region, edition)
    now, actor, target = timezone.now(), office(region), folder / "assessment.xlsx"

    def ours() -> None:
        rows = campaign.assignments.all()
        book = assessment_workbook(campaign, rows, actor, today=now.date(), created=now)
        write(book, target)

    ours()
    cells = cells_of(target)
    taken = medians(9, {"ours": ours, "openpyxl": lambda: written_by_openpyxl(cells)})
    print("\nassessment sheet of 100")
    _tell("queries", _queries(ours), "queries")
    _tell("ours / openpyxl, same cells", taken["ours"] / taken["openpyxl"], "assessment")
    print(f"  CPU seconds: ours {taken['ours']:.3f}, openpyxl {taken['openpyxl']:.3f}")


def _memory(sizes: list[int]) -> None:
    """Peak of a process of its own over what it needs idle, and that of many against few rows."""
    print("\nmemory")
    needed: list[tuple[int, float]] = []
    for count in (size for size in sizes if size > 2_000):
        command = (sys.executable, "-m", "tests.benchmarks.sheets", "--peak", str(count))
        done = subprocess.run(command, check=True, capture_output=True, text=True)
        idle, peak = json.loads(done.stdout)
        needed.append((count, peak - idle))
        _tell(f"{count:,} rows, MiB over the idle {idle:.0f}", peak - idle, "memory")
    if len(needed) > 1:
        (few, low), (many, high) = needed[0], needed[-1]
        _tell(f"{many:,} rows / {few:,}", high / low, "growth")


def peaks(count: int) -> tuple[float, float]:
    """MiB at most before and after an export of `count` answers.

    Before it goes the export of another place that has only a few: it leaves behind what any
    export needs, and nothing that grows with a place. The database's cache of pages is kept small:
    it fills up to its 16 MB with whatever a worker reads.
    """
    set_up()
    from django.db import connection
    from django.utils import timezone

    from assessments.rectification.exporting import write_ledger
    from lawgov.units.models import Region
    from tests.benchmarks.ledger_rows import answers_of, code_of, office
    from tests.memory import peak

    now = timezone.now()
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA cache_size=-1000")

    def write(answers: int) -> float:
        region = Region.objects.get(code=code_of(answers))
        rows, actor = answers_of(region), office(region)
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "ledger.xlsx"
            write_ledger(region, "individual", rows, actor, path, today=now.date(), created=now)
        return peak()

    return write(IDLE), write(count)


if __name__ == "__main__":
    main()
