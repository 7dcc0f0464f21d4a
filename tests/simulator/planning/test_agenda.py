"""What is due comes in one order, however it was planned."""

from hypothesis import given
from hypothesis import strategies as st

from simulator.planning.agenda import DELIVERY, PORTAL, Agenda

_moments = st.lists(st.integers(0, 5), max_size=8)


def order_of(course: list[int], after: list[int], *, at_once: bool) -> list[tuple[str, int, int]]:
    """Record things that happen, each handed over in its second and followed by a portal's plan."""
    agenda, said = Agenda(10), list[tuple[str, int, int]]()

    def happens(number: int) -> None:
        said.append(("happens", agenda.now, number))
        if at_once:
            agenda.last_of_all(delivered, (number,), DELIVERY)
        else:
            agenda.at(agenda.now, delivered, (number,), DELIVERY)

    def delivered(number: int) -> None:
        said.append(("delivered", agenda.now, number))
        for more in after:
            agenda.at(agenda.now + more, sent, (number,), PORTAL)

    def sent(number: int) -> None:
        said.append(("sent", agenda.now, number))

    agenda.begin([(at, happens, (number,)) for number, at in enumerate(course)])
    agenda.run()
    return said


@given(course=_moments, after=_moments)
def test_what_is_done_at_once_keeps_its_place(course: list[int], after: list[int]) -> None:
    """Done at once or by a place among what is due, all comes in the same order."""
    assert order_of(course, after, at_once=True) == order_of(course, after, at_once=False)


def test_a_kept_turn_is_a_place_in_its_second() -> None:
    """What is put there later comes before what was planned after its turn was kept."""
    agenda, said = Agenda(10), list[str]()
    agenda.at(5, said.append, ("first",), PORTAL)
    kept = agenda.turn()
    agenda.at(5, said.append, ("third",), PORTAL)
    agenda.at(3, agenda.at_turn, (5, kept, said.append, ("second",)))
    agenda.at(4, agenda.at_turn, (11, kept, said.append, ("after the end",)))

    agenda.run()

    assert said == ["first", "second", "third"]
