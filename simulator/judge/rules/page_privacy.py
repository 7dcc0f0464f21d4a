"""What victims were shown: only their own crimes and words, and none of the force's notes."""

import msgspec

from simulator.evidence.records import Seen, Stamped
from simulator.judge.facts.crime_register import Cases
from simulator.judge.facts.eligibility import requirement_of
from simulator.judge.facts.known_crime import KnownCrime
from simulator.judge.facts.questions import Questions
from simulator.judge.facts.withheld_news import Closures
from simulator.judge.findings import Findings
from simulator.judge.rules.page_contents import Steps
from simulator.judge.text.disclosure import Disclosure


class Pages:
    """Judges what people saw and wrote."""

    def __init__(
        self,
        cases: Cases,
        closures: Closures,
        disclosure: Disclosure,
        questions: Questions,
        steps: Steps,
        findings: Findings,
    ) -> None:
        self._cases = cases
        self._closures = closures
        self._disclosure = disclosure
        self._questions = questions
        self._steps = steps
        self._findings = findings

    def seen(self, record: Seen) -> None:
        """Judge one page, by whose it was and what stood on it.

        Who was written down twice may read in either record what is of the other.
        """
        whose = self._cases.as_theirs(record.person_id, record.crime_reference)
        record = msgspec.structs.replace(record, person_id=whose)
        own = self._cases.crimes_of(record.person_id)
        shown = [record.crime_reference] if record.crime_reference else own
        note = self._disclosure.internal_note_in(shown, record.texts)
        if note:
            self._disclosed(record, "PRIV-02", "only what the officer marked as a reply", note)
        if record.crime_reference and record.crime_reference not in own:
            observed = f"they were shown the {record.where} of somebody else's"
            self._disclosed(record, "PRIV-03", "a victim sees only their own crime", observed)
        elif record.texts and self._exclusion(record):
            expected = "nothing is shown of a crime nobody is to be told of"
            exclusion = self._exclusion(record)
            requirement = requirement_of(exclusion) or (
                "CASE-05" if self._is_another_offence(record) else "SAFE-02"
            )
            self._disclosed(record, requirement, expected, f"they were shown its {record.where}")
        elif self._closures.gives_away(record):
            expected = "an officer tells the victim first that the case has ended, and why"
            observed = f"the {record.where} showed it before anybody had spoken to them"
            self._disclosed(record, "SENS-01", expected, observed)
        elif self._names_of_the_other(record):
            observed = "they were shown what belongs to a crime that was merged with theirs"
            self._disclosed(record, "PRIV-03", "a victim sees only their own crime", observed)
        else:
            self._steps.seen(record)
            self._questions.check_replies(record, self._findings)
        if record.where == "conversation":
            self._findings.found += self._questions.seen(record)

    def stamped(self, record: Stamped) -> None:
        """Judge whose crime somebody's words were filed under."""
        self._questions.stamped(record)
        filed = self._cases.current(record.crime_reference)
        own = self._cases.crimes_of(record.person_id)
        if filed not in {self._cases.current(each) for each in own}:
            expected = "a victim writes about only their own crime"
            observed = "their words were stamped on somebody else's"
            self._disclosed(record, "PRIV-03", expected, observed)

    def _exclusion(self, record: Seen) -> str:
        crime = self._cases.crimes.get(record.crime_reference)
        return "" if crime is None else crime.victims[record.person_id].exclusion

    def _is_another_offence(self, record: Seen) -> bool:
        crime = self._cases.crimes[record.crime_reference]
        exclusion = crime.victims[record.person_id].exclusion
        return crime.is_reclassified and exclusion.startswith("offence")

    def _names_of_the_other(self, record: Seen) -> bool:
        """Say whether a page names who and where only a crime has that was merged with this one.

        Whoever follows a merged crime may see the one it went into, as far as they may be told of
        it; whose that is sees nothing of the merged one.
        """
        crime = self._cases.crimes.get(record.crime_reference)
        if crime is None:
            return False
        others = self._cases.parts_of(record.crime_reference)
        into = self._cases.crimes.get(self._cases.current(record.crime_reference))
        others += [into] if into is not None and into is not crime else []
        theirs = set[str]().union(*(_names(each) for each in others if not _may_see(each, record)))
        return bool(self._disclosure.name_in("\n".join(record.texts), theirs - _names(crime)))

    def _disclosed(
        self, record: Seen | Stamped, requirement: str, expected: str, observed: str
    ) -> None:
        self._findings.fail(
            "disclosed",
            requirement,
            at=record.at,
            person_id=record.person_id,
            crime_reference=record.crime_reference,
            expected=expected,
            observed=observed,
        )


def _may_see(crime: KnownCrime, record: Seen) -> bool:
    victim = crime.victims.get(record.person_id)
    return victim is not None and not victim.exclusion


def _names(crime: KnownCrime) -> set[str]:
    """Give the names and places of a crime that a message must not have: no numbers."""
    said = crime.secrets - {crime.recorded.crime_reference, crime.recorded.offence}
    return {each for each in said if any(letter.isalpha() for letter in each)}
