"""Links and codes let people in: no line of evidence may hold one."""

from io import BytesIO

import pytest

from reference.contract.events import Channel
from simulator.evidence.files import write_evidence
from simulator.evidence.records import MessageAccepted
from tests.simulator.worlds import EMAIL, MOBILE, START, Around

TOKEN = "Zk3q9vT-token_of_a_test"
OTHER = "Yw8r2uS-other_token"
CODE = "493817"
HOST = "https://portal.example"
LINK = f"{HOST}/invitation/{TOKEN}"


def accepted(body: str, *, subject: str = "", channel: Channel = "text") -> MessageAccepted:
    """Let a message arrive; gives its line of evidence after looking for secrets in every line."""
    around = Around()
    around.meet()
    to = MOBILE if channel == "text" else EMAIL
    sent = around.send(body, subject=subject, channel=channel, to=to)
    around.world.settle()

    assert around.world.messages_at(to) == [sent], "the phone and mailbox hold all of it"
    file = BytesIO()
    write_evidence(file, around.evidence.records, process="test", wall=START)
    written = file.getvalue().decode()
    assert not [each for each in (TOKEN, OTHER, CODE) if each in written]
    [record] = (each for each in around.evidence.records if isinstance(each, MessageAccepted))
    return record


def test_an_ordinary_message_is_kept_word_for_word() -> None:
    """Where there is no link and no code, nothing is struck out."""
    words = "Thames Valley Police: there is an update. https://portal.example Call 101."

    record = accepted(words, subject="An update", channel="email")

    assert (record.body, record.subject, record.carries) == (words, "An update", "")


def test_a_link_is_struck_out() -> None:
    """That it was an invitation is kept, the token is not, and the words around it are."""
    record = accepted(f"Sign in here: {LINK} until Friday.")

    assert record.carries == "invitation"
    assert record.body == f"Sign in here: {HOST}/invitation/… until Friday."


def test_a_code_is_struck_out() -> None:
    """That it was a code is kept, the digits are not."""
    record = accepted(f"{CODE} is your code. Call 101 if you did not ask for it.")

    assert record.carries == "one_time_code"
    assert record.body == "······ is your code. Call 101 if you did not ask for it."


@pytest.mark.parametrize(
    "link",
    [
        f"{LINK}/",
        f"{LINK}?next=/crimes",
        f"{LINK}#a/b",
        f"{LINK}/start",
        f"{HOST}/invitation/a/b?token={TOKEN}&to=/x",
    ],
)
def test_a_link_of_any_shape_is_struck_out(link: str) -> None:
    """Wherever in its link a portal puts the token, it is not in the evidence."""
    assert accepted(f"Sign in here: {link} until Friday.").carries == "invitation"


@pytest.mark.parametrize(
    "body",
    [
        f"Sign in: {LINK} and again: {LINK}",
        f"Sign in: {LINK} or, on a phone, {HOST}/invitation/{OTHER}",
        f"Sign in: {LINK} with the code {CODE}.",
        f"With the code {CODE} sign in: {LINK}",
        f"{CODE} is your code, and {CODE} again.",
        f"Your codes: {CODE}, 113355 and 224466.",
    ],
)
def test_every_link_and_code_is_struck_out(body: str) -> None:
    """A message may hold several: none of them stays."""
    record = accepted(body)

    assert "113355" not in record.body
    assert "224466" not in record.body


def test_a_code_in_a_subject_is_struck_out() -> None:
    """Many services put the code into the subject, where it shows in the list of messages."""
    record = accepted(f"Your code is {CODE}.", subject=f"{CODE} is your code", channel="email")

    assert CODE not in record.subject
    assert record.subject.endswith(" is your code")


def test_a_link_in_a_subject_is_struck_out() -> None:
    """A subject is kept word for word, but for what lets people in."""
    record = accepted("See the subject.", subject=f"Sign in at {LINK}", channel="email")

    assert TOKEN not in record.subject
    assert record.subject.startswith("Sign in at ")


def test_the_victim_finds_what_was_struck_out() -> None:
    """What is missing in the evidence is still on the phone: the victim can sign in with it."""
    around = Around()
    around.meet()
    invitation, code = around.send(f"Here: {LINK}"), around.send(f"{CODE} is your code")
    around.world.settle()

    assert around.world.link_in(invitation) == LINK
    assert around.world.code_in(code) == CODE
    assert around.world.link_in(code) == ""
    assert around.world.code_in(around.send("Call 101, or 02079460123.")) == ""
