"""Rules of what a portal could read in a text: more than the gateway's double reads itself."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reference.portal.rules.contact_details import address
from simulator.explore.spellings import PHONE_SPELLINGS, WARNINGS
from simulator.population.drama_numbers import mobile_phone
from simulator.world.readable_addresses import addresses_in

#: Well formed, and built from parts so that no file contains them.
SOMEBODYS = "07" + 9 * "7"
SOMEBODYS_MAIL = "anybody" + "@" + "police" + ".uk"
ARABIC = {ord(str(digit)): 0x0660 + digit for digit in range(10)}
FULL_WIDTH = {ord(str(digit)): 0xFF10 + digit for digit in range(10)}


@pytest.mark.parametrize(
    "written",
    [
        SOMEBODYS.translate(ARABIC),
        SOMEBODYS.translate(FULL_WIDTH),
        f"\u202a{SOMEBODYS}\u202c",
        ".".join((SOMEBODYS[:5], SOMEBODYS[5:])),
        "/".join((SOMEBODYS[:5], SOMEBODYS[5:])),
        f"{SOMEBODYS} (work)",
        f"tel:{SOMEBODYS}",
        f"+44 (0){SOMEBODYS[1:]} ext 2",
        f"07700900123/{SOMEBODYS}",
        f"07700900123 {SOMEBODYS}",
        f"husband's {SOMEBODYS}, hers 07700 900123",
        "x".join(SOMEBODYS),
        *(form(SOMEBODYS) for form in PHONE_SPELLINGS.values()),
        *(warning.format(SOMEBODYS) for warning in WARNINGS),
    ],
)
def test_a_number_is_found_however_it_is_written(written: str) -> None:
    """In any script, with any label or note, and beside another one."""
    assert SOMEBODYS in addresses_in(written)


@pytest.mark.parametrize(
    "written",
    [
        f"mailto:{SOMEBODYS_MAIL}", f"Anybody <{SOMEBODYS_MAIL}>", SOMEBODYS_MAIL.upper() + ".",
        SOMEBODYS_MAIL.replace("@", " @ "), SOMEBODYS_MAIL.replace("@", "\uff20"),
        f"a@example.com, {SOMEBODYS_MAIL}", SOMEBODYS_MAIL.replace("anybody", "Siân"),
    ],
)  # fmt: skip
def test_a_mailbox_is_found_however_it_is_written(written: str) -> None:
    """With a name, a label or spaces, in other letters, and beside another one."""
    assert any(each.endswith("@police.uk") for each in addresses_in(written))


@pytest.mark.parametrize(
    "written",
    ["", "N/A", "07700 90012", "101", "12 Mill Lane, AB1 2CD", "sam at example.com", "ask her @"],
)
def test_where_there_is_nothing_to_send_to_nothing_is_found(written: str) -> None:
    """A number that lacks a digit, a short number and a postal address reach nobody."""
    assert not addresses_in(written)


@given(number=st.integers(0, 999), how=st.integers(0, 99))
def test_a_drama_number_is_the_only_one_found_in_it(number: int, how: int) -> None:
    """In every spelling and with every note; with a digit missing there is none."""
    whole = mobile_phone(number)
    spelt = [form(whole) for form in PHONE_SPELLINGS.values()]
    noted = [note.format(whole) for note in WARNINGS]

    assert {addresses_in(each) for each in (*spelt, *noted)} == {frozenset((whole,))}
    digits = mobile_phone(number)
    place = 2 + how % (len(digits) - 2)

    assert not addresses_in(digits[:place] + digits[place + 1 :])


@given(st.text(alphabet="0174793 +().-/@a.uk\u0667\uff17", max_size=25))
def test_what_the_reference_reads_is_found(written: str) -> None:
    """The guard knows every address that the reference would write to."""
    assert not address(written) or address(written) in addresses_in(written)
