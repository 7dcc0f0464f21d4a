"""The sign-ins that were tried, and how many wrong answers came before each of them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Literal, NamedTuple

from simulator.evidence.records import SignInAnswer, SignInTried

_HOUR, _DAY = timedelta(hours=1), timedelta(days=1)
#: How an answer is wrong when the person waited for a code and none came.
NO_CODE = "missing"
Asked = Literal["link", "address", "proof", "code"]


class Attempt(NamedTuple):
    """One sign-in that was tried.

    `before` counts the wrong answers before it for each person, and at each address, since a
    sign-in there succeeded; `lately` counts those of the last day. `wrong_in_an_hour` are those of
    the last hour at the same address.
    """

    record: SignInTried
    before: Mapping[str, int]
    lately: Mapping[str, int]
    wrong_in_an_hour: int

    @property
    def last(self) -> SignInAnswer:
        """The answer it ended with."""
        return self.record.answers[-1]

    def wrong(self, to: Asked) -> int:
        """Count the wrong answers to one question."""
        return sum(each.to == to and bool(each.wrong) for each in self.record.answers)

    @property
    def proof(self) -> SignInAnswer | None:
        """The last proof that the portal took."""
        taken = [each for each in self.record.answers if each.to == "proof" and each.taken]
        return taken[-1] if taken else None

    @property
    def is_right_and_refused(self) -> bool:
        """Say whether the portal refused the right answer, or sent no code for it."""
        answers = self.record.answers
        began_right = answers[0].to not in ("link", "address") or not answers[0].wrong
        proved = self.last.to != "code" or (self.proof is not None and not self.proof.wrong)
        is_right = not self.last.wrong or self.last.wrong == NO_CODE
        return began_right and proved and is_right and not self.last.taken


@dataclass
class SignInAttempts:
    """Counts wrong answers by person and by address; `latest` is the last sign-in tried.

    A sign-in that was proved and given up counts as one wrong answer: a portal may count the code.
    """

    latest: Attempt = field(init=False)
    _wrong: dict[str, list[datetime]] = field(default_factory=dict)

    def tried(self, record: SignInTried) -> None:
        """Count a sign-in; one that succeeded ends the count at its address and for its person."""
        names = [each for each in (record.person_id, record.address.lower()) if each]
        recent = [each for each in self._wrong.get(record.address, ()) if each > record.at - _HOUR]
        self.latest = Attempt(record, self.counts(), self._since(record.at - _DAY), len(recent))
        # A right answer that was refused counts: nobody was known there when it was given.
        wrong = sum(bool(each.wrong) or not each.taken for each in record.answers) or 1
        for name in names:
            if record.let_in:
                self._wrong.pop(name, None)
            else:
                self._wrong.setdefault(name, []).extend([record.at] * wrong)

    def counts(self) -> dict[str, int]:
        """Count the wrong answers so far, by person and by address."""
        return {name: len(times) for name, times in self._wrong.items()}

    def _since(self, since: datetime) -> dict[str, int]:
        return {name: sum(at > since for at in times) for name, times in self._wrong.items()}

    def forget(self, person_id: str) -> None:
        """Count anew for a person who signed in."""
        self._wrong.pop(person_id, None)
