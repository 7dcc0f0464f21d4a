"""A limit is read, found by its burst, and missed or met as its level says."""

from pathlib import Path

import pytest

from loadtests.bursts import read_burst
from loadtests.slo import SLOS, Slo, SloFile, outcomes, read_slos
from simulator.errors import BadInput
from simulator.files import checked_toml
from tests.simulator.real_files import ROOT

LIMIT = Slo(measure="sign_in_p95_seconds", level="must", most=3.0, assumed="a test")


@pytest.mark.parametrize(
    ("measured", "level", "verdict"),
    [(3.0, "must", "PASS"), (3.1, "must", "FAIL"), (3.1, "should", "WARNING")],
)
def test_a_limit_is_missed_as_its_level_says(measured: float, level: str, verdict: str) -> None:
    """The limit itself is met; above it a must fails and a should warns."""
    limit = Slo(measure="sign_in_p95_seconds", level=level, most=3.0, assumed="x")  # type: ignore[arg-type]
    [found] = outcomes([limit], {"sign_in_p95_seconds": measured})

    assert (found.verdict, found.most, found.measured) == (verdict, 3.0, measured)


def test_what_was_not_measured_is_not_judged() -> None:
    """A burst without visits has no limit on sign-ins."""
    assert outcomes([LIMIT], {"drain_seconds": 1.0}) == []


def test_the_limits_of_a_burst_replace_those_for_all() -> None:
    """The burst's own go first, wherever they stand: one that must hold, and one that should."""

    def of_visits(name: str) -> dict[str, float]:
        found = [each for each in read_slos(name) if each.measure == "failed_visits_share"]
        return {each.level: each.most for each in found}

    assert of_visits("Smoke") == {"must": 0.49, "should": 0.01}
    assert of_visits("Portal killed") == {"must": 0.9, "should": 0.5}
    assert of_visits("Any other") == {"must": 0.01}
    smoke, other = ({each.measure for each in read_slos(each)} for each in ("Smoke", "Any other"))
    assert smoke == other


@pytest.mark.parametrize(("failed", "verdict"), [(10, "FAIL"), (9, "PASS")])
def test_half_of_the_visits_fail_the_smoke_burst(failed: int, verdict: str) -> None:
    """Exactly half is no busy machine; of twenty visits one fewer may be."""
    found = outcomes(read_slos("Smoke"), {"failed_visits_share": failed / 20})

    assert [each.verdict for each in found if each.level == "must"] == [verdict]


@pytest.mark.parametrize(
    "path", sorted((ROOT / "scenarios/bursts").glob("*.toml")), ids=lambda path: path.stem
)
def test_a_portal_that_nobody_can_sign_in_to_fails_every_burst(path: Path) -> None:
    """Whatever goes wrong in the middle of it."""
    found = outcomes(read_slos(read_burst(path).name), {"failed_visits_share": 1.0})

    assert "FAIL" in {each.verdict for each in found}


@pytest.mark.parametrize(
    "path", sorted((ROOT / "scenarios/bursts").glob("*.toml")), ids=lambda path: path.stem
)
def test_a_portal_that_lets_people_wait_for_minutes_fails_every_burst(path: Path) -> None:
    """A sign-in has a must as well as a should; only the smoke burst never fails by its times."""
    name = read_burst(path).name
    of_sign_in = [each for each in read_slos(name) if each.measure == "sign_in_p95_seconds"]
    found = outcomes(of_sign_in, {"sign_in_p95_seconds": 61.0})
    quick = outcomes(of_sign_in, {"sign_in_p95_seconds": 2.9})

    assert {each.verdict for each in found} == (
        {"WARNING"} if name == "Smoke" else {"FAIL", "WARNING"}
    )
    assert {each.verdict for each in quick} == {"PASS"}


def test_every_burst_named_in_the_file_exists() -> None:
    """A limit for a burst that is not there would never be looked at."""
    names = {read_burst(path).name for path in (ROOT / "scenarios" / "bursts").glob("*.toml")}
    named = {name for each in checked_toml.read(SLOS, SloFile).slos for name in each.bursts}

    assert named <= names


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ('measure = "speed"', "slos.0..measure: it is 'speed'; one of"),
        ("most = -1", "most is -1"),
        ('level = "may"', "level"),
    ],
)
def test_a_mistake_is_named(tmp_path: Path, line: str, said: str) -> None:
    """The file, the field and what may stand there."""
    values = {
        "measure": 'measure = "drain_seconds"',
        "level": 'level = "must"',
        "most": "most = 1",
        "assumed": 'assumed = "a test"',
    }
    values[line.split(maxsplit=1)[0]] = line
    path = tmp_path / "slo.toml"
    path.write_text("[[slos]]\n" + "\n".join(values.values()) + "\n", encoding="utf-8")
    with pytest.raises(BadInput, match=said):
        read_slos("Any", path)
