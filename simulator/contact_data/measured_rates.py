"""Writes how often each fault was found here, in the form that a rehearsal and `generate` read.

A rehearsal on these rates says what leaving the data as it is would cost: messages lost and people
misinformed, by the force's own faults. What no rule can measure keeps its default rate.
"""

from collections.abc import Mapping
from pathlib import Path

import msgspec
import tomli_w

from simulator.contact_data.readiness import Readiness
from simulator.files.checked_toml import Share
from simulator.population.data_quality import PARTNERS_MOBILE
from simulator.population.faults.rates import FaultRates, read_fault_rates

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
    return msgspec.structs.replace(rates, births=births, contacts=contacts)


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
