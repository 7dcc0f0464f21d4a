"""Every change reaches the portal once and in order, whatever fails on the way."""

from pathlib import Path

import pytest
from msgspec import structs

from simulator.integration.store import Store
from simulator.neighbours.dataverse.tables import TABLES
from tests.simulator.integration.forces import RULES, Force, Portal

OFFENCE = {"csp_offencecode": "28A", "csp_offencegroup": "Residential burglary"}


def test_a_crime_is_recorded_with_its_victim() -> None:
    """A new case with a contact becomes the event of a crime with its victim."""
    force = Force(Portal())
    force.crime(force.victim())
    force.step()

    data = force.portal.data(0)
    assert force.portal.types == ["CrimeRecorded"]
    assert (data["crime_reference"], data["force"]) == ("43260000001", "thames_valley")
    [victim] = data["victims"]
    assert (victim["given_name"], victim["mobile_phone"], victim["safe_to_contact"]) == (
        "Sam",
        "07700900123",
        True,
    )


def test_changes_become_events_in_order() -> None:
    """Allocation, milestone, end and reply follow; what did not change makes nothing."""
    force = Force(Portal())
    officer = force.make("systemuser", fullname="PC Moss", employeeid="1234")
    crime = force.crime(force.victim())
    force.step()
    owner = {"ownerid@odata.bind": f"/systemusers({officer})"}
    force.change("incident", crime, **owner)
    force.step()
    force.change("incident", crime, csp_milestone="suspect_arrested", description="internal")
    force.step()
    force.change("incident", crime, description="internal again")
    about = {"objectid_incident@odata.bind": f"/incidents({crime})"}
    force.make("annotation", subject="Internal", notetext="Never leaves", **about)
    force.make("annotation", csp_entrytype=2, notetext="We will ring you.", **about)
    force.step()
    force.change("incident", crime, statecode=1, csp_outcome="18")
    force.step()

    assert force.portal.types == [
        "CrimeRecorded",
        "CrimeAllocated",
        "MilestoneReached",
        "OfficerReplied",
        "CrimeClosed",
    ]
    assert force.portal.data(1)["officer_in_charge"]["name"] == "PC Moss"
    assert force.portal.data(3)["text"] == "We will ring you."
    assert b"Never leaves" not in b"".join(bytes(each.data) for each in force.portal.taken)
    assert force.store.letters() == []


def test_two_changes_between_two_readings_are_seen_as_one() -> None:
    """A typo that is corrected before the next reading never leaves."""
    force = Force(Portal())
    crime = force.crime(force.victim())
    force.change("incident", crime, csp_team="Taem A")
    force.change("incident", crime, csp_team="Team A")
    force.step()

    assert force.portal.types == ["CrimeRecorded", "CrimeAllocated"]
    assert force.portal.data(1)["team"] == "Team A"


def test_a_victims_new_number_reaches_each_of_their_crimes() -> None:
    """One change of a contact makes an event for each case that names it."""
    force = Force(Portal())
    victim = force.victim()
    force.crime(victim, 1)
    force.crime(victim, 2)
    force.crime(force.make("contact", csp_personid="p-2", lastname="Other"), 3)
    force.step()
    force.change("contact", victim, mobilephone="07700900456")
    force.step()

    changed = [each for each in force.portal.taken if each.type == "VictimDetailsChanged"]
    assert {each.subject for each in changed} == {"43260000001", "43260000002"}
    assert b"07700900456" in bytes(changed[0].data)


@pytest.mark.parametrize("failure", [None, 429, 500, 503])
def test_a_delivery_that_fails_is_tried_again_with_a_growing_pause(failure: int | None) -> None:
    """It is not tried before its pause is over, and other crimes do not wait for it."""
    force = Force(Portal(failure, 202, failure))
    victim = force.victim()
    force.crime(victim, 1)
    force.crime(victim, 2)
    force.step()
    at_once = list(force.portal.types)
    force.step(seconds=8)
    early = len(force.portal.tried)
    force.step(seconds=5)
    force.step(seconds=15)
    between = len(force.portal.taken)
    force.step(seconds=10)

    assert at_once == ["CrimeRecorded"]
    assert force.portal.taken[0].subject == "43260000002"
    assert (early, between) == (2, 1)
    assert [each.subject for each in force.portal.taken] == ["43260000002", "43260000001"]
    assert force.store.letters() == []


def test_what_comes_after_waits_for_what_came_before() -> None:
    """The events of one crime are never out of order."""
    force = Force(Portal(503))
    crime = force.crime(force.victim())
    force.step()
    force.change("incident", crime, csp_team="Team A")
    force.step()
    waiting = list(force.portal.taken)
    force.step(seconds=15)

    assert waiting == []
    assert force.portal.types == ["CrimeRecorded", "CrimeAllocated"]


@pytest.mark.parametrize(("statuses", "tries"), [((422,), 1), ((500, 500, 500), 3)])
def test_what_cannot_be_delivered_is_a_dead_letter_and_can_be_replayed(
    statuses: tuple[int, ...], tries: int
) -> None:
    """A refusal, or the last failure, is told and kept; the next event goes on."""
    force = Force(Portal(*statuses))
    crime = force.crime(force.victim())
    force.step()
    force.change("incident", crime, csp_team="Team A")
    for _ in range(6):
        force.step(seconds=30)
    [letter] = force.store.letters()
    before = list(force.portal.types)
    force.flow.replay()
    force.step()

    assert before == ["CrimeAllocated"]
    assert letter.why.startswith(str(statuses[0]))
    assert len(force.portal.tried) == tries + 2
    assert force.portal.types == ["CrimeAllocated", "CrimeRecorded"]
    assert (force.store.letters(), len(force.troubles)) == ([], 1)


def test_a_change_that_makes_no_event_of_the_contract_is_a_dead_letter() -> None:
    """A case without a force cannot be sent; the letter names the crime and the field."""
    force = Force(Portal())
    victim = force.victim()
    force.make("incident", title="No force", ticketnumber="43269999999")
    force.crime(victim)
    force.step()

    [letter] = force.store.letters()
    assert "CrimeRecorded of incident 43269999999" in letter.why
    assert force.portal.types == ["CrimeRecorded"]


def test_a_case_that_is_completed_is_told_with_all_that_it_says() -> None:
    """Nobody has to replay it: what it said meanwhile is told with it, once."""
    force = Force(Portal())
    crime = force.make("incident", title="No force", ticketnumber="43269999999", **OFFENCE)
    force.step()
    force.change("incident", crime, csp_team="Team A")
    force.step()
    before = (list(force.portal.types), len(force.store.letters()))
    force.change("incident", crime, csp_force="thames_valley")
    force.step()
    force.change("incident", crime, description="The force's own words")
    force.step()

    assert before == ([], 1)
    assert force.portal.types == ["CrimeRecorded", "CrimeAllocated"]
    assert force.store.letters() == []


@pytest.mark.parametrize(("mend", "told"), [("scene_examined", ["MilestoneReached"]), (None, [])])
def test_a_step_that_makes_no_event_keeps_no_other_back(mend: str | None, told: list[str]) -> None:
    """A milestone that is none is a dead letter until it is corrected or taken back."""
    force = Force(Portal())
    crime = force.crime(force.victim())
    force.step()
    force.change("incident", crime, csp_milestone="weather", csp_team="Team A")
    force.step()
    force.change("incident", crime, csp_team="Team B")
    force.step()
    letters = [each.why for each in force.store.letters()]
    force.change("incident", crime, csp_milestone=mend)
    force.step()

    assert len(letters) == 1
    assert "MilestoneReached of incident 43260000001" in letters[0]
    assert force.portal.types == ["CrimeRecorded", "CrimeAllocated", "CrimeAllocated", *told]
    assert force.store.letters() == []


def test_while_dynamics_is_down_nothing_is_lost() -> None:
    """The integration waits as long as it was asked to, and then reads everything."""
    force = Force(Portal())
    force.system.is_down = True
    force.crime(force.victim())
    force.step()
    force.system.is_down = False
    force.step(seconds=30)
    early = list(force.portal.taken)
    force.step(seconds=40)

    assert (early, force.portal.types) == ([], ["CrimeRecorded"])
    assert force.troubles == ["Dataverse: 503"]


def test_after_a_restart_it_goes_on_where_it_stopped(tmp_path: Path) -> None:
    """What was delivered is not sent again; what waited is, and changes made meanwhile are read."""
    path = tmp_path / "state.db"
    force = Force(Portal(202, 503), Store(path))
    victim = force.victim()
    force.crime(victim, 1)
    force.crime(victim, 2)
    force.step()
    force.store.close()
    force.crime(victim, 3)
    force.store = Store(path)
    force.flow = force.new_flow()
    for _ in range(3):
        force.step(seconds=10)
    force.store.close()

    assert [each.subject[-1] for each in force.portal.taken] == ["1", "3", "2"]
    assert len({each.id for each in force.portal.taken}) == 3


def test_the_same_reading_twice_makes_each_event_once() -> None:
    """A kill between reading and storing repeats the reading, and nothing else."""
    force = Force(Portal())
    force.crime(force.victim())
    force.step()
    for table in ("contact", "incident", "annotation"):
        force.store.set_cursor(table, "0")
    force.step()

    assert force.portal.types == ["CrimeRecorded"]


def test_five_hundred_crimes_go_to_another_team_at_once() -> None:
    """A bulk change reaches every crime, each once."""
    force = Force(Portal())
    victim = force.victim()
    crimes = [force.crime(victim, number) for number in range(500)]
    force.step()
    for crime in crimes:
        force.change("incident", crime, csp_team="Team B")
    force.step()

    assert force.portal.types.count("CrimeAllocated") == 500
    assert len({each.subject for each in force.portal.taken}) == 500


def test_a_victim_who_is_made_while_tables_are_read_is_not_left_out() -> None:
    """The table of persons was read before: the one that a case names is asked for."""
    force = Force(Portal())
    made: list[str] = []

    def between() -> None:
        if not made:
            made.append(force.crime(force.victim()))

    force.system.between = between
    force.step()

    [victim] = force.portal.data(0)["victims"]
    assert victim["family_name"] == "Hill"


def test_a_cursor_that_is_lost_makes_all_be_read_again_and_nothing_told_twice() -> None:
    """A delta link that has expired is replaced; only what changed meanwhile makes an event."""
    force = Force(Portal())
    crime = force.crime(force.victim())
    force.step()
    force.change("incident", crime, csp_team="Team A")
    force.system.forgets = True
    force.step()
    force.step()
    force.step()

    assert force.portal.types == ["CrimeRecorded", "CrimeAllocated"]
    assert any("all is read again" in each for each in force.troubles)


def test_events_of_one_cause_go_together() -> None:
    """A bulk change of many crimes is few deliveries, with the correlation id of its cause."""
    force = Force(Portal())
    victim = force.victim()
    with force.rows.caused_by("record-9"):
        crimes = [force.crime(victim, number) for number in range(130)]
    force.step()
    for each, team in zip(crimes, ("A", "B"), strict=False):
        force.change("incident", each, csp_team=team)
    force.step()

    assert force.portal.batches == [100, 30, 1, 1]
    assert force.portal.tried[:2] == ["record-9", "record-9"]
    assert len(set(force.portal.tried)) == 3


def test_one_event_that_is_refused_does_not_keep_its_batch_from_the_portal() -> None:
    """The batch is refused, each event goes alone, and only the bad one is a dead letter."""
    force = Force(Portal(422, 202, 422, 202))
    victim = force.victim()
    with force.rows.caused_by("record-3"):
        for number in range(3):
            force.crime(victim, number)
    force.step()

    assert [each.subject[-1] for each in force.portal.taken] == ["0", "2"]
    assert len(force.store.letters()) == 1


def test_a_change_that_made_no_event_is_mapped_again_after_the_map_is_corrected() -> None:
    """The case got its force later; replaying makes its event, once."""
    force = Force(Portal())
    force.make("incident", title="No force", ticketnumber="43269999999")
    force.step()
    [letter] = force.store.letters()
    rule = RULES.events[0]
    corrected = structs.replace(rule, data={**rule.data, "force": "hampshire"})
    force.rules = structs.replace(
        RULES,
        events=(structs.replace(corrected, data={**corrected.data, **_BLANKS}),),
    )
    force.flow = force.new_flow()
    replayed = (force.flow.replay(), force.flow.replay())
    force.step()

    assert "CrimeRecorded of incident 43269999999" in letter.why
    assert replayed == (1, 0)
    assert force.portal.types == ["CrimeRecorded"]
    assert force.store.letters() == []


#: What the case without a force lacked too.
_BLANKS = {"offence_code": "44", "offence_subgroup": "Theft", "victims": []}


def test_a_push_is_read_at_the_next_step() -> None:
    """Without one the system is read when its time has come."""
    force = Force(Portal())
    force.step()
    force.crime(force.victim())
    force.step(seconds=0.5)
    early = list(force.portal.taken)
    force.flow.wake()
    force.step(seconds=0.5)

    assert early == []
    assert force.portal.types == ["CrimeRecorded"]


def test_the_cause_that_a_push_named_goes_with_the_event() -> None:
    """One id can be followed from the force's system to the portal."""
    force = Force(Portal())
    crime = force.crime(force.victim())
    force.store.set_cause("incident", crime, "webhook-1")
    force.step()
    force.change("incident", crime, csp_team="Team A")
    force.step()

    assert force.portal.tried[0] == "webhook-1"
    assert force.portal.tried[1] != "webhook-1"


def test_a_crime_is_recorded_with_all_its_people_but_the_suspect() -> None:
    """Each with their role in it; a suspect never leaves the force's records, nor a change."""
    force = Force(Portal())
    crime = force.crime(force.victim())
    force.link(crime, "p-2", 1)
    force.link(crime, "p-3", 3)
    suspect = force.link(crime, "p-4", 4)
    force.step()
    force.change("contact", suspect, mobilephone="07700900999")
    force.step()

    assert force.portal.types == ["CrimeRecorded"]
    people = force.portal.data(0)["victims"]
    assert [(each["person_id"], each["role"]) for each in people] == [
        ("p-1", "victim"),
        ("p-2", "victim"),
        ("p-3", "witness"),
    ]
    assert b"p-4" not in b"".join(bytes(each.data) for each in force.portal.taken)


def test_new_details_of_another_person_keep_their_role() -> None:
    """A witness does not become a victim because their number is another."""
    force = Force(Portal())
    crime = force.crime(force.victim())
    witness = force.link(crime, "p-2", 3)
    force.step()
    force.change("contact", witness, mobilephone="07700900456")
    force.step()

    changed = force.portal.data(-1)["victim"]
    assert force.portal.types == ["CrimeRecorded", "VictimDetailsChanged"]
    assert (changed["person_id"], changed["role"], changed["mobile_phone"]) == (
        "p-2",
        "witness",
        "07700900456",
    )


def test_a_reply_in_a_crime_of_several_people_needs_a_name() -> None:
    """One that names nobody reaches nobody: it waits as a dead letter."""
    force = Force(Portal())
    crime = force.crime(force.victim())
    person = force.link(crime, "p-2", 1)
    force.step()
    reply = {
        "csp_entrytype": 2,
        "notetext": "We will ring you.",
        "objectid_incident@odata.bind": f"/incidents({crime})",
    }
    force.make("annotation", **reply)
    force.make("annotation", **reply, **{"csp_person_contact@odata.bind": f"/contacts({person})"})
    force.step()

    assert force.portal.types == ["CrimeRecorded", "OfficerReplied"]
    assert force.portal.data(-1)["person_id"] == "p-2"
    [letter] = force.store.letters()
    assert "person_id" in letter.why


def test_what_happens_while_a_creation_settles_follows_it() -> None:
    """A crime is recorded with those who are linked meanwhile, and allocated after that."""
    events = [
        structs.replace(each, settle_seconds=60.0) if each.type == "CrimeRecorded" else each
        for each in RULES.events
    ]
    rules = structs.replace(RULES, events=tuple(events))
    force = Force(Portal(), rules=rules)
    crime = force.crime(force.victim(), csp_team="Team A")
    force.step()
    force.link(crime, "p-2", 1)
    force.change("incident", crime, csp_milestone="suspect_arrested")
    force.step()
    before = force.portal.types
    force.step(seconds=60)

    assert before == []
    assert force.portal.types == ["CrimeRecorded", "CrimeAllocated", "MilestoneReached"]
    assert len(force.portal.data(0)["victims"]) == 2


def test_a_person_who_is_linked_later_is_in_the_crime_that_is_recorded_again() -> None:
    """With everybody, once; a suspect makes nothing of it."""
    force = Force(Portal())
    crime = force.crime(force.victim())
    force.step()
    force.link(crime, "p-4", 4)
    force.step()
    force.link(crime, "p-2", 1)
    force.step()
    force.step()

    assert force.portal.types == ["CrimeRecorded", "CrimeRecorded"]
    assert [each["person_id"] for each in force.portal.data(1)["victims"]] == ["p-1", "p-2"]
    assert force.portal.taken[0].id != force.portal.taken[1].id


def _delete(force: Force, table: str, row_id: str) -> None:
    force.rows.delete(TABLES[table], row_id)
    force.step()


def test_a_case_that_is_deleted_is_withdrawn_at_the_portal() -> None:
    """Nobody is told any more of a crime that the force took back."""
    force = Force(Portal())
    crime = force.crime(force.victim())
    force.step()
    _delete(force, "incident", crime)

    assert force.portal.types == ["CrimeRecorded", "CrimeCancelled"]
    assert force.portal.data(1)["cancelled_at"] == force.now.isoformat().replace("+00:00", "Z")
    assert force.troubles == []


def test_what_waits_for_corrections_leaves_before_its_case_is_gone() -> None:
    """A closure is not lost because the case was deleted before it had settled."""
    force = Force(Portal())
    crime = force.crime(force.victim())
    force.step()
    force.change("incident", crime, statecode=1, csp_outcome="18")
    force.step()
    _delete(force, "incident", crime)

    assert force.portal.types == ["CrimeRecorded", "CrimeClosed"]


def test_a_case_that_was_never_told_is_not_withdrawn() -> None:
    """It lacked its force: its dead letter goes with it, and the portal knows nothing of it."""
    force = Force(Portal())
    bound = {"customerid_contact@odata.bind": f"/contacts({force.victim()})"}
    crime = force.make("incident", title="Burglary", ticketnumber="43260000001", **OFFENCE, **bound)
    force.step()
    force.step(minutes=3)
    unmade = force.store.letters()
    _delete(force, "incident", crime)

    assert len(unmade) == 1
    assert (force.portal.types, force.store.letters()) == ([], [])


def test_a_deletion_that_no_rule_tells_is_a_dead_letter_until_the_map_does() -> None:
    """It can be seen, and is told once the map has its rule."""
    without = tuple(each for each in RULES.events if each.on != "delete")
    force = Force(Portal(), rules=structs.replace(RULES, events=without))
    crime = force.crime(force.victim())
    force.step()
    _delete(force, "incident", crime)
    [letter] = force.store.letters()
    force.rules = RULES
    force.flow = force.new_flow()
    force.flow.replay()
    force.step()

    assert letter.what == f"incident {crime}"
    assert 'it was deleted, and no rule of the map tells that (on = "delete")' in letter.why
    assert force.portal.types == ["CrimeRecorded", "CrimeCancelled"]
    assert force.store.letters() == []


def test_a_person_who_is_deleted_is_a_dead_letter() -> None:
    """No event tells a portal so: somebody must see to it. One whom no case names is nobody."""
    force = Force(Portal())
    witness = force.link(force.crime(force.victim()), "p-2", 3)
    stranger = force.make("contact", csp_personid="p-9", mobilephone="07700900456")
    force.step()
    force.step(minutes=3)
    _delete(force, "contact", stranger)
    _delete(force, "contact", witness)

    letters = {each.what: each.why for each in force.store.letters()}

    assert letters[f"contact {witness}"].startswith("it was deleted, and no rule of the map")
    assert f"contact {stranger}" not in letters
