"""A plan does not change in silence what is switched off."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from simulator.errors import BadInput
from tests.simulator.planning.small_plans import small_plan, write_plan
from tests.simulator.planning.test_scenario import refused


def change(field: str, value: object, file: str = "contact_centre") -> dict[str, Any]:
    """A change as a plan has it."""
    return {"file": file, "field": field, "value": value}


@pytest.mark.parametrize(
    ("field", "value", "switch"),
    [
        ("call_backs.accepted", 0.8, "call_backs.in_use"),
        ("second_desk.operator.seconds_mean", 90, "second_desk.in_use"),
        ("shifts.pattern.hours", [10] * 6, "shifts.in_use"),
        ("forces.hampshire.call_backs.accepted", 0.8, "forces.hampshire.call_backs.in_use"),
    ],
)
def test_a_number_of_what_is_off_is_refused(
    tmp_path: Path, field: str, value: object, switch: str
) -> None:
    """One sentence has the file, the field, the value and the mend; switched on, it is taken."""
    with pytest.raises(BadInput) as refused:
        small_plan(tmp_path, {"changes": [change(field, value)]})

    assert str(refused.value) == (
        f"{tmp_path / 'plan.toml'}: contact_centre: {field} is {value}: it changes nothing while "
        f"{switch} is false; change that to true too, or leave it out"
    )
    small_plan(tmp_path, {"changes": [change(field, value), change(switch, value=True)]})


def test_another_forces_switch_does_not_do(tmp_path: Path) -> None:
    """What Hampshire has on does not excuse a number of Thames Valley; a common one it does."""
    on = change("forces.hampshire.call_backs.in_use", value=True)

    with pytest.raises(
        BadInput, match=r"while forces[.]thames_valley[.]call_backs[.]in_use is false"
    ):
        small_plan(
            tmp_path, {"changes": [on, change("forces.thames_valley.call_backs.accepted", 0.8)]}
        )
    small_plan(tmp_path, {"changes": [on, change("call_backs.accepted", 0.8)]})


def test_when_phases_go_live_is_no_matter_of_a_plan(tmp_path: Path) -> None:
    """All are live from the first days, so another day is refused."""
    with pytest.raises(BadInput, match="all phases are live from the first days"):
        small_plan(tmp_path, {"changes": [change("go_live.phase_3", date(2027, 6, 1), "order")]})


def test_a_channel_that_was_not_asked_for_is_no_matter_of_a_plan(tmp_path: Path) -> None:
    """The model sends nothing there, so an order that does is refused."""
    with pytest.raises(BadInput, match="falls_back is true: a plan's model of the portal"):
        small_plan(tmp_path, {"changes": [change("contact.falls_back", value=True, file="order")]})


def test_a_number_of_the_tornado_may_not_be_off_either(tmp_path: Path) -> None:
    """It would move nothing, and look as if nothing hung on it."""

    def add(raw: dict[str, Any]) -> None:
        number = {"name": "Callers who accept", "file": "contact_centre", "why": "a test"}
        raw["numbers"].append(number | {"field": "call_backs.accepted", "low": 0.2, "high": 0.8})

    assert "call_backs.accepted: it changes nothing while" in refused(
        write_plan(tmp_path, study=add)
    )


@pytest.mark.parametrize("field", ["victims.texts_stop", "victims.tells_force_days_mean"])
def test_what_victims_do_in_a_rehearsal_alone_is_refused(tmp_path: Path, field: str) -> None:
    """The model of the portal has none of it, so a plan that changes it would say nothing."""
    said = refused(write_plan(tmp_path, {"changes": [change(field, 0.5, "rollout")]}))

    assert f"{field} is 0.5: victims do it in a rehearsal and not in a plan" in said
