"""Rules of the permanent ids: each scenario and broken portal has one for good, whatever its name.

`features/names.toml` is checked against the features and the broken portals in both directions.
"""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulator.errors import BadInput
from simulator.inputs.permanent_ids import (
    Names,
    Row,
    Scenario,
    Wording,
    id_in,
    read_names,
)
from simulator.inputs.written_scenarios import read_written
from simulator.prove.run import read_broken_portals

NAMES = read_names()
MADE_UP = Names(
    scenario=(
        Scenario(
            id="S-901",
            name="Told (at once) by",
            former=("Told", "Told soon"),
            rows=(Row(name="text"), Row(name="e-mail (at work)", former=("email", "Ｅmail"))),
        ),
        Scenario(id="S-902", name="Not at night"),
        Scenario(id="S-903", name="Greeted", retired=True),
    ),
    wording=(Wording(now="{} gets no {} at all", former="{} hears no {}"),),
)


def test_every_scenario_is_there_under_its_name() -> None:
    """Each scenario of the features has an id, and the mapping has its name and its examples."""
    written = read_written()

    missing = [each.name for each in written if not each.id]
    assert missing == [], "give each the next free @S-… tag, and an entry in features/names.toml"
    assert {each.id: each.name for each in written} == {
        each.id: NAMES.scenario_name(each.id).partition(" (")[0] if each.example else each.name
        for each in written
    }
    for each in written:
        assert NAMES.scenario_id(each.whole_name) == each.id


def test_every_name_of_today_is_a_scenario() -> None:
    """What is not retired is in the features, with as many examples; what is retired is not."""
    written: dict[str, list[str]] = {}
    for each in read_written():
        rows = written.setdefault(each.id.partition(".")[0], [])
        rows += ["-".join(each.example)] if each.example else []

    of_today = {
        each.id: [row.name for row in each.rows] for each in NAMES.scenario if not each.retired
    }
    assert of_today == written


def test_every_broken_portal_is_there_under_its_name() -> None:
    """Each broken portal declares the id that the mapping has beside its name."""
    of_today = {each.id: each.name for each in NAMES.broken_portal if not each.retired}

    assert of_today == {each.id: each.name for each in read_broken_portals()}


def test_what_was_renamed_was_called_otherwise() -> None:
    """A former name is no name of today, neither its own nor another's."""
    today = {each.name for each in NAMES.scenario} | {each.name for each in NAMES.broken_portal}
    former = {name for each in NAMES.scenario for name in each.former}
    former |= {name for each in NAMES.broken_portal for name in each.former}

    assert not today & former


@pytest.mark.parametrize(
    ("name", "id"),
    [
        ("Told (at once) by", "S-901"),
        ("Told", "S-901"),
        ("Told soon (text)", "S-901.1"),
        ("Told (at once) by (e-mail (at work))", "S-901.2"),
        ("Told (email)", "S-901.2"),
        ("Told (Ｅmail)", "S-901.2"),
        ("Told (\\uff25mail)", "S-901.2"),
        ("Not at night", "S-902"),
        ("Greeted", "S-903"),
        ("S-901.2", "S-901.2"),
        ("Told (by letter)", ""),
        ("Not at night (text)", ""),
        ("Never heard of", ""),
    ],
)
def test_a_scenario_is_found_by_every_name_it_had(name: str, id: str) -> None:
    """Today's name, an earlier one, either with an example, or the id itself."""
    assert MADE_UP.scenario_id(name) == id


def test_an_id_has_the_name_of_today_and_the_first() -> None:
    """The name of today is shown; what is drawn by a name is drawn by the first."""
    assert MADE_UP.scenario_name("S-901.2") == "Told (at once) by (e-mail (at work))"
    assert MADE_UP.first_name("S-901.2") == "Told (email)"
    assert MADE_UP.first_name("S-902") == MADE_UP.scenario_name("S-902") == "Not at night"
    assert MADE_UP.scenario_name("S-901.3") == MADE_UP.first_name("S-999") == ""


def test_a_finding_is_given_the_words_it_had_first() -> None:
    """What differs each time stays as it is; what was never said otherwise stays too."""
    assert MADE_UP.first_words("a person gets no text at all") == "a person hears no text"
    assert MADE_UP.first_words("a text came") == "a text came"


def entry(kind: str, **fields: object) -> str:
    """Write one entry of the mapping."""
    return f"[[{kind}]]\n" + "".join(
        f"{name} = {str(value).lower() if isinstance(value, bool) else repr(value)}\n"
        for name, value in fields.items()
    )


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (entry("scenario", id="S-001", name="A"), entry("scenario", id="S-001", name="B")),
        (entry("scenario", id="S-001", name="A"), entry("scenario", id="S-002", name="A")),
        (
            entry("scenario", id="S-001", name="A"),
            entry("scenario", id="S-002", name="B", former=["A"]),
        ),
        (
            entry("scenario", id="S-001", name="A", retired=True),
            entry("scenario", id="S-002", name="A"),
        ),
        (
            entry("broken_portal", id="B-001", name="a"),
            entry("broken_portal", id="B-002", name="b", former=["b"]),
        ),
    ],
)
def test_an_id_and_a_name_are_used_once(tmp_path: Path, one: str, other: str) -> None:
    """Neither is used again, not even after what had it is gone."""
    path = tmp_path / "names.toml"
    path.write_text(one + other)

    with pytest.raises(BadInput, match="is given twice"):
        read_names(path)


@given(st.sets(st.sampled_from(["MSG-01", "quick", "needs_text", "S-01", "B-001"])))
def test_a_requirement_is_no_id_of_a_scenario(tags: set[str]) -> None:
    """Of a scenario's tags only its own id is one."""
    assert id_in(tags) == ""
    assert id_in({*tags, "S-123"}) == "S-123"
