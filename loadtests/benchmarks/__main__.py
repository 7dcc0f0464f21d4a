"""`make bench`: runs every benchmark, a line a number: `ratio NAME VALUE`, `rate NAME VALUE UNIT`.

A ratio says how many times as long ours takes as the bare part beside it, in the same run; one of
crowds says how many times as many ours makes as another maker of people, one of desks how many
times as many calls ours answers, one of a planned model how many times as long it takes as SimPy
processes, one of doubles which share of a bare route's rate a double
answers, and one of the generator how many of the requests that Locust alone sends.
"""

import sys

from loadtests.benchmarks import (
    checked_extracts,
    crowds,
    desks,
    doubles,
    events_to_messages,
    generator,
    mail_server,
    over_sockets,
    planned_years,
    process_per_entity,
    rehearsed_shares,
)


def main() -> int:
    """Run every benchmark."""
    for lines in (
        events_to_messages.measure(),
        over_sockets.measure(),
        generator.measure(),
        crowds.measure(),
        checked_extracts.measure(),
        doubles.measure(),
        desks.measure(),
        mail_server.measure(),
        planned_years.measure(),
        process_per_entity.measure(),
        rehearsed_shares.measure(),
    ):
        for line in lines:
            sys.stdout.write(f"{line}\n")
            sys.stdout.flush()
    return 0


if __name__ == "__main__":
    sys.exit(main())
