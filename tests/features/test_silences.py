"""Each step that counts messages, stamps or tasks is known: a vendor's word is no proof of it."""

import re

import pytest

from features.silences import doubt_about, rest_on
from simulator.inputs.written_scenarios import FEATURES, pickles_of

#: Words by which a step may say that nothing came, or exactly one.
COUNTS = re.compile(
    r"\b(?:no|not|nobody|nothing|never|neither|exactly|once|twice|only|without)\b|at most"
)
#: Steps with such a word that count nothing: they are about a page, a link, a session, one message
#: that is there, or what the world is like.
COUNT_NOTHING = re.compile(
    r"old session shows nothing|is shown that no messages come|shows? nothing new"
    r"|is shown nothing|can no longer sign in"
    r"|is not signed in|does not work|no link sent to|that link|is not shown|can read nothing"
    r"|nothing on .+ page|page does not say|page calls nobody|only the page of|does not open"
    r"|shows no report|is offered no police review|is not released|does not learn from"
    r"|the last email|no text to .+ is longer|is no longer shown|nothing of it is in the conversa"
    r"|does not have the words|cannot ask to talk|no longer supporting the case$|gets the same"
    r"|does not name|gets no word|asked at once to read|in the record of"
    r"|is asked to tell .+ what the portal may not|decided that nobody"
)


def steps_of_the_features() -> set[str]:
    """List what the features say comes of it, without what is given and done."""
    found: set[str] = set()
    for file in FEATURES.rglob("*.feature"):
        for each in pickles_of(file):
            found |= {step["text"] for step in each["steps"] if step.get("type") == "Outcome"}
    return found


def test_every_step_that_counts_is_known() -> None:
    """A new step that says that nothing came is put into one of the patterns, or listed here."""
    steps = steps_of_the_features()
    counting = {each for each in steps if COUNTS.search(each)}
    unknown = {each for each in counting if not rest_on(each) and not COUNT_NOTHING.search(each)}

    assert len(steps) > 100
    assert len({each for each in steps if rest_on(each)}) > 30
    assert sorted(unknown) == []


@pytest.mark.parametrize(
    "step",
    [
        "Then Alex gets no more messages",
        "And Alex is told by text and email exactly once",
        "Then nothing is sent to what was written for Alex",
        "Then Robin gets no message by text",
    ],
)
def test_what_counts_messages_is_for_a_person_where_the_vendor_lists_them(step: str) -> None:
    """Where they come to our gateway it is proof."""
    doubt = doubt_about(["Given Alex wants to hear by text", step], {"messages_since", "text"})

    assert doubt.startswith(f"“{step}” rests on the vendor's own record alone (messages_since)")
    assert doubt_about([step], {"stamps_since", "text"}) == ""


def test_what_counts_tasks_is_for_a_person_where_the_vendor_lists_them() -> None:
    """The same holds for what is in a crime system that is not ours."""
    steps = ["Then no supervisor is told that Alex has no answer"]

    assert "(stamps_since)" in doubt_about(steps, {"stamps_since"})
    assert doubt_about(steps, {"messages_since"}) == ""


def test_what_was_sent_is_shown_by_any_record() -> None:
    """The record shows what is in it."""
    steps = ["Then Alex is told by text that there is an update", "And Alex's page says deployed"]

    assert doubt_about(steps, {"messages_since", "stamps_since"}) == ""
