"""Sign-in says the same to an address that the force knows and to one that nobody has."""

import pytest

from simulator.evidence.records import AnswersCompared
from tests.simulator.judge.expected import Harmed, fail
from tests.simulator.judge.sign_ins import registered, tried

SAID = ("asks for agreed_word", "403 Those details do not match our records")


@pytest.mark.parametrize(
    ("unknown", "harms"),
    [(SAID, []), (("404 Nobody is known there",), [fail("disclosed", "AUTH-12")])],
)
def test_another_answer_tells_who_is_known(unknown: tuple[str, ...], harms: list[Harmed]) -> None:
    """The words count, and how often they come."""
    story, alex, address = registered()
    story.records.append(
        AnswersCompared(
            at=story.now,
            person_id=alex.person_id,
            address=address,
            channel="text",
            known=SAID,
            unknown=unknown,
        )
    )

    assert story.harms() == harms


def test_a_lock_tells_only_that_somebody_tried() -> None:
    """After wrong answers the portal may refuse at that address for a while."""
    story, alex, address = registered()
    tried(story, alex, ("proof", "another one"), address=address, let_in=False)
    story.records.append(
        AnswersCompared(
            at=story.now,
            person_id=alex.person_id,
            address=address,
            channel="text",
            known=("429 Too many attempts",),
            unknown=SAID,
        )
    )

    assert story.harms() == []
