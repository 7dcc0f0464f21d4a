"""The call-back sample: drawn over strata, read again, and weighed to the whole."""

import csv
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulator.contact_data.call_backs import (
    Answer,
    read_answers,
    spread,
    wilson,
    wrong_rates,
)
from simulator.errors import BadInput
from tests.simulator.contact_data.extracts import check, read, rows_of, write


def answers(
    station: str, like_it: int, *, right: int, wrong: int, unknown: int = 0
) -> list[Answer]:
    """Make the answers of one stratum."""
    said = ["yes"] * right + ["no"] * wrong + ["no answer"] * unknown
    return [Answer(station, "phone", like_it, each) for each in said]


def test_wilsons_interval_is_the_published_one() -> None:
    """Newcombe (1998), table I, method 3: 81 of 263, 15 of 148, 0 of 20, 1 of 29."""
    for part, whole, low, high in (
        (81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0.0, 0.1611),
        (1, 29, 0.0061, 0.1718),
    ):  # fmt: skip
        found = wilson(part / whole, whole)
        assert found == pytest.approx((low, high), abs=0.0001)


def test_the_whole_is_weighted_by_the_strata() -> None:
    """A station with nine tenths of the records counts nine tenths, however few were rung."""
    found = wrong_rates(
        [*answers("A", 9000, right=20, wrong=0), *answers("B", 1000, right=10, wrong=10)]
    )

    assert found.whole.share == pytest.approx(0.05)
    assert found.whole.asked == 40
    assert {each.name: each.share for each in found.stations} == {"A": 0.0, "B": 0.5}
    # The weights cost precision: 40 answers tell as much as 24 of a plain sample.
    assert found.whole.high == pytest.approx(wilson(0.05, 1 / (0.9**2 / 20 + 0.1**2 / 20))[1])


def test_who_did_not_answer_does_not_count() -> None:
    """They are told beside it; a stratum where nobody answered is named."""
    found = wrong_rates(
        [
            *answers("A", 10, right=3, wrong=1, unknown=6),
            *answers("B", 10, right=0, wrong=0, unknown=2),
        ]
    )

    assert found.whole.asked == 4
    assert found.whole.no_answer == 8
    assert found.whole.share == pytest.approx(0.25)
    assert found.strata_unasked == ("B / phone",)


def test_nobody_reached_is_no_result() -> None:
    """Nothing can be said, and the error says what to fill in."""
    with pytest.raises(BadInput, match="nobody was reached"):
        wrong_rates(answers("A", 10, right=0, wrong=0, unknown=3))


@given(
    st.dictionaries(st.integers(0, 20), st.integers(1, 500), min_size=1),
    st.integers(1, 600),
)
def test_a_sample_is_spread_in_proportion(counts: dict[int, int], size: int) -> None:
    """It has its size, no stratum more than it holds, each one while it lasts."""
    strata = {(str(key), ""): count for key, count in counts.items()}

    found = spread(strata, size)

    assert sum(found.values()) == min(size, sum(counts.values()))
    assert all(1 <= number <= strata[each] for each, number in found.items())
    assert len(found) == min(len(strata), size)


def test_a_list_is_drawn_filled_in_and_read(tmp_path: Path) -> None:
    """The same seed draws the same people; nobody unsafe; the upper end decides by the limit."""
    safe = [{"Station": ("Oxford", "Slough")[number % 2]} for number in range(60)]
    unsafe = [{"Safe to contact": "no", "Surname": "Never"}] * 10
    file = write(tmp_path / "extract.csv", rows_of(*safe, *unsafe))
    check(tmp_path, file, audit_sample=40)
    listed = tmp_path / "out" / "call-back-list.csv"
    drawn = read(listed)
    with pytest.raises(BadInput, match="is there already, and may be filled in"):
        check(tmp_path, file, audit_sample=40)
    (tmp_path / "kept.csv").write_bytes(listed.read_bytes())
    listed.unlink()
    check(tmp_path, file, audit_sample=40)
    assert read(listed) == drawn
    assert len(drawn) == 40
    assert not [each for each in drawn if "Never" in each["name_to_ask_for"]]

    rung = tmp_path / "rung.csv"
    with rung.open("w", encoding="utf-8", newline="") as written:
        rows = csv.DictWriter(written, fieldnames=list(drawn[0]))
        rows.writeheader()
        rows.writerows({**each, "right_person": "Yes"} for each in drawn)
    for limit, verdict in ((0.1, "PASS"), (0.05, "FAIL"), (None, "INCONCLUSIVE")):
        checked = check(tmp_path, file, audit_results=rung, limit=limit)
        assert checked.readiness.call_backs is not None
        assert checked.readiness.call_backs.whole.high == pytest.approx(0.0876, abs=0.0001)
        assert checked.readiness.verdict == verdict


def test_a_list_goes_through_a_spreadsheet(tmp_path: Path) -> None:
    """Nothing is run, no 0 is cut, and what it saves as plain CSV is read."""
    names = ({"Forename": "=cmd|'calc'"}, {"Forename": "Siân"}, {"Surname": ""})
    file = write(tmp_path / "extract.csv", rows_of(*names))
    check(tmp_path, file, audit_sample=3)

    drawn = read(tmp_path / "out" / "call-back-list.csv")
    assert [each["name_to_ask_for"] for each in drawn] == [
        "'=cmd|'calc' Okafor",
        "Siân Okafor",
        "Asha",
    ]
    assert [each["mobile"] for each in drawn] == ["07700 900011", "07700 900012", "07700 900013"]

    saved = [{**each, "right_person": "Yes"} for each in drawn]
    rung = write(tmp_path / "rung.csv", saved, encoding="cp1252")
    assert [each.answer for each in read_answers(rung)] == ["yes", "yes", "yes"]


@pytest.mark.parametrize(
    ("column", "value", "said"),
    [
        (
            "right_person",
            "perhaps",
            "line 2, column 'right_person': it is 'perhaps'; write yes",
        ),
        ("records_like_it", "many", "line 2, column 'records_like_it': it is 'many'; leave the"),
    ],
)
def test_a_mistake_in_a_filled_in_list(tmp_path: Path, column: str, value: str, said: str) -> None:
    """It names the file, the line and the column."""
    row = {"station": "A", "entry_route": "x", "records_like_it": "5", "right_person": "yes"}
    path = write(tmp_path / "rung.csv", [{**row, column: value}])

    with pytest.raises(BadInput) as error:
        read_answers(path)

    assert str(error.value).startswith(f"{path}: {said}")


def test_another_file_is_no_list(tmp_path: Path) -> None:
    """The column that is missing is named."""
    path = write(tmp_path / "x.csv", [{"a": "1"}])

    with pytest.raises(BadInput, match="line 1: no column 'station'"):
        read_answers(path)
