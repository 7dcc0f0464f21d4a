"""Rules for what is sent: each is broken once here, and found; and how long a text is."""

import tomllib
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reference.catalogue_check.wording_rules import longest_text, text_characters, text_parts
from reference.portal.words.wording import MessageWords
from tests.reference.catalogue_check.spoiled_words import READ, only_fault, with_message

ORDER: dict[str, Any] = tomllib.loads(
    (Path(__file__).parents[3] / "scenarios/orders/two-forces.toml").read_text(encoding="utf-8")
)
TEXT = "{force}: you have an update. Sign in at {portal}\nNot for you? Text NOT ME"
EMAIL = (
    "Hello {name},\n\nAn update from {force} is at {portal}\n\nNot for you? Tell us: {not_for_me}"
)
CODE = "{force}: {code} at {portal}\nNot for you? Text NOT ME"
# One part each, for it is paid for: but for what holds a link, and an answer that is rare.
PARTS = {"invitation": 2, "where_to_write": 2}


@pytest.mark.parametrize("message", READ.message, ids=lambda each: each.id)
def test_a_message_never_holds_what_the_order_denies(message: MessageWords) -> None:
    """No text, subject or email holds a word that the order denies."""
    said = f"{message.text}\n{message.email_subject}\n{message.email_body}".casefold()

    for word in ORDER["messages"]["denied_in_text"]:
        assert word not in said


def test_the_catalogues_own_list_is_as_strict_as_the_order() -> None:
    """Every word the order denies is also on the catalogue's list."""
    assert set(ORDER["messages"]["denied_in_text"]) <= set(READ.checks.denied_in_messages)


@pytest.mark.parametrize("message", READ.message, ids=lambda each: each.id)
def test_a_text_fits_its_parts(message: MessageWords) -> None:
    """What is sent often is one part long, the rest two, for the force with the longest name."""
    text = longest_text(message, READ.checks.longest)

    assert text.isascii()
    assert text_parts(text) == PARTS.get(message.id, 1) == message.text_parts_max


@pytest.mark.parametrize(
    ("changes", "fault"),
    [
        ({"text": TEXT.replace("an update", "{place}")}, "text has {place}; only force, non_"),
        ({"text": TEXT.replace("an update", "{code}")}, "text has {code}; only force, non_"),
        ({"text": TEXT.replace("an update", "{name}")}, "text has {name}; only force, non_"),
        ({"text": TEXT.replace("an update", "{portal!r}")}, "text has {portal!r}; only force"),
        ({"text": TEXT.replace("an update", "{portal[0]}")}, "text has {portal[0]}; only force"),
        ({"text": TEXT.replace("update", "update}")}, "text has a brace that does not match"),
        ({"text": TEXT.replace("an update", "a Burglary")}, "text has 'burglary', which a message"),
        ({"text": TEXT.replace("an update", "to act now")}, "text has 'act now', which a message"),
        ({"text": TEXT.replace("you have", "you’ve")}, "text has '’', which is not GSM-7"),
        ({"text": TEXT + " please" * 6}, "text is 2 parts (180 characters) with the longest"),
        ({"text": TEXT + "{{ please please now!!!"}, "text is 2 parts (161 characters) with"),
        ({"text": TEXT.replace("{force}", "us")}, "text does not say which force it is from"),
        ({"text": TEXT.replace("Not for you?", "No?")}, "text has no way to say 'this is"),
        ({"text": TEXT.replace("Text NOT ME", "Oh")}, "text has no way to say 'this is"),
        (
            {"text": TEXT.replace("Text NOT ME", "Call {non_emergency}")},
            "text has no way to say 'this is",
        ),
        (
            {"text": "{force}: an update. Not for you? Tell us there, at {portal}"},
            "text has no way to say 'this is",
        ),
        ({"email_subject": "A suspect, {force}"}, "email_subject has 'suspect', which a message"),
        ({"email_subject": "Hello {name}"}, "email_subject has {name}; only force, non_"),
        ({"email_body": EMAIL + " Your officer."}, "email_body has 'officer', which a message"),
        ({"email_body": EMAIL.replace("Hello {name},", "{name}!")}, "email_body: write the name"),
        ({"email_body": EMAIL.replace("{force}", "us")}, "email_body does not say which force"),
        ({"email_body": EMAIL.replace("Not for you?", "")}, "email_body has no way to say"),
        ({"email_body": EMAIL + " word" * 23}, "email_body has a sentence of 26 words"),
        ({"email_body": EMAIL + " {code}"}, "email_body has {code}; only force, name, non_"),
        ({"email_subject": ""}, "email_subject and email_body come together; give both"),
    ],
)
def test_a_message_that_breaks_a_rule_is_found(changes: dict[str, Any], fault: str) -> None:
    """Names, telling words, odd letters, too many parts, no sender, no way out: each is found."""
    assert only_fault(with_message("update", **changes)).startswith(f"message 'update': {fault}")


@pytest.mark.parametrize(
    ("message_id", "changes", "fault"),
    [
        ("one_time_code", {"text": CODE.replace("{code}", "x")}, "text has no {code}; add it"),
        (
            "one_time_code",
            {"email_body": EMAIL.replace("{not_for_me}", "{portal}/not-for-me {code}")},
            "email_body has {code} among its first 90 characters",
        ),
        (
            "invitation",
            {"email_body": EMAIL + " {link}"},
            "email_body has {link} among its first 90 characters",
        ),
        ("invitation", {"text_parts_max": 1}, "text is 2 parts (223 characters)"),
    ],
)
def test_codes_and_links_stand_where_they_may(
    message_id: str, changes: dict[str, Any], fault: str
) -> None:
    """They are in the message that is for them, and not in what a locked phone shows of it."""
    found = only_fault(with_message(message_id, **changes))

    assert found.startswith(f"message {message_id!r}: {fault}")


@pytest.mark.parametrize(
    ("text", "characters", "parts"),
    [
        ("", 0, 1),
        ("a" * 160, 160, 1),
        ("a" * 161, 161, 2),
        ("€" * 80, 160, 1),
        ("€" * 81, 162, 2),
        ("a" * 306, 306, 2),
        ("a" * 307, 307, 3),
    ],
)
def test_a_text_is_counted_as_the_network_does(text: str, characters: int, parts: int) -> None:
    """160 characters make one part, 153 each of many, and the euro sign takes the room of two."""
    assert (text_characters(text), text_parts(text)) == (characters, parts)


@given(st.text(max_size=400), st.text(max_size=20))
def test_more_text_never_takes_fewer_parts(text: str, more: str) -> None:
    """Parts grow with the text, and each holds no more than a part can."""
    assert 1 <= text_parts(text) <= text_parts(text + more)
    assert text_parts(text) * 160 >= text_characters(text)
