"""Pure: who is told about a crime: the victim, another person in their place, or no one.

Part of `eligibility.exclusion`. A person who is not a victim is never told, and a victim who has
died is never addressed. For an organisation, a child or a victim who has died, an officer decides
who is told and records it; until then the force is asked.
"""

from collections.abc import Collection
from datetime import UTC, date, datetime, time
from typing import NamedTuple

import msgspec
from msgspec import structs

from reference.contract.events import Role, ToldInstead, VictimRecord
from reference.contract.messages import TaskKind
from reference.portal.settings import RightsCheck, Settings
from reference.portal.timestamps import LONDON

_record_decoder = msgspec.json.Decoder(VictimRecord)
NO_DECISION = "not decided who is told: "
DIED = f"{NO_DECISION}the victim has died"
ORGANISATION = f"{NO_DECISION}an organisation without a named contact"
CAME_OF_AGE = f"{NO_DECISION}of age now, and no longer another's to be told"
NOBODY = "it was decided that nobody is told"
SUSPECT = "a suspect in a linked crime"
THROUGH_A_PERSON = "be their only contact, by the means they agreed: the portal sends them nothing"
RESTRICTED = "their record is restricted"
UNSAFE = "recorded as not safe to contact"
BLANK = "not recorded as safe to contact"
EXPIRED = "what an officer approved as safe contact has run out"
ELSEWHERE = "flagged in another crime or another record of theirs"
SAME_PERSON = "told of it by the record that theirs was merged into"


class Asked(NamedTuple):
    """What the force is asked to do about a victim who is not told."""

    kind: TaskKind
    reason: str


def as_ordered(record: VictimRecord, settings: Settings) -> VictimRecord:
    """Fill in what the order says of a blank: whether contact is safe, and the record restricted.

    The other rules here take a record in which these are filled in.
    """
    if record.is_restricted is None and record.is_police_employee:
        is_restricted = settings.unmarked_police_employee == "restricted"
        record = structs.replace(record, is_restricted=is_restricted)
    if settings.blank_safe_to_contact == "not_safe":
        return record
    told = record.told_instead
    if told is not None and told.safe_to_contact is None:
        record = structs.replace(record, told_instead=structs.replace(told, safe_to_contact=True))
    if record.safe_to_contact is None:
        return structs.replace(record, safe_to_contact=True)
    return record


def as_approved(record: VictimRecord, now: datetime) -> VictimRecord:
    """Fill in whether contact is safe where an officer approved a channel: until it runs out."""
    if record.safe_channel is None or _is_told_instead(record):
        return record
    return structs.replace(record, safe_to_contact=not has_run_out(record, now))


def has_run_out(record: VictimRecord, now: datetime) -> bool:
    """Say whether the time for which an officer approved a channel is over."""
    is_approved = record.safe_channel is not None and not _is_told_instead(record)
    return is_approved and record.safe_until is not None and record.safe_until <= now


def wished(record: VictimRecord, chosen: Collection[str] | None = None) -> tuple[str, ...]:
    """Give the channels by which a person is told: the one that an officer approved alone."""
    wanted = tuple(record.preferred_channels if chosen is None else chosen)
    if record.safe_channel is None or _is_told_instead(record):
        return wanted
    is_left = chosen is None or record.safe_channel in wanted
    return (record.safe_channel,) if is_left else ()


def why_not(
    record: VictimRecord,
    *,
    role: Role,
    recorded_at: datetime,
    now: datetime,
    age_min_years: int,
    is_flagged_elsewhere: bool,
) -> str:
    """Find why this person is not told about a crime, "" if they are."""
    reasons = (
        (role != "victim", f"{role}, and not a victim"),
        (record.is_suspect_in_linked_crime, SUSPECT),
        (record.is_restricted is True, RESTRICTED),
        (is_flagged_elsewhere, ELSEWHERE),
        (record.who_is_told == "nobody", NOBODY),
        (record.has_died and not _is_told_instead(record), DIED),
        (record.kind == "organisation" and not _is_told_instead(record), ORGANISATION),
    )
    why = next((why for is_so, why in reasons if is_so), "")
    if why or record.has_died or record.kind == "organisation":
        return why
    return _why_not_at_that_age(record, recorded_at, now, age_min_years)


def why_not_safe(record: VictimRecord) -> str:
    """Find why it is not safe to contact the person who is told, "" if it is."""
    if record.safe_to_contact is None:
        return BLANK
    return "" if record.safe_to_contact else UNSAFE


def task_for(why: str, age_min_years: int) -> Asked | None:
    """Find what the force is asked to do about a person who is not told, if anything."""
    if why.startswith(NO_DECISION) or why == under(age_min_years):
        what = why.removeprefix(NO_DECISION)
        return Asked("who_is_told", f"decide who is told, and write it down: {what}")
    if why in {SUSPECT, RESTRICTED, ELSEWHERE}:
        what = "read all their records, then tell them, safely"
        return Asked("sensitive_contact", f"{what}: the portal does not, {why}")
    if why == EXPIRED:
        return Asked("safe_contact_review", f"look again whether contact is safe, and how: {why}")
    return Asked("contact_details", f"{BLANK}: ask, and write it down") if why == BLANK else None


def is_through_a_person(why: str, record: VictimRecord, role: Role) -> bool:
    """Say whether a marker alone keeps a victim from being told, who can be spoken to."""
    is_person = record.kind == "person" and not record.has_died and record.who_is_told != "nobody"
    return why.startswith("safeguarding") and role == "victim" and is_person


def may_be_told_yet(why: str, age_min_years: int) -> bool:
    """Say whether a person is told, or only an officer's decision on who is told is missing."""
    return not why or why.startswith(NO_DECISION) or why == under(age_min_years)


def task_for_news(why: str, *, is_end: bool) -> Asked | None:
    """Find what the force is asked to do with news that is not safe to send, if anything."""
    if why not in {UNSAFE, BLANK, EXPIRED}:
        return None
    kind: TaskKind = "sensitive_contact" if is_end else "not_sent"
    return Asked(kind, f"tell them, safely, what the portal did not: {why}")


def lacks_rights(
    record: VictimRecord, markers: frozenset[str], now: datetime, check: RightsCheck
) -> bool:
    """Say whether a victim has enhanced rights by what is known, and not by their record."""
    is_child = record.born is not None and is_under(record.born, now, check.under_years)
    has_them = is_child or (check.bereaved and record.has_died) or bool(markers & check.markers)
    return has_them and record.kind == "person" and not record.enhanced_rights


def addressed(record: VictimRecord) -> VictimRecord:
    """Give a record with the name, addresses and proof of the person who is told."""
    told = _told_instead(record)
    return record if told is None else structs.replace(record, **structs.asdict(told))


def decode_record(record: bytes) -> VictimRecord:
    """Decode a kept record, as it addresses the person who is told."""
    return addressed(_record_decoder.decode(record))


def is_another(before: VictimRecord, after: VictimRecord) -> bool:
    """Say whether another person is told from now on: a contact left, or the victim is told again.

    Another spelling of the name counts as another person: that ends their sign-in, and no more.
    """
    return _name_of(_told_instead(before)) != _name_of(_told_instead(after))


def comes_of_age_at(record: VictimRecord, age_min_years: int) -> datetime | None:
    """Find when a victim comes of age, if another is told for them: midnight in London."""
    if record.who_is_told != "another" or record.kind == "organisation" or record.has_died:
        return None
    if record.born is None or record.born.year + age_min_years > date.max.year:
        return None
    day = _birthday(record.born, age_min_years)
    return datetime.combine(day, time(), tzinfo=LONDON).astimezone(UTC)


def likeness(record: VictimRecord) -> str:
    """Name what two records of one person share, "" if too little is known.

    Forces match people by name and date of birth; a record that lacks either is like no other.
    """
    names = _squeezed(record.given_name), _squeezed(record.family_name)
    if record.born is None or not all(names) or record.kind == "organisation":
        return ""
    return "|".join((*names, record.born.isoformat()))


def may_be_two_people(one: VictimRecord, other: VictimRecord) -> bool:
    """Say whether two records differ in a name or the date of birth, where both have it."""
    said = [(e.kind, *map(_squeezed, (e.given_name, e.family_name)), e.born) for e in (one, other)]
    return any(mine and theirs and mine != theirs for mine, theirs in zip(*said, strict=True))


def is_flagged(record: VictimRecord) -> bool:
    """Say whether a record stops all messages to this person, in all their records."""
    return (
        record.safe_to_contact is False
        or record.has_died
        or record.is_suspect_in_linked_crime
        or record.is_restricted is True
    )


def ban_of_merged(own: VictimRecord, now: datetime, settings: Settings) -> str:
    """Find what a record that was merged into another forbids still, "" for nothing.

    A blank is no statement: the record that survives says whether contact is safe.
    """
    if has_run_out(own, now):
        return EXPIRED
    record = as_ordered(as_approved(own, now), settings)
    if record.safe_to_contact is False:
        return UNSAFE
    return ELSEWHERE if is_flagged(record) else ""


def lifts(before: VictimRecord, after: VictimRecord, at: datetime, settings: Settings) -> bool:
    """Say whether one record, as it is addressed, forbids all messages and another does not."""
    both = (as_ordered(as_approved(each, at), settings) for each in (before, after))
    was, now = map(_is_forbidden, both)
    return was and not now


def under(age_min_years: int) -> str:
    """Name the reason that a victim is under age and no one decided who is told."""
    return f"under {age_min_years}"


def is_under(born: date, at: datetime, age_min_years: int) -> bool:
    """Say whether a person born on a day is younger than so many years at a time."""
    day = at.astimezone(LONDON).date()
    years = day.year - born.year - ((day.month, day.day) < (born.month, born.day))
    return years < age_min_years


def _is_forbidden(record: VictimRecord) -> bool:
    return (
        is_flagged(record) or record.safe_to_contact is not True or record.who_is_told == "nobody"
    )


def _why_not_at_that_age(
    record: VictimRecord, recorded_at: datetime, now: datetime, age_min_years: int
) -> str:
    was_child = record.born is not None and is_under(record.born, recorded_at, age_min_years)
    if record.who_is_told == "victim" or (record.who_is_told is None and not was_child):
        return ""
    if not _is_told_instead(record):
        return under(age_min_years) if was_child else f"{NO_DECISION}nobody is named"
    is_child = record.born is not None and is_under(record.born, now, age_min_years)
    return CAME_OF_AGE if was_child and not is_child else ""


def _birthday(born: date, years: int) -> date:
    """Find the day a person is this old: born on 29 February, in most years 1 March."""
    try:
        return born.replace(year=born.year + years)
    except ValueError:
        return date(born.year + years, 3, 1)


def _told_instead(record: VictimRecord) -> ToldInstead | None:
    return record.told_instead if record.who_is_told == "another" else None


def _is_told_instead(record: VictimRecord) -> bool:
    return _told_instead(record) is not None


def _name_of(told: ToldInstead | None) -> tuple[str, str] | None:
    return None if told is None else (_squeezed(told.given_name), _squeezed(told.family_name))


def _squeezed(written: str) -> str:
    return " ".join(written.casefold().split())
