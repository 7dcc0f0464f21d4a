"""`make bench`: runs every benchmark, a line a number: `ratio NAME VALUE`, `rate NAME VALUE UNIT`.

A ratio says how many times as long ours takes as the bare part beside it, in the same run; one of
crowds says how many times as many ours makes as another maker of people, one of desks how many
times as many calls ours answers, one of a planned model how many times as long it takes as SimPy
processes, one of explored stories which share of them is the judge's, or how many times as long as
to judge it takes to ask what it decided, one of doubles which share of a bare route's rate a double
answers, and one of the generator how many of the requests that Locust alone sends.
"""

import argparse
import sys
from collections.abc import Callable, Iterable, Sequence

from loadtests.benchmarks import (
    checked_extracts,
    crowds,
    desks,
    doubles,
    events_to_messages,
    explored_stories,
    generator,
    into_an_org,
    mail_server,
    over_sockets,
    planned_years,
    process_per_entity,
    rehearsed_shares,
)

BENCHMARKS: dict[str, Callable[[], Iterable[str]]] = {
    "events_to_messages": events_to_messages.measure,
    "over_sockets": over_sockets.measure,
    "generator": generator.measure,
    "crowds": crowds.measure,
    "checked_extracts": checked_extracts.measure,
    "doubles": doubles.measure,
    "desks": desks.measure,
    "into_an_org": into_an_org.measure,
    "mail_server": mail_server.measure,
    "planned_years": planned_years.measure,
    "process_per_entity": process_per_entity.measure,
    "rehearsed_shares": rehearsed_shares.measure,
    "explored_stories": explored_stories.measure,
}
_EXAMPLES = """Examples:
  python -m loadtests.benchmarks
  python -m loadtests.benchmarks --only desks --only planned_years"""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run every benchmark, or those that are asked for."""
    parser = argparse.ArgumentParser(
        prog="python -m loadtests.benchmarks",
        description="Measure against bare parts, both in one run. Use a quiet machine.",
        epilog=_EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument(
        "--only", action="append", choices=sorted(BENCHMARKS), help="one of them; may be repeated"
    )
    chosen = parser.parse_args(arguments).only
    for name, measure in BENCHMARKS.items():
        for line in measure() if not chosen or name in chosen else ():
            sys.stdout.write(f"{line}\n")
            sys.stdout.flush()
    return 0


if __name__ == "__main__":
    sys.exit(main())
