"""What is struck out of messages before they are written down, and what the judge still reads."""

from datetime import UTC, datetime

import pytest
from msgspec import structs

from simulator.doubles.struck_words import StruckWords, has_unknown_link, struck_path
from simulator.inputs.target import Patterns
from simulator.judge.text.telling_words import TELLING_WORDS
from simulator.neighbours.gateway.inbox import Accepted

MESSAGE = Accepted(
    message_id="m-1",
    channel="text",
    to="07700900123",
    to_given="07700 900123",
    subject="",
    body="You have an update",
    sender="GOVUK",
    reference="e-1",
    template_id="",
    accepted_at=datetime(2026, 6, 1, 9, tzinfo=UTC),
)


@pytest.mark.parametrize(
    ("words", "secret"),
    [
        ("Your code is 918273", "918273"),
        ("Your code: 918 274", "274"),
        ("Your code: 91-82-75, please", "75"),
        ("9 1 8 2 7 6", "7"),
        ("kod 9182771", "9182771"),
        ("kod \uff19\uff11\uff18\uff12\uff17\uff18", "\uff19"),
        ("Use QX7-K2M to sign in", "K2M"),
        ("Your code is kjhgfd", "kjhgfd"),
        ("kjhgfd is your one-time code", "kjhgfd"),
        ("Your code is AB12CDE", "AB12CDE"),
        ("https://portal.example/join?t=TOKEN", "TOKEN"),
        ("https://portal.example/?t=1#TOKEN", "TOKEN"),
        ("https://portal.example?TOKEN", "TOKEN"),
        ("https://portal.example/invitation/TOKEN", "TOKEN"),
        ("https://portal.example/TOKEN/\u2026", "TOKEN"),
        ("https://TOKEN@portal.example/", "TOKEN"),
        ("go to portal.example/invitation/TOKEN.", "TOKEN"),
        ("victims-portal://open/TOKEN", "TOKEN"),
    ],
)
def test_a_link_or_code_of_any_form_is_struck_out(words: str, secret: str) -> None:
    """Nobody can use it out of the evidence, though no pattern of a target file knows it."""
    message = structs.replace(MESSAGE, body=words, subject=words, sender=words)
    made = StruckWords(Patterns()).as_evidence(message)

    assert secret not in made.body
    assert secret not in made.subject
    assert secret not in made.sender


def test_a_link_in_the_reference_is_struck_out() -> None:
    """A reference that names an event stays as it is."""
    struck = StruckWords(Patterns())
    link = structs.replace(MESSAGE, reference="https://portal.example/join/TOKEN")

    assert "TOKEN" not in struck.as_evidence(link).reference
    assert struck.as_evidence(MESSAGE).reference == "e-1"


@pytest.mark.parametrize(
    "words",
    [
        "An officer visits on 9 June 2026 at 10:30, or on 2026-06-10 or 11/06/2026.",
        "Call 101, 0800 123 4567 or +447700900123 within 28 days.",
        "Alex lives at SN1 2AB; the car is AB12 CDE; write to alex123@example.com.",
        "Sign in at https://portal.example/ or http://127.0.0.1:18000",
        "The Victims' Code: rights that you have. Your code is valid for 10 minutes.",
        "About crime TV12345678",
    ],
)
def test_what_the_judge_looks_for_stays(words: str) -> None:
    """Dates, phone numbers, places, mailboxes, hosts and the force's own references."""
    struck = StruckWords(Patterns())
    struck.know("TV12345678")

    assert struck.struck_out(words) == words


def test_a_link_keeps_its_host_and_the_words_that_tell() -> None:
    """The judge can say where it leads, and that it says what happened to whom."""
    struck = StruckWords(Patterns())
    struck.know("43260000101")
    shown = struck.struck_out("https://evil.example/your-rape-case/43260000101/x1")

    assert shown.startswith("https://evil.example/\u2026/")
    assert TELLING_WORDS.search(shown)
    assert "43260000101" in shown


def test_links_can_be_compared_by_their_marks() -> None:
    """The same link has the same mark, one with another token another of the same form."""
    struck = StruckWords(Patterns())
    same, again, other, plain = (
        struck.struck_out(f"https://portal.example/{each}")
        for each in ("updates/a1", "updates/a1", "updates/a2", "updates")
    )

    assert same == again
    assert same != other
    assert same.rpartition("/")[0] == other.rpartition("/")[0]
    assert plain.count("/") < same.count("/")


def test_a_mark_says_that_a_link_is_ones_own() -> None:
    """One that a pattern knows is none of these, and neither is one that is the same for all."""
    struck = StruckWords(Patterns())
    unknown, known, for_all = (
        has_unknown_link(struck.as_evidence(structs.replace(MESSAGE, body=f"https://p.test/{own}")))
        for own in ("join?t=a1b2", "invitation/a1b2", "help")
    )

    assert (unknown, known, for_all) == (True, False, False)


@pytest.mark.parametrize(
    ("path", "shown"),
    [
        ("/v2/notifications/TOKEN7", "/v2/notifications/\u2026"),
        ("/occurrences/TOKEN8/enquiry-log", "/occurrences/\u2026/enquiry-log"),
        ("/v2/notifications/sms", "/v2/notifications/sms"),
        ("/occurrences/43260000101/enquiry-log", "/occurrences/43260000101/enquiry-log"),
        (
            "/api/data/v9.2/incidents(0f3c1d52-7a55-4f0e-9f3e-0d8f3b1c2a01)/createdon",
            "/api/data/v9.2/incidents(0f3c1d52-7a55-4f0e-9f3e-0d8f3b1c2a01)/createdon",
        ),
        ("/api/data/v9.2/$batch", "/api/data/v9.2/$batch"),
        ("/api/data/v9.2/WhoAmI", "/api/data/v9.2/WhoAmI"),
        ("/api/data/v9.2/RetrieveVersion()", "/api/data/v9.2/RetrieveVersion()"),
        ("/a-tenant/oauth2/v2.0/token", "/a-tenant/oauth2/v2.0/token"),
        ("/incidents/Incident_Tasks/$ref", "/incidents/Incident_Tasks/$ref"),
        ("/TOKENS/TOKENTOKENTOKEN", "/\u2026/\u2026"),
        ("/tokentokentokentokentoken", "/\u2026"),
        ("/enquiryLogEntry", "/enquiryLogEntry"),
        ("/", "/"),
    ],
)
def test_a_path_keeps_what_the_double_could_know(path: str, shown: str) -> None:
    """A part that is no address of the doubles, no id and no crime's number may be a secret."""
    assert struck_path(path) == shown
