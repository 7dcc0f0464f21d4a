"""The call-back sample: drawn over strata, read again, and weighed to the whole."""

import csv
from pathlib import Path
from typing import NoReturn
from unittest import mock

import pytest
from duckdb import DuckDBPyConnection
from hypothesis import given
from hypothesis import strategies as st
from msgspec import structs

from simulator.contact_data import call_back_answers
from simulator.contact_data.call_back_answers import read_lines
from simulator.contact_data.call_backs import Answer, spread, wrong_rates
from simulator.contact_data.verdict_in_words import decision, wrong_people_in_words
from simulator.errors import BadInput
from simulator.results.share_interval import wilson
from tests.simulator.contact_data.extracts import check, read, rows_of, write

#: All of them together.
pytestmark = pytest.mark.slow(seconds=20)


def answers(station: str, *, right: int, wrong: int, unknown: int = 0) -> list[Answer]:
    """Make the answers of one stratum."""
    said = ["yes"] * right + ["no"] * wrong + ["no answer"] * unknown
    return [Answer(station, "phone", each) for each in said]


def test_the_whole_is_weighted_by_the_strata() -> None:
    """A station with nine tenths of the records counts nine tenths, however few were rung."""
    found = wrong_rates(
        [*answers("A", right=20, wrong=0), *answers("B", right=10, wrong=10)],
        {("A", "phone"): 9000, ("B", "phone"): 1000},
    )

    assert found.whole.share == pytest.approx(0.05)
    assert found.whole.asked == 40
    assert {each.name: each.share for each in found.stations} == {"A": 0.0, "B": 0.5}
    # The weights cost precision: 40 answers tell as much as 24 of a plain sample.
    assert found.whole.high == pytest.approx(wilson(0.05, 1 / (0.9**2 / 20 + 0.1**2 / 20))[1])


def test_who_did_not_answer_does_not_count() -> None:
    """They are told beside it. A stratum where nobody answered, or was rung, is named."""
    found = wrong_rates(
        [
            *answers("A", right=3, wrong=1, unknown=6),
            *answers("B", right=0, wrong=0, unknown=2),
        ],
        {("A", "phone"): 60, ("B", "phone"): 30, ("C", "online"): 10},
    )

    assert found.whole.asked == 4
    assert found.whole.no_answer == 8
    assert found.whole.share == pytest.approx(0.25)
    assert found.strata_unasked == ("B / phone", "C / online")
    assert found.unasked_share == pytest.approx(0.4)
    assert found.worst_high == pytest.approx(0.6 * found.whole.high + 0.4)


def test_nobody_reached_is_no_result() -> None:
    """Nothing can be said, and the error says what to fill in."""
    with pytest.raises(BadInput, match="nobody was reached"):
        wrong_rates(answers("A", right=0, wrong=0, unknown=3), {("A", "phone"): 10})


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

    rung = write(tmp_path / "rung.csv", [{**each, "right_person": "Yes"} for each in drawn])
    result = check(tmp_path, file, audit_results=rung, limit=0.1).readiness
    assert result.limit == 0.1
    assert result.call_backs is not None
    assert result.call_backs.whole.high == pytest.approx(0.0876, abs=0.0001)
    for limit, verdict in ((0.1, "PASS"), (0.05, "FAIL"), (None, "INCONCLUSIVE")):
        assert structs.replace(result, limit=limit).verdict == verdict


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
    assert [each.answer for each in read_lines(rung)] == ["yes", "yes", "yes"]
    assert check(tmp_path, file, audit_results=rung).readiness.call_backs is not None


@pytest.mark.parametrize(
    ("column", "value", "said"),
    [
        ("right_person", "perhaps", "line 2, column 'right_person': it is 'perhaps'; write yes"),
        ("row", "many", "line 2, column 'row': it is 'many'; leave the number"),
        ("occurrence_id", "", "line 2, column 'occurrence_id': it is blank, and so are person_id"),
    ],
)
def test_a_mistake_in_a_filled_in_list(tmp_path: Path, column: str, value: str, said: str) -> None:
    """It names the file, the line and the column."""
    row = {"station": "A", "entry_route": "x", "occurrence_id": "C1", "person_id": "",
           "right_person": "yes", "row": "", "drawn": ""}  # fmt: skip
    path = write(tmp_path / "rung.csv", [{**row, column: value}])

    with pytest.raises(BadInput) as error:
        read_lines(path)

    assert str(error.value).startswith(f"{path}: {said}")


def test_another_file_is_no_list(tmp_path: Path) -> None:
    """The column that is missing is named."""
    path = write(tmp_path / "x.csv", [{"a": "1"}])

    with pytest.raises(BadInput, match="line 1: no column 'station'"):
        read_lines(path)


def a_list(folder: Path, *changes: dict[str, str]) -> tuple[Path, list[dict[str, str]]]:
    """Draw a list of an extract with such changes; return the extract and the list, filled in."""
    file = write(folder / "extract.csv", rows_of(*changes))
    check(folder, file, audit_sample=len(changes))
    listed = folder / "out" / "call-back-list.csv"
    return file, [{**each, "right_person": "yes"} for each in read(listed)]


def refused(folder: Path, file: Path, *lists: list[dict[str, str]]) -> list[str]:
    """Give each list to one check of the extract, and return what is wrong with each."""
    rung, said = folder / "rung.csv", []
    match = call_back_answers.call_backs_of

    def match_each(db: DuckDBPyConnection, path: Path, _lines: object) -> NoReturn:
        for rows in lists:
            with pytest.raises(BadInput) as error:
                match(db, path, read_lines(write(rung, rows)))
            said.append(str(error.value))
        raise error.value

    with (
        mock.patch.object(call_back_answers, "call_backs_of", match_each),
        pytest.raises(BadInput),
    ):
        check(folder, file, audit_results=write(rung, lists[0]), limit=1.0)
    return said


def test_a_made_up_row_is_refused(tmp_path: Path) -> None:
    """Copies of one row, an unknown record, one elsewhere and one not to be rung say nothing."""
    unsafe = {"Safe to contact": "no", "Crime No": "C9", "Nominal": "N9"}
    file, rows = a_list(tmp_path, {}, {}, unsafe)
    first, second = rows

    path = tmp_path / "rung.csv"
    not_to_ring = {**first, "occurrence_id": "C9", "person_id": "N9", "row": "3"}
    twice, unknown, moved, unsafe_row = refused(
        tmp_path,
        file,
        [first, second, first],
        [first, {**second, "person_id": "N12345"}],
        [{**first, "station": "Slough"}],
        [not_to_ring],
    )
    assert twice == (
        f"{path}: line 4: occurrence_id {first['occurrence_id']!r}, person_id "
        f"{first['person_id']!r}: the same record is in line 2; remove one of the two"
    )
    assert "line 3: occurrence_id" in unknown
    assert "'N12345': no such record in the extract; give the extract from which" in unknown
    assert "line 2, column 'station': it is 'Slough', and the extract has 'Oxford'" in moved
    assert "so nobody was to ring them" in unsafe_row


def test_weights_are_the_extracts_own(tmp_path: Path) -> None:
    """What a list says of how many records are like it changes nothing."""
    slough = {"Station": "Slough"}
    file, rows = a_list(tmp_path, *[{}] * 9, slough)
    said = [
        {**each, "records_like_it": "100000" if each["station"] == "Oxford" else "1",
         "right_person": "no" if each["station"] == "Slough" else "yes"}
        for each in rows
    ]  # fmt: skip

    checked = check(tmp_path, file, audit_results=write(tmp_path / "rung.csv", said), limit=1.0)

    assert checked.readiness.call_backs is not None
    assert checked.readiness.call_backs.whole.share == pytest.approx(0.1)


def test_where_nobody_was_reached_nothing_is_verified(tmp_path: Path) -> None:
    """A stratum that could change the answer makes it "could not verify", and is named.

    If the limit holds with everybody there a wrong person, it is verified.
    """
    file, rows = a_list(tmp_path, *[{}] * 9, {"Station": "Slough"})
    said_so = [{**each, "right_person": "yes" if each["station"] == "Oxford" else ""}
               for each in rows]  # fmt: skip
    rung = write(tmp_path / "rung.csv", said_so)

    checked = check(tmp_path, file, audit_results=rung).readiness
    for limit, verdict, said in (
        (0.2, "FAIL", "Not ready"),
        (0.35, "INCONCLUSIVE", "nobody was reached in Slough (10.00% of the records)"),
        (0.41, "PASS", "Ready"),
    ):
        result = structs.replace(checked, limit=limit)
        assert (result.verdict, said in decision(result)) == (verdict, True), decision(result)
        assert "0 of 9 reached" in wrong_people_in_words(result)
        assert "(95% interval 0.00% to 29.91%)" in wrong_people_in_words(result)
        assert "Nobody was reached in Slough" in wrong_people_in_words(result)


def test_records_without_numbers_are_told_by_their_row(tmp_path: Path) -> None:
    """An extract without numbers of crimes and persons has rows alone, and each counts once."""
    rows = [{"Surname": each["Surname"], "Mobile": each["Mobile"], "Safe to contact": "yes"}
            for each in rows_of({}, {"Surname": "Shah"})]  # fmt: skip
    file = write(tmp_path / "extract.csv", rows)
    check(tmp_path, file, audit_sample=2)
    drawn = read(tmp_path / "out" / "call-back-list.csv")
    said = [{**each, "right_person": "yes"} for each in drawn]

    twice, unknown = refused(tmp_path, file, [said[0], said[0]], [{**said[0], "row": "7"}])
    assert "row 1: the same record is in line 2" in twice
    assert "row 7: no such record" in unknown
    checked = check(tmp_path, file, audit_results=write(tmp_path / "rung.csv", said))
    assert checked.readiness.call_backs is not None
    assert checked.readiness.call_backs.whole.asked == 2


def bad_news(folder: Path) -> tuple[Path, list[dict[str, str]]]:
    """Draw 40 of 60 people; 10 of them are wrong. Return the extract and the list, filled in."""
    file = write(folder / "extract.csv", rows_of(*[{}] * 60))
    check(folder, file, audit_sample=40)
    drawn = read(folder / "out" / "call-back-list.csv")
    return file, [
        {**each, "right_person": "no" if number < 10 else "yes"}
        for number, each in enumerate(drawn)
    ]


def test_bad_news_cannot_be_lost(tmp_path: Path) -> None:
    """10 wrong of 40 are not ready at 25%; left out, they are refused; silent, not verified."""
    file, rows = bad_news(tmp_path)
    right = [each for each in rows if each["right_person"] == "yes"]

    honest = check(tmp_path, file, audit_results=write(tmp_path / "a.csv", rows), limit=0.25)
    assert honest.readiness.verdict == "FAIL"
    gone = [each["call"] for each in rows if each["right_person"] == "no"]
    assert refused(tmp_path, file, right) == [
        (
            f"{tmp_path / 'rung.csv'}: the list was drawn with 40 lines, and 30 are there: calls "
            f"{', '.join(gone)} are missing; put them back as --audit-sample wrote them, with "
            "“no answer” where nobody answered"
        )
    ]
    for word in ("", "no answer"):
        silent = [{**each, "right_person": each["right_person"].replace("no", word)}
                  for each in rows]  # fmt: skip
        rung = write(tmp_path / "b.csv", silent)
        result = check(tmp_path, file, audit_results=rung, limit=0.25).readiness
        assert result.call_backs is not None
        assert result.call_backs.whole.high == pytest.approx(wilson(0, 30)[1])
        assert result.call_backs.silent_wrong.high == pytest.approx(wilson(0.25, 40)[1])
        assert result.verdict == "INCONCLUSIVE"
        both = "at most 11.35% by those who were reached, and 40.19% if each of 10 calls without"
        assert both in decision(result)
        assert "If each were a wrong person, the upper end would be 40.19%" in (
            wrong_people_in_words(result)
        )
        page = (tmp_path / "out" / "report.html").read_text(encoding="utf-8")
        assert "the upper end would be 40.19%" in page
        as_json = (tmp_path / "out" / "readiness.json").read_text(encoding="utf-8")
        assert '"silent_wrong"' in as_json
        assert structs.replace(result, limit=0.41).verdict == "PASS"


def test_a_list_is_whole_however_it_was_saved(tmp_path: Path) -> None:
    """Sorted otherwise, with columns added, other quotes and signs, and blank rows below."""
    file, rows = bad_news(tmp_path)
    rows.sort(key=lambda each: (each["right_person"], each["mobile"]))
    saved = tmp_path / "saved.csv"
    with saved.open("w", encoding="cp1252", newline="") as opened:
        columns = ["rung by", *reversed(rows[0])]
        written = csv.DictWriter(opened, columns, delimiter=";", quoting=csv.QUOTE_ALL)
        written.writeheader()
        written.writerows({**each, "rung by": "Siân"} for each in rows)
        written.writerow({})

    result = check(tmp_path, file, audit_results=saved, limit=0.25).readiness

    assert result.call_backs is not None
    assert (result.call_backs.whole.wrong, result.call_backs.whole.asked) == (10, 40)
    assert result.call_backs.drawn is not None
    assert (result.call_backs.drawn.size, result.call_backs.drawn.seed) == (40, 1)


def test_a_list_that_was_not_drawn_is_refused(tmp_path: Path) -> None:
    """A row picked by hand has no mark, or one of other rows; without any, the column is named."""
    file, rows = bad_news(tmp_path)
    others = [
        {**rows[0], "occurrence_id": each["Crime No"], "person_id": each["Nominal"], "row": ""}
        for each in read(file)
        if each["Nominal"] not in {row["person_id"] for row in rows}
    ]

    other_mark = {**others[0], "drawn": rows[0]["drawn"].replace("seed-1", "seed-2")}
    unmarked, exchanged, added, of_another, by_hand = refused(
        tmp_path,
        file,
        [*rows, {**others[0], "drawn": ""}],
        [others[0], *rows[1:]],
        [*rows, others[0]],
        [*rows, other_mark],
        [{name: each[name] for name in each if name != "drawn"} for each in rows],
    )
    assert "line 42, column 'drawn': it is '', so this line was not drawn" in unmarked
    assert "its mark says that other records were drawn" in exchanged
    assert "its mark says that other records" in added
    assert "line 42, column 'drawn': it is of another list than line 2" in of_another
    assert "line 1: no column 'drawn'; give the list that --audit-sample wrote" in by_hand
