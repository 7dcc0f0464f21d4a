"""Dates of birth: taken as people write them, and refused by the part that is wrong."""

from calendar import month_name
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reference.portal.errors import Problem
from reference.portal.web.dates_of_birth import YEAR_MIN, from_iso, from_parts

NOW = datetime(2026, 6, 3, 11, tzinfo=UTC)
MONTHS = list(month_name)[1:]
BIRTHDAYS = st.dates(date(YEAR_MIN, 1, 1), NOW.date())
NOT_REAL = "Your date of birth must be a real date"


def read(day: str, month: str, year: str, *, now: datetime = NOW) -> date:
    """Read three fields."""
    return from_parts((day, month, year), now, months=MONTHS)


@given(born=BIRTHDAYS, width=st.integers(1, 2), spaces=st.text(" \t", max_size=2))
def test_a_birthday_is_read_however_its_numbers_are_written(
    born: date, width: int, spaces: str
) -> None:
    """With a nought before a day or without, and with spaces around."""
    day, month = (f"{spaces}{number:0{width}}{spaces}" for number in (born.day, born.month))

    assert read(day, month, f"{born.year}{spaces}") == born


@given(born=BIRTHDAYS, letters=st.integers(3, 9), upper=st.booleans())
def test_a_month_may_be_a_name(born: date, letters: int, *, upper: bool) -> None:
    """Whole or short, in any case."""
    name = month_name[born.month][:letters]

    assert read(str(born.day), name.upper() if upper else name.lower(), str(born.year)) == born


@pytest.mark.parametrize("month", ["Sept", "sept.", "SEP", "٩", "9"])
def test_september_in_all_its_spellings(month: str) -> None:
    """A full stop after a short name, and the digits of another script, are no slips."""
    assert read("3", month, "1984") == date(1984, 9, 3)


@pytest.mark.parametrize(
    ("typed", "title", "part"),
    [
        (("", "", ""), "Enter your date of birth", "day"),
        ((" ", " ", ""), "Enter your date of birth", "day"),
        (("", "5", "1984"), "Your date of birth must include a day", "day"),
        (("1", "", "1984"), "Your date of birth must include a month", "month"),
        (("1", "5", ""), "Your date of birth must include a year", "year"),
        (("", "", "1984"), "Your date of birth must include a day", "day"),
        (("32", "5", "1984"), NOT_REAL, "day"),
        (("0", "5", "1984"), NOT_REAL, "day"),
        (("1st", "5", "1984"), NOT_REAL, "day"),
        (("-1", "5", "1984"), NOT_REAL, "day"),
        (("²", "5", "1984"), NOT_REAL, "day"),
        (("1", "13", "1984"), NOT_REAL, "month"),
        (("1", "Ma", "1984"), NOT_REAL, "month"),
        (("1", "Mars", "1984"), NOT_REAL, "month"),
        (("1", "5", "MCM"), NOT_REAL, "year"),
        (("1", "5", "19845"), NOT_REAL, "year"),
        (("1", "5", "84"), "Year must include 4 numbers", "year"),
        (("1", "5", "0000"), NOT_REAL, "year"),
        (("31", "6", "1984"), NOT_REAL, "day"),
        (("29", "2", "1983"), NOT_REAL, "day"),
        (("4", "6", "2026"), "Your date of birth must be in the past", "year"),
        (("31", "12", "1899"), "Your date of birth must be in 1900 or later", "year"),
    ],
)
def test_a_slip_is_said_with_its_part(typed: tuple[str, str, str], title: str, part: str) -> None:
    """One sentence, and the field to mend."""
    with pytest.raises(Problem) as raised:
        read(*typed)

    assert (raised.value.status, raised.value.title, raised.value.field) == (422, title, part)


def test_the_day_is_londons() -> None:
    """Half past midnight in London is yesterday in UTC, and someone may be born today."""
    assert read("4", "6", "2026", now=datetime(2026, 6, 3, 23, 30, tzinfo=UTC)) == date(2026, 6, 4)


@given(st.tuples(*[st.text(max_size=6)] * 3))
def test_any_three_words_are_a_birthday_or_a_slip(typed: tuple[str, str, str]) -> None:
    """Nothing typed is a failure of the portal."""
    slip: Problem | None = None
    born = NOW.date()
    try:
        born = read(*typed)
    except Problem as problem:
        slip = problem

    assert date(YEAR_MIN, 1, 1) <= born <= NOW.date()
    assert slip is None or (slip.status, slip.field in {"day", "month", "year"}) == (422, True)


@given(BIRTHDAYS)
def test_an_iso_date_is_itself(born: date) -> None:
    """What a program writes is read as it stands."""
    assert from_iso(born.isoformat(), NOW) == born


@pytest.mark.parametrize(
    ("written", "title"),
    [
        *[(each, NOT_REAL) for each in ("", "1984-02-30", "1984-5-1", "19840501", "1984-W18-2")],
        *[(each, NOT_REAL) for each in ("01/05/1984", "1984-05-01T00:00", "１984-05-01")],
        ((NOW.date() + timedelta(days=1)).isoformat(), "Your date of birth must be in the past"),
        ("1899-12-31", "Your date of birth must be in 1900 or later"),
    ],
)
def test_what_is_no_iso_date_of_birth_names_its_field(written: str, title: str) -> None:
    """A program is told which field, and how it is written."""
    with pytest.raises(Problem) as raised:
        from_iso(written, NOW)

    assert (raised.value.status, raised.value.title) == (422, title)
    assert raised.value.field == "date_of_birth"
