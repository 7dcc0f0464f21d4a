"""A story with new people means the same, and nothing in it was used before."""

import re
from itertools import count
from random import Random

import msgspec
import pytest
from msgspec import structs

from reference.contract.events import Officer
from simulator.explore.edges import met_by
from simulator.explore.lawful import lawful_steps
from simulator.explore.new_people import MOBILES, NumbersUsedUp, Used, addresses_of, with_new_people
from simulator.explore.steps import (
    Allocate,
    CloseIncident,
    Merge,
    Move,
    OfficerAway,
    RecordCrime,
    ReportIncident,
    SignIn,
)
from simulator.explore.story import Story, Stranger
from simulator.explore.story_drawing import draw_story
from tests.simulator.explore.stories import OWN, PLAIN, RECORDED, SAM, order, story


def seeded(seed: int) -> Random:
    """Give draws that are the same every time."""
    return Random(seed)  # noqa: S311  no secret is drawn


def renewed(each: Story, used: Used | None = None, *, all_new: bool = True) -> Story:
    """Give a story new people."""
    return with_new_people(each, used or Used(), seeded(1), order(), all_new=all_new)


def words_of(each: Story) -> str:
    """Write a story down, to look for what is in it."""
    return msgspec.json.encode(each).decode()


def test_all_is_new_and_fits_together() -> None:
    """Names, numbers, ids and crimes are others, wherever they stand."""
    old = story(*PLAIN)
    new = renewed(old)
    (person,) = new.people
    for each in ("Ellwood", "07700900123", "sam@example.com", "P0000001", "0004711"):
        assert each in words_of(old)
        assert each not in words_of(new)
    assert person.record.mobile_phone == person.phone
    assert person.record.email == person.mailbox
    assert person.label == person.record.given_name
    recorded, signs_in, *_rest = new.steps
    assert isinstance(recorded, RecordCrime)
    assert isinstance(signs_in, SignIn)
    assert recorded.people == (signs_in.person,) == (person.label,)
    assert lawful_steps(new) == new.steps


def test_what_nobody_has_used_stays_as_it_was_drawn() -> None:
    """The second time all of it is used."""
    used, old = Used(), structs.replace(story(*PLAIN), people=(SAM,))
    first = renewed(old, used, all_new=False)
    assert first.people == old.people
    second = renewed(old, used, all_new=False)
    assert second.people[0].phone != SAM.phone
    assert second.people[0].record.person_id != SAM.record.person_id


@pytest.mark.parametrize(
    ("written", "pattern"),
    [
        ("+44 (0)7700900123", r"\+44 \(0\)77009\d{5}"),
        ("0770 090 0123", r"0770 090 0\d{3}"),
        ("07700\u00a0900123", "07700\u00a0900\\d{3}"),
        ("0770090012", r"0770090\d{3}"),
        ("Mob: 07700900123", r"Mob: 0770090\d{4}"),
    ],
)
def test_a_number_is_written_as_it_was(written: str, pattern: str) -> None:
    """Spelling and slips of the pen stay: they are what the story is about."""
    sam = structs.replace(SAM, record=structs.replace(SAM.record, mobile_phone=written))
    (person,) = renewed(story(*PLAIN, people=(sam,))).people
    new = person.record.mobile_phone
    assert new != written
    assert re.fullmatch(pattern, new)
    digits = "".join(each for each in new if each.isdigit())
    assert digits[-2:] in (person.phone[-2:], person.phone[-3:-1])


def test_a_mailbox_is_written_as_it_was() -> None:
    """Capital letters, spaces and a missing sign stay."""
    for written in ("SAM@EXAMPLE.COM", "Sam@Example.Com", " sam@example.com", "sam at example.com"):
        sam = structs.replace(SAM, record=structs.replace(SAM.record, email=written))
        (person,) = renewed(story(*PLAIN, people=(sam,))).people
        local, new = person.mailbox.partition("@")[0], person.record.email
        assert "sam@" not in new.lower()
        assert local in new.lower()
        assert (new.isupper(), new.istitle()) == (written.isupper(), written.istitle())
        assert new.startswith(" ") == written.startswith(" ")
        assert (" at " in new) == (" at " in written)


def test_an_officer_is_another_one_of_the_same_rank() -> None:
    """The one who is away is the one who was in charge."""
    officer = Officer("PC Amara Okonjo", "4271")
    away = OfficerAway(crime=RECORDED.crime, event="e3", officer=officer)
    new = renewed(
        story(RECORDED, Allocate(crime=RECORDED.crime, event="e2", officer=officer), away)
    )
    _recorded, allocated, is_away = new.steps
    assert isinstance(allocated, Allocate)
    assert isinstance(is_away, OfficerAway)
    assert allocated.officer == is_away.officer
    assert allocated.officer is not None
    assert allocated.officer.collar_number != officer.collar_number
    assert allocated.officer.name.split()[0] == officer.name.split()[0]


def test_a_long_name_stays_as_long() -> None:
    """A name with as many characters as the contract allows, also where it is the second one."""
    most = 200
    short, long = (
        Officer("PC Amara Okonjo", "4271"),
        Officer("PC Amara Okonjo".ljust(most, "o"), "4271"),
    )
    sam = structs.replace(SAM, record=structs.replace(SAM.record, family_name="E" * (most - 1)))
    allocated = (
        Allocate(crime=RECORDED.crime, event=f"e{number}", officer=officer)
        for number, officer in enumerate((short, long), start=2)
    )
    new = renewed(story(RECORDED, *allocated, people=(sam,)))
    names = [each.officer.name for each in new.steps if isinstance(each, Allocate) and each.officer]
    assert len(names[0]) < most - 1
    assert len(names[1]) == most
    assert names[1].startswith(names[0])
    assert len(new.people[0].record.family_name) == most - 1
    assert new.people[0].record.family_name != sam.record.family_name


def test_a_report_has_a_new_reference_and_keeps_it() -> None:
    """The portal knows the report of an earlier story; the crime recorded of one is the same."""
    report = ReportIncident(crime="0004711", event="e0", force=RECORDED.force, person="Sam")
    alone = structs.replace(report, crime="0004712", event="e8")
    closed = CloseIncident(crime="0004712", event="e9")
    old = story(report, RECORDED, alone, closed)
    new = [each.crime for each in renewed(old).steps if hasattr(each, "crime")]
    assert new[0] == new[1] != new[2] == new[3]
    assert not {"0004711", "0004712"} & {*new}
    used = Used()
    assert renewed(old, used, all_new=False).steps[2] == structs.replace(alone, event="0004711e8")
    again = renewed(old, used, all_new=False).steps
    assert not {"0004711", "0004712"} & {each.crime for each in again if hasattr(each, "crime")}


def test_crimes_and_events_have_new_names_again_and_again() -> None:
    """The crime system names a reply by its event, so no two stories share the name of one."""
    used = Used()
    other = structs.replace(RECORDED, crime="0004712", event="e2")
    old = story(RECORDED, other, Merge(crime="0004712", event="e3", into="0004711"))
    first = renewed(old, used)
    second = renewed(first, used)
    crimes = [each.crime for each in (*first.steps, *second.steps) if hasattr(each, "crime")]
    assert len(set(crimes)) == 4
    for each in (first, second):
        recorded, _other, merged = each.steps
        assert isinstance(recorded, RecordCrime)
        assert isinstance(merged, Merge)
        assert merged.into == recorded.crime
        assert merged.event == f"{recorded.crime}e3"


def test_no_two_stories_have_anything_alike() -> None:
    """Each stays lawful, and meets the edges that it met."""
    used, seen = Used(), set[str]()
    for number in range(60):
        old = draw_story(order(), phase=3, seed=4, number=number, order_is_fixed=True)
        new = with_new_people(old, used, seeded(number), order())
        assert lawful_steps(new) == new.steps
        assert met_by(new, order()) == met_by(old, order())
        own = {each.phone for each in new.people} - {""}
        own |= {each.record.person_id for each in new.people}
        own |= {e.crime for e in new.steps if isinstance(e, RecordCrime | ReportIncident)}
        assert not own & seen
        seen |= own


def test_when_the_numbers_run_out_one_sentence_says_so() -> None:
    """No number is given a second time."""
    used, had = Used(), list[str]()

    def play_on() -> None:
        for _story in count():
            had.extend(each.phone for each in renewed(story(*PLAIN), used).people)

    with pytest.raises(NumbersUsedUp, match="no number is left for new people"):
        play_on()
    assert len(had) == len(set(had)) == len(MOBILES) - 1


def test_what_a_person_moves_to_is_new_too() -> None:
    """Their next phone and mailbox, and who has the old one from then on."""
    moves = Move(
        person="Sam", phone="07700900456", mailbox="new.sam@example.com", other="Stranger 1"
    )
    old = structs.replace(story(*PLAIN, moves), strangers=(Stranger(label="Stranger 1"),))
    moved = renewed(old).steps[-1]
    assert isinstance(moved, Move)
    assert moved.phone not in ("", moves.phone)
    assert moved.mailbox not in ("", moves.mailbox)
    assert moved.other == moves.other
    assert {moved.phone, moved.mailbox} <= addresses_of(structs.replace(old, steps=(moved,)))


def test_the_numbers_that_nobody_has_stay_free() -> None:
    """A stranger's guess at one of them must not reach somebody of an earlier story."""
    assert "07700900999" not in MOBILES
    sam = structs.replace(
        SAM, phone="07700900999", record=structs.replace(SAM.record, mobile_phone="07700900999")
    )
    assert "07700900999" not in words_of(renewed(story(*PLAIN, people=(sam,)), all_new=False))


def test_the_forces_own_number_stays() -> None:
    """It is no victim's, and a record with it is wrong in the same way."""
    for own in order().contact.not_a_victims:
        sam = structs.replace(SAM, record=structs.replace(SAM.record, mobile_phone=own))
        (person,) = renewed(story(*PLAIN, people=(sam,))).people
        assert person.record.mobile_phone == own


def test_new_people_are_as_the_target_has_them() -> None:
    """Names, ids and mail domains are the target's own, however the story was drawn."""
    sam = structs.replace(SAM, record=structs.replace(SAM.record, email="SAM@EXAMPLE.COM"))
    old = story(*PLAIN, people=(sam,))
    new = with_new_people(old, Used(), seeded(1), order(), all_new=True, own=OWN)
    (person,) = new.people
    assert person.record.given_name in OWN.given_names
    assert person.record.family_name in OWN.family_names
    assert re.fullmatch(r"NOM-\d{7}", person.record.person_id)
    assert person.mailbox.partition("@")[2] in OWN.mail_domains
    assert person.record.email == person.mailbox.upper()
    assert "example.com" not in words_of(new).lower()


def test_a_particular_name_becomes_one_of_the_targets_own() -> None:
    """A test environment that takes some names has an accent in these two."""
    own = structs.replace(OWN, given_names=(*OWN.given_names, "Bríd", "Eiríkr"))
    sam = structs.replace(SAM, record=structs.replace(SAM.record, given_name="Zoë"))
    old = story(*PLAIN, people=(sam,))
    for seed in range(10):
        new = with_new_people(old, Used(), seeded(seed), order(), all_new=True, own=own)
        assert new.people[0].record.given_name in ("Bríd", "Eiríkr")
