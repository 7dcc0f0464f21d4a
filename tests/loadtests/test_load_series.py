"""Second by second: what waited, how old the oldest was, and what was refused."""

from datetime import UTC, datetime, timedelta

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from loadtests.load_series import load_series
from simulator.evidence.records import MessageAccepted

START = datetime(2026, 6, 1, 9, tzinfo=UTC)


def _at(seconds: float) -> datetime:
    return START + timedelta(seconds=seconds)


def _message(reference: str, seconds: float) -> MessageAccepted:
    return msgspec.convert(
        {
            "kind": "MessageAccepted",
            "at": _at(seconds),
            "message_id": f"{reference}-{seconds}",
            "channel": "text",
            "to": "07700900123",
            "subject": "",
            "body": "There is news for you.",
            "sender": "Police",
            "reference": reference,
        },
        MessageAccepted,
    )


def test_the_age_of_the_oldest_grows_until_it_is_told() -> None:
    """Worked by hand: due at 0 and 1.5, told at 3.5 and 1.6."""
    scheduled = {"first": _at(0), "second": _at(1.5)}
    series = load_series(
        scheduled,
        [_message("first", 3.5), _message("second", 1.6)],
        {"first": _at(0.1), "second": _at(1.55)},
        visits=[],
        refused=[_at(2.2), _at(2.9)],
    )

    assert [each.oldest_seconds for each in series] == [1.0, 2.0, 3.0, 0.0]
    assert [each.backlog for each in series] == [1, 1, 1, 0]
    assert [each.refused for each in series] == [0, 0, 2, 0]


def test_a_burst_without_updates_has_no_seconds() -> None:
    """There is nothing to count from."""
    assert load_series({}, [], {}, visits=[]) == []


@given(st.dictionaries(st.sampled_from("abcdefgh"), st.tuples(st.floats(0, 9), st.floats(0, 9))))
def test_every_message_and_update_is_in_one_second(times: dict[str, tuple[float, float]]) -> None:
    """Sums are the same as without seconds, and nothing waits at the end when all was told."""
    scheduled = {event: _at(due) for event, (due, _wait) in times.items()}
    messages = [_message(event, due + wait) for event, (due, wait) in times.items()]
    series = load_series(scheduled, messages, scheduled, visits=[])

    assert sum(each.messages for each in series) == len(times)
    assert sum(each.updates_accepted for each in series) == len(times)
    assert not series or (series[-1].backlog == 0 and series[-1].oldest_seconds == 0.0)
