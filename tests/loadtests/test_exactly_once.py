"""Each event once, to its own victim: everything else is found, and nothing more."""

from hypothesis import given
from hypothesis import strategies as st

from loadtests.exactly_once import compare

owed_events = st.dictionaries(st.text(max_size=4), st.sampled_from(["a", "b", "c"]))


@given(owed=owed_events, order=st.randoms())
def test_messages_that_were_due_are_no_harm(owed: dict[str, str], order: object) -> None:
    """One message for each event to its own address is right, in any order."""
    came = list(owed.items())
    order.shuffle(came)  # type: ignore[attr-defined]
    compared = compare(owed, came)

    assert compared.holds
    assert compared.owed == compared.came == len(owed)


@given(owed=owed_events.filter(bool), data=st.data())
def test_one_harm_is_found_and_named(owed: dict[str, str], data: st.DataObject) -> None:
    """A message left out, sent again or sent elsewhere is found by its event, and no other is."""
    event = data.draw(st.sampled_from(sorted(owed)))
    others = [each for each in owed.items() if each[0] != event]
    mine = (event, owed[event])

    assert compare(owed, others).lost == (event,)
    assert compare(owed, [*others, mine, mine]).duplicated == (event,)
    elsewhere = compare(owed, [*others, (event, "elsewhere")])
    assert (elsewhere.lost, elsewhere.strayed) == ((event,), (event,))
    assert not elsewhere.holds


def test_a_message_that_was_not_due_is_strayed() -> None:
    """A message without an event is a harm, even to a victim with other messages due."""
    compared = compare({"e": "a"}, [("e", "a"), ("", "a")])

    assert compared.strayed == ("",)
    assert not compared.holds
