"""Preconditions of a rehearsal: portals it can start, and nobody who could be real."""

from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest
from msgspec import structs

from simulator.errors import BadInput
from simulator.inputs.handsets import Handsets
from simulator.inputs.target import read_target
from simulator.rehearsal.casework import Casework
from simulator.rehearsal.preconditions import check_addresses, check_numbers, check_target
from simulator.world.recipient_guard import CouldBeReal
from tests.simulator.real_files import BY_URL, TARGET
from tests.simulator.rehearsal.test_casework import casework
from tests.simulator.world.test_recipient_guard import SOMEBODYS, SOMEBODYS_MAIL

REFERENCE = read_target(TARGET)


def crowd_of(known: dict[str, str], written: dict[str, str], stranger: dict[str, str]) -> Casework:
    """Make casework of one victim, with other details held, recorded, or held by a stranger."""
    victim = casework().victim(0)
    changed = replace(
        victim,
        known=structs.replace(victim.known, **known),
        record=structs.replace(victim.record, **written),
    )
    somebody = structs.replace(victim.known, role="stranger", **stranger)
    crowd: Any = SimpleNamespace(
        victim=lambda _row: changed,
        victims=lambda _row: [changed],
        strangers=lambda _row: [somebody],
        numbers="crowd",
    )
    return cast("Casework", crowd)


def test_generated_people_are_accepted() -> None:
    """Every generated person is accepted, however wrong their record."""
    made = casework()
    people = [made.victim(row) for row in range(500)]

    check_addresses(REFERENCE, made, range(500))

    assert any(each.record.mobile_phone != each.known.mobile_phone for each in people)


@pytest.mark.parametrize(
    ("known", "written", "stranger"),
    [
        ({"mobile_phone": SOMEBODYS}, {}, {}),
        ({}, {"other_phone": SOMEBODYS}, {}),
        ({}, {"email": SOMEBODYS_MAIL}, {}),
        ({}, {}, {"email": SOMEBODYS_MAIL}),
    ],
)
def test_an_address_that_could_be_real_is_refused(
    known: dict[str, str], written: dict[str, str], stranger: dict[str, str]
) -> None:
    """It is refused if a victim holds it, an officer wrote it, or a stranger has it."""
    with pytest.raises(CouldBeReal):
        check_addresses(REFERENCE, crowd_of(known, written, stranger), [0])
    check_addresses(REFERENCE, crowd_of({}, {}, {}), [0])


def test_a_crowds_numbers_need_a_portal_in_this_process() -> None:
    """At a socket nobody knows where a message goes."""
    rollout = Path("rollout.toml")
    check_numbers("crowd", REFERENCE, rollout)
    check_numbers("drama", read_target(BY_URL), rollout)

    with pytest.raises(BadInput, match=r"rollout\.toml: numbers: .*give drama"):
        check_numbers("crowd", read_target(BY_URL), rollout)


def test_a_rehearsal_has_no_handsets() -> None:
    """A portal that a rehearsal starts sends only to our gateway."""
    handsets = Handsets(vouched_by="Dana Okafor", mobiles=("07700 900100",))
    access = structs.replace(REFERENCE.access, handsets=handsets)

    with pytest.raises(BadInput, match=r"target\.toml: access\.handsets: "):
        check_target(structs.replace(REFERENCE, access=access), "target.toml")
