"""What a rehearsal refuses, before it runs for an hour."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest
import tomli_w

from simulator.errors import BadInput
from simulator.rehearsal import run
from tests.simulator.real_files import TARGET, parsed
from tests.simulator.rehearsal.small import write_small
from tests.simulator.rehearsal.test_readiness import gates

FORCE = "hampshire"


@pytest.fixture(autouse=True)
def nothing_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    """Fail if a day begins."""

    def runs(*_parts: object) -> None:
        pytest.fail("the calendar began")

    monkeypatch.setattr(run, "_run_calendar", runs)


def refused(path: Path, **options: Any) -> str:
    """Rehearse what must be refused; return the sentence."""
    with pytest.raises(BadInput) as caught:
        run.rehearse(path, **options)
    return str(caught.value)


def with_target(folder: Path, change: Any, more: Any = lambda _rollout: None) -> Path:
    """Write a small rollout with a changed target, and perhaps more changed in the rollout."""
    target = parsed(TARGET)
    change(target)
    (folder / "target.toml").write_text(tomli_w.dumps(target))

    def with_it(rollout: dict[str, Any]) -> None:
        rollout["target"] = str(folder / "target.toml")
        more(rollout)

    return write_small(folder, rollout=with_it)


@pytest.mark.parametrize("name", ["order", "target", "journey", "contact_centre"])
def test_a_missing_file_is_named_at_once(tmp_path: Path, name: str) -> None:
    """Each file that a rollout names is checked before anything runs."""
    path = write_small(tmp_path, rollout=lambda raw: raw.update({name: "scenarios/none.toml"}))

    said = refused(path)
    assert "scenarios/none.toml: " in said
    assert "o such file" in said
    assert "; check the path" in said


def test_a_misspelt_exclusion_is_named_at_once(tmp_path: Path) -> None:
    """It would exclude nobody, and nothing else would show the mistake."""

    def misspell(order: Any) -> None:
        order["eligibility"]["safeguarding_exclusions"][0] = "domestic_abus"

    assert "did you mean 'domestic_abuse'?" in refused(write_small(tmp_path, order=misspell))


def test_a_mistake_in_the_contact_centre_is_named_at_once(tmp_path: Path) -> None:
    """The calls are calculated last, but their parameters are checked first."""
    path = write_small(tmp_path, centre=lambda raw: raw["update_calls"].pop("share_of_101"))

    assert "update_calls.share_of_101: missing; add it" in refused(path)


def test_a_force_without_a_contact_centre_is_named_at_once(tmp_path: Path) -> None:
    """Each force that records crimes needs a contact centre."""
    path = write_small(tmp_path, centre=lambda raw: raw["forces"].pop(FORCE))

    assert FORCE in refused(path)


def test_a_force_that_the_order_does_not_know_is_named_at_once(tmp_path: Path) -> None:
    """An order for one force cannot be used for the crimes of another."""
    path = write_small(tmp_path, order=lambda raw: raw["forces"].pop(FORCE))

    said = refused(path)
    assert FORCE in said
    assert "order.toml" in said


@pytest.mark.parametrize("capability", ["test_clock", "correlates"])
def test_a_capability_that_is_needed_is_named(tmp_path: Path, capability: str) -> None:
    """Without a test clock a year takes a year; without references no message has an event."""
    path = with_target(tmp_path, lambda target: target["claims"]["capabilities"].remove(capability))

    assert f"claims.capabilities: {capability} is needed here: " in refused(path)


def test_a_portal_that_we_can_neither_start_nor_reach_is_refused(tmp_path: Path) -> None:
    """A driver that knows alone where its portal is cannot be given the other portals."""
    path = with_target(tmp_path, lambda target: target.update(access={"driver": "ours:Driver"}))

    assert "access: a rehearsal starts a portal for each test period and a live one" in refused(
        path
    )


def test_a_running_portal_must_know_where_our_gateway_is(tmp_path: Path) -> None:
    """It was configured before the run, so the port cannot be a free one of the run."""
    path = with_target(
        tmp_path, lambda target: target.update(access={"portal_url": "http://127.0.0.1:9"})
    )

    assert "access.neighbours_port: missing; give the port" in refused(path)


def test_a_running_portal_has_no_gates(tmp_path: Path) -> None:
    """Its days are its own: a test of each phase cannot move them."""
    access = {"portal_url": "http://127.0.0.1:9", "neighbours_port": 8470}
    path = with_target(
        tmp_path,
        lambda target: target.update(access=access),
        lambda rollout: (gates()(rollout), rollout.update(numbers="drama")),
    )

    assert "access: go_live_gates needs a fresh portal for each test period" in refused(path)


def test_a_calendar_without_end_is_refused(tmp_path: Path) -> None:
    """More than ten years of crimes are a mistake in a date."""
    path = write_small(tmp_path, order=lambda raw: raw["go_live"].update(phase_3=date(2050, 1, 3)))

    assert "days after the start" in refused(path)


def test_a_fraction_that_is_no_number_is_refused(tmp_path: Path) -> None:
    """A share that is not a number would follow nobody."""
    assert "fraction" in refused(write_small(tmp_path), fraction=float("nan"))


def test_numbers_that_no_memory_could_hold_are_refused(tmp_path: Path) -> None:
    """A rate a billion times too large is a mistake, and must not exhaust the memory."""
    path = write_small(tmp_path, {"worry.moments_mean": 5.4e9})

    assert "moments_mean" in refused(path)
