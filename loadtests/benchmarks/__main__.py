"""`make bench`: runs every benchmark, a line a number: `ratio NAME VALUE`, `rate NAME VALUE UNIT`.

A ratio says how many times as long ours takes as the bare part beside it, in the same run.
"""

import sys

from loadtests.benchmarks import events_to_messages


def main() -> int:
    """Run every benchmark."""
    for line in events_to_messages.measure():
        sys.stdout.write(f"{line}\n")
        sys.stdout.flush()
    return 0


if __name__ == "__main__":
    sys.exit(main())
