"""What stands in contact fields and is nobody's: named as what it is, never sent to."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reference.contract.events import VictimRecord
from reference.portal.rules import contact_details
from tests.reference.portal.crimes import EMAIL, MOBILE, alex

FORCES_OWN = frozenset({"101", "01632960101", "07700900900"})
texts = st.text(max_size=200)


def problem(record: VictimRecord) -> str:
    """Give the one problem with a person's number."""
    reach = contact_details.reach(record, channels=("text",), not_a_victims=FORCES_OWN)

    assert reach.addresses == {}

    [found] = reach.problems
    return found


@pytest.mark.parametrize(
    "written",
    ["N/A", "n/a", "none", "Unknown", "not known", "TBC", "x", "07000000000", "07777777777"],
)
def test_a_placeholder_stands_for_nothing(written: str) -> None:
    """A field that may not be left empty is filled with something: it is not a number."""
    assert "stands for nothing" in problem(alex(mobile_phone=written))


@pytest.mark.parametrize("written", ["101", "01632 960101", "07700 900900", "+44 7700 900900"])
def test_the_forces_own_number_is_no_victims(written: str) -> None:
    """However it is spelt, a victim is not reached at the police."""
    assert "force's own number" in problem(alex(mobile_phone=written))


@pytest.mark.parametrize("written", ["1 High Street, Reading, RG1 1AA", "rg11aa", "RG1 1AA"])
def test_an_address_in_the_phone_field_is_said_to_be_one(written: str) -> None:
    """The officer is told what stands there, not what it says."""
    found = problem(alex(mobile_phone=written))

    assert "postal address" in found
    assert written not in found


@pytest.mark.parametrize(
    "written",
    [
        *("none@none.example", "noemail@mail.example", "unknown@x.example", "test@test.com"),
        *("no-mail@mail.example", "No.Reply@mail.example", "do_not_reply@mail.example"),
        *("refused@mail.example", "n.a@mail.example", "n/a@mail.example"),
    ],
)
def test_an_email_of_nobody_is_none(written: str) -> None:
    """What is written to fill the field is not emailed."""
    reach = contact_details.reach(alex(email=written, mobile_phone=""), channels=("email",))

    assert reach.addresses == {}


@given(
    st.builds(
        VictimRecord,
        person_id=st.text(min_size=1, max_size=64),
        given_name=texts,
        family_name=texts,
        mobile_phone=texts | st.text("+07900 ()-x", max_size=20),
        other_phone=texts,
        email=texts | st.text("@.ab", max_size=20),
        preferred_channels=st.lists(st.sampled_from(contact_details.CHANNELS)).map(tuple),
    ),
    st.none() | st.lists(texts | st.sampled_from(contact_details.CHANNELS)),
    st.dictionaries(st.sampled_from([MOBILE, EMAIL]) | texts, texts),
)
def test_no_record_of_any_kind_breaks_it(
    record: VictimRecord, channels: list[str] | None, stopped: dict[str, str]
) -> None:
    """Whatever is in the fields: an answer, and nothing that was stopped or not asked for in it."""
    reach = contact_details.reach(
        record, channels=channels, stopped=stopped, not_a_victims=FORCES_OWN
    )
    wanted = record.preferred_channels if channels is None else channels

    assert set(reach.addresses) <= set(wanted)
    assert not set(reach.addresses.values()) & (stopped.keys() | FORCES_OWN)
    assert contact_details.name_is_sound(record) in {True, False}
    assert contact_details.address(record.mobile_phone) in {
        contact_details.mobile(record.mobile_phone),
        contact_details.email(record.mobile_phone),
    }
