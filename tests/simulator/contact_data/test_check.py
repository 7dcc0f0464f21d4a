"""A check from end to end, as its command runs it: files, exit codes, what is private."""

import base64
import csv
import re
import stat
from pathlib import Path

import duckdb
import msgspec
import pytest

from simulator.contact_data import plots
from simulator.contact_data.check import Asked
from simulator.contact_data.readiness import Readiness
from simulator.contact_data.verdict_in_words import decision
from simulator.errors import BadInput
from tests.simulator.command_line import portal_suite
from tests.simulator.contact_data.extracts import ON, check, read, rows_of, write
from tests.simulator.real_files import ROOT

#: All of them together.
pytestmark = pytest.mark.slow(seconds=15)

Capsys = pytest.CaptureFixture[str]
CONTACTS = ROOT / "fixtures" / "contacts"
EXTRACT = CONTACTS / "extract.csv"


@pytest.fixture(scope="module")
def out(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of one check of the fixture, with names in its report."""
    folder = tmp_path_factory.mktemp("check")
    check(folder, EXTRACT, with_plots=True, cores=2)
    return folder / "out"


def test_the_worklist_is_by_station_worst_first(out: Path) -> None:
    """Each station and supervisor is together; the record with the highest score comes first."""
    rows = read(out / "worklist.csv")
    places = [(each["station"], each["supervisor"]) for each in rows]
    scores = [int(each["record_score"]) for each in rows]

    assert len(rows) > 25
    assert places == sorted(places)
    for before, after in zip(range(len(rows)), range(1, len(rows)), strict=False):
        assert places[before] != places[after] or scores[before] >= scores[after]
    assert {each["station"] for each in rows} == {"Oxford", "Reading", "Slough", "Milton Keynes"}


def test_every_file_is_its_owners_alone(out: Path) -> None:
    """Nobody else may read what holds names and numbers."""
    files = [each for each in out.rglob("*") if each.is_file()]

    assert len(files) >= 10
    assert {stat.S_IMODE(each.stat().st_mode) for each in files} == {0o600}
    assert not list(out.glob(".working*"))


def test_the_report_names_nobody(out: Path) -> None:
    """No name, number, address, crime or person of the extract is in the page or the numbers."""
    personal = ("Nominal ID", "Surname", "Mobile No", "Email Address", "Crime No", "Sgt", "DOB")
    values = {row[column] for row in read(EXTRACT) for column in personal if len(row[column]) > 3}
    pages = [out / "report.html", *(out / "stations").iterdir()]
    shown = [*pages, out / "readiness.json", *(out / "numbers").iterdir()]
    words = set(re.findall(r"[\w@.+/ ]+", " ".join(each.read_text() for each in shown)))
    told = {word for each in words for word in each.split()}

    assert len(values) > 300
    # A colour and a style have the words of a family name and of an empty email.
    assert not values & (told | words) - {"N/A", "none", "Green"}


def test_names_are_shown_where_they_are_asked_for(tmp_path: Path) -> None:
    """With --names each station's page names its worst records alone, and says how to keep it."""
    check(tmp_path, EXTRACT, with_names=True)
    board = (tmp_path / "out" / "report.html").read_text(encoding="utf-8")
    pages = [each.read_text(encoding="utf-8") for each in (tmp_path / "out/stations").iterdir()]

    names: dict[str, set[str]] = {}
    for row in read(EXTRACT):
        names.setdefault(f"{row['Forename']} {row['Surname']}", set()).add(row["LPA"])
    assert not [each for each in names if f"<td>{each}</td>" in board]
    shown = 0
    for page in pages:
        [station] = re.findall(r"<title>(.*?): contact details to correct", page)
        for name, stations in names.items():
            if f"<td>{name}</td>" in page:
                shown += 1
                assert station in stations
        assert "keep it as you keep the extract" in page
    assert shown >= 20


def test_without_stations_the_worst_records_are_on_the_one_page(tmp_path: Path) -> None:
    """Where no column says the station, there is no other page for them."""
    rows = rows_of({"Mobile": "0770090055"}, {})
    for row in rows:
        del row["Station"]

    check(tmp_path, write(tmp_path / "extract.csv", rows), with_names=True)

    assert not list((tmp_path / "out" / "stations").iterdir())
    page = (tmp_path / "out" / "report.html").read_text(encoding="utf-8")
    assert "<td>Asha Okafor</td>" in page
    assert "keep it as you keep the extract" in page


def test_every_number_of_the_report_is_there_to_download(tmp_path: Path) -> None:
    """With call-backs and an earlier extract there are theirs too; those of another run go."""
    check(
        tmp_path,
        EXTRACT,
        audit_results=CONTACTS / "call-backs.csv",
        earlier=(CONTACTS / "readiness-earlier.json",),
    )
    folder = tmp_path / "out" / "numbers"
    usual = {"headline", "why_not", "dimensions", "kinds", "stations", "cost", "who_typed_it"}

    assert {each.stem for each in folder.iterdir()} == {*usual, "call_backs", "trend"}
    trend, calls = (read(folder / f"{each}.csv") for each in ("trend", "call_backs"))
    assert [each["extract_of"] for each in trend] == ["2026-10-30", "2026-11-28"]
    assert {each["by"] for each in calls} == {
        "whole", "whole, no answer a wrong person", "station", "entry route",
    }  # fmt: skip
    page = (tmp_path / "out" / "report.html").read_text(encoding="utf-8")
    assert set(re.findall(r'download="([^"]+)\.csv"', page)) == {*usual, "call_backs", "trend"}
    check(tmp_path, EXTRACT)
    assert {each.stem for each in folder.iterdir()} == usual


def test_each_station_has_a_page_with_its_numbers(out: Path, tmp_path: Path) -> None:
    """The board's page links to each; it has what the board's has of that station, to download."""
    result = msgspec.json.decode((out / "readiness.json").read_bytes(), type=Readiness)
    board = (out / "report.html").read_text(encoding="utf-8")
    links = re.findall(r'<a href="(stations/[^"]+)">([^<]+)</a>', board)

    assert [name for _address, name in links] == [each.name for each in result.stations]
    for (address, _name), station in zip(links, result.stations, strict=True):
        page = (out / address).read_text(encoding="utf-8")
        held = {
            name: base64.b64decode(text).decode()
            for name, text in re.findall(
                r'download="([^"]+)" href="data:text/csv;base64,([^"]+)"', page
            )
        }
        assert set(held) == {"headline.csv", "why_not.csv", "dimensions.csv", "kinds.csv"}
        [row] = csv.DictReader(held["headline.csv"].splitlines())
        assert int(row["to_correct"]) == station.to_correct
        assert len(held["kinds.csv"].splitlines()) == 1 + len(station.kinds)
        assert_stands_alone(page)
    check(tmp_path, write(tmp_path / "extract.csv", rows_of({})))
    (tmp_path / "out" / "columns.toml").unlink()
    check(tmp_path, write(tmp_path / "extract.csv", rows_of({"Station": "Bath"})))
    assert [each.name for each in (tmp_path / "out/stations").iterdir()] == ["01-bath.html"]


def test_the_page_stands_alone_and_can_be_read_by_all(out: Path) -> None:
    """No script, nothing fetched; each plot has words; each id is there once; tables have heads."""
    page = (out / "report.html").read_text(encoding="utf-8")
    assert_stands_alone(page)
    assert page.count("<svg") == 2


def assert_stands_alone(page: str) -> None:
    """Require that a page needs nothing else, and that everybody can read it."""
    ids = re.findall(r'\bid="([^"]+)"', page)

    assert "<script" not in page
    assert not re.findall(r'(?:src|href)="(?!#|data:text/csv|stations/[a-z0-9-]+\.html)', page)
    assert len(ids) == len(set(ids))
    for svg in re.findall(r"<svg[^>]*>", page):
        assert 'role="img"' in svg
        assert 'aria-describedby="' in svg
    assert page.count("<table") == page.count("<caption") == page.count("<thead")


def test_a_number_of_another_field_is_never_in_the_mended_file(out: Path) -> None:
    """A mobile from the other field waits to be confirmed; a lost zero is mended."""
    extract = {row["Nominal ID"]: row for row in read(EXTRACT)}
    mended = {row["person_id"]: row for row in read(out / "mended-proposal.csv")}

    assert mended["N00007"]["mobile"] == ""
    assert mended["N00007"]["to_confirm"] == f"landline: {extract['N00007']['Home Tel']}"
    assert mended["N00011"]["mobile"] == f"0{extract['N00011']['Mobile No']}"
    assert mended["N00011"]["changed"] == "mobile"
    assert mended["N00035"]["email"] == ""
    assert mended["N00023"]["email"] == "chloe.green@gmail.com"
    untouched = [row for row in mended.values() if not row["changed"]]
    assert len(untouched) > 100
    for row in untouched:
        was = extract[row["person_id"]]
        assert (row["mobile"], row["email"], row["family_name"]) == (
            was["Mobile No"], was["Email Address"], was["Surname"],
        )  # fmt: skip


def test_the_same_extract_gives_the_same_files(out: Path, tmp_path: Path) -> None:
    """Byte for byte, on one core too."""
    check(tmp_path, EXTRACT, with_plots=True)

    for path in out.rglob("*"):
        if path.is_file():
            again = tmp_path / "out" / path.relative_to(out)
            assert again.read_bytes() == path.read_bytes(), path.name


def test_a_spreadsheet_runs_nothing(tmp_path: Path) -> None:
    """A value that a spreadsheet would take for a formula has a ' before it."""
    rows = rows_of(
        {"Surname": '=HYPERLINK("http://x.example")', "Home Tel": "@SUM(1)", "Station": "=1+1"}
    )

    check(tmp_path, write(tmp_path / "extract.csv", rows), audit_sample=1)

    [to_ring] = read(tmp_path / "out" / "call-back-list.csv")
    assert to_ring["station"] == "'=1+1"
    numbers = (tmp_path / "out" / "numbers" / "stations.csv").read_text(encoding="utf-8")
    assert "\n'=1+1," in numbers.replace("\r", "")
    for name in ("worklist.csv", "mended-proposal.csv"):
        cells = [cell for row in read(tmp_path / "out" / name) for cell in row.values()]
        assert [each for each in cells if each.startswith("'=HYPER")]
        assert not [each for each in cells if each[:1] in "=@" and each]


@pytest.mark.parametrize(
    ("options", "code", "said"),
    [
        ((), 3, "Not judged yet"),
        (("--limit", "0.2", "--audit-results", str(CONTACTS / "call-backs.csv")), 0, "Ready: "),
        pytest.param(
            ("--limit", "0.1", "--audit-results", str(CONTACTS / "call-backs.csv")),
            3,
            "Could not ",
            # tests/simulator/contact_data/test_call_backs.py has the verdict between two limits.
            marks=pytest.mark.proof,
        ),
        (("--limit", "0.05", "--audit-results", str(CONTACTS / "call-backs.csv")), 1, "Not ready"),
        (("--limit", "0.1", "--audit-results", str(EXTRACT)), 2, "line 1: no column 'station'"),
        (("--earlier", str(EXTRACT)), 2, "give a readiness.json of an earlier check"),
    ],
)
def test_the_exit_code_is_the_verdict(
    capsys: Capsys,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    options: tuple[str, ...],
    code: int,
    said: str,
) -> None:
    """0 ready, 1 not ready, 2 a mistake, 3 not judged; the folder is the owner's alone."""
    # As extracts.check does: to draw the page's plots takes longer than the rest.
    monkeypatch.setattr(plots, "_drawn", lambda *_given, **_named: "")
    out = tmp_path / "results"

    told = portal_suite(
        capsys, "check-data", str(EXTRACT), "--out", str(out), "--on", str(ON), *options
    )

    assert (told.code, said in told.words) == (code, True), told.words
    assert stat.S_IMODE(out.stat().st_mode) == 0o700
    assert (out / "worklist.csv").exists() is (code != 2)


def test_too_few_reached_is_not_ready(tmp_path: Path) -> None:
    """Below the force's lowest share the answer is no, whatever the call-backs say."""
    rows = rows_of({}, {"Safe to contact": "no"})

    checked = check(tmp_path, write(tmp_path / "extract.csv", rows))

    assert checked.readiness.headline.share == 0.5
    assert checked.readiness.verdict == "FAIL"
    assert decision(checked.readiness).startswith("Not ready: 50.00% of open eligible crimes")


def test_no_open_crime_is_not_judged(tmp_path: Path) -> None:
    """An extract of closed crimes says nothing about messages to come."""
    checked = check(tmp_path, write(tmp_path / "extract.csv", rows_of({"Status": "filed"})))

    assert checked.readiness.verdict == "INCONCLUSIVE"
    assert "no open eligible crime" in decision(checked.readiness)


@pytest.mark.usefixtures("undrawn")
def test_the_trend_has_the_earlier_extracts_in_order(tmp_path: Path) -> None:
    """The numbers of an earlier check are read, drawn and told."""
    check(tmp_path, EXTRACT, earlier=(CONTACTS / "readiness-earlier.json",), with_plots=True)
    page = (tmp_path / "out" / "report.html").read_text(encoding="utf-8")
    result = msgspec.json.decode((tmp_path / "out" / "readiness.json").read_bytes(), type=Readiness)

    assert [each.share for each in result.earlier] == [pytest.approx(0.8077, abs=0.02)]
    assert "30 October 2026" in page
    assert page.count("<svg") == 3


def test_without_the_extra_it_says_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Capsys
) -> None:
    """One sentence, no traceback."""
    monkeypatch.setitem(__import__("sys").modules, "duckdb", None)

    told = portal_suite(capsys, "check-data", str(EXTRACT), "--out", str(tmp_path / "results"))

    assert told.code == 2
    assert 'pip install "portal-suite[data]"' in told.words


def test_it_spills_to_disk_rather_than_grow(tmp_path: Path) -> None:
    """Sixty thousand records go through with little memory, from a database on disk."""
    path = tmp_path / "extract.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        written = csv.writer(file)
        written.writerow(("Surname", "Forename", "Mobile", "Email", "DOB"))
        for number in range(60_000):
            written.writerow(
                ("Okafor", "Asha", f"07700900{number % 1000:03d}", f"a{number}@example.com",
                 f"{1950 + number % 50}-{1 + number % 12:02d}-{1 + number % 28:02d}")
            )  # fmt: skip

    checked = check(tmp_path, path, memory_mb=150)

    assert checked.readiness.records == 60_000


def test_too_little_memory_is_one_sentence(tmp_path: Path) -> None:
    """It says what to give, and nothing is left half-written."""
    with pytest.raises(BadInput, match="give --cores 1, or free disk beside --out"):
        check(tmp_path, EXTRACT, memory_mb=1)

    assert not list((tmp_path / "out").glob("*.csv"))


def test_asked_has_the_default_of_the_command() -> None:
    """Memory stays under a gigabyte beside what Python and its libraries need."""
    assert Asked(files=(EXTRACT,), out=Path("out"), on=ON).memory_mb <= 500
    assert duckdb.__version__
