"""Builds findings: a FAIL is the portal's, a WARNING is beside it, a REVIEW asks for a person.

Each names the sentence it rests on, as simulator/judge/sentences.py writes it.
"""

from datetime import datetime
from typing import Any

from msgspec import structs

from simulator.verdicts import Finding, Harm, Owner


def failure(
    harm: Harm,
    requirement: str,
    about: Any,
    expected: str,
    observed: str,
    *,
    at: datetime | None = None,
    person_id: str | None = None,
    crime_reference: str | None = None,
    rests_on: str = "",
) -> Finding:
    """Give a FAIL: a harm that the portal did. It rests on its requirement unless on a field.

    `about` is what has the time, the person and the crime, as far as they are not given apart.
    """
    if person_id is None:
        person_id = getattr(about, "person_id", "")
    if crime_reference is None:
        crime_reference = getattr(about, "crime_reference", "")
    return Finding(
        kind="FAIL",
        harm=harm,
        owner="portal",
        requirement=requirement,
        at=at or about.at,
        person_id=person_id,
        crime_reference=crime_reference,
        expected=expected,
        observed=observed,
        rests_on=rests_on or f"requirement: {requirement}",
    )


def review(
    harm: Harm, requirement: str, about: Any, expected: str, observed: str, **more: Any
) -> Finding:
    """Give a REVIEW: the evidence of this run cannot show it, and a person must look."""
    found = failure(harm, requirement, about, expected, observed, **more)
    return structs.replace(found, kind="REVIEW", person_id="", crime_reference="")


def warning(
    harm: Harm,
    requirement: str,
    owner: Owner,
    about: Any,
    expected: str,
    observed: str,
    *,
    avoidable: bool,
    **more: Any,
) -> Finding:
    """Give a WARNING: another owner's harm, or one that nobody could have avoided."""
    found = failure(harm, requirement, about, expected, observed, **more)
    return structs.replace(found, kind="WARNING", owner=owner, avoidable=avoidable)
