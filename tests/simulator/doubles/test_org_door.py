"""What stands in an org is judged: what the integration wrote, lost, or somebody spoiled there."""

from collections import Counter
from datetime import timedelta
from typing import Any

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec import structs

from reference.contract.events import AnyEvent
from simulator.doubles.integration_findings import integration_findings
from simulator.doubles.journal import Journal
from simulator.doubles.kept_crime_system import KeptCrimeSystem
from simulator.doubles.matched_deliveries import MatchedDeliveries
from simulator.doubles.org_door import OrgDoor
from simulator.evidence.records import (
    ChangesSeenAsOne,
    EventDelivered,
    EventRecorded,
    QuestionAsked,
    Record,
)
from simulator.neighbours.dataverse.tables import TABLES
from tests.examples import examples
from tests.simulator.integration.orgs import ORG_RULES, Joined
from tests.simulator.integration.test_against_the_records import APPOINTMENT, CASE, PERSON


class Judged(Joined):
    """A force, an integration and an org, of which evidence is written down."""

    def __init__(self) -> None:
        super().__init__()
        self.notes: list[Record] = []
        self.deliveries = MatchedDeliveries(self.notes.append, lambda *_: None, lambda: self.now)
        self.crimes = KeptCrimeSystem(lambda: self.now, Journal(), self.rows)
        self.crimes.on_recorded = self._recorded
        self.crimes.tell_corrections(self.deliveries.corrected)
        self.crimes.on_deleted = self.deliveries.withdrawn
        self.door = OrgDoor(self.org.records, ORG_RULES, self.deliveries, self.notes.append)
        self.person = self.victim()
        self.other = self.crime(self.person, 2)
        self.of = self.crime(self.person)
        self.pass_on()

    def _recorded(self, event_id: str, event: AnyEvent) -> None:
        said = msgspec.Raw(msgspec.json.encode(event))
        self.notes.append(
            EventRecorded(
                at=self.now,
                event_id=event_id,
                event_type=type(event).__name__,
                crime_reference=event.crime_reference,
                happened_at=self.now,
                data=said,
            )
        )
        self.deliveries.recorded(event_id, event)

    def pass_on(self) -> None:
        """Let ten minutes pass, in which the integration works."""
        self.step()
        self.step(minutes=10)
        self.org.token = self.org.sign_in()

    def alter(self, values: dict[str, Any]) -> None:
        """Let an officer do something to the crime or to its victim, and have it passed on."""
        is_person = all(
            each in TABLES["contact"].by_name and each != "statecode" for each in values
        )
        table, row_id = ("contact", self.person) if is_person else ("incident", self.of)
        bound = f"/incidents({self.other})"
        self.change(table, row_id, **{n: bound if v == "OTHER" else v for n, v in values.items()})
        self.pass_on()

    @property
    def lost(self) -> list[str]:
        """What the force recorded, and does not stand in the org."""
        arrived = {
            e.event_id for e in self.notes if isinstance(e, EventDelivered | ChangesSeenAsOne)
        }
        told = (each for each in self.notes if isinstance(each, EventRecorded))
        return [each.event_type for each in told if each.event_id not in arrived]

    @property
    def wrong(self) -> list[str]:
        """What is wrong with what stands in the org."""
        return [each.observed for each in integration_findings(self.notes)]


@settings(max_examples=examples(25), deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(changes=st.lists(CASE | PERSON, max_size=6))
def test_all_that_is_recorded_stands_in_the_org(changes: list[dict[str, Any]]) -> None:
    """Whatever an officer does, in whatever order: nothing is lost and nothing made up."""
    judged = Judged()
    for each in changes:
        judged.alter(each)

    assert (judged.lost, judged.wrong, judged.troubles) == ([], [], [])


@settings(max_examples=examples(10), deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(changes=st.lists(APPOINTMENT, max_size=4), linked=st.booleans())
def test_appointments_replies_and_further_people_stand_in_the_org(
    changes: list[dict[str, Any]], *, linked: bool
) -> None:
    """An appointment that is moved, a reply to one of several people, one who is linked later."""
    judged = Judged()
    about = {"regardingobjectid_incident@odata.bind": f"/incidents({judged.of})"}
    for_one = {"csp_person_contact@odata.bind": f"/contacts({judged.person})"}
    made = judged.make("appointment", scheduledstart="2026-06-02T09:00:00Z", **about)
    judged.pass_on()
    for each in changes:
        judged.change("appointment", made, **each)
        judged.pass_on()
    if linked:
        judged.link(judged.of, "p-2", 3)
        judged.pass_on()
    note = {"objectid_incident@odata.bind": f"/incidents({judged.of})", "csp_checked": True}
    judged.make("annotation", notetext="We have news.", csp_entrytype=2, **note, **for_one)
    judged.pass_on()

    assert (judged.lost, judged.wrong, judged.troubles) == ([], [], [])


def test_a_case_that_is_deleted_is_cancelled_in_the_org() -> None:
    """So is nothing that was merged: it points to the other case."""
    judged = Judged()
    judged.rows.delete(TABLES["incident"], judged.of)
    judged.pass_on()

    [case] = judged.org.rows(
        "SELECT Status, IsClosed FROM Case WHERE Crime_Number__c = '43260000001'"
    )
    assert case == {"Status": "Cancelled", "IsClosed": True}
    assert (judged.lost, judged.wrong) == ([], [])


@pytest.mark.parametrize(
    ("spoilt", "kind"),
    [
        ({"Outcome__c": "16"}, "CrimeClosed"),
        ({"Milestone__c": "suspect_arrested"}, "MilestoneReached"),
        ({"Status": "Working"}, "CrimeReopened"),
    ],
)
def test_what_stands_there_otherwise_is_named(spoilt: dict[str, str], kind: str) -> None:
    """A hand in the org that changes what the force said is seen as an integration's mistake."""
    judged = Judged()
    judged.alter({"statecode": 1, "csp_outcome": "18"})
    assert judged.wrong == []
    [case] = judged.org.rows("SELECT Id FROM Case WHERE Crime_Number__c = '43260000001'")
    judged.org.ask("PATCH", f"sobjects/Case/{case['Id']}", spoilt)

    [found] = judged.wrong
    assert found.startswith(kind)
    assert "says something else" in found


def test_what_is_no_event_of_the_contract_is_named_by_its_field() -> None:
    """An outcome that there is not cannot be compared, and is not passed over."""
    judged = Judged()
    judged.alter({"statecode": 1, "csp_outcome": "18"})
    [case] = judged.org.rows("SELECT Id FROM Case WHERE Crime_Number__c = '43260000001'")
    judged.org.ask("PATCH", f"sobjects/Case/{case['Id']}", {"Outcome__c": "99"})

    assert judged.wrong == ["CrimeClosed was delivered with another value in outcome"]


def test_a_comment_that_is_published_twice_is_seen() -> None:
    """One reply of an officer is one comment: a second is told again by another id."""
    judged = Judged()
    judged.reply(judged.of, "We have news.")
    judged.pass_on()
    [comment] = judged.org.rows("SELECT ParentId, CommentBody FROM CaseComment")
    judged.org.create("CaseComment", IsPublished=True, **comment)

    assert Counter(each.harm for each in integration_findings(judged.notes)) == {"duplicated": 1}


def test_a_map_without_a_rule_loses_what_it_should_write() -> None:
    """The judge reads what stands in the org, and not what the integration says of itself."""
    judged = Judged()
    kept = tuple(each for each in judged.rules.events if each.type != "MilestoneReached")
    judged.rules = structs.replace(judged.rules, events=kept)
    judged.restart()
    judged.alter({"csp_milestone": "scene_examined"})

    assert judged.lost == ["MilestoneReached"]


def test_what_a_victim_asks_in_the_org_is_known_to_have_been_asked() -> None:
    """So a question that an integration loses is found."""
    judged = Judged()
    judged.ask("Is there news?")

    [asked] = [each for each in judged.notes if isinstance(each, QuestionAsked)]
    assert (asked.person_id, asked.crime_reference) == ("p-1", "43260000001")
    assert asked.text == "Is there news?"


def test_after_a_restart_what_stood_there_is_no_news() -> None:
    """What an earlier run wrote was delivered then; what comes later is told."""
    judged = Judged()
    judged.alter({"csp_milestone": "scene_examined"})
    again = list(judged.notes)
    judged.org.records.listeners.pop()
    judged.door = OrgDoor(judged.org.records, ORG_RULES, judged.deliveries, judged.notes.append)
    assert judged.notes == again
    judged.alter({"csp_milestone": "suspect_arrested"})

    assert (judged.lost, judged.wrong) == ([], [])
    assert judged.now - timedelta(hours=1) < again[-1].at
