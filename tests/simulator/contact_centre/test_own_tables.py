"""Shifts, call-backs and a second desk of one force alone, over what both have in common."""

from datetime import time

import msgspec
import pytest

from simulator.contact_centre.centre import answer_calls
from simulator.contact_centre.rosters import first_desk, handlers_by_hour
from simulator.contact_centre.staffing import ContactCentreParameters
from simulator.files.checked_toml import read_changed
from tests.simulator.contact_centre.test_centre import START, calls_of_a_week
from tests.simulator.contact_centre.test_staffing import FILE, PARAMETERS, changed


def own(**fields: object) -> ContactCentreParameters:
    """The file with values of Hampshire's own; `__` steps into a table."""
    changes = {f"forces.hampshire.{name.replace('__', '.')}": v for name, v in fields.items()}
    return read_changed(FILE, ContactCentreParameters, changes, said_in="plan.toml")


def test_one_force_rings_back_and_the_other_does_not() -> None:
    """What it says differs, the rest is as for both; the other force has none of it."""
    parameters = own(call_backs__in_use=True, call_backs__accepted=0.8)

    offers = parameters.call_backs_of("hampshire")
    assert offers is not None
    assert offers.accepted.value == 0.8
    assert offers.accepted.unit == "share of those who are offered a call back"
    assert PARAMETERS.call_backs is not None
    assert offers.picked_up == PARAMETERS.call_backs.picked_up
    assert parameters.call_backs_of("thames_valley") is None
    first, _second = answer_calls(calls_of_a_week(parameters), parameters, "hampshire", START)
    assert first.call_backs is not None
    assert len(first.call_backs) > 10


def test_a_force_may_leave_out_what_the_other_has() -> None:
    """With shifts for both, Hampshire alone stays by the hour."""
    parameters = changed(shifts__in_use=True, forces__hampshire__shifts={"in_use": False})

    assert first_desk(parameters, "hampshire").on_duty == handlers_by_hour(parameters, "hampshire")
    assert len(first_desk(parameters, "thames_valley").on_duty) == 336


def test_a_table_inside_begins_as_the_common_one() -> None:
    """Other hours of the same starts, and another length of the same operators."""
    parameters = own(
        shifts__in_use=True,
        shifts__pattern__hours=[10, 10, 10, 10, 10, 10],
        second_desk__in_use=True,
        second_desk__operator__seconds_mean=90,
    )

    shifts, desk = parameters.shifts_of("hampshire"), parameters.second_desk_of("hampshire")
    assert shifts is not None
    assert shifts.pattern.starts[0] == time(7)
    assert set(shifts.pattern.hours) == {10}
    assert desk is not None
    assert (desk.operator.seconds_mean.value, desk.operator.spread.value) == (90, 0.5)
    assert parameters.second_desk_of("thames_valley") is None


def test_what_one_force_uses_is_listed() -> None:
    """The common numbers of a table are listed where any force uses them."""
    assert PARAMETERS.as_listed() == PARAMETERS
    listed = own(shifts__in_use=True).as_listed()

    assert listed.shifts is not None
    assert listed.call_backs is not None
    assert (listed.shifts.in_use, listed.call_backs.in_use) == (True, False)


def test_a_force_differs_from_nothing_where_there_is_no_common_table() -> None:
    """It names the force and the table to add; so it does where the two together are wrong."""
    with pytest.raises(
        msgspec.ValidationError, match=r"forces\.hampshire\.shifts: .*add the table \[shifts\]"
    ):
        changed(shifts=None, forces__hampshire__shifts={"in_use": True})
    wrong = {"value": 600, "unit": "minutes", "assumed": "a test"}
    with pytest.raises(
        msgspec.ValidationError, match=r"forces\.hampshire\.shifts: break_minutes is 600"
    ):
        changed(forces__hampshire__shifts={"break_minutes": wrong})
