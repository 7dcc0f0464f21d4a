"""The events: what the contract takes, what it refuses, and that every kind can be told."""

from datetime import UTC, datetime
from typing import Any, get_args

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from reference.contract.events import EVENT_TYPES, AnyEvent, CloudEvent, CrimeEvent, VictimRecord
from reference.contract.outcomes import CHARGED, OUTCOMES

AT = "2026-06-03T11:00:00Z"
CLOSURE = {"crime_reference": "43260000001", "outcome": 18, "closed_at": AT}
DEPLOYMENT = {"crime_reference": "43260000001", "deployed_at": AT}


def read(kind: str, data: Any) -> AnyEvent:
    """Read an event as it comes over the wire."""
    return msgspec.json.decode(msgspec.json.encode(data), type=EVENT_TYPES[kind])


def test_every_event_has_its_own_name_on_the_wire() -> None:
    """The type of an envelope is the name of the event, and none is forgotten."""
    assert set(EVENT_TYPES.values()) == set(get_args(AnyEvent))
    assert all(kind.__name__ == name for name, kind in EVENT_TYPES.items())


def test_every_event_says_which_crime_and_nothing_can_change_it() -> None:
    """An event is a fact: it names its crime and stays as it is."""
    for kind in EVENT_TYPES.values():
        assert issubclass(kind, CrimeEvent)
        assert kind.__struct_config__.frozen
        assert (
            "crime_reference"
            in msgspec.json.schema_components([kind])[1][kind.__name__]["required"]
        )


def test_a_crime_system_may_send_more_than_is_asked() -> None:
    """Fields that nobody knows are passed over, so that a crime system can grow."""
    assert read("OfficerDeployed", {**DEPLOYMENT, "call_sign": "TW12"}) == read(
        "OfficerDeployed", DEPLOYMENT
    )


@pytest.mark.parametrize(
    ("kind", "data"),
    [
        ("OfficerDeployed", {**DEPLOYMENT, "crime_reference": ""}),
        ("OfficerDeployed", {**DEPLOYMENT, "crime_reference": "4" * 65}),
        ("OfficerDeployed", {**DEPLOYMENT, "deployed_at": "2026-06-03T11:00:00"}),  # no zone
        ("OfficerDeployed", {**DEPLOYMENT, "deployed_at": "3 June 2026"}),
        ("OfficerDeployed", {"deployed_at": AT}),
        ("CrimeClosed", {**CLOSURE, "outcome": 0}),  # not yet assigned is not an outcome
        ("CrimeClosed", {**CLOSURE, "outcome": 1}),  # a charge is not a closure
        ("CrimeClosed", {**CLOSURE, "outcome": 19}),  # Action Fraud's, never a force's
        ("CrimeClosed", {**CLOSURE, "outcome": "18"}),
        ("CrimeClosed", {**CLOSURE, "decided_by": "court"}),
        ("OutcomeRecorded", {"crime_reference": "1", "outcome": 18, "decided_at": AT}),
        ("VictimDetailsChanged", {"crime_reference": "1", "victim": {}}),
        ("VictimDetailsChanged", {"crime_reference": "1", "victim": {"person_id": "a" * 65}}),
        (
            "VictimDetailsChanged",
            {"crime_reference": "1", "victim": {"person_id": "a", "preferred_channels": ["post"]}},
        ),
        (
            "VictimDetailsChanged",
            {"crime_reference": "1", "victim": {"person_id": "a", "update_frequency_days": 0}},
        ),
    ],
)
def test_what_was_not_agreed_is_refused(kind: str, data: dict[str, Any]) -> None:
    """A value outside what was agreed is an error that names its field."""
    with pytest.raises(msgspec.ValidationError, match=r"\$|required field"):
        read(kind, data)


def test_a_closure_may_have_every_outcome_but_a_charge() -> None:
    """Every Home Office outcome is either the charge that keeps a case live, or a closure."""
    taken = set()
    for outcome in range(30):
        try:
            read("CrimeClosed", {**CLOSURE, "outcome": outcome})
        except msgspec.ValidationError:
            continue
        taken.add(outcome)

    assert taken == OUTCOMES.keys() - {CHARGED}


def test_a_victim_nobody_asked_is_not_safe_to_contact() -> None:
    """What was left blank is unknown, and unknown is not yes."""
    assert VictimRecord(person_id="alex").safe_to_contact is None


@given(st.binary(max_size=200) | st.text(max_size=200).map(str.encode))
def test_no_bytes_are_more_than_an_error(body: bytes) -> None:
    """Whatever arrives is an event or an error of decoding, never anything else."""
    for kind in (CloudEvent, *EVENT_TYPES.values()):
        try:
            read = msgspec.json.decode(body, type=kind)
        except (msgspec.DecodeError, UnicodeDecodeError):
            continue
        assert isinstance(read, kind)


@given(st.datetimes(timezones=st.just(UTC)))
def test_an_event_comes_back_as_it_was_written(at: datetime) -> None:
    """Writing and reading an event loses nothing, not even parts of a second."""
    event = EVENT_TYPES["OfficerDeployed"](crime_reference="1", deployed_at=at)  # type: ignore[call-arg]

    assert read("OfficerDeployed", event) == event
