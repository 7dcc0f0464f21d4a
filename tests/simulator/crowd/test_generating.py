"""A crowd: truth and record differ where a fault is listed, and a seed makes one crowd."""

import re
import sys
from functools import cache
from pathlib import Path

import msgspec
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from loadtests.benchmarks.spent import spent_by
from simulator.crowd.files import plain, write_tables
from simulator.crowd.generating import CrowdPlan, make_batches
from simulator.crowd.names import read_names
from simulator.crowd.people import BATCH, read_households
from simulator.crowd.rates_table import CameOut, rates_lines
from simulator.neighbours.gateway.notify_recipients import InvalidRecipient, mailbox, phone
from simulator.population.crowd_numbers import is_crowd_number
from simulator.population.faults.kinds import KINDS
from simulator.population.faults.rates import with_entry_checks
from simulator.world.recipient_guard import Recipients
from tests.simulator.population.faults.changed_rates import RATES, evenly, only
from tests.simulator.real_files import ROOT

_COLUMNS = """
record_id person_id occurrence_id role given_name family_name date_of_birth sex language
accessible_format vulnerability enhanced_rights_reason safe_to_contact safe_how safe_when
household_id lives_with_suspect true_mobile true_landline true_email true_role true_notes
true_address true_postcode recorded_given_name
recorded_family_name recorded_date_of_birth recorded_mobile recorded_landline recorded_email
recorded_notes recorded_role recorded_on recorded_by_role station entry_route omitted faults
"""
SUITE = (sys.executable, "-m", "simulator.cli")
COLUMNS = re.findall(r"\w+", _COLUMNS)
TRUE = {
    "given_name": "given_name",
    "family_name": "family_name",
    "date_of_birth": "date_of_birth",
    "mobile": "true_mobile",
    "landline": "true_landline",
    "email": "true_email",
    "role": "true_role",
}


def plan(people: int = 4_000, *, seed: int = 1, **more: object) -> CrowdPlan:
    """Plan a crowd."""
    given = {"force": "thames-valley", "rates": RATES, "households": read_households()}
    return CrowdPlan(people=people, seed=seed, **{**given, **more})  # type: ignore[arg-type]


@cache
def table(people: int = 4_000, seed: int = 1, numbers: str = "crowd") -> pl.DataFrame:
    """Make a crowd in one table."""
    batches = make_batches(plan(people, seed=seed, numbers=numbers))
    return pl.concat([plain(each.table) for each in batches])


def national(written: str) -> str:
    """Write a number without spaces, and 0 for +44: these spellings are no fault."""
    plain = written.replace(" ", "")
    return f"0{plain[3:]}" if re.fullmatch(r"\+44\d{10}", plain) else plain


def test_the_columns_are_those_agreed() -> None:
    """Other commands read them by name."""
    assert table().columns == COLUMNS


@settings(max_examples=5, deadline=None)
@given(seed=st.integers(0, 2**40))
def test_truth_and_record_differ_where_a_fault_is_listed(seed: int) -> None:
    """Field by field, record by record: no more, no less, and with the true value."""
    found = pl.concat([plain(each.table) for each in make_batches(plan(1_500, seed=seed))])
    for row in found.iter_rows(named=True):
        listed = {each["field"]: each for each in row["faults"]}
        assert len(listed) == len(row["faults"])
        if row["omitted"]:
            assert [each["kind"] for each in row["faults"]] == ["omitted_person"]
            assert not any(row[each] for each in row if each.startswith("recorded_"))
            continue
        for field, true in TRUE.items():
            written, is_so = row[f"recorded_{field}"], row[true]
            same = (
                national(written) == is_so
                if field == "mobile" and field not in listed
                else written == is_so
            )
            assert same == (field not in listed), (field, row)
            if field in listed:
                assert listed[field]["true_value"] == str(is_so)
        assert bool(row["recorded_notes"]) == ("notes" in listed or row["true_notes"] != "")


def test_every_kind_comes_out() -> None:
    """A crowd of some thousand has them all."""
    kinds = table(30_000)["faults"].explode().struct.field("kind").drop_nulls()

    assert set(kinds) == set(KINDS)


def test_no_address_could_be_somebodys() -> None:
    """Nothing that is written can be dialled or delivered to."""
    guard = Recipients()
    columns = [each for each in COLUMNS if each.endswith(("_mobile", "_landline", "_email"))]
    for numbers in ("crowd", "drama"):
        found = table(4_000, 2, numbers)
        for written in set(pl.concat([found[each] for each in columns]).to_list()):
            for read in (phone, mailbox):
                try:
                    assert guard.is_nobodys(read(written).address), written
                except InvalidRecipient:
                    continue


def test_one_person_one_number() -> None:
    """Outside households that share a phone, no two people have one mobile or one address."""
    people = table(20_000).unique("person_id")
    for each in ("true_mobile", "true_email"):
        homes = (
            people.filter(pl.col(each) != "").group_by(each).agg(pl.col("household_id").n_unique())
        )
        assert homes["household_id"].max() == 1
    mobiles = people.filter(pl.col("true_mobile") != "")["true_mobile"].to_list()
    assert all(map(is_crowd_number, mobiles))


def test_households_share() -> None:
    """A landline, sometimes a mailbox or a mobile; some victims live with the suspect."""
    people = table(20_000).unique("person_id")
    homes = people.group_by("household_id").agg(
        pl.col("true_landline").n_unique(), pl.len(), pl.col("role")
    )

    assert homes["true_landline"].max() == 1
    assert 1.5 < homes["len"].mean() < 3  # type: ignore[operator]
    with_suspect = people.filter("lives_with_suspect")
    suspects = people.filter(pl.col("role") == "suspect")["household_id"]
    assert len(with_suspect) > 100
    assert with_suspect["household_id"].is_in(suspects.implode()).all()
    assert set(with_suspect["role"]) <= {"victim", "witness", "household member"}
    for shared in ("true_mobile", "true_email"):
        holders = people.filter(pl.col(shared) != "")[shared].value_counts()["count"]
        assert holders.max() > 1  # type: ignore[operator]


def test_notes_have_their_truth() -> None:
    """Who is not safe has notes of danger alone; a few others have one that nobody marked."""
    people = table(20_000).filter(~pl.col("omitted"))
    truths = {
        safe: set(people.filter(pl.col("safe_to_contact") == safe)["true_notes"])
        for safe in (True, False)
    }

    assert truths == {True: {"", "harmless", "limited", "never"}, False: {"", "never"}}


def test_no_address_exists() -> None:
    """No area of the Royal Mail begins with Q; a household has one address."""
    homes = table(20_000).unique("person_id").group_by("household_id")
    postcodes = table(20_000)["true_postcode"]

    assert postcodes.str.contains("^Q[A-Z][1-9] [1-9][A-Z]{2}$").all()
    assert homes.agg(pl.col("true_address").n_unique())["true_address"].max() == 1


def test_most_crimes_have_one_victim() -> None:
    """The others at home are members of the household, and young adults are victims most often."""
    people = table(20_000).unique("person_id")
    victims = people.filter(pl.col("role") == "victim")
    of_crimes = victims["occurrence_id"].value_counts()["count"]
    years = 2026 - victims["date_of_birth"].dt.year()

    assert (of_crimes == 1).mean() > 0.8  # type: ignore[operator]
    assert "household member" in people["role"]
    assert years.is_between(18, 24).mean() > 0.1  # type: ignore[operator]


def test_every_crime_has_a_victim() -> None:
    """A witness or a suspect alone would look like a victim recorded in another role."""
    people = table(20_000)
    victims = people.filter(pl.col("true_role") == "victim")["occurrence_id"]

    assert people["occurrence_id"].is_in(victims.implode()).all()


def test_a_duplicate_is_the_same_person() -> None:
    """It has a number of its own, and shares all that is true."""
    found = table(20_000)
    twice = found.filter(found["person_id"].is_duplicated())
    truth = [each for each in COLUMNS[1:21] if each != "faults"]

    assert found["record_id"].is_unique().all()
    assert len(twice.unique(truth)) == len(twice) / 2 > 300
    is_listed = pl.col("faults").list.eval(pl.element().struct.field("kind")).list.contains
    assert len(found.filter(is_listed("duplicate_person"))) == len(twice) / 2


def test_a_seed_makes_one_file_on_any_number_of_processes(tmp_path: Path) -> None:
    """Byte by byte, across more than one batch."""
    files = []
    for processes in (1, 2):
        path = tmp_path / f"{processes}.parquet"
        crowd = make_batches(plan(BATCH + 500, seed=9), processes=processes)
        write_tables((each.table for each in crowd), path)
        files.append(path.read_bytes())

    assert files[0] == files[1]


@pytest.mark.proof
@pytest.mark.slow(seconds=4)
def test_memory_does_not_grow_with_the_crowd(tmp_path: Path) -> None:
    """Three times as many people need hardly more: each batch is written before the next."""
    needed = []
    for people in (150_000, 450_000):
        command = [
            *SUITE,
            "generate",
            "--people",
            str(people),
            "--out",
            str(tmp_path / f"{people}.parquet"),
        ]
        spent = spent_by(command, tmp_path / "spent.json")
        assert spent.code == 0
        needed.append(spent.memory_mb)

    assert needed[1] < 1.2 * needed[0]


def test_a_smaller_crowd_is_the_beginning_of_a_larger() -> None:
    """The first people are the same, with the same first records."""
    few, many = table(500), table(4_000)
    first = few.filter(pl.col("record_id") <= "R000000499")

    assert first.drop("faults").equals(many[:500].drop("faults"))


def test_record_numbers_stay_different_however_many_are_recorded_twice() -> None:
    """Even where every other person has two records, no two batches use one number."""
    crowd = make_batches(plan(BATCH + 20, rates=only(evenly(), duplicate_person=0.5)))
    numbers = pl.concat([plain(each.table)["record_id"] for each in crowd])

    assert len(numbers) > 1.4 * BATCH
    assert numbers.n_unique() == len(numbers)


def test_another_seed_makes_another_crowd() -> None:
    """Names and faults differ."""
    assert not table(500)["given_name"].equals(table(500, 2)["given_name"])


def test_rates_are_printed_beside_what_was_asked() -> None:
    """Every kind has a line that fits; names are compared with what the tables expect."""
    came_out = CameOut()
    for batch in make_batches(plan(20_000)):
        came_out.add(batch)
    lines = rates_lines(came_out, read_names(), "thames-valley")
    words = "\n".join(lines)

    assert all(kind in words for kind in KINDS)
    assert max(map(len, lines)) <= 80
    measured, expected = (
        float(each.replace(",", "")) for each in re.findall(r"1 in ([\d,]+)", words)[-2:]
    )
    assert measured == pytest.approx(expected, rel=0.15)
    wrong = re.search(r"wrong in ([\d.]+)%", words)
    assert wrong is not None
    assert float(wrong[1]) == pytest.approx(10, abs=0.8)


def test_training_takes_its_share_away() -> None:
    """What the checks stopped is counted, and comes out less often."""
    training = with_entry_checks(RATES, ROOT / "scenarios" / "data-quality" / "training.toml")
    before, after = (
        next(make_batches(plan(20_000, rates=rates))).counts for rates in (RATES, training)
    )

    assert set(after.stopped) == {each.name for each in training.entry_checks}
    for kind in KINDS:
        stopped = after.stopped_kinds.get(kind, 0)
        assert before.there[kind] == after.there[kind] + stopped
    assert after.there["digit_lost"] < before.there["digit_lost"] / 2


def test_without_faults_the_record_is_the_truth() -> None:
    """With every rate at 0 nothing is listed."""
    rates = msgspec.structs.replace(only())
    (batch,) = make_batches(plan(800, rates=rates))

    made = plain(batch.table)
    assert made["faults"].list.len().sum() == 0
    assert len(made) == 800
