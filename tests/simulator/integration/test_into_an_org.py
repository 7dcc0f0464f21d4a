"""Crime to Case and question to task: however an integration is killed, each stands there once."""

import re
from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from random import Random
from typing import Any

import msgspec
import pytest

from reference.contract.events import (
    CloudEvent,
    CrimeRecorded,
    MilestoneReached,
    OfficerReplied,
    VictimRecord,
)
from simulator.integration.faults import FaultPlan, PlannedOutage
from simulator.integration.mapping import CannotMap
from simulator.integration.victim_words import QUESTIONS
from simulator.integration.written_rows import rows_of
from simulator.neighbours.dataverse.tables import TABLES
from tests.simulator.integration.forces import START
from tests.simulator.integration.orgs import ORG_RULES, Joined, Killed
from tests.simulator.neighbours.salesforce.double import APP

CASE = "SELECT Crime_Number__c, Status, Milestone__c, Parent.Crime_Number__c FROM Case"


def _event(event: Any, event_id: str = "e-1") -> CloudEvent:
    data = msgspec.Raw(msgspec.json.encode(event))
    kind = type(event).__name__
    return CloudEvent(
        specversion="1.0", id=event_id, source="force", type=kind, time=START, data=data
    )


def _recorded(*victims: VictimRecord) -> CrimeRecorded:
    return CrimeRecorded(
        crime_reference="1",
        force="thames_valley",
        offence_code="28A",
        offence_subgroup="Burglary",
        offence="Burglary",
        recorded_at=START,
        victims=victims,
    )


def _story(joined: Joined, until_done: Callable[[], None]) -> None:
    """A crime, a milestone, a question, its answer, other details, a second crime and a merger."""
    victim = joined.victim()
    crime, other = joined.crime(victim), joined.crime(victim, 2)
    until_done()
    joined.change("incident", crime, csp_milestone="scene_examined")
    until_done()
    joined.ask("Is there news?")
    until_done()
    joined.reply(crime, "We have news.")
    until_done()
    joined.change("contact", victim, mobilephone="07700900456")
    joined.change("incident", other, **{"csp_mergedinto@odata.bind": f"/incidents({crime})"})
    until_done()


def _visible(joined: Joined) -> Counter[tuple[str, ...]]:
    """All that a victim or an officer can see, each as often as it is there."""
    rows = joined.org.rows
    found: Counter[tuple[str, ...]] = Counter(
        ("case", each["Crime_Number__c"], each["Milestone__c"] or "", str(bool(each["Parent"])))
        for each in rows(CASE)
    )
    found.update(("contact", e["MobilePhone"]) for e in rows("SELECT MobilePhone FROM Contact"))
    found.update(("comment", e["CommentBody"]) for e in rows("SELECT CommentBody FROM CaseComment"))
    found.update(("event", e["Type__c"]) for e in rows("SELECT Type__c FROM Crime_Event__c"))
    found.update(("task", each["csp_kind"]) for each in joined.found("task"))
    found.update(("note", each["notetext"]) for each in joined.found("annotation"))
    return found


def _settle(joined: Joined) -> None:
    for _ in range(3):
        joined.step(seconds=20)
    joined.org.token = joined.org.sign_in()


@pytest.fixture(scope="module")
def unhurt() -> Joined:
    """The same story without a fault."""
    joined = Joined()
    _story(joined, lambda: _settle(joined))
    return joined


def test_without_a_fault_each_thing_stands_there_once(unhurt: Joined) -> None:
    """Two cases of one contact, one of them merged; a question with its task, and its answer."""
    assert _visible(unhurt) == Counter(
        {
            ("case", "43260000001", "scene_examined", "False"): 1,
            ("case", "43260000002", "", "True"): 1,
            ("contact", "07700900456"): 1,
            ("comment", "Is there news?"): 1,
            ("comment", "We have news."): 1,
            ("event", "CrimeRecorded"): 2,
            ("event", "MilestoneReached"): 1,
            ("event", "OfficerReplied"): 1,
            ("event", "VictimDetailsChanged"): 2,
            ("event", "CrimeMerged"): 1,
            ("task", "victim_question"): 1,
            ("note", "Is there news?"): 1,
            ("note", "We have news."): 1,
        }
    )
    assert (unhurt.troubles, unhurt.store.letters()) == ([], [])


def _struck(done: Callable[..., Any], strike: Callable[[str, str], None]) -> Callable[..., Any]:
    """Let a kill come before or after something is done."""

    def killed(*given: Any, **named: Any) -> Any:
        strike("before", "")
        answer = done(*given, **named)
        strike("after", "")
        return answer

    return killed


@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize("hop", ["org", "force", "stored", "cursor"])
def test_killed_at_every_call_of_a_hop_each_thing_stands_there_once(
    monkeypatch: pytest.MonkeyPatch, unhurt: Joined, hop: str, when: str
) -> None:
    """Calls of the org, of the force's system, what is stored: many end with a kill."""
    joined, kills = Joined(), list[str]()
    drawn, share = Random(f"{when} {hop}"), 0.1 if hop == "cursor" else 0.6  # noqa: S311

    def strike(at: str, what: str) -> None:
        if at == when and drawn.random() < share:
            kills.append(what)
            raise Killed

    if hop == "org":
        joined.http.strike = strike
    else:
        of, name = {
            "force": (joined.system, "make_once"),
            "stored": (joined.store, "delivered"),
            "cursor": (joined.store, "set_cursor"),
        }[hop]
        monkeypatch.setattr(of, name, _struck(getattr(of, name), strike))

    def settle() -> None:
        for _ in range(25):
            try:
                joined.step(seconds=20)
            except Killed:
                joined.restart()
        joined.org.token = joined.org.sign_in()

    _story(joined, settle)

    assert kills
    assert _visible(joined) == _visible(unhurt)
    assert joined.store.letters() == []


@pytest.mark.parametrize(
    "plan",
    [
        FaultPlan(lost_answer_share=0.5),
        FaultPlan(duplicate_share=1.0),
        FaultPlan(dropped_share=0.5, cut_batch_share=0.5),
        FaultPlan(outages=(PlannedOutage(of="source", after_seconds=10, seconds=120),)),
    ],
)
def test_with_faults_on_the_way_each_thing_stands_there_once(
    unhurt: Joined, plan: FaultPlan
) -> None:
    """A call that was dropped after the org had done it changes nothing when it is repeated."""
    joined = Joined(plan)

    def settle() -> None:
        for _ in range(30):
            joined.step(seconds=20)
        joined.org.token = joined.org.sign_in()

    _story(joined, settle)

    assert _visible(joined) == _visible(unhurt)


def test_one_id_follows_a_change_into_the_org_and_our_name_goes_with_it(unhurt: Joined) -> None:
    """Every write has a correlation id, and says that it was the integration."""
    writes = [headers for _, path, headers, _ in unhurt.http.asked if path.endswith("/composite")]

    assert writes
    assert all(0 < len(each["x-correlation-id"]) <= 64 for each in writes)
    assert {each["sforce-call-options"] for each in writes} == {"client=portal-suite-integration"}


def test_what_is_in_the_org_already_does_nothing_even_after_later_events() -> None:
    """An event that comes again late does not put back what has changed since."""
    joined = Joined()
    first = _event(
        MilestoneReached(crime_reference="1", milestone="scene_examined", reached_at=START)
    )
    later = MilestoneReached(crime_reference="1", milestone="suspect_arrested", reached_at=START)
    told = [
        _event(_recorded(VictimRecord(person_id="p-1")), "e-0"),
        first,
        _event(later, "e-2"),
        first,
    ]
    for each in told:
        assert joined.portal.deliver([msgspec.json.encode(each)], correlation_id="c-1") == (202, "")

    assert joined.org.rows("SELECT Milestone__c FROM Case") == [
        {"Milestone__c": "suspect_arrested"}
    ]


def test_a_part_that_fails_in_an_answer_of_200_is_a_dead_letter_and_leaves_nothing() -> None:
    """Composite, allOrNone: the address that the org refuses keeps all of the crime out of it."""
    joined = Joined()
    victim = joined.victim()
    joined.change("contact", victim, emailaddress1="nobody")
    crime = joined.crime(victim)
    joined.step()

    [letter] = joined.store.letters()
    assert letter.why == "422 Contact1: INVALID_EMAIL_ADDRESS in Email"
    assert [*joined.org.rows("SELECT Id FROM Contact"), *joined.org.rows(CASE)] == []
    joined.change("incident", crime, csp_milestone="scene_examined")
    joined.step()
    assert joined.org.rows(CASE) == []

    # Whom the case names is corrected: it is recorded again, and what was refused goes after it.
    right = joined.make("contact", firstname="Sam", csp_personid="p-2", csp_safetocontact=1)
    joined.change("incident", crime, **{"customerid_contact@odata.bind": f"/contacts({right})"})
    joined.step()
    joined.flow.replay()
    joined.step()
    assert joined.org.rows("SELECT Milestone__c FROM Case") == [{"Milestone__c": "scene_examined"}]


def test_a_reply_of_more_bytes_than_a_comment_has_is_a_dead_letter() -> None:
    """CommentBody counts bytes: 2,001 characters of two bytes are too many."""
    joined = Joined()
    crime = joined.crime(joined.victim())
    joined.step()
    joined.reply(crime, "é" * 2_000)
    joined.reply(crime, "é" * 2_001)
    joined.step()

    assert [each.why for each in joined.store.letters()] == [
        "422 row: STRING_TOO_LONG in CommentBody"
    ]
    assert len(joined.org.rows("SELECT Id FROM CaseComment")) == 1


def test_many_people_of_one_crime_are_written_in_several_calls() -> None:
    """A composite has 25 parts; the record of the event comes with the last."""
    joined = Joined()
    people = tuple(VictimRecord(person_id=f"p-{n}", family_name=f"Hill {n}") for n in range(40))
    body = [msgspec.json.encode(_event(_recorded(*people)))]
    for _ in range(2):
        assert joined.portal.deliver(body, correlation_id="c-1") == (202, "")

    assert len(joined.org.rows("SELECT Id FROM Involvement__c")) == 40
    assert len(joined.org.rows("SELECT Id FROM Crime_Event__c")) == 1


def test_a_key_that_several_records_have_is_not_guessed(monkeypatch: pytest.MonkeyPatch) -> None:
    """300 is an answer in which nothing was written."""
    joined = Joined()
    rules = msgspec.json.decode(
        msgspec.json.encode(ORG_RULES).replace(b"Crime_Number__c", b"Incident_Number__c"),
        type=type(ORG_RULES),
    )
    monkeypatch.setattr(joined.portal, "_rules", rules)
    for _ in range(2):
        joined.org.create("Case", Incident_Number__c="1")
    event = _event(
        MilestoneReached(crime_reference="1", milestone="scene_examined", reached_at=START)
    )
    status, said = joined.portal.deliver([msgspec.json.encode(event)], correlation_id="c-1")

    assert (status, said) == (422, "row: MULTIPLE_CHOICES 2 records have this key")


@pytest.mark.parametrize(
    ("event", "why"),
    [
        (
            _recorded(VictimRecord(person_id="p-1", who_is_told="nobody")),
            "no place for who_is_told",
        ),
        (
            _recorded(VictimRecord(person_id="p-1", safe_channel="email")),
            "no place for safe_channel",
        ),
    ],
)
def test_what_the_map_has_no_place_for_is_not_left_out(event: Any, why: str) -> None:
    """Who must not be told would be told: such an event is a dead letter."""
    with pytest.raises(CannotMap, match=why):
        rows_of(ORG_RULES, _event(event))


def test_a_session_that_ended_is_begun_again() -> None:
    """REST says so by 401, CometD within a 200: both by an array of its own shape."""
    joined = Joined()
    crime = joined.crime(joined.victim())
    joined.step()
    joined.org.advance(hours=13)
    joined.now = joined.org.now
    joined.change("incident", crime, csp_milestone="scene_examined")
    joined.ask("Is there news?")
    joined.step()
    joined.step()

    assert joined.org.rows("SELECT Milestone__c FROM Case") == [{"Milestone__c": "scene_examined"}]
    assert [each["csp_kind"] for each in joined.found("task")] == ["victim_question"]


def test_too_many_calls_mean_later_and_not_no() -> None:
    """Salesforce says it by 403, where Dynamics says 429."""
    joined = Joined(calls_max=40)
    for _ in range(45):
        joined.org.ask("GET", "limits")
    joined.crime(joined.victim())
    joined.step()
    assert joined.store.letters() == []
    assert joined.store.counts()["waiting"] == 1
    assert any("REQUEST_LIMIT_EXCEEDED" in each for each in joined.troubles)

    joined.org.now += timedelta(days=1)
    joined.now = joined.org.now
    for _ in range(3):
        joined.step(minutes=5)
    joined.org.token = joined.org.sign_in()
    assert len(joined.org.rows(CASE)) == 1


def test_an_event_that_comes_twice_is_one_question() -> None:
    """An org promises at least once: one EventUuid, two replay ids. The force keeps seconds."""
    joined = Joined()
    joined.crime(joined.victim())
    joined.step()
    joined.org.records.has_events_twice = True
    joined.org.now += timedelta(milliseconds=795)
    joined.ask("Is there news?")
    joined.step()

    assert joined.troubles == []
    assert len(joined.found("task")) == 1
    assert len(joined.found("annotation")) == 1


def test_what_was_asked_longer_ago_than_events_are_kept_is_read_from_the_org() -> None:
    """After 72 hours a replay id is none: nothing that was asked meanwhile is lost."""
    joined = Joined()
    joined.crime(joined.victim())
    joined.step()
    joined.ask("The first question")
    joined.step()
    before = joined.store.cursor(QUESTIONS)
    joined.ask("The second question")
    joined.restart()
    joined.org.advance(hours=80)
    joined.now = joined.org.now
    joined.step()
    assert any("the cursor is no longer known" in each for each in joined.troubles), before
    joined.step()
    joined.step()

    assert sorted(each["notetext"] for each in joined.found("annotation")) == [
        "The first question",
        "The second question",
    ]
    assert len(joined.found("task")) == 2


def test_details_that_a_victim_changes_are_a_task_and_our_own_changes_are_none() -> None:
    """Our own writes come back by change events, with our name as their origin."""
    joined = Joined()
    victim = joined.victim()
    joined.crime(victim)
    joined.step()
    joined.change("contact", victim, mobilephone="07700900456")
    joined.step()
    joined.step()
    assert joined.found("task") == []

    [contact] = joined.org.rows("SELECT Id FROM Contact")
    changed = {"MobilePhone": "07700900789"}
    path = f"sobjects/Contact/{contact['Id']}"
    joined.org.ask("PATCH", path, changed, token=joined.org.portal_token)
    joined.step()
    [task] = joined.found("task")
    assert task["csp_kind"] == "contact_details"
    assert task["description"] == "The victim changed MobilePhone in the portal."


def test_a_question_that_cannot_be_filed_is_a_dead_letter_until_it_can() -> None:
    """Of several people nobody knows who asked; words longer than a stamp are several."""
    joined = Joined()
    crime = joined.crime(joined.victim())
    joined.step()
    joined.ask("Is there news? " + "x" * 2_100)
    gone = joined.rows.get(TABLES["incident"], crime)["ticketnumber"]
    joined.change("incident", crime, ticketnumber="9")
    joined.step()
    [letter] = joined.store.letters()
    assert re.fullmatch(r"question 00a\w{15}", letter.what)
    assert letter.why == "404 No such occurrence"

    joined.change("incident", crime, ticketnumber=gone)
    joined.flow.replay()
    joined.step()
    assert joined.store.letters() == []
    assert [len(each["notetext"]) for each in joined.found("annotation")] == [2_000, 115]
    joined.link(crime, "p-2", 3)
    joined.step()
    joined.ask("And who am I?")
    joined.step()
    [letter] = joined.store.letters()
    assert "not said who asked" in letter.why


def test_a_force_note_never_reaches_the_org() -> None:
    """Only a reply is published: an internal note stays where it is."""
    joined = Joined()
    crime = joined.crime(joined.victim())
    about = {"objectid_incident@odata.bind": f"/incidents({crime})"}
    joined.make("annotation", notetext="For the force alone", csp_entrytype=1, **about)
    joined.reply(crime, "We have news.")
    joined.step()
    joined.step()

    comments = joined.org.rows("SELECT CommentBody, IsPublished FROM CaseComment")
    assert comments == [{"CommentBody": "We have news.", "IsPublished": True}]
    assert b"force alone" not in b"".join(body for *_, body in joined.http.asked)
    assert APP.secret.encode() not in b"".join(
        b for _, p, _, b in joined.http.asked if "token" not in p
    )
    assert OfficerReplied.__name__ in {
        e["Type__c"] for e in joined.org.rows("SELECT Type__c FROM Crime_Event__c")
    }
