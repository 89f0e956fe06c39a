"""What pages, clicks and lists cost, as ratios taken side by side in one run: `make bench-pages`.

On a PostgreSQL of its own, with the demo place. Each work stands beside the least that must be done
for it: the same statements through a bare cursor, a view that says hello, the same table in a plain
template. Rounds are interleaved and medians taken, of CPU seconds of this process and its backend.
The same work in a small and in a large table is compared by way of hello, which costs the same in
both. Source of the goals: performance guide, goals 7 to 13 and 15.
"""

from __future__ import annotations

import argparse
import os
from collections.abc import Iterable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.benchmarks.page_works import Work

ISSUES, PLACES, DEEP = 2_000, 2_800, 39_000
GROWN = 1.3  # what a place may cost more because there are many others


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--issues", type=int, default=ISSUES, help="of the demo place")
    parser.add_argument("--places", type=int, default=PLACES, help="others, of 204 issues each")
    parser.add_argument("--deep", type=int, default=DEEP, help="issues of one more place")
    given = parser.parse_args()
    from tests.servers.postgres import Postgres

    server = Postgres()
    try:
        server.start()
        print(f"PostgreSQL {server.version()}, {server.source}")
        os.environ |= {"DATABASE_URL": server.url, "DJANGO_SETTINGS_MODULE": "lawgov.settings.test"}
        import django

        django.setup()
        _measure(given.issues, given.places, given.deep)
    finally:
        server.remove()


def _measure(issues: int, places: int, deep: int) -> None:
    from django.utils import timezone

    from lawgov.calendars import local_day
    from tests.benchmarks.page_rows import fill, grow
    from tests.benchmarks.page_works import Bench

    today = local_day(timezone.now())
    bench = Bench(fill(issues, today), today)
    print(f"\n{issues:,} individual issues in one place")
    small = tell([*bench.clicks(), *bench.lists(), *bench.growing()])
    large_place = grow(places, deep)
    print(f"\nthe same place beside {places:,} others, {issues + places * 204 + deep:,} issues")
    large = tell(bench.growing())
    for name, cost in large.items():
        print(f"  {name}, large / small table: {cost / small[name]:.2f} (goal {GROWN})")
    print(f"\na place of {deep:,}, and the comparison of places")
    tell([*bench.depth(large_place), *bench.places()])


def tell(works: Iterable[Work]) -> dict[str, float]:
    """Print a line for each work and side; the works' cost in hellos, by name."""
    costs = {}
    for work in works:
        taken = work.medians()
        ours, hello = taken.pop("ours"), taken["hello"]
        costs[work.name] = ours / hello
        queries = f"{work.queries()} queries" + (f" (goal {work.most})" if work.most else "")
        print(f"  {work.name}: {ours * 1000:.2f} ms, {queries}")
        for side, cost in taken.items():
            goal = f" (goal {work.goals[side]:g})" if side in work.goals else ""
            print(f"    / {side} {cost * 1000:.2f} ms: {ours / cost:.2f}{goal}")
    return costs


if __name__ == "__main__":
    main()
