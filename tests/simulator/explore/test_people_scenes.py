"""People of made-up stories get other phones and mailboxes; the force may learn of it."""

from collections import Counter
from functools import partial
from itertools import pairwise

from reference.contract.events import Role
from simulator.explore.steps import (
    ChangeDetails,
    Close,
    ForceStep,
    MakeAppointment,
    Merge,
    Move,
    NoteContact,
    RecordCrime,
    SayNotForMe,
    SignIn,
    SignInFrom,
    TextBack,
    Unmerge,
    UseSession,
    Wait,
)
from simulator.explore.story import Story
from simulator.explore.story_drawing import order_of
from tests.simulator.explore.stories import drawn_stories, order

BY_BOTH = ("link", "text")
stories = partial(drawn_stories, 800, phase=3, seed=5)


def steps_of(kind: type) -> list[tuple[Story, object]]:
    """List the steps of a kind, each with its story."""
    return [(each, step) for each in stories() for step in each.steps if isinstance(step, kind)]


def test_a_new_address_is_nobody_elses() -> None:
    """No person or stranger of the story has had it, and nobody gets it twice."""
    moves = steps_of(Move)
    assert len(moves) > 20
    for story, move in moves:
        assert isinstance(move, Move)
        held = {each.phone for each in story.people} | {each.mailbox for each in story.people}
        held |= {each.phone for each in story.strangers}
        assert not {move.phone, move.mailbox} - {""} & held
        assert bool(move.phone) != bool(move.mailbox)


def test_the_force_learns_of_most_and_not_of_all() -> None:
    """After a move the record may have the new address; in some stories it never has."""
    told = untold = 0
    for story, move in steps_of(Move):
        assert isinstance(move, Move)
        changed = [each.record for each in story.steps if isinstance(each, ChangeDetails)]
        records = [each.told_instead or each for each in changed]
        is_told = any(
            move.phone in (each.mobile_phone, "") and move.mailbox in (each.email, "")
            for each in records
        )
        told, untold = told + is_told, untold + (not is_told)
    assert told > untold > 0


def test_a_stranger_may_have_what_was_given_up_and_try_it() -> None:
    """The stranger who has the old phone tries to sign in with it."""
    given = {(id(story), move.other) for story, move in steps_of(Move) if isinstance(move, Move)}
    tried = {
        (id(s), each.other) for s, each in steps_of(SignInFrom) if isinstance(each, SignInFrom)
    }
    assert {each for each in given if each[1]} & tried


def test_a_stranger_disowns_what_came_and_tries_its_link() -> None:
    """By the phone or mailbox that is theirs, and then the force may put it right."""
    disowned: list[str] = []
    put_right = 0
    for story in stories():
        tried = {(e.other, e.channel) for e in story.steps if isinstance(e, SignInFrom)}
        for at, step in enumerate(story.steps):
            if isinstance(step, SayNotForMe) and (step.person, step.channel) in tried:
                disowned.append(step.channel)
                put_right += any(isinstance(each, ChangeDetails) for each in story.steps[at:])
    assert set(disowned) == {"text", "email"}
    assert put_right


def test_a_stranger_tries_the_number_beside_a_persons_own() -> None:
    """Their other phone is the stranger's, who tries it; the person comes in by their own."""
    tried = 0
    for story in stories():
        strangers = {each.label: each.phone for each in story.strangers if each.phone}
        beside = {each.label: each.record.other_phone for each in story.people}
        for step, following in pairwise(story.steps):
            if not isinstance(step, SignInFrom) or step.by_link:
                continue
            if strangers.get(step.other) == beside[step.person]:
                tried += isinstance(following, SignIn) and following.person == step.person
    assert tried > 3


def test_two_people_who_give_the_same_word_try_their_phone() -> None:
    """Each is the victim of a crime; one comes in by a link, and then by the phone of both."""
    tried = 0
    for story in stories():
        alike = Counter((each.phone, each.word) for each in story.people if each.phone)
        twins = {each.label for each in story.people if alike[each.phone, each.word] > 1}
        signed_in = [each for each in story.steps if isinstance(each, SignIn)]
        tried += any(
            one.person == other.person and one.person in twins and (one.by, other.by) == BY_BOTH
            for one, other in pairwise(signed_in)
        )
    assert tried > 3


def test_a_named_contact_is_replaced_and_uses_the_old_session() -> None:
    """Another person is told for the organisation, at another phone and mailbox."""
    replaced = 0
    for story in stories():
        before = {each.label: each.record.told_instead for each in story.people}
        used = {each.person for each in story.steps if isinstance(each, UseSession)}
        for step in story.steps:
            if not isinstance(step, ChangeDetails) or step.record.kind != "organisation":
                continue
            first, following = before[step.person], step.record.told_instead
            if first and following and first.given_name != following.given_name:
                assert step.person in used
                assert first.mobile_phone != following.mobile_phone
                assert first.email != following.email
                replaced += 1
    assert replaced > 5


def test_a_contact_who_is_to_be_seen_is_replaced() -> None:
    """Where the person before was to be seen is not for who is told in a victim's place next."""
    found = 0
    for story in stories():
        before = {each.label: each.record.told_instead for each in story.people}
        to_be_seen: set[str] = set()
        for step in story.steps:
            if isinstance(step, MakeAppointment):
                to_be_seen.add(step.person)
            elif isinstance(step, ChangeDetails) and step.record.kind == "person":
                first, following = before[step.person], step.record.told_instead
                is_another = first and following and first.given_name != following.given_name
                found += bool(is_another and step.person in to_be_seen)
    assert found > 5


def test_a_crowd_at_one_phone_is_recorded_whole() -> None:
    """One more than the order takes for a household, and all are victims of some crime."""
    crowds = whole = 0
    for story in stories():
        people_max = order_of(story, order()).contact.people_per_address_max
        phones = Counter(each.phone for each in story.people if each.phone)
        phone, count = phones.most_common(1)[0] if phones else ("", 0)
        if people_max is None or count <= people_max:
            continue
        recorded = {
            person
            for each in story.steps
            if isinstance(each, RecordCrime)
            for person, role in zip(each.people, each.roles, strict=True)
            if role == "victim"
        }
        crowds += 1
        whole += recorded.issuperset(e.label for e in story.people if e.phone == phone)
    assert crowds > 10
    assert whole > crowds / 4


def test_news_of_a_victim_comes_under_the_reference_of_a_merged_crime() -> None:
    """Appointments, replies and new details; nothing that is of the record alone."""
    found: set[str] = set()
    for story in stories():
        merged: set[str] = set()
        for step in story.steps:
            if isinstance(step, Merge):
                merged.add(step.crime)
            elif isinstance(step, Unmerge):
                merged.discard(step.crime)
            elif isinstance(step, ForceStep) and step.crime in merged:
                found.add(type(step).__name__)
    assert {"MakeAppointment", "Reply", "ChangeDetails"} <= found
    assert not found & {"Deploy", "Allocate", "ReachMilestone", "NoteContact", "Close"}


def test_a_crime_is_recorded_again_as_it_was() -> None:
    """As another event, with the same people in the roles of their newest records."""
    again = 0
    for story in stories():
        first: dict[str, RecordCrime] = {}
        roles: dict[tuple[str, str], Role] = {}
        for step in story.steps:
            if isinstance(step, RecordCrime):
                before = first.setdefault(step.crime, step)
                standing = zip(before.people, before.roles, strict=True)
                newest = [roles.get((step.crime, who), role) for who, role in standing]
                assert (step.people, step.roles) == (before.people, tuple(newest))
                again += before is not step
            elif isinstance(step, ChangeDetails):
                roles[step.crime, step.person] = step.record.role
    assert again > 10


def test_mergers_come_with_news_before_and_after() -> None:
    """One story in fifty has one, and in most of them more follows."""
    merged = [each for each in stories() if any(isinstance(step, Merge) for step in each.steps)]
    assert len(merged) > len(stories()) / 50
    followed = [
        story
        for story in merged
        if any(isinstance(step, Merge) for step, _after in pairwise(story.steps))
    ]
    assert len(followed) > len(merged) / 2


def test_a_person_sends_the_same_text_again_that_day() -> None:
    """At most an hour later, with nothing between: a portal answers it once."""
    again = [
        story
        for story in stories()
        for first, second, third in zip(story.steps, story.steps[1:], story.steps[2:], strict=False)
        if isinstance(first, TextBack)
        and isinstance(second, Wait)
        and second.seconds <= 3_600
        and first == third
    ]
    assert len(again) > 4


def test_a_victim_agrees_on_another_frequency_and_hears_nothing_for_long() -> None:
    """Over a week follows without a step of the force."""
    agreed = [
        step
        for story in stories()
        for step, after in pairwise(story.steps)
        if isinstance(step, ChangeDetails)
        and step.record.update_frequency_days in (1, 7, 14)
        and isinstance(after, Wait)
        and after.seconds >= 8 * 86_400
    ]
    assert len(agreed) > len(stories()) / 100


def test_an_officer_tells_an_end_before_the_portal_knows_it_or_long_after() -> None:
    """A talk comes between a closure that is held back and its delivery, or over a week later."""
    before = late = 0
    for story in stories():
        for close, wait, contact in zip(
            story.steps, story.steps[1:], story.steps[2:], strict=False
        ):
            if not (isinstance(close, Close) and isinstance(contact, NoteContact)):
                continue
            if isinstance(wait, Wait):
                before += close.carriage == "held back"
                late += wait.seconds > 7 * 86_400
    assert before >= 3
    assert late >= 3
