"""What not mending costs: measured rates go into a rehearsal, and its numbers into the report."""

import csv
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulator.contact_data.cost import Amount, Contents, Rehearsed, for_each_thousand
from simulator.contact_data.page import cost_in_words
from simulator.rehearsal import unmended_data
from tests.simulator.command_line import portal_suite
from tests.simulator.contact_data.extracts import check, mapped, rows_of, write
from tests.simulator.real_files import ROOT

#: All of them together.
pytestmark = pytest.mark.slow(seconds=7)

CONTACTS = ROOT / "fixtures" / "contacts"
REHEARSED = Rehearsed(
    rollout="scenarios/phased-rollout.toml",
    seed=1,
    fraction=0.01,
    crimes=1_000,
    messages_per_crime=9.0,
    lost=Amount(value=1_234.4, low=1_100.0, high=1_400.0),
    misinformed=Amount(value=20.0, low=15.0, high=25.0),
)


def test_without_a_rehearsal_no_message_is_counted(tmp_path: Path) -> None:
    """It is said that none was run, and which would be; untold crimes are counted."""
    checked = check(tmp_path, write(tmp_path / "e.csv", rows_of({}, {"Safe to contact": "no"})))

    assert checked.readiness.cost.untold == 500
    assert checked.readiness.cost.rehearsed is None
    words = cost_in_words(checked.readiness)
    assert words.startswith("Not rehearsed. --rehearse runs scenarios/phased-rollout.toml twice")
    assert words in " ".join((tmp_path / "out" / "report.html").read_text("utf-8").split())


def test_a_rehearsal_of_the_measured_rates_is_reported(tmp_path: Path) -> None:
    """The rehearsal gets what was measured; its numbers are in the page, and in a file to download.

    What the call-backs leave open widens the range.
    """
    given: list[tuple[Contents, Contents]] = []

    def rehearse(as_it_is: Contents, mended: Contents) -> Rehearsed:
        given.append((as_it_is, mended))
        return REHEARSED

    checked = check(
        tmp_path,
        CONTACTS / "extract.csv",
        audit_results=CONTACTS / "call-backs.csv",
        rehearse=rehearse,
    )

    [(as_it_is, mended)] = given
    assert as_it_is.rates.rate("mobile_in_landline_field") == pytest.approx(2 / 121, abs=1e-6)
    assert not any(each.value for each in mended.rates.contacts.values())
    assert mended.rates.name_wrong == as_it_is.rates.name_wrong
    assert as_it_is.safe_share is not None
    assert mended.safe_share is not None
    assert as_it_is.safe_share < mended.safe_share < 1
    page = " ".join((tmp_path / "out" / "report.html").read_text("utf-8").split())
    assert "1,234 (95% interval 1,100 to 1,400) messages lost" in page
    by_call_backs = checked.readiness.cost.misinformed
    assert by_call_backs is not None
    assert f"20 (95% interval {by_call_backs.low:,.0f} to {by_call_backs.high:,.0f})" in page
    with (tmp_path / "out" / "numbers" / "cost.csv").open(encoding="utf-8") as file:
        rows = {row[0]: row[1] for row in csv.reader(file)}
    assert rows["messages lost, rehearsed"] == "1234.4"


def test_missing_details_are_measured_less_those_of_people_who_have_none(tmp_path: Path) -> None:
    """Of twenty records, eight have no mobile: one person in twenty has none to give."""
    missing = [{"Mobile": "", "Home Tel": ""}] * 8
    given: list[Contents] = []

    def rehearse(as_it_is: Contents, _mended: Contents) -> Rehearsed:
        given.append(as_it_is)
        return REHEARSED

    check(tmp_path, write(tmp_path / "e.csv", rows_of(*missing, *[{}] * 12)), rehearse=rehearse)

    [as_it_is] = given
    assert as_it_is.rates.rate("mobile_missing") == pytest.approx(0.35 / 0.95, abs=1e-4)
    assert as_it_is.rates.rate("email_missing") == 0
    assert "of 20 victims 8 without a mobile" in as_it_is.rates.contacts["mobile_missing"].source


@pytest.mark.parametrize(("blank", "share", "not_said"), [("not_safe", 0.5, 1), ("safe", 0.75, 0)])
def test_a_blank_is_rehearsed_as_the_map_says(
    tmp_path: Path, blank: str, share: float, not_said: int
) -> None:
    """Where a blank means safe, nobody need be asked."""
    answers: tuple[dict[str, str], ...] = (
        {},
        {},
        {"Safe to contact": ""},
        {"Safe to contact": "no"},
    )
    file = write(tmp_path / "extract.csv", rows_of(*answers))
    mapped(tmp_path, file)
    path = tmp_path / "out" / "columns.toml"
    words = path.read_text(encoding="utf-8")
    path.write_text(words.replace('contact = "not_safe"', f'contact = "{blank}"'), encoding="utf-8")
    given: list[Contents] = []

    def rehearse(as_it_is: Contents, _mended: Contents) -> Rehearsed:
        given.append(as_it_is)
        return REHEARSED

    found = check(tmp_path, file, column_map=path, rehearse=rehearse)

    assert found.readiness.blanks.not_said == not_said
    assert [each.safe_share for each in given] == [share]


@given(people=st.lists(st.integers(0, 40).map(float), min_size=1, max_size=200))
def test_the_interval_holds_the_sum(people: list[float]) -> None:
    """Around the sum for each 1,000; nothing lost has no spread."""
    found = for_each_thousand(people, len(people))

    assert found.value == pytest.approx(1000 * sum(people) / len(people))
    assert 0 <= found.low <= found.value <= found.high
    assert for_each_thousand([0.0, 0.0], 2) == Amount(value=0, low=0, high=0)


def test_the_command_rehearses_with_its_progress(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """With --rehearse the numbers are told in the terminal too, and each day is shown."""
    seeds = []

    def rehearse(
        _as_it_is: Contents, _mended: Contents, *, seed: int, on_day: Callable[[date, float], None]
    ) -> Rehearsed:
        seeds.append(seed)
        for day in (1, 2):
            on_day(date(2026, 1, day), day / 2)
        return REHEARSED

    monkeypatch.setattr(unmended_data, "rehearse_unmended", rehearse)

    told = portal_suite(
        capsys, "check-data", str(CONTACTS / "extract.csv"), "--out", str(tmp_path / "out"),
        "--rehearse", "--seed", "7", "--on", "2026-11-28",
    )  # fmt: skip

    assert told.code == 3
    assert seeds == [7]
    words = " ".join(told.words.split())
    assert "1,234 (95% interval 1,100 to 1,400) messages lost" in words
    assert "assumed rates, no call-backs yet" in words
