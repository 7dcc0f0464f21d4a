"""What only a tester saw counts like everything else, and is marked as such."""

from datetime import timedelta

from simulator.evidence.records import MessageAccepted, MessageReached, Stamped, TaskRaised
from tests.simulator.by_hand.by_hand_world import THEIRS, AroundByHand, found, recorded
from tests.simulator.worlds import EMAIL, MOBILE, REFERENCE, START

LATER = timedelta(minutes=5)


def looked(*lines: str) -> AroundByHand:
    """Key Zoe's crime in, and look for everything."""
    around = AroundByHand(THEIRS, "", *lines)
    around.meet()
    around.records.record(recorded())
    around.typed.now = START + LATER
    around.observed.ask(["text", "email", "task", "stamp"], "until now")
    around.world.settle()
    return around


def test_a_text_on_a_handset_counts() -> None:
    """It is a message to the owner at the time it came, seen on a test handset."""
    around = looked("text", f"There is an update on {THEIRS}.", "", "10:03", "")

    [message] = found(around, MessageAccepted)
    assert (message.to, message.channel, message.how) == (MOBILE, "text", "test handset")
    assert message.body == f"There is an update on {REFERENCE}."
    assert message.at == START + timedelta(minutes=3)
    [reached] = found(around, MessageReached)
    assert reached.holders == 1


def test_a_message_is_no_earlier_than_what_was_keyed_in() -> None:
    """A handset that shows 09:59 has a wrong clock, or shows another message."""
    around = looked("text", "There is an update.", "", "09:59", "")

    [message] = found(around, MessageAccepted)
    assert message.at == START


def test_an_email_has_a_subject() -> None:
    """It can have any number of lines."""
    around = looked("email", "An update", "Hello Zoe,", "there is an update.", "", "", "")

    [message] = found(around, MessageAccepted)
    assert (message.to, message.subject) == (EMAIL, "An update")
    assert message.body == "Hello Zoe,\nthere is an update."


def test_a_link_and_a_code_are_never_typed() -> None:
    """Their placeholders are found as link and code, and struck out of the evidence."""
    around = looked("text", "Sign in at <link>", "", "", "text", "Your code is <code>", "", "", "")

    invitation, code = around.world.messages_at(MOBILE)
    assert around.world.link_in(invitation)
    assert not around.world.code_in(invitation)
    assert around.world.code_in(code)
    carries = [each.carries for each in found(around, MessageAccepted)]
    assert carries == ["invitation", "one_time_code"]


def test_a_task_in_the_test_crime_system_counts() -> None:
    """It has its kind and its assignee, and is marked as seen by the tester."""
    around = looked("task", "contact details", THEIRS, "4271", "The number does not work.", "")

    [task] = found(around, TaskRaised)
    assert (task.task_kind, task.assignee, task.how) == (
        "contact_details",
        "4271",
        "by the tester",
    )
    assert (task.person_id, task.crime_reference) == ("p", REFERENCE)


def test_words_in_the_enquiry_log_count() -> None:
    """They are recorded exactly as shown."""
    around = looked("stamp", "T-9999", THEIRS, "Is there any news?", "", "")

    [stamp] = found(around, Stamped)
    assert (stamp.text, stamp.how, stamp.crime_reference) == (
        "Is there any news?",
        "by the tester",
        REFERENCE,
    )
    assert "That is not a crime of this run." in around.typed.said


def test_nothing_is_nothing() -> None:
    """A tester who saw nothing just presses Enter."""
    around = looked("")

    assert not found(around, MessageAccepted)
    assert not around.typed.left
