"""What victims were shown: only their own crimes and words, and none of the force's notes."""

from simulator.evidence import Seen, Stamped
from simulator.judge.cases import Cases
from simulator.judge.disclosure import Disclosure
from simulator.judge.findings import Findings
from simulator.judge.questions import Questions


class Pages:
    """Judges what people saw and wrote."""

    def __init__(
        self, cases: Cases, disclosure: Disclosure, questions: Questions, findings: Findings
    ) -> None:
        self._cases = cases
        self._disclosure = disclosure
        self._questions = questions
        self._findings = findings

    def seen(self, record: Seen) -> None:
        """Judge one page, by whose it was and what stood on it."""
        own = self._cases.crimes_of(record.person_id)
        shown = [record.crime_reference] if record.crime_reference else own
        note = self._disclosure.internal_note_in(shown, record.texts)
        if note:
            self._disclosed(record, "PRIV-02", "only what the officer marked as a reply", note)
        if record.crime_reference and record.crime_reference not in own:
            observed = f"they were shown the {record.where} of somebody else's"
            self._disclosed(record, "PRIV-03", "a victim sees only their own crime", observed)
        elif record.texts and self._is_excluded(record):
            expected = "nothing is shown of a crime nobody is to be told of"
            self._disclosed(record, "SAFE-02", expected, f"they were shown its {record.where}")
        if record.where == "conversation":
            self._findings.found += self._questions.seen(record)

    def stamped(self, record: Stamped) -> None:
        """Judge whose crime somebody's words were filed under."""
        self._questions.stamped(record)
        if not self._cases.owns(record.person_id, record.crime_reference):
            expected = "a victim writes about only their own crime"
            observed = "their words were stamped on somebody else's"
            self._disclosed(record, "PRIV-03", expected, observed)

    def _is_excluded(self, record: Seen) -> bool:
        crime = self._cases.crimes.get(record.crime_reference)
        return crime is not None and bool(crime.victims[record.person_id].exclusion)

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
