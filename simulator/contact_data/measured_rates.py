"""How often each fault was found here, as `generate` and a rehearsal read it.

A rehearsal on these rates says what leaving the data as it is would cost: messages lost and people
misinformed, by the force's own faults. What no rule can measure keeps its default rate.
"""

from collections.abc import Mapping
from pathlib import Path

import msgspec
import tomli_w

from simulator.contact_data.cost import Contents
from simulator.contact_data.readiness import Readiness
from simulator.files.checked_toml import Share
from simulator.population.data_quality import PARTNERS_MOBILE
from simulator.population.faults.rates import FaultRates, read_fault_rates
from simulator.population.people import read_people_parameters

#: The finding, and its field where it matters, that measures each planted kind.
_CONTACTS: Mapping[str, tuple[str, str]] = {
    "mobile_in_landline_field": ("mobile_in_landline", ""),
    "phone_in_email": ("number_in_email", ""),
    "email_in_notes": ("email_in_notes", ""),
    "two_in_one_field": ("two_in_one", ""),
    "email_in_mobile_field": ("email_in_phone", "mobile"),
    "name_in_phone_field": ("name_in_phone", "mobile"),
    "number_with_words": ("words_with_number", "mobile"),
    "digit_lost": ("too_few_digits", "mobile"),
    "digit_doubled": ("too_many_digits", "mobile"),
    "leading_zero_lost": ("zero_lost", "mobile"),
    "plus_44_zero": ("plus_44_zero", "mobile"),
    "forces_number": ("forces_own_number", "mobile"),
    "shared_number": ("shared_by_many", "mobile"),
    "email_domain_typo": ("domain_misspelt", ""),
    "email_at_missing": ("at_missing", ""),
    "email_comma": ("comma_in_email", ""),
    "email_space": ("space_in_email", ""),
    "email_dead_domain": ("domain_dead", ""),
}
_BIRTHS: Mapping[str, tuple[str, str]] = {
    "birth_missing": ("born_missing", ""),
    "century_wrong": ("born_out_of_range", ""),
}
_NEVER = Share(value=0.0, unit="share of records", assumed="every detail is right")
#: Well-formed numbers of somebody else: only call-backs measure them, all together.
_SOMEBODY_ELSES = ("digit_wrong", "digits_transposed", "stale_number", "partners_number")
#: Not everybody has a partner whose number can be written down.
_WHO_CAN = {"partners_number": PARTNERS_MOBILE}


def rates_measured(result: Readiness) -> FaultRates:
    """Put what was found here into the default rates."""
    rates = read_fault_rates()
    births, contacts = dict(rates.births), dict(rates.contacts)
    for table, measured in ((births, _BIRTHS), (contacts, _CONTACTS)):
        for kind, (finding, field) in measured.items():
            found = sum(
                each.count
                for each in result.kinds
                if each.kind == finding and field in ("", each.field)
            )
            table[kind] = _share(found, result)
    if result.call_backs:
        whole = result.call_backs.whole
        usual = sum(contacts[kind].value * _WHO_CAN.get(kind, 1) for kind in _SOMEBODY_ELSES)
        for kind in _SOMEBODY_ELSES:
            share = whole.share * contacts[kind].value / usual if usual else 0.0
            contacts[kind] = Share(
                value=round(share, 6),
                unit="share of records",
                source=f"call-backs of {result.on}: {whole.wrong} of {whole.asked} were somebody "
                "else; divided as the default rates are",
            )
    contacts |= _missing(result)
    return msgspec.structs.replace(rates, births=births, contacts=contacts)


def contents_measured(result: Readiness) -> tuple[Contents, Contents]:
    """Return the contact data as it is, and as it is once every detail of contact is right.

    Then everybody is also asked whether contact is safe, and as many say no as before.
    """
    rates, blanks = rates_measured(result), result.blanks
    asked = blanks.safe + blanks.not_safe
    right = msgspec.structs.replace(
        rates,
        births=dict.fromkeys(rates.births, _NEVER),
        contacts=dict.fromkeys(rates.contacts, _NEVER),
    )
    if not asked:
        return Contents(rates, None), Contents(right, None)
    return (
        Contents(rates, blanks.safe / (asked + blanks.not_said)),
        Contents(right, blanks.safe / asked),
    )


def _missing(result: Readiness) -> dict[str, Share]:
    """Reckon how often a mobile and an address are missing that the victim has.

    Some people have none: `fixtures/figures/people.toml` says how many. A column that the extract
    lacks keeps its default rate.
    """
    people, blanks, victims = read_people_parameters(), result.blanks, result.victims
    no_mobile, no_email, neither = (
        each / max(1, victims) for each in (blanks.mobile, blanks.email, blanks.both)
    )
    has_mobile, has_email = people.has_mobile.value, people.has_email.value
    both = max(0.0, neither - no_mobile * no_email) / (has_mobile * has_email)
    missing = {}
    if blanks.mobile < victims:
        missing["mobile_missing"] = (no_mobile - (1 - has_mobile)) / has_mobile - both
    if blanks.email < victims:
        missing["email_missing"] = (no_email - (1 - has_email)) / has_email - both
    if len(missing) == 2:
        missing["mobile_and_email_missing"] = both
    source = (
        f"check-data of {result.on}: of {victims:,} victims {blanks.mobile:,} without a mobile, "
        f"{blanks.email:,} without an email, {blanks.both:,} without both, less those who have none"
    )
    return {
        kind: Share(value=round(max(0.0, share), 6), unit="share of records", source=source)
        for kind, share in missing.items()
    }


def write_rates(path: Path, result: Readiness) -> None:
    """Write the rates as a file that `generate --data-quality` and a rollout take."""
    whole = _without_blanks(msgspec.to_builtins(rates_measured(result)))
    head = (
        "# Measured by check-data. Name this file as data_quality in a copy of\n"
        "# scenarios/phased-rollout.toml, and rehearse: what do these faults cost?\n\n"
    )
    path.write_text(head + tomli_w.dumps(whole), encoding="utf-8")


def _share(found: int, result: Readiness) -> Share:
    return Share(
        value=round(found / max(1, result.records), 6),
        unit="share of records",
        source=f"check-data of {result.on}: {found:,} of {result.records:,} records",
    )


def _without_blanks(values: dict[str, object]) -> dict[str, object]:
    """Leave out a blank `source` or `assumed`: each number has one of the two."""
    return {
        name: _without_blanks(value) if isinstance(value, dict) else _each(value)
        for name, value in values.items()
        if value != ""
    }


def _each(value: object) -> object:
    if isinstance(value, list):
        return [_without_blanks(each) if isinstance(each, dict) else each for each in value]
    return value
