"""What is written for whole columns is what the faults of a single record write."""

from datetime import date
from functools import cache

import polars as pl
import pytest

from simulator.crowd.files import plain
from simulator.crowd.generating import CrowdPlan, make_batches
from simulator.crowd.people import BATCH, read_households
from simulator.crowd.recording import MOVES
from simulator.population.data_quality import PARTNERS_MOBILE, SUSPECTS_MOBILE
from simulator.population.faults.contacts import (
    EMAIL_FAULTS,
    MOBILE_FAULTS,
    Contacts,
    contacts_moved,
    wrong_email,
    wrong_mobile,
)
from simulator.population.faults.kinds import KINDS
from tests.simulator.population.faults.changed_rates import evenly, only

ANOTHER = "somebody else's"


def written_alone(kind: str, mobile: str, landline: str, email: str) -> Contacts:
    """Write a record with this fault, as rehearsals do."""
    if kind in EMAIL_FAULTS:
        return Contacts(mobile, landline, wrong_email(kind, email, another=ANOTHER, how=0))
    if kind in MOBILE_FAULTS:
        wrong = wrong_mobile(kind, mobile, name="Ann Lee", another=ANOTHER, how=0)
        return Contacts(wrong, landline, email)
    return contacts_moved(kind, Contacts(mobile, landline, email), another=ANOTHER, how=0)


@pytest.mark.parametrize("kind", MOVES)
def test_a_column_is_written_as_its_records_are(kind: str) -> None:
    """Field by field; where it is someone else's, something other than the person's own."""
    rates = only(evenly(), **{kind: 0.3})
    (batch,) = make_batches(CrowdPlan(5_000, "thames-valley", 1, rates, read_households(), "crowd"))
    found = 0
    for row in plain(batch.table).iter_rows(named=True):
        kinds = {each["kind"] for each in row["faults"]}
        mobile, landline, email = (row[f"true_{each}"] for each in Contacts._fields[:3])
        if kind not in kinds:
            assert row["recorded_email"] == email
            continue
        found += 1
        alone = written_alone(kind, mobile, landline, email)
        for field in KINDS[kind].fields:
            true, written = row[f"true_{field}"], row[f"recorded_{field}"]
            if getattr(alone, field) == ANOTHER:
                assert written not in {"", true}
            else:
                national = written.replace(" ", "").replace("+44", "0")
                assert national == getattr(alone, field)
    assert found > 50


@cache
def crowd(kind: str, rate: float) -> pl.DataFrame:
    """Make a whole batch, so that no household is cut off, with one kind of fault alone."""
    rates = only(evenly(), **{kind: rate})
    (batch,) = make_batches(CrowdPlan(BATCH, "thames-valley", 1, rates, read_households(), "crowd"))
    listed = pl.col("faults").list.eval(pl.element().struct.field("kind")).list.contains(kind)
    return plain(batch.table).with_columns(is_wrong=listed)


def test_the_suspects_number_is_the_suspects() -> None:
    """Whoever has the number that was written down is a suspect of the same crime, in every case.

    The truth that is listed is the victim's own number.
    """
    made = crowd("suspects_number", 0.3)
    suspects = made.filter(pl.col("true_role") == "suspect").select(
        "occurrence_id", pl.col("true_mobile").alias("recorded_mobile"), suspect="person_id"
    )
    wrong = made.filter("is_wrong")
    held = wrong.join(suspects, on=["occurrence_id", "recorded_mobile"])

    assert len(wrong) > 1_000
    assert len(held) == len(wrong)
    assert not (held["suspect"] == held["person_id"]).any()
    assert (wrong["recorded_mobile"] != wrong["true_mobile"]).all()
    assert (wrong["faults"].list.first().struct.field("true_value") == wrong["true_mobile"]).all()


def test_the_partners_number_is_the_partners() -> None:
    """Another adult of the home who is no suspect has the number, in every case."""
    made = crowd("partners_number", 0.1)
    others = made.select(
        "household_id",
        pl.col("true_mobile").alias("recorded_mobile"),
        other="person_id",
        others_role="true_role",
        others_birth="date_of_birth",
    )
    wrong = made.filter("is_wrong")
    held = wrong.join(others, on=["household_id", "recorded_mobile"])

    assert len(wrong) > 2_000
    assert held["person_id"].n_unique() == len(wrong)
    assert not (held["other"] == held["person_id"]).any()
    assert set(held["others_role"]) <= {"victim", "witness", "household member"}
    assert held["others_birth"].max() <= date(2008, 5, 18)  # type: ignore[operator]
    assert (wrong["faults"].list.first().struct.field("true_value") == wrong["true_mobile"]).all()


@pytest.mark.parametrize(
    ("kind", "rate", "share"),
    [
        ("suspects_number", 0.3, SUSPECTS_MOBILE),
        ("partners_number", 0.1, PARTNERS_MOBILE),
    ],
)
def test_what_was_asked_comes_out_of_those_who_can_have_it(
    kind: str, rate: float, share: float
) -> None:
    """Of those who have a partner, or a suspect, the share asked for; rehearsals draw as many."""
    rates = only(evenly(), **{kind: rate})
    (batch,) = make_batches(CrowdPlan(BATCH, "thames-valley", 1, rates, read_households(), "crowd"))
    counts = batch.counts
    with_mobile = len(plain(batch.table).filter(pl.col("true_mobile") != ""))

    assert counts.could[kind] / with_mobile == pytest.approx(share, rel=0.05)
    assert counts.asked[kind] == pytest.approx(rate * counts.could[kind])
    assert counts.there[kind] == pytest.approx(
        counts.asked[kind], abs=4 * counts.asked[kind] ** 0.5
    )
