"""The page lists what is compared and what is not, and each name is of the contract."""

from pathlib import Path

from reference.contract.events import EVENT_TYPES, VictimRecord
from simulator.doubles import compared_events

PAGE = (Path(__file__).parents[3] / "docs" / "neighbours.md").read_text(encoding="utf-8")


def test_what_is_left_out_is_on_the_page() -> None:
    """A reader sees which field an integration may leave blank, or fill in its own way."""
    of_crimes = {name for each in compared_events._IN_NO_COLUMN.values() for name in each}
    left_out = (
        of_crimes
        | compared_events._IN_NO_COLUMN_OF_A_PERSON
        | compared_events._TIMES_OF_SAYING
        | (compared_events._IDS - {"crime_reference"})
    )
    section = PAGE.partition("## What is compared")[2].partition("\n## ")[0]

    assert {each for each in left_out if f"`{each}`" not in section} == set()


def test_what_is_left_out_is_of_the_contract() -> None:
    """A field that was renamed is not left out by its old name."""
    fields = {name for each in EVENT_TYPES.values() for name in each.__struct_fields__}

    assert fields >= compared_events._TIMES_OF_SAYING | compared_events._IDS
    assert set(VictimRecord.__struct_fields__) >= compared_events._IN_NO_COLUMN_OF_A_PERSON
    assert all(
        set(EVENT_TYPES[kind].__struct_fields__) >= names
        for kind, names in compared_events._IN_NO_COLUMN.items()
    )
