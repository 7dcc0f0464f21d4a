"""Rules of the recipient guard: a run can never reach a real person, at its start or later."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import structs

from reference.contract.events import (
    CrimeAllocated,
    CrimeRecorded,
    ToldInstead,
    VictimDetailsChanged,
    VictimRecord,
)
from simulator.errors import BadInput, CannotVerify
from simulator.inputs.handsets import Handsets
from simulator.inputs.target import Access, Target, read_target
from simulator.population.crowd_numbers import crowd_landline, crowd_mobile
from simulator.population.drama_numbers import ORDINARY_MOBILES, SPELLINGS, mobile_phone
from simulator.world.readable_addresses import addresses_in
from simulator.world.recipient_guard import CouldBeReal, Recipients, check_recipients
from tests.simulator.real_files import BY_URL, TARGET
from tests.simulator.worlds import MOBILE, REFERENCE, START, Around, crime, person

#: Well formed, and built from parts so that no file contains it.
SOMEBODYS = "07" + 9 * "7"
SOMEBODYS_MAIL = "anybody" + "@" + "police" + ".uk"
HANDSETS = Handsets(
    vouched_by="Dana Okafor", mobiles=(SOMEBODYS,), mailboxes=("one@tests.police.uk",)
)


def record(**fields: str) -> VictimRecord:
    """Write something down of a victim."""
    return structs.replace(VictimRecord(person_id="p"), **fields)


def target(source: Path = TARGET, **access: object) -> Target:
    """Give a target that is reached in another way."""
    read = read_target(source)
    return structs.replace(read, access=Access(**access))  # type: ignore[arg-type]


def claiming(target: Target, capability: str) -> Target:
    """Give the target with one claim more."""
    claims = target.claims
    more = (*claims.capabilities, capability)
    return structs.replace(target, claims=structs.replace(claims, capabilities=more))


@given(number=st.integers(0, 69_999_999), before=st.sampled_from(["0", "+44", "0044 ", "+44 (0)"]))
def test_a_crowds_number_is_met_by_no_portal(number: int, before: str) -> None:
    """A number for crowds is refused wherever something could be sent, however it is written."""
    written = f"{before}{crowd_mobile(number)[1:]}"

    with pytest.raises(CouldBeReal, match="crowd's number"):
        Recipients(comes_to_us=True).refuse_real([person(mobile=written)])
    for field in ("mobile_phone", "other_phone"):
        assert Recipients().could_reach(record(**{field: written})) == field


@given(number=st.integers(0, 69_999_999), before=st.sampled_from(["0", "+44", "0044 ", "+44 (0)"]))
def test_a_crowds_number_is_met_where_nothing_leaves_the_process(number: int, before: str) -> None:
    """Only a portal in this process may be given them; a real number is refused there too."""
    within = Recipients.of(read_target(TARGET), crowd_numbers=True)
    written = f"{before}{crowd_mobile(number)[1:]}"
    within.refuse_real([person(mobile=crowd_mobile(number))])

    assert not within.could_reach(record(mobile_phone=written))
    with pytest.raises(CouldBeReal):
        within.refuse_real([person(mobile=SOMEBODYS)])


@given(number=st.integers(0, 69_999_999), drama=st.sampled_from(ORDINARY_MOBILES))
def test_a_number_that_nobody_holds_can_be_read_in_no_other_way(number: int, drama: int) -> None:
    """So the guard need not look for other numbers in one."""
    within = Recipients(crowd_numbers=True)

    for written in (crowd_mobile(number), crowd_landline(number % 60_000_000), mobile_phone(drama)):
        for form in (written, f"44{written[1:]}", f"0044{written[1:]}", written[1:]):
            assert all(map(within.is_nobodys, addresses_in(form))), form


def test_no_socket_is_given_a_crowds_numbers() -> None:
    """Neither a portal that is started as a program, nor one that runs already."""
    by_url = {"portal_url": "http://127.0.0.1:1"}
    started = {"portal_url": "http://127.0.0.1:{port}", "command": ("run",)}
    for access in (by_url, started):
        with pytest.raises(BadInput, match="numbers: a crowd's numbers are for a portal in this"):
            Recipients.of(target(BY_URL, **access), crowd_numbers=True)


@given(number=st.integers(0, 999), spelling=st.integers(0, SPELLINGS - 1))
def test_drama_mobiles_are_nobodys_however_written(number: int, spelling: int) -> None:
    """All thousand mobiles that Ofcom keeps for drama may be met and written down."""
    written = mobile_phone(number, spelling=spelling)

    Recipients().refuse_real([person(mobile=written)])
    assert not Recipients().could_reach(record(mobile_phone=written))


@pytest.mark.parametrize(
    "address",
    [
        "01184960123", "01134960999", "01214960000", "01914980123", "02079460123", "02896496123",
        "02920180123", "01632960123", "08081570123", "09098790123", "03069990123",
        "a@example.com", "a@b.example.org", "a@police.example", "a@b.invalid", "a@c.test",
    ],
)  # fmt: skip
def test_what_is_kept_for_drama_and_documents_is_nobodys(address: str) -> None:
    """Every range of Ofcom's list, and every domain that RFC 2606 and 6761 keep."""
    assert Recipients().is_nobodys(address)


@pytest.mark.parametrize(
    "address",
    [
        SOMEBODYS, "07700901000", "07700899999", "0118497" + "0123", "02079461000",
        SOMEBODYS_MAIL, "a@example.com.uk", "a@notexample.com", "a@example.co", "a@latest",
    ],
)  # fmt: skip
def test_what_lies_beside_them_could_be_somebodys(address: str) -> None:
    """A number after the last of a range, and a domain that only looks reserved, are not."""
    assert not Recipients().is_nobodys(address)


@pytest.mark.parametrize("fields", [{"mobile": SOMEBODYS}, {"email": SOMEBODYS_MAIL}])
def test_nobody_real_is_met(fields: dict[str, str]) -> None:
    """The world refuses a person whose address could be real; the error does not repeat it."""
    around = Around()

    with pytest.raises(CouldBeReal) as caught:
        around.world.meet(person(**fields))

    assert not [each for each in fields.values() if each in str(caught.value)]
    assert around.evidence.records == []


def test_who_holds_a_test_handset_is_met() -> None:
    """What a person vouches for may be held, and nothing beside it."""
    recipients = Recipients(HANDSETS)

    recipients.refuse_real([person(mobile=SOMEBODYS, email="One@tests.police.uk")])
    with pytest.raises(CouldBeReal, match="email is not one of"):
        recipients.refuse_real([person(mobile=SOMEBODYS, email="two@tests.police.uk")])


def test_the_handsets_are_handed_out_and_no_more() -> None:
    """Each handset once; when they are used up there are none, and no others are made up."""
    recipients = Recipients(HANDSETS)

    assert [recipients.mobile(each) for each in range(3)] == [SOMEBODYS, "", ""]
    assert [recipients.mailbox("Alex", each) for each in range(2)] == ["one@tests.police.uk", ""]
    whole = Recipients(structs.replace(HANDSETS, mailboxes=("@tests.police.uk",)))
    assert whole.mailbox("victim 1", 7) == "victim1.7@tests.police.uk"


@pytest.mark.parametrize("field", ["mobile_phone", "other_phone", "email"])
@pytest.mark.parametrize("address", [SOMEBODYS, SOMEBODYS_MAIL])
def test_what_is_written_down_could_reach_somebody(field: str, address: str) -> None:
    """In whichever field it stands, a portal might write to it."""
    assert Recipients().could_reach(record(**{field: address})) == field


@pytest.mark.parametrize(
    "written", ["", "N/A", "07700 90012", "101", "01632 960101", "12 Mill Lane"]
)
def test_what_can_reach_nobody_may_be_written(written: str) -> None:
    """What is no address, or a kept one, is written down as officers do."""
    assert not Recipients().could_reach(record(mobile_phone=written, other_phone=written))


@pytest.mark.parametrize("written", [f"{SOMEBODYS} (work)", f"{SOMEBODYS[:5]}.{SOMEBODYS[5:]}"])
def test_what_only_some_portals_can_read_is_not_written(written: str) -> None:
    """Our gateway reads neither; a portal with another reader would text a stranger."""
    assert Recipients().could_reach(record(mobile_phone=written)) == "mobile_phone"
    assert not Recipients().is_synthetic(written, or_unreadable=True)


def recorded(victim: VictimRecord) -> CrimeRecorded:
    """Record a crime of this victim."""
    return structs.replace(crime(START), victims=(victim,))


@pytest.mark.parametrize(
    "event",
    [
        recorded(record(mobile_phone=SOMEBODYS)),
        recorded(structs.replace(record(), told_instead=ToldInstead(email=SOMEBODYS_MAIL))),
        VictimDetailsChanged(crime_reference=REFERENCE, victim=record(other_phone=SOMEBODYS)),
    ],
)
def test_nothing_is_recorded_by_which_somebody_real_could_be_told(
    event: CrimeRecorded | VictimDetailsChanged,
) -> None:
    """Until a message came to our gateway nothing shows that this portal's messages do."""
    around = Around(recipients=Recipients())

    with pytest.raises(CannotVerify, match="could be a real person's"):
        around.crime_system.record(event)
    assert not around.crime_system.outgoing

    around.send("There is an update.")
    around.world.settle()
    around.crime_system.record(event)
    assert len(around.crime_system.outgoing) == 1


def test_other_facts_are_recorded() -> None:
    """A record without addresses is allowed."""
    around = Around(recipients=Recipients())

    around.crime_system.record(CrimeAllocated(crime_reference=REFERENCE, allocated_at=START))

    assert len(around.crime_system.outgoing) == 1


def test_with_handsets_a_message_of_ours_shows_nothing() -> None:
    """Where messages go elsewhere, one that came here does not say that the others do."""
    around = Around(recipients=Recipients(HANDSETS))
    around.send("There is an update.", to=MOBILE)
    around.world.settle()

    with pytest.raises(CannotVerify):
        around.crime_system.record(recorded(record(email=SOMEBODYS_MAIL)))


@pytest.mark.parametrize("source", [TARGET, BY_URL])
def test_a_portal_of_the_run_sends_to_us(source: Path) -> None:
    """The run itself points the portal at our gateway, unless it claims one of its own."""
    started = target(
        driver="a:B", command=("portal", "{port}"), portal_url="http://127.0.0.1:{port}"
    )

    assert Recipients.of(read_target(source)).comes_to_us
    assert Recipients.of(started).comes_to_us
    assert not Recipients.of(claiming(started, "messages_since")).comes_to_us
    assert not Recipients.of(target(portal_url="http://portal.example")).comes_to_us


def test_messages_that_go_elsewhere_need_handsets() -> None:
    """A portal with its own gateway needs handsets that a person vouches for."""
    path = Path("target.toml")
    own = claiming(target(driver="a:B"), "messages_since")

    with pytest.raises(BadInput, match=r"target\.toml: access\.handsets is missing"):
        check_recipients(own, path)
    check_recipients(
        structs.replace(own, access=structs.replace(own.access, handsets=HANDSETS)), path
    )


def test_where_messages_come_to_us_there_are_no_handsets() -> None:
    """A portal that the run starts and points at our gateway sends nothing to a handset."""
    wrong = target(application="a:b", handsets=HANDSETS)

    with pytest.raises(BadInput, match="leave handsets out"):
        check_recipients(wrong, Path("target.toml"))
    check_recipients(target(portal_url="http://portal.example", handsets=HANDSETS), Path("t"))


def test_an_address_is_synthetic_in_any_spelling() -> None:
    """What nothing can be sent to is so only where that is allowed."""
    recipients = Recipients()
    assert recipients.is_synthetic(f"+44 {MOBILE[1:]}")
    assert not recipients.is_synthetic("07911 123456", or_unreadable=True)
    assert not recipients.is_synthetic("sam at example.com")
    assert recipients.is_synthetic("sam at example.com", or_unreadable=True)
