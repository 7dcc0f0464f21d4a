"""The crimes of a demonstration, each with a made-up victim whom every message reaches."""

import pytest
from msgspec import structs

from reference.contract.identity import agreed_word_digest
from simulator.errors import BadInput
from simulator.inputs.order import Order, read_order
from simulator.serve.crimes import CRIMES_MAX, Caseload, NotPossible
from tests.simulator.real_files import ORDER
from tests.simulator.worlds import START

TWO_FORCES = read_order(ORDER)


def caseload(order: Order = TWO_FORCES, *, seed: int = 1) -> Caseload:
    """Make a caseload in which nothing is reported yet."""
    return Caseload(order, identity_key="key", seed=seed)


def test_every_victim_is_one_the_order_invites() -> None:
    """No victim of a demonstration is excluded by the order."""
    cases = caseload()

    for _number in range(2 * len(TWO_FORCES.eligibility.offence_subgroups)):
        crime = cases.report(START)
        assert TWO_FORCES.exclusion(crime.recorded, crime.victim.person_id) == ""
        assert crime.record.preferred_channels == ("text", "email")
        force = TWO_FORCES.forces[crime.recorded.force]
        assert crime.reference.startswith(force.reference_prefix)


def test_kinds_and_forces_take_turns() -> None:
    """A few crimes show what differs by offence and by force."""
    cases = caseload()
    found = [cases.report(START).recorded for _ in TWO_FORCES.eligibility.offence_subgroups]

    assert {each.offence_subgroup for each in found} == set(
        TWO_FORCES.eligibility.offence_subgroups
    )
    assert {each.force for each in found} == set(TWO_FORCES.forces)


def test_nobody_shares_anything_and_nobody_is_real() -> None:
    """Each victim has their own number, mailbox and reference, and none is a real person's."""
    cases = caseload()
    found = [cases.report(START) for _ in range(CRIMES_MAX)]

    for values in (
        {each.reference for each in found},
        {each.victim.known.mobile_phone for each in found},
        {each.victim.known.email for each in found},
    ):
        assert len(values) == CRIMES_MAX
    assert all(each.victim.known.mobile_phone.startswith("07700900") for each in found)
    assert {each.victim.known.email.partition("@")[2] for each in found} <= {
        "example.com",
        "example.net",
        "example.org",
    }
    with pytest.raises(NotPossible, match="quit and start again"):
        cases.report(START)


def test_the_word_is_in_no_record() -> None:
    """The record holds only the digest of the word."""
    crime = caseload().report(START)

    word, person_id = crime.victim.proof, crime.victim.person_id
    assert crime.record.agreed_word_digest == agreed_word_digest("key", person_id, word)
    assert word not in repr(crime.recorded)


def test_another_run_has_other_people() -> None:
    """Every run has other words."""
    found = [caseload(seed=seed).report(START).victim for seed in range(5)]

    assert len({(each.known.mobile_phone, each.proof) for each in found}) == 5


def test_a_crime_is_found_by_its_number() -> None:
    """Numbers begin at 1; an unknown one is an error."""
    cases = caseload()
    first = cases.report(START)
    assert cases.numbered(1) is first
    with pytest.raises(
        NotPossible, match="no crime 2: there is only 1; type new to report another"
    ):
        cases.numbered(2)

    second = cases.report(START)
    assert cases.numbered(2) is second
    with pytest.raises(NotPossible, match="no crime 3: there is 1 to 2"):
        cases.numbered(3)


def test_an_order_without_a_known_offence_is_refused() -> None:
    """Without an offence there is no crime to try."""
    eligibility = structs.replace(TWO_FORCES.eligibility, offence_subgroups=("Barratry",))

    with pytest.raises(BadInput, match=r"eligibility\.offence_subgroups: none is in"):
        caseload(structs.replace(TWO_FORCES, eligibility=eligibility))
