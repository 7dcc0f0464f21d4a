"""The rules on columns are the portal's rules on one record: equal on 100,000 dirty records.

The judge reads on its own, and more widely: it differs where this says, and nowhere else.
"""

import random
import re

import duckdb
import pytest

from reference.contract.events import VictimRecord
from reference.portal.rules import contact_details
from simulator.contact_data.columns import ColumnMap, Table
from simulator.contact_data.contact_readings import insert, read_contacts
from simulator.contact_data.name_rules import NameBook
from simulator.judge.facts import contact_fields

ROWS = 20_000
SEPARATORS = ("", "", "", " ", " ", "-", ".", "  ", "/", "\u00a0", "\u2010")
BEFORE = (
    "",
    "",
    "",
    "+44",
    "+44 ",
    "0044",
    "0044 ",
    "44",
    "(+44) ",
    "+44(0)",
    "+44 (0)",
    "+33",
    "mob: ",
)
AROUND = (
    "",
    "",
    "",
    "",
    "",
    " ",
    "tel.",
    "Mobile:",
    " (mum)",
    " do not text",
    " x12",
    "#3",
    "?",
    "'",
)
LOCALS = (
    "jo",
    "jo.bloggs",
    "o'neil",
    "j+k",
    "no",
    "none",
    "x",
    "jo..b",
    ".jo",
    "zoë",
    "a_b",
    "n/a",
    "",
)
DOMAINS = ("gmail.com", "gmail,com", "example.co.uk", "x.y", "x", "münchen.de", "a b.com", "-a.com")


def a_number(draw: random.Random) -> str:
    """Write some digits as people do: right, nearly right, or not at all."""
    first = draw.choice(("7700900", "7", "7", "7", "70", "76", "7624", "77", "1184960", "1632960",
                         "2079460", "800", "9", "1", ""))  # fmt: skip
    length = draw.choice((10, 10, 10, 10, 10, 9, 11, 12, 8))
    digits = first + "".join(draw.choice("0123456789") for _ in range(max(0, length - len(first))))
    if draw.random() < 0.03:
        digits = "7" + draw.choice("0123456789") * 9
    before = draw.choice(BEFORE)
    zero = "0" if draw.random() < 0.7 and "0" not in before[-2:] else ""
    at = draw.choice((3, 4, 5))
    gap = draw.choice(SEPARATORS)
    written = before + zero + digits[:at] + gap + digits[at:7] + gap + digits[7:]
    if draw.random() < 0.02:
        written = written.translate(str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩"))
    around = draw.choice(AROUND)
    return around + written if draw.random() < 0.3 else written + around


def an_email(draw: random.Random) -> str:
    """Write an address: right, nearly right, or not at all."""
    local = draw.choice(LOCALS) + (str(draw.randrange(100)) if draw.random() < 0.5 else "")
    return local + draw.choice(("@", "@", "@", "@", "", " @", "@@")) + draw.choice(DOMAINS)


def a_field(draw: random.Random, *, numbers: float) -> str:
    """Write a number, an address, or something else."""
    kind = draw.random()
    if kind < numbers:
        return a_number(draw)
    if kind < 0.9:
        return an_email(draw)
    words = ("", "N/A", "none", "Sam Jones", "OX1 2AB", "ask her", "-", "07", "+", "x", "unknown")
    return draw.choice(words)


@pytest.mark.slow(seconds=4)
def test_columns_read_contacts_as_the_portal_does() -> None:
    """Mobile and email of each field are what the portal's functions give, text by text.

    The judge differs in numbers alone: those without their 0, of no range, of another country's
    punctuation, or typed to fill a field.
    """
    draw = random.Random(20261128)  # noqa: S311  no secret
    fields = [
        (a_field(draw, numbers=0.35).strip(" \u00a0"), a_field(draw, numbers=0.02).strip(" \u00a0"))
        for _ in range(ROWS)
    ]
    database = duckdb.connect()
    database.execute(
        "CREATE TABLE record (n VARCHAR, mobile VARCHAR, email VARCHAR, landline VARCHAR, "
        "notes VARCHAR)"
    )
    insert(
        database,
        "record",
        ((str(n), mobile, email, "", "") for n, (mobile, email) in enumerate(fields)),
    )
    columns = ColumnMap(table=(Table(file="x.csv", rows="victims", columns={"mobile": "m"}),))

    read_contacts(database, columns)

    rows = database.execute(
        "SELECT n::INTEGER, m_mobile, m_email, e_mobile, e_email FROM reading ORDER BY 1"
    ).fetchall()
    unlike = [
        (fields[n], row)
        for n, *row in rows
        if row
        != [
            contact_details.mobile(fields[n][0]),
            contact_details.email(fields[n][0]),
            contact_details.mobile(fields[n][1]),
            contact_details.email(fields[n][1]),
        ]
    ]
    assert len(rows) == ROWS
    assert unlike[:5] == []
    of_both = [(fields[n][0], row[0], contact_fields.as_mobile(fields[n][0])) for n, *row in rows]
    assert [each for each in of_both if each[1] != each[2] and not may_differ(each[0])][:5] == []
    assert sum(bool(mobile) for _written, mobile, _judged in of_both) > ROWS / 30
    assert sum(bool(row[3]) for _n, *row in rows) > ROWS / 30


def may_differ(written: str) -> bool:
    """Say whether the judge may read a number otherwise than the portal.

    It is stricter where 44 stands without its +, or the 0 is lost; and wider in ranges that no
    exchange connects, and in signs between the digits.
    """
    label, country = r"(?:(?:tel|mob|mobile)\s*[.:])?\s*", r"\(?(?:\+|00)44\)?[ -]*(?:\(0\)|0)?"
    usual = rf"{label}(?:{country}|0|44)[ -]*7[0-9() .-]*"
    in_a_range = contact_details.mobile("0" + re.sub(r"\D", "", written)[-10:])
    return not (in_a_range and re.fullmatch(usual, written, re.IGNORECASE))


def test_names_that_the_portal_refuses_are_findings() -> None:
    """Whatever the portal will not greet, the check finds; a blank it asks about."""
    book = NameBook({})
    refused = ("N/A", "Unknown", "tbc", "XX", "Test", "J0hn", "a@b", "_", "Do not contact",
               "Withheld", "deceased", "don’t", "12", "Smith <x>")  # fmt: skip
    for name in refused:
        record = VictimRecord(person_id="p", given_name=name, family_name="Okafor")
        assert not contact_details.name_is_sound(record)
        assert book.read(name).kind, name
