"""The benchmark measures what it says, in lines that a script can read."""

import re

from loadtests.benchmarks.events_to_messages import measure


def test_every_number_has_a_line_of_its_own() -> None:
    """Each way of delivering gives both rates and their ratio."""
    note, *lines = measure(events=120, runs=1)

    assert note.endswith("on SQLite with synchronous=NORMAL: no commit waits for the disk")
    assert [line.split()[:2] for line in lines] == [
        ["rate", "events_to_messages_one_at_a_time"],
        ["rate", "bare_endpoint_one_at_a_time"],
        ["ratio", "events_to_messages_one_at_a_time"],
        ["rate", "events_to_messages_in_batches_of_100"],
        ["rate", "bare_endpoint_in_batches_of_100"],
        ["ratio", "events_to_messages_in_batches_of_100"],
    ]
    assert all(re.fullmatch(r"rate \S+ \d+ events/s|ratio \S+ \d+\.\d\d", line) for line in lines)
