"""A change makes the events of its rules, from the row, the rows it names, or fixed words. Pure."""

from typing import Any

import pytest

from simulator.integration.map_file import EventRule
from simulator.integration.mapping import CannotMap, EventMaker, RowChange, applies
from simulator.neighbours.dataverse.tables import TABLES

CRIME = {"incidentid": "i-1", "ticketnumber": "1", "versionnumber": 7}


def _rule(**changes: Any) -> EventRule:
    usual: dict[str, Any] = {"table": "incident", "type": "CrimeReopened", "on": "create"}
    data = {"crime_reference": "{ticketnumber}", "reopened_at": "2026-06-01T09:00:00Z"}
    return EventRule(**{**usual, "data": data, **changes})


def _change(before: dict[str, Any] | None, **after: Any) -> RowChange:
    return RowChange(table="incident", row_id="i-1", before=before, after={**CRIME, **after})


PEOPLE = {"c-1": "p-1", "c-2": "p-2", "c-3": "p-3"}
#: Who is linked to the crime: one twice, and a suspect.
LINKED = [
    {"csp_role": role, "csp_person": person}
    for role, person in ((1, "c-1"), (3, "c-2"), (3, "c-1"), (4, "c-3"))
]


def _find(table: str, row_id: str) -> dict[str, Any]:
    if table == "contact":
        return {"csp_personid": PEOPLE[row_id]}
    return {"fullname": "PC Moss"}


def _linked(table: str, column: str, row_id: str) -> list[dict[str, Any]]:
    assert (table, column) == ("csp_involvement", "csp_incident")
    return LINKED if row_id == "i-1" else LINKED[:1]


MAKER = EventMaker(TABLES, _find, lambda *_: [], _linked)
EACH = {"each": "csp_involvement.csp_incident", "only_if": {"csp_role": [1, 2, 3]}}


@pytest.mark.parametrize(
    ("rule", "before", "after", "makes"),
    [
        (_rule(), None, {}, True),
        (_rule(), {**CRIME}, {}, False),
        (_rule(table="contact"), None, {}, False),
        (_rule(on=("title",)), None, {"title": "A"}, True),
        (_rule(on=("title",)), None, {}, False),
        (_rule(on=("title",)), {"title": "A"}, {"title": "B"}, True),
        (_rule(on=("title",)), {"title": "A"}, {"title": None}, True),
        (_rule(on=("title",)), {"title": "A"}, {"title": "A"}, False),
        (_rule(on=("title",)), {}, {"title": "A"}, False),
        (_rule(only_if={"statecode": 1}), None, {"statecode": 1}, True),
        (_rule(only_if={"statecode": 1}), None, {"statecode": 0}, False),
        (_rule(only_if={"title": "*"}), None, {"title": "A"}, True),
        (_rule(only_if={"title": "*"}), None, {"title": None}, False),
        (_rule(only_if={"title": ""}), None, {"title": None}, True),
        (_rule(only_if={"title": ""}), None, {"title": "A"}, False),
        (_rule(on=("title",), was={"statecode": [1, 2]}), {"title": "A", "statecode": 1}, {}, True),
        (_rule(on=("title",), was={"statecode": [1]}), {"title": "A", "statecode": 0}, {}, False),
        (_rule(on=("title",), was={"title": "*"}), None, {"title": "A"}, False),
    ],
)
def test_a_rule_applies_to_a_change_or_not(
    rule: EventRule, before: dict[str, Any] | None, after: dict[str, Any], *, makes: bool
) -> None:
    """A column that was not there when the row was last seen is a change of the schema."""
    assert applies(rule, _change(before, **after)) is makes


@pytest.mark.parametrize(
    ("value", "filled"),
    [
        ("{ticketnumber}", "1"),
        ("words", "words"),
        ("{ownerid.fullname}", "PC Moss"),
        ("{csp_mergedinto.ticketnumber}", None),
        ({"split": "{title}"}, None),
        ({"split": "a; b;"}, ["a", "b"]),
        ({"from": "{statecode}", "values": {"1": "closed"}}, "closed"),
        ({"from": "{csp_team}", "values": {"": "nobody"}}, "nobody"),
        ({"first": ["{csp_team}", "{ticketnumber}"]}, "1"),
        ({"first": ["{csp_team}"]}, None),
        (["{csp_team}", "{ticketnumber}"], ["1"]),
        ({"a": "{csp_team}", "b": 7}, {"b": 7}),
        ([{**EACH, "data": "{csp_person.csp_personid}"}], ["p-1", "p-2", "p-1"]),
        (
            [{"person_id": "p-2"}, {**EACH, "data": {"person_id": "{csp_person.csp_personid}"}}],
            [{"person_id": "p-2"}, {"person_id": "p-1"}],
        ),
        ([{**EACH, "only_if": {"csp_role": 2}, "data": "x"}], []),
        ([{**EACH, "of": "{csp_mergedinto}", "data": "{csp_person}"}], []),
        ({"only": [{**EACH, "data": "{csp_person}"}]}, None),
        ({"only": [{**EACH, "only_if": {"csp_role": 1}, "data": "{csp_person}"}, "c-1"]}, "c-1"),
        ({"only": [{**EACH, "only_if": {"csp_role": 1}, "data": "{csp_person}"}, "c-2"]}, None),
        ({"only": ["{csp_team}"]}, None),
    ],
)
def test_a_value_is_filled_from_the_row(value: Any, filled: Any) -> None:
    """Columns, lookups, translations, the first or the only one, an entry for each linked row.

    What is empty is left out, and a person is in a list once.
    """
    row = {**CRIME, "ownerid": "u-1", "statecode": 1}

    assert MAKER.value(value, "incident", row) == filled


def test_the_same_change_makes_the_same_id() -> None:
    """However often it is read, the portal knows it again; a later change is another."""
    first, again = (MAKER.events_of(_change(None), [_rule()])[0].event_id for _ in range(2))
    [later] = MAKER.events_of(_change(None, versionnumber=8), [_rule()])

    assert first == again
    assert first != later.event_id


def test_what_makes_no_event_of_the_contract_says_why() -> None:
    """The crime, the event and the field are named."""
    with pytest.raises(CannotMap, match=r"CrimeReopened of incident 1: .*reopened_at"):
        MAKER.events_of(_change(None), [_rule(data={"crime_reference": "{ticketnumber}"})])
