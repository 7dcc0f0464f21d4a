"""The person an officer named to be told in a victim's place, by the judge's own reading."""

from datetime import date, datetime

from msgspec import structs

from reference.contract.events import ToldInstead, VictimRecord
from simulator.inputs.order import Order
from simulator.judge.facts.contact_fields import addresses_in
from simulator.judge.text.plain_words import squeezed


def told_instead(record: VictimRecord) -> ToldInstead | None:
    """Find the person an officer named to be told in a victim's place."""
    return record.told_instead if record.who_is_told == "another" else None


def told_by(record: VictimRecord) -> str:
    """Name the requirement by which another person is told in a victim's place."""
    if record.has_died:
        return "SAFE-03"
    return "WHO-02" if record.kind == "organisation" else "SAFE-05"


def as_told(record: VictimRecord) -> VictimRecord:
    """Give a record with the name, the addresses and the wishes of the person who is told.

    A channel that an officer approved is the only one; that the approval has run out is a reason to
    tell nothing, and is not read here.
    """
    told = told_instead(record)
    if told is None and record.safe_channel is not None:
        channels = (record.safe_channel,)
        return structs.replace(record, safe_to_contact=True, preferred_channels=channels)
    if told is None:
        return record
    return structs.replace(
        record,
        given_name=told.given_name,
        family_name=told.family_name,
        mobile_phone=told.mobile_phone,
        other_phone=told.other_phone,
        email=told.email,
        preferred_channels=told.preferred_channels,
        safe_to_contact=told.safe_to_contact,
    )


def has_run_out(record: VictimRecord, at: datetime) -> bool:
    """Say whether the channel that an officer approved is approved no longer."""
    is_approved = record.safe_channel is not None and told_instead(record) is None
    return is_approved and record.safe_until is not None and record.safe_until <= at


def is_somebody_else(before: VictimRecord, after: VictimRecord) -> bool:
    """Say whether another person is told from now on."""
    names = [
        told and (squeezed(told.given_name), squeezed(told.family_name))
        for told in (told_instead(before), told_instead(after))
    ]
    return names[0] != names[1]


def not_to(record: VictimRecord) -> frozenset[str]:
    """Find the addresses of a victim in whose place another is told: nothing goes there."""
    told = told_instead(record)
    return frozenset() if told is None else addresses_in(record) - addresses_in(as_told(record))


def comes_of_age(record: VictimRecord, order: Order) -> date | None:
    """Find the day from which no other person is told for a victim who was under age."""
    is_another = told_instead(record) is not None
    if record.born is None or not is_another or record.has_died or record.kind == "organisation":
        return None
    return birthday(record.born, order.eligibility.age_min_years)


def birthday(born: date, years: int) -> date:
    """Find the day on which a person is so many years old: born on 29 February, often 1 March."""
    try:
        return born.replace(year=born.year + years)
    except ValueError:
        return date(born.year + years, 3, 1)
