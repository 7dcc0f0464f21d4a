"""Messages in words: the invitation stands apart, and what the others do together is said."""

from msgspec import structs

from simulator.report.plan_first_page import reasons
from simulator.report.plan_messages import messages_sentences, messages_table
from simulator.report.plan_tables import plan_tables
from tests.simulator.report.test_plan_tables import RESULT, near


def test_the_best_message_is_never_the_invitation() -> None:
    """Without it there is no portal, so what it saves is no finding about messages."""
    said = messages_sentences(RESULT)

    assert said[1] == (
        "Of them, most calls are saved by Crime closed (900, 850 to 950), fewest by Still with us "
        "(-300, -350 to -250)."
    )
    assert all(each in reasons(RESULT) for each in said)


def test_one_sentence_counts_the_messages_that_make_calls() -> None:
    """Two of three make calls, one of them by more than chance; together they make 700."""
    assert messages_sentences(RESULT)[0] == (
        "2 of 3 messages beside the invitation make more calls than they save, 1 of them more than "
        "chance may do. With all of them off and the invitation on the portal saves 700 calls more "
        "(+650 to +750)."
    )


def test_what_all_messages_do_together_may_be_nothing_that_shows() -> None:
    """An interval that holds 0 is no finding; below it the portal saves fewer."""
    assert RESULT.all_updates is not None
    unsure = structs.replace(RESULT.all_updates, saves=near(-20, 60))
    useful = structs.replace(RESULT.all_updates, saves=near(700, 60))

    said = [messages_sentences(structs.replace(RESULT, all_updates=e))[0] for e in (unsure, useful)]

    assert said[0].endswith("no difference that shows (-40 to +80).")
    assert said[1].endswith("saves 700 calls fewer (-760 to -640).")


def test_it_says_why_messages_make_calls() -> None:
    """Each cause has its calls, and the assumed numbers are named."""
    said = messages_sentences(RESULT)[2]

    assert "3,000 by victims who have not signed in" in said
    assert "3,000 by little trust" in said
    assert "worry.message_makes_call" in said


def test_the_table_has_a_row_for_all_updates_together() -> None:
    """The invitation is named as such and first, all others together are last."""
    table = messages_table(RESULT)

    assert table.rows[0].label == "Crime recorded (the invitation)"
    assert table.rows[-1].label == "All but the invitation, together"
    assert table.rows[-1].cells == ("220,000", "-700", "-750", "-650")
    assert table in plan_tables(RESULT)


def test_a_brief_plan_says_nothing_of_messages() -> None:
    """None was switched off."""
    assert messages_sentences(structs.replace(RESULT, messages=[], all_updates=None)) == []
