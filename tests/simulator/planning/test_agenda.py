"""What is due comes in one order, however it was planned."""

from hypothesis import given
from hypothesis import strategies as st

from simulator.planning.agenda import AUTOMATIC, DELIVERY, PEOPLE, SENDING, Agenda

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
            agenda.at(agenda.now + more, sent, (number,), SENDING)

    def sent(number: int) -> None:
        said.append(("sent", agenda.now, number))

    agenda.begin([(at, happens, (number,)) for number, at in enumerate(course)])
    agenda.run()
    return said


@given(course=_moments, after=_moments)
def test_what_is_done_at_once_keeps_its_place(course: list[int], after: list[int]) -> None:
    """Done at once or by a place among what is due, all comes in the same order."""
    assert order_of(course, after, at_once=True) == order_of(course, after, at_once=False)


def test_a_second_has_its_order() -> None:
    """Automatic messages come first, then what is sent, people, deliveries; the portal's rest."""
    agenda, said = Agenda(10), list[str]()

    def at_five(*what: tuple[str, int]) -> None:
        for name, rank in what:
            agenda.at(5, said.append, (name,), rank)

    at_five(("delivered", DELIVERY), ("done", PEOPLE), ("sent", SENDING), ("automatic", AUTOMATIC))
    agenda.at(5, at_five, (("sent at once", SENDING), ("automatic at once", AUTOMATIC)))

    agenda.run()

    assert said == [
        *("automatic", "sent", "done", "delivered"),
        *("automatic at once", "sent at once"),
    ]
