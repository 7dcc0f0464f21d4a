"""What the check finds of what was planted: on made-up people, and in another tool's dirty file."""

import json
import re
from datetime import date
from pathlib import Path

import msgspec
import pytest

from simulator.contact_data.detection import PLANTED, Detection
from simulator.contact_data.kinds import BY_KIND
from simulator.crowd.files import write_tables
from simulator.crowd.generating import CrowdPlan, make_batches
from simulator.crowd.people import read_households
from simulator.population.faults.kinds import KINDS, NAMES
from tests.simulator.command_line import portal_suite
from tests.simulator.contact_data.extracts import ON, check, read, rows_of, write
from tests.simulator.population.faults.changed_rates import RATES, share
from tests.simulator.real_files import ROOT

Capsys = pytest.CaptureFixture[str]
ROWS_OF_GECKO = 600


@pytest.mark.slow(seconds=6)
def test_generate_then_check(tmp_path: Path, capsys: Capsys) -> None:
    """Made-up people with every kind of fault: wrong fields and malformed values are all found.

    Nothing else is called so, and every repair is right.
    """
    people = tmp_path / "people.csv"
    made = portal_suite(capsys, "generate", "--people", "4000", "--seed", "7", "--out", str(people))
    assert made.code == 0, made.words

    found = check(tmp_path, people).readiness.detection

    assert found is not None
    groups = {each.group: each for each in found.groups}
    for name in ("wrong field", "malformed"):
        assert groups[name].planted > 100
        assert groups[name].found >= 0.99 * groups[name].planted, found.kinds
        assert groups[name].right >= 0.99 * groups[name].said, found.said
    assert groups["name"].found >= 0.6 * groups["name"].planted
    assert groups["name"].right >= 0.95 * groups["name"].said
    [other_name] = [each for each in found.said if each.kind == "email_has_other_name"]
    assert other_name.right >= 0.95 * other_name.said > 10
    for each in found.kinds:
        if each.kind in ("married_name", "nickname"):
            assert each.high > 0.5, each
    for each in found.kinds:
        assert (each.limit is not None) == (KINDS[each.kind].group == "name")
        # What can be known is known from a sample: of few names, chance finds some more.
        assert each.limit is None or each.limit >= each.low - 0.05, each
    assert found.names_limit is not None
    assert 0.9 < found.names_limit < 1
    assert found.names_limit_precision is not None
    assert found.names_limit_precision > 0.95
    assert found.repairs > 50
    assert found.repairs_right >= 0.999 * found.repairs
    page = (tmp_path / "out" / "report.html").read_text(encoding="utf-8")
    assert "How well the check finds faults" in page
    assert "The limit, for wrong names" in page
    by_kind = {each["planted"]: each for each in read(tmp_path / "out/numbers/found_by_kind.csv")}
    assert float(by_kind["letter_deleted"]["limit"]) > float(by_kind["letter_deleted"]["recall"])


@pytest.mark.slow(seconds=4)
def test_the_numbers_of_others_are_found_where_the_extract_has_their_holder(tmp_path: Path) -> None:
    """The suspect's, the partner's, the force's own, and those that many people were given.

    An officer's number is in no record, and a partner's or suspect's own may be wrong or missing.
    """
    more = {"suspects_number": 0.3, "partners_number": 0.2}
    others = {**more, "forces_number": 0.02, "shared_number": 0.03, "officers_number": 0.005}
    rates = {**RATES.contacts, **{kind: share(rate) for kind, rate in others.items()}}
    plan = CrowdPlan(
        8_000, "thames-valley", 3, msgspec.structs.replace(RATES, contacts=rates), read_households()
    )
    people = tmp_path / "people.parquet"
    write_tables((each.table for each in make_batches(plan)), people)

    found = check(tmp_path, people).readiness.detection

    assert found is not None
    kinds = {each.kind: each for each in found.kinds}
    [group] = [each for each in found.groups if each.group == "another's"]
    assert group.found >= 0.55 * group.planted > 500
    assert group.right >= 0.95 * group.said
    for kind, least in (("suspects_number", 0.8), ("partners_number", 0.5), ("forces_number", 1)):
        assert kinds[kind].recall >= least, kinds[kind]


def test_a_fault_that_two_findings_tell_of_is_found_once(tmp_path: Path) -> None:
    """A mobile and a landline in each other's field are one fault of two findings."""
    [swapped] = rows_of({"Mobile": "01184960555", "Home Tel": "07700900555"})
    faults = [
        {"field": field, "kind": "mobile_in_landline_field", "true_value": ""}
        for field in ("mobile", "landline")
    ]

    [kind] = measured(tmp_path, {**swapped, "faults": json.dumps(faults)}).kinds

    assert (kind.planted, kind.found) == (1, 1)


def measured(folder: Path, *rows: dict[str, str]) -> Detection:
    """Measure a few records with the truth beside them."""
    checked = check(folder, write(folder / "people.csv", rows))
    assert checked.readiness.detection is not None
    return checked.readiness.detection


def test_a_miss_a_false_alarm_and_a_wrong_repair_are_counted(tmp_path: Path) -> None:
    """Each lowers its own number."""
    plain, zero = rows_of({}, {"Mobile": "7700900555"})
    planted = '[{"field":"mobile","kind":"leading_zero_lost","true_value":"%s"}]'
    missed = '[{"field":"mobile","kind":"leading_zero_lost","true_value":"07700900001"}]'

    found = measured(
        tmp_path,
        {**plain, "faults": missed},
        {**zero, "faults": planted % "07700900555"},
        {**zero, "Nominal": "N8", "DOB": "", "faults": planted % "07700900556"},
        {**zero, "Nominal": "N9", "DOB": "03/04/1990", "faults": "[]"},
    )

    [kind] = found.kinds
    said = {each.kind: each for each in found.said}
    assert (kind.planted, kind.found) == (3, 2)
    assert (said["zero_lost"].said, said["zero_lost"].right) == (3, 2)
    # The third was mended to what is not true; the fourth to its own number, which changes nothing.
    assert (found.repairs, found.repairs_right) == (3, 2)


def test_every_kind_may_be_found_as_something() -> None:
    """What the measure accepts is among the kinds."""
    assert not {each for _group, kinds in PLANTED.values() for each in kinds} - set(BY_KIND)


def test_every_planted_kind_is_measured() -> None:
    """No kind that `generate` plants is left out."""
    assert set(NAMES) == set(PLANTED)


FOLDER = ROOT / "fixtures" / "contacts"


@pytest.fixture(scope="module")
def gecko(tmp_path_factory: pytest.TempPathFactory) -> list[dict[str, str]]:
    """The worklist of what gecko-syndata made; fixtures/contacts/README.md says how it did."""
    folder = tmp_path_factory.mktemp("gecko")
    check(folder, FOLDER / "gecko_dirty.csv")
    return read(folder / "out" / "worklist.csv")


def changed_by_gecko(*fields: str) -> dict[str, dict[str, str]]:
    """Return the dirty records in which one of these fields is not what it was, by person."""
    clean, dirty = (read(FOLDER / f"gecko_{each}.csv") for each in ("clean", "dirty"))
    return {
        row["id"]: row
        for row, was in zip(dirty, clean, strict=True)
        if any(row[field] != was[field] for field in fields)
    }


def said_of(work: list[dict[str, str]], *fields: str) -> set[str]:
    """Return the persons of whom something is said in one of these fields."""
    return {each["person_id"] for each in work if each["field"] in fields}


def test_another_tools_numbers_and_addresses(gecko: list[dict[str, str]]) -> None:
    """What gecko changes may still be well formed: a digit exchanged for another."""
    wrong, changed = said_of(gecko, "mobile", "email"), changed_by_gecko("phone", "mail")

    assert len(changed) > 60
    assert len(wrong & set(changed)) >= 0.9 * len(changed)
    assert len(wrong - set(changed)) <= 0.01 * ROWS_OF_GECKO


def test_another_tools_names(gecko: list[dict[str, str]]) -> None:
    """Letters wrong, more, fewer, exchanged, capitals, fillers, missing and swapped names.

    Two slips in one record hide each other, and what made a name of its own cannot be known. No
    name that gecko left alone is asked about.
    """
    said = said_of(gecko, "given_name", "family_name", "name")
    changed = changed_by_gecko("forename", "surname")

    assert len(changed) > 120
    assert len(said & set(changed)) >= 0.93 * len(changed)
    assert not said - set(changed)


def test_another_tools_dates_of_birth(gecko: list[dict[str, str]]) -> None:
    """Each that is missing, no date, or of nobody alive is found, and no other is called wrong."""
    said, changed = said_of(gecko, "date_of_birth"), changed_by_gecko("born")
    knowable = {person for person, row in changed.items() if not may_be_born(row["born"])}

    assert len(knowable) > 50
    assert said == knowable


def may_be_born(written: str) -> bool:
    """Say whether somebody may be born on what is written, as year, month and day."""
    found = re.fullmatch(r"(\d{4})-(\d\d?)-(\d\d?)", written)
    try:
        return bool(found) and date(ON.year - 110, 1, 1) < date(*map(int, found.groups())) <= ON  # type: ignore[union-attr]
    except ValueError:
        return False
