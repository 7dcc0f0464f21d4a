"""Messages are told apart by the words of the catalogue, with what is filled in."""

from datetime import UTC, datetime

import pytest

from simulator.evidence.records import MessageAccepted
from simulator.planning.message_words import MessageWords

WORDS = MessageWords()


def sent(channel: str, *, subject: str = "", body: str = "") -> MessageAccepted:
    """Make a message."""
    return MessageAccepted(
        at=datetime(2027, 1, 4, tzinfo=UTC),
        message_id="1",
        channel=channel,  # type: ignore[arg-type]
        to="",
        subject=subject,
        body=body,
        sender="",
        reference="",
    )


@pytest.mark.parametrize(
    ("message", "names"),
    [
        (sent("email", subject="Your regular update from Hampshire"), ("still_with_us",)),
        (sent("email", subject="You have an update from X"), ("update", "reply", "advice")),
        (sent("email", subject="An invitation from Hampshire"), ("invitation",)),
        (sent("email", subject="Something else from Hampshire"), ()),
        (sent("text", body="An invitation from Hampshire"), ()),
        (sent("text", body="Hampshire: you have an update."), ()),
    ],
)
def test_a_message_is_known_by_its_words(message: MessageAccepted, names: tuple[str, ...]) -> None:
    """By all of a text, and by an email's subject; other words are nobody's."""
    assert WORDS.names(message) == names
