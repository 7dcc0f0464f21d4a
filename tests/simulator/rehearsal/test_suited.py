"""Rules of what a rehearsal can be run with: portals it can start, and nobody who could be real."""

from dataclasses import replace
from types import SimpleNamespace
from typing import Any, cast

import pytest
from msgspec import structs

from simulator.errors import BadInput
from simulator.inputs.handsets import Handsets
from simulator.inputs.target import read_target
from simulator.rehearsal.casework import Casework
from simulator.rehearsal.suited import check_drivable, check_everybody
from simulator.world.recipient_guard import CouldBeReal
from tests.simulator.real_files import TARGET
from tests.simulator.rehearsal.test_casework import casework
from tests.simulator.world.test_recipient_guard import SOMEBODYS, SOMEBODYS_MAIL

REFERENCE = read_target(TARGET)


def crowd_of(known: dict[str, str], written: dict[str, str], stranger: dict[str, str]) -> Casework:
    """Give a crowd of one victim, with something else held, written down, or held by a stranger."""
    victim = casework().victim(0)
    changed = replace(
        victim,
        known=structs.replace(victim.known, **known),
        record=structs.replace(victim.record, **written),
    )
    somebody = structs.replace(victim.known, role="stranger", **stranger)
    crowd: Any = SimpleNamespace(victim=lambda _row: changed, strangers=lambda _row: [somebody])
    return cast("Casework", crowd)


def test_the_crowd_that_is_made_is_nobody_real() -> None:
    """Whoever is made, however wrongly they were written down, can be rehearsed with."""
    check_everybody(REFERENCE, casework(), range(500))


@pytest.mark.parametrize(
    ("known", "written", "stranger"),
    [
        ({"mobile_phone": SOMEBODYS}, {}, {}),
        ({}, {"other_phone": SOMEBODYS}, {}),
        ({}, {"email": SOMEBODYS_MAIL}, {}),
        ({}, {}, {"email": SOMEBODYS_MAIL}),
    ],
)
def test_a_crowd_with_somebody_real_is_refused(
    known: dict[str, str], written: dict[str, str], stranger: dict[str, str]
) -> None:
    """Whether a victim holds it, an officer wrote it or a stranger has it: nothing is sent."""
    with pytest.raises(CouldBeReal):
        check_everybody(REFERENCE, crowd_of(known, written, stranger), [0])
    check_everybody(REFERENCE, crowd_of({}, {}, {}), [0])


def test_a_rehearsal_has_no_handsets() -> None:
    """A portal that a rehearsal starts sends to our gateway alone."""
    handsets = Handsets(vouched_by="Dana Okafor", mobiles=("07700 900100",))
    access = structs.replace(REFERENCE.access, handsets=handsets)

    with pytest.raises(BadInput, match=r"target\.toml: access\.handsets: "):
        check_drivable(structs.replace(REFERENCE, access=access), "target.toml")
