"""Whether the words of every ending are lawful: held against the table of the contract.

The portal does not know that table: it has words of its own, and chooses them by its own rules.
"""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import get_args

from reference.contract.closing_words import faults
from reference.contract.events import ClosingOutcome, CrimeClosed, OutcomeRecorded
from reference.contract.lawful_words import Ending, every_ending
from reference.contract.outcomes import CHARGED, NOBODY_IDENTIFIED
from reference.portal.rules.outcomes import how_it_is_told
from reference.portal.words.wording import CatalogueWords, TemplateWords

_ANY_TIME = datetime(2026, 6, 3, 12, tzinfo=UTC)


def faults_of_law(words: CatalogueWords) -> Iterator[str]:
    """Find words of an ending that must not be said there, or that lack what must be said."""
    found: dict[str, None] = {}
    for ending in every_ending():
        for template in _told_by(words, ending):
            for fault in faults(f"{template.title}\n{template.text}", ending):
                said = f"{ending.decided_by}, interviewed: {ending.interviewed}"
                found[
                    f"template {template.id!r}: outcome {ending.outcome} ({said}):"
                    f" {fault.expected}; {fault.observed}"
                ] = None
    yield from found


def _told_by(words: CatalogueWords, ending: Ending) -> Iterator[TemplateWords]:
    """List the templates that tell an ending, to each audience."""
    if ending.outcome == CHARGED:
        variants, trigger = [""], OutcomeRecorded.__name__
    else:
        variants, trigger = [_variant(ending)], CrimeClosed.__name__
        if ending.outcome == NOBODY_IDENTIFIED:
            variants.append("unallocated")
    of_outcome = [
        each
        for each in words.template
        if each.trigger == trigger and str(ending.outcome) in map(str, each.details)
    ]
    for variant in variants:
        exact = [each for each in of_outcome if each.variant == variant]
        yield from exact or [each for each in of_outcome if not each.variant]


def _variant(ending: Ending) -> str:
    assert ending.outcome in get_args(ClosingOutcome)
    return how_it_is_told(
        CrimeClosed(
            crime_reference="1",
            outcome=ending.outcome,  # type: ignore[arg-type]
            closed_at=_ANY_TIME,
            decided_by=ending.decided_by,
            interviewed_under_caution=ending.interviewed,
        )
    )
