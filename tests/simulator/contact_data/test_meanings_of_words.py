"""Words of the force that the map does not know are counted, and are never good news."""

from io import StringIO
from pathlib import Path

import pytest
from rich.console import Console

from simulator.contact_data.columns import Words, read_column_map
from simulator.contact_data.terminal import show_data_check
from simulator.contact_data.verdict_in_words import decision
from tests.simulator.contact_data.extracts import check, mapped, read, rows_of, write

#: All of them together.
pytestmark = pytest.mark.slow(seconds=7)

ALONE = {"Mobile": "", "Email": "", "Home Tel": ""}
#: Words of crimes in progress that no list of the suite has.
STRANGE = ("Newly Recorded", "With OIC", "Charged", "Awaiting CPS")


def answered(folder: Path, file: Path, *, size: int) -> Path:
    """Draw a list and fill it in: everybody is the right person."""
    check(folder, file, audit_sample=size)
    drawn = folder / "out" / "call-back-list.csv"
    return write(folder / "rung.csv", [{**each, "right_person": "yes"} for each in read(drawn)])


def test_a_status_that_the_map_does_not_know_closes_no_crime(tmp_path: Path) -> None:
    """A crime of unknown status counts as open, and nothing is judged until somebody says it.

    Once the map knows the words, the answer is that of the numbers.
    """
    unknown = [{**ALONE, "Status": STRANGE[number % 4]} for number in range(80)]
    file = write(tmp_path / "extract.csv", rows_of(*[{}] * 20, *unknown))
    rung = answered(tmp_path, file, size=20)

    checked = check(tmp_path, file, audit_results=rung, limit=0.2)

    result = checked.readiness
    assert (result.headline.crimes, result.headline.reached) == (100, 20)
    assert result.verdict == "INCONCLUSIVE"
    assert {(each.word, each.records) for each in result.unknown_words} == {
        (each.lower(), 20) for each in STRANGE
    }
    assert "“charged” (20)" in decision(result)
    assert "words.open or words.closed" in decision(result)
    in_file = read(tmp_path / "out" / "numbers" / "unknown_words.csv")
    assert [each["records"] for each in in_file] == ["20"] * 4
    assert '<th scope="row">newly recorded</th>' in (tmp_path / "out/report.html").read_text()
    console = Console(width=80, record=True, file=StringIO())
    show_data_check(checked, console)
    assert "newly recorded" in console.export_text()

    saved = tmp_path / "out" / "columns.toml"
    for words, verdict, crimes in (("open", "FAIL", 100), ("closed", "PASS", 20)):
        added = "".join(f'    "{each.lower()}",\n' for each in STRANGE)
        mended = tmp_path / f"{words}.toml"
        mended.write_text(saved.read_text().replace(f"{words} = [\n", f"{words} = [\n{added}"))
        result = check(tmp_path, file, column_map=mended, audit_results=rung, limit=0.2).readiness
        assert (result.verdict, result.headline.crimes) == (verdict, crimes)
        assert result.unknown_words == ()


@pytest.mark.parametrize(
    ("role", "victims", "unknown"),
    [("Victim/Witness", 2, ["victim/witness"]), ("Witness", 1, []), ("Offender", 1, []),
     ("", 2, ["(blank)"])],
)  # fmt: skip
def test_a_role_that_the_map_does_not_know_is_a_victims(
    tmp_path: Path, role: str, victims: int, unknown: list[str]
) -> None:
    """Whoever may be a victim is counted as one; a witness and a suspect are none."""
    file = write(tmp_path / "extract.csv", rows_of({}, {"Role": role}))

    result = check(tmp_path, file).readiness

    assert result.victims == victims
    assert [each.word for each in result.unknown_words if each.field == "role"] == unknown


def test_an_eligible_that_the_map_does_not_know_counts(tmp_path: Path) -> None:
    """Only "no" takes a crime out of the headline; what a closed crime has does not matter."""
    rows = rows_of({}, {}, {}, {"Status": "filed"})
    for row, word in zip(rows, ("Y", "N", "ask DV unit", "?"), strict=True):
        row["Eligible for portal"] = word

    result = check(tmp_path, write(tmp_path / "extract.csv", rows)).readiness

    assert result.headline.crimes == 2
    assert [(each.field, each.word) for each in result.unknown_words] == [
        ("eligible", "ask dv unit")
    ]


def test_a_blank_can_be_given_a_meaning(tmp_path: Path) -> None:
    """An empty text in the map says what a blank status means."""
    file = write(tmp_path / "extract.csv", rows_of({}, {"Status": ""}))
    mapped(tmp_path, file)
    saved = tmp_path / "out" / "columns.toml"
    saved.write_text(saved.read_text().replace("closed = [\n", 'closed = [\n    "",\n'))
    assert "" in read_column_map(saved, [file]).words.closed

    result = check(tmp_path, file, column_map=saved).readiness

    assert (result.headline.crimes, result.unknown_words) == (1, ())


def test_people_linked_to_nothing_are_of_no_open_crime(tmp_path: Path) -> None:
    """Their blank status is not a word of the force: no crime is counted for it."""
    files = [
        write(tmp_path / "crimes.csv", [{"OccNo": "C1", "State": "open", "Offence": "burglary"}]),
        write(tmp_path / "links.csv", [
            {"OccNo": "C1", "Nominal": "N1", "Involvement": "victim"},
        ]),
        write(tmp_path / "persons.csv", [
            {"Nominal": f"N{number}", "Given1": "Asha", "Surname": "Okafor",
             "Born": "01/02/1980", "E-mail": f"n{number}@example.com", "Safe": "Y"}
            for number in (1, 2)
        ]),
    ]  # fmt: skip

    result = check(tmp_path, *files).readiness

    assert (result.headline.crimes, result.victims, result.unknown_words) == (1, 1, ())


def test_a_word_with_two_meanings_is_refused() -> None:
    """Both lists would have it, and the first would win in silence."""
    with pytest.raises(ValueError, match=r"words.open and words.closed both have 'live'"):
        Words(closed=("Live",))
