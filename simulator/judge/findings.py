"""Collects what the court finds: a FAIL is the portal's, a WARNING is counted beside it.

A REVIEW says what a person must look at, since the evidence cannot show it.
"""

from datetime import datetime

from simulator.evidence.records import MessageAccepted
from simulator.judge.facts.address_book import Meant
from simulator.verdicts import Finding, Harm, Owner


class Findings:
    """The list of findings, and the ways to add to it."""

    def __init__(self) -> None:
        self.found: list[Finding] = []

    def fail(
        self,
        harm: Harm,
        requirement: str,
        *,
        at: datetime,
        person_id: str,
        crime_reference: str,
        expected: str,
        observed: str,
    ) -> None:
        """Find a harm that the portal did."""
        self.found.append(
            Finding(
                kind="FAIL",
                harm=harm,
                owner="portal",
                requirement=requirement,
                at=at,
                person_id=person_id,
                crime_reference=crime_reference,
                expected=expected,
                observed=observed,
            )
        )

    def fail_message(
        self,
        message: MessageAccepted,
        meant: Meant,
        harm: Harm,
        requirement: str,
        expected: str,
        observed: str,
    ) -> None:
        """Find a harm that one of the portal's messages did."""
        self.fail(
            harm,
            requirement,
            at=message.at,
            person_id=meant.person_id,
            crime_reference=meant.crime_reference,
            expected=expected,
            observed=observed,
        )

    def review(
        self, harm: Harm, requirement: str, *, at: datetime, expected: str, observed: str
    ) -> None:
        """Leave to a person what no evidence of this run can show."""
        self.found.append(
            Finding(
                kind="REVIEW",
                harm=harm,
                owner="portal",
                requirement=requirement,
                at=at,
                person_id="",
                crime_reference="",
                expected=expected,
                observed=observed,
            )
        )

    def count(
        self,
        harm: Harm,
        requirement: str,
        owner: Owner,
        *,
        at: datetime,
        person_id: str,
        crime_reference: str,
        expected: str,
        observed: str,
        avoidable: bool,
    ) -> None:
        """Find a harm that was somebody else's, or that nobody could have avoided."""
        self.found.append(
            Finding(
                kind="WARNING",
                harm=harm,
                owner=owner,
                requirement=requirement,
                at=at,
                person_id=person_id,
                crime_reference=crime_reference,
                expected=expected,
                observed=observed,
                avoidable=avoidable,
            )
        )
