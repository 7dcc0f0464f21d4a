"""The victim's side by hand: a tester does what a victim does, and reports what is shown."""

from collections.abc import Callable
from typing import Any

import pytest

from reference.contract.messages import ReceivedText
from simulator.drivers.base import Refused, Session, Step
from simulator.errors import CannotVerify
from simulator.evidence.records import MessageAccepted, Seen
from simulator.world.victims import Victim, accept_invitation, look_at_crimes
from tests.simulator.by_hand.by_hand_world import THEIRS, AroundByHand, found, recorded
from tests.simulator.scripted_driver import ScriptedDriver
from tests.simulator.worlds import MOBILE, REFERENCE, START, person

ZOE = Session("Zoe")
STEP = Step("Zoe", "agreed_word")
VICTIM = Victim(person(), recorded().victims[0], "kingfisher")


def keyed_in(*lines: str, **parts: Any) -> AroundByHand:
    """Key Zoe's crime in, and have a tester type these lines afterwards."""
    around = AroundByHand(THEIRS, "", *lines, **parts)
    around.meet()
    around.records.record(recorded())
    return around


def test_a_victim_signs_in_by_hand() -> None:
    """The tester gives link, word and code; the code is read on the handset and never typed."""
    around = keyed_in(
        *("text", "Sign in at <link>", "", "", ""),
        *("agreed", "one", "text", "Your code is <code>", "", "", "yes"),
        *("yes", f"{THEIRS} | Bicycle theft | open | PC Okafor |", ""),
        *("yes", "CrimeRecorded | Recorded | We have it.", "- | Something | else", ""),
    )
    around.observed.ask(["text"], "until now")
    around.world.settle()

    link = around.world.link_in(around.world.messages_at(MOBILE)[0])
    session = accept_invitation(around.world, VICTIM, link)
    shown = look_at_crimes(around.world, VICTIM, session)

    assert shown == [REFERENCE]
    assert "Open the link in the newest invitation." in around.typed.said
    assert "Enter 'kingfisher'." in around.typed.said
    crimes, timeline = found(around, Seen)
    assert (crimes.how, timeline.how) == ("by the tester", "by the tester")
    assert crimes.statuses == ((REFERENCE, "open"),)
    assert timeline.kinds == ()  # of one it was not said
    assert timeline.texts == ("Recorded\nWe have it.", "Something\nelse")
    assert {each.how for each in found(around, MessageAccepted)} == {"test handset"}
    assert not around.typed.left


@pytest.mark.parametrize(
    "does",
    [
        lambda driver: driver.open_invitation("a link"),
        lambda driver: driver.begin_sign_in(MOBILE),
        lambda driver: driver.prove(STEP, "kingfisher"),
        lambda driver: driver.enter_code(STEP, "493817"),
        lambda driver: driver.sign_out(ZOE),
        lambda driver: driver.crimes(ZOE),
        lambda driver: driver.timeline(ZOE, REFERENCE),
        lambda driver: driver.advice(ZOE),
        lambda driver: driver.ask_officer(ZOE, REFERENCE, "When?"),
        lambda driver: driver.conversation(ZOE, REFERENCE),
        lambda driver: driver.choose_contact(ZOE, ("email",)),
        lambda driver: driver.stop_messages(ZOE),
        lambda driver: driver.withdraw_support(ZOE, REFERENCE, "confirmed"),
    ],
)
def test_the_portal_may_refuse(does: Callable[[Any], object]) -> None:
    """The portal may refuse anything, and the tester reports its words."""
    around = keyed_in("refused", "Those details do not match")

    with pytest.raises(Refused, match="Those details do not match"):
        does(around.driver)
    assert not around.typed.left


def test_what_is_read_has_our_references() -> None:
    """The tester sees the test crime system's references; the judge reads ours."""
    around = keyed_in(
        *("yes", f"CrimeRecorded | Recorded | It is {THEIRS}.", ""),
        *("yes", "victim | When?", f"officer | Soon, on {THEIRS} | really", "waiting | Now?", ""),
    )

    [entry] = around.driver.timeline(ZOE, REFERENCE)
    own, reply, waiting = around.driver.conversation(ZOE, REFERENCE)

    assert entry.text == f"It is {REFERENCE}."
    assert f"open the page of crime {THEIRS}" in around.typed.said
    assert (own.author, reply.author) == ("victim", "officer")
    assert reply.text == f"Soon, on {REFERENCE} | really"
    assert (own.is_with_force, waiting.is_with_force) == (True, False)


@pytest.mark.parametrize(
    ("reads", "line"),
    [
        (lambda driver: driver.crimes(ZOE), "T-0001 | Bicycle theft | under way"),
        (lambda driver: driver.crimes(ZOE), "T-0001"),
        (lambda driver: driver.timeline(ZOE, REFERENCE), "Recorded | We have it."),
        (lambda driver: driver.conversation(ZOE, REFERENCE), "Zoe | When?"),
    ],
)
def test_a_wrong_line_is_asked_for_again(reads: Callable[[Any], list[object]], line: str) -> None:
    """The suite does not guess what the tester meant."""
    around = keyed_in("yes", line, "")

    assert reads(around.driver) == []
    assert "cells separated by |" in around.typed.said


def test_the_choice_of_channels_is_read() -> None:
    """The tester reports what is chosen on the page."""
    around = keyed_in("neither", "both", "yes")

    assert around.driver.contact(ZOE).channels == ()
    assert around.driver.contact(ZOE).channels == ("text", "email")
    around.driver.choose_contact(ZOE, ("text", "email"))
    assert "choose updates by text and email" in around.typed.said


def test_a_mail_scanner_cannot_be_played_by_hand() -> None:
    """Nobody can fetch a link as a mail scanner does."""
    with pytest.raises(CannotVerify):
        keyed_in().driver.visit("a link")


def test_a_text_back_is_sent_from_the_handset() -> None:
    """The tester sends it, word for word."""
    around = keyed_in("")

    around.driver.receive_text(ReceivedText(id="t", source_number="447700900123", message="STOP"))

    assert "from the handset 07700900123, text back: STOP" in around.typed.said


def test_not_for_me_is_said_by_the_tester() -> None:
    """The tester says it signed out; the page accepts or refuses."""
    around = keyed_in("yes", "Thank you", "refused", "Not a number")

    assert around.driver.not_for_me("07700900123", "") == "Thank you"
    with pytest.raises(Refused, match="Not a number"):
        around.driver.not_for_me("hello", "")

    assert "Signed out, open the page" in around.typed.said
    assert "enter 07700900123" in around.typed.said


def test_a_phase_is_live_when_the_tester_says_so() -> None:
    """Only "yes" is accepted."""
    around = AroundByHand("no", "yes")

    around.world.enter_phase(2)

    assert around.typed.said.count("Is phase 2 live on the portal") == 2


def test_enter_confirms_that_a_phase_is_live() -> None:
    """Enter means the default in brackets."""
    around = AroundByHand("")

    around.world.enter_phase(2)

    assert around.typed.said.count("Is phase 2 live on the portal") == 1


def test_with_an_api_the_tester_is_not_asked() -> None:
    """The portal driver is used, with the references of the test crime system."""
    portal = ScriptedDriver()
    portal.moved_to.append(START)
    around = keyed_in(portal_driver=portal, reads_handsets=False)

    driver = around.driver
    session = driver.enter_code(driver.prove(driver.open_invitation("a link"), "heron"), "493817")
    driver.ask_officer(session, REFERENCE, "When?")

    assert portal.words == ["a link", "heron", "493817", "When?"]
    assert driver.timeline(session, REFERENCE)[0].title == "Recorded"
    assert not around.typed.left
