"""`make bench`: runs every benchmark, a line a number: `ratio NAME VALUE`, `rate NAME VALUE UNIT`.

A ratio says how many times as long ours takes as the bare part beside it, in the same run; one of
crowds says how many times as many ours makes as another maker of people.
"""

import sys

from loadtests.benchmarks import (
    checked_extracts,
    crowds,
    events_to_messages,
    over_sockets,
    planned_years,
    rehearsed_shares,
)


def main() -> int:
    """Run every benchmark."""
    for lines in (
        events_to_messages.measure(),
        over_sockets.measure(),
        crowds.measure(),
        checked_extracts.measure(),
        planned_years.measure(),
        rehearsed_shares.measure(),
    ):
        for line in lines:
            sys.stdout.write(f"{line}\n")
            sys.stdout.flush()
    return 0


if __name__ == "__main__":
    sys.exit(main())
