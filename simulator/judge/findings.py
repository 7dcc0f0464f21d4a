"""Builds findings: a FAIL is the portal's, a WARNING is beside it, a REVIEW asks for a person.

Each names the sentence it rests on, as simulator/judge/sentences.py writes it.
"""

from datetime import datetime

from simulator.evidence.records import MessageAccepted
from simulator.judge.facts.sent_message import Meant
from simulator.verdicts import Finding, Harm, Owner


def failure(
    harm: Harm,
    requirement: str,
    *,
    at: datetime,
    person_id: str,
    crime_reference: str,
    expected: str,
    observed: str,
    rests_on: str,
) -> Finding:
    """Give a FAIL: a harm that the portal did."""
    return Finding(
        kind="FAIL",
        harm=harm,
        owner="portal",
        requirement=requirement,
        at=at,
        person_id=person_id,
        crime_reference=crime_reference,
        expected=expected,
        observed=observed,
        rests_on=rests_on,
    )


def message_failure(
    message: MessageAccepted,
    meant: Meant,
    harm: Harm,
    requirement: str,
    expected: str,
    observed: str,
    *,
    rests_on: str,
) -> Finding:
    """Give a FAIL: a harm that one of the portal's messages did."""
    return failure(
        harm,
        requirement,
        at=message.at,
        person_id=meant.person_id,
        crime_reference=meant.crime_reference,
        expected=expected,
        observed=observed,
        rests_on=rests_on,
    )


def review(
    harm: Harm, requirement: str, *, at: datetime, expected: str, observed: str, rests_on: str
) -> Finding:
    """Give a REVIEW: the evidence of this run cannot show it, and a person must look."""
    return Finding(
        kind="REVIEW",
        harm=harm,
        owner="portal",
        requirement=requirement,
        at=at,
        person_id="",
        crime_reference="",
        expected=expected,
        observed=observed,
        rests_on=rests_on,
    )


def warning(
    harm: Harm,
    requirement: str,
    owner: Owner,
    *,
    at: datetime,
    person_id: str,
    crime_reference: str,
    expected: str,
    observed: str,
    rests_on: str,
    avoidable: bool,
) -> Finding:
    """Give a WARNING: another owner's harm, or one that nobody could have avoided."""
    return Finding(
        kind="WARNING",
        harm=harm,
        owner=owner,
        requirement=requirement,
        at=at,
        person_id=person_id,
        crime_reference=crime_reference,
        expected=expected,
        observed=observed,
        rests_on=rests_on,
        avoidable=avoidable,
    )
