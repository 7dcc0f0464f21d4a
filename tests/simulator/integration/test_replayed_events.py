"""A victim asks in an org, an officer answers each task, and the phone has one text of it.

However often the org's event or the force's own comes again. The reference portal, in this process,
sends the texts.
"""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from simulator.integration.faults import NO_FAULTS, FaultPlan
from simulator.integration.org_delivery import OrgDelivery
from simulator.integration.salesforce_system import ALL_KEPT
from simulator.integration.store import Store
from simulator.integration.victim_words import QUESTIONS
from tests.simulator.integration.at_portal import NOON, ReferencePortal
from tests.simulator.integration.orgs import Joined

#: All three phases are live.
LIVE = [NOON - timedelta(days=each) for each in (3, 2, 1)]


class _Both:
    """The org, and the portal that sends the texts."""

    def __init__(self, org: OrgDelivery, texts: ReferencePortal) -> None:
        self._org, self._texts = org, texts

    def close(self) -> None:
        """Nothing is open."""

    def deliver(self, events: list[bytes], *, correlation_id: str) -> tuple[int | None, str]:
        """Deliver to the org, and when it has them to the other."""
        status, said = self._org.deliver(events, correlation_id=correlation_id)
        if status != 202:
            return status, said
        return self._texts.deliver(events, correlation_id=correlation_id)


class _Phone(Joined):
    """Dynamics, the integration and the org, and a victim's phone."""

    def __init__(self, folder: Path, plan: FaultPlan = NO_FAULTS) -> None:
        self.texts = ReferencePortal(folder, go_live=LIVE)
        super().__init__(plan)
        self.now, self.before = NOON, ""

    def restart(self) -> None:
        """Start the integration anew, with what it stored."""
        super().restart()
        self.portal = _Both(self.portal, self.texts)
        self.flow = self.new_flow()

    def later(self) -> None:
        """Let two hours pass at every part: the portal bundles news for less."""
        for _ in range(24):
            self.step(minutes=5)
            self.texts.scene.advance(to=self.now)
        self.org.advance()

    def answer(self, crime: str) -> int:
        """Let the officer answer each open question, one after the other; return how many."""
        questions = [each for each in self.found("task") if not each["statecode"]]
        for task in questions:
            self.reply(crime, "We have news.")
            self.change("task", str(task["activityid"]), statecode=1)
            self.later()
        return len(questions)

    def updates(self) -> int:
        """How often the phone was told of an update."""
        return sum("you have an update" in each.words for each in self.texts.scene.messages)


def _replayed_from(cursor: Callable[[_Phone], str]) -> Callable[[_Phone], None]:
    """Start the integration anew from an older replay id."""

    def again(phone: _Phone) -> None:
        phone.store.set_cursor(QUESTIONS, cursor(phone))
        phone.restart()

    return again


def _published_again(phone: _Phone) -> None:
    """Publish the same question by an event of its own, with another EventUuid."""
    comment, *_ = phone.org.rows("SELECT Id FROM CaseComment ORDER BY CreatedDate")
    phone.org.create("Victim_Question__e", Case_Comment_Id__c=comment["Id"])


def _store_lost(phone: _Phone) -> None:
    """Lose what the integration stored: all is read again, from the force and from the org."""
    phone.store = Store(None)
    phone.restart()


def _force_read_again(phone: _Phone) -> None:
    """Forget how far Dynamics was read, and deliver again what was not."""
    phone.system.forgets = True
    phone.flow.replay()


@pytest.mark.parametrize(
    "again",
    [
        pytest.param(_replayed_from(lambda _phone: str(ALL_KEPT)), id="all that is kept"),
        pytest.param(_replayed_from(lambda phone: phone.before), id="an older replay id"),
        pytest.param(_replayed_from(lambda _phone: ""), id="the org is asked"),
        pytest.param(_published_again, id="another EventUuid"),
        pytest.param(_store_lost, id="the store is lost"),
        pytest.param(_force_read_again, id="the force is read again"),
    ],
)
def test_an_event_that_is_replayed_makes_no_second_text(
    tmp_path: Path, again: Callable[[_Phone], None]
) -> None:
    """Before the officer has answered, and after it; each event is delivered twice besides."""
    phone = _Phone(tmp_path, FaultPlan(duplicate_share=1.0))
    phone.org.records.has_events_twice = True
    crime = phone.crime(phone.victim(), csp_offencegroup="Bicycle theft")
    phone.later()
    phone.before = phone.store.cursor(QUESTIONS)
    phone.ask("Is there news?")
    phone.later()
    answered = []
    for _ in range(2):
        again(phone)
        phone.later()
        answered.append(phone.answer(crime))
    again(phone)
    phone.later()

    assert answered == [1, 0]
    assert phone.updates() == 1
    assert (phone.store.letters(), phone.store.counts()["waiting"]) == ([], 0)


def test_a_second_question_is_answered_by_a_second_text(tmp_path: Path) -> None:
    """The phone of these tests would show what is told twice."""
    phone = _Phone(tmp_path)
    crime = phone.crime(phone.victim(), csp_offencegroup="Bicycle theft")
    phone.later()
    for words in ("Is there news?", "Is there any other news?"):
        phone.ask(words)
    phone.later()

    assert phone.answer(crime) == 2
    assert phone.updates() == 2
