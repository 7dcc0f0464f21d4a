"""What strangers and victims try at sign-in is played on a real portal, and is in the evidence."""

import pytest
from msgspec import structs

from simulator.evidence.records import (
    AnswersCompared,
    LinkVisited,
    Record,
    SessionUsed,
    SignInTried,
)
from simulator.explore.sign_in_playing import changed_link
from simulator.explore.steps import (
    CompareAnswers,
    EnterCode,
    FollowLink,
    Guess,
    KeepReading,
    Miss,
    SignIn,
    SignInFrom,
    SignInTogether,
    SignOut,
    Step,
    UseSession,
    VisitLinks,
    Wait,
)
from simulator.explore.story import Person, Story, Stranger
from tests.simulator.explore.stories import RECORDED, SAM, order, reference, story

LIMITS = order().sign_in
COME_IN = SignIn(person="Sam", by="link")
KIM = structs.replace(
    SAM,
    label="Kim",
    record=structs.replace(
        SAM.record, person_id="P0000002", mobile_phone="07700900124", email="kim@example.com"
    ),
    phone="07700900124",
    mailbox="kim@example.com",
    word="lantern",
)


def played(*steps: Step, people: tuple[Person, ...] = (SAM,)) -> tuple[Record, ...]:
    """Play steps on the reference; nothing may fail."""
    told = _told(*steps, people=people)
    judged = reference().judged(told)
    assert judged.failures == ()
    return judged.records


def _told(*steps: Step, people: tuple[Person, ...]) -> Story:
    everyone = structs.replace(
        RECORDED,
        people=tuple(each.label for each in people),
        roles=("victim",) * len(people),
    )
    strangers = (Stranger(label="Stranger", phone="07700900125"),)
    return structs.replace(story(everyone, *steps), people=people, strangers=strangers)


def tried(records: tuple[Record, ...]) -> list[SignInTried]:
    """Pick the sign-ins that were tried in the steps, and not at the end of the story."""
    return [each for each in records if isinstance(each, SignInTried)]


def given(record: SignInTried) -> list[tuple[str, str, bool]]:
    """Give what was answered, how it was wrong, and whether it was taken."""
    return [(each.to, each.wrong, each.taken) for each in record.answers]


@pytest.mark.parametrize("miss", ["another one", "cut short", "too long", "date of birth"])
def test_wrong_proofs_are_given_and_then_the_right_one(miss: Miss) -> None:
    """One fewer than is allowed: the last attempt opens it."""
    wrong = LIMITS.attempts_max - 1
    guess = Guess(person="Sam", by="link", wrong="proof", miss=miss, times=wrong, then_right=True)
    first = tried(played(guess))[0]
    assert given(first) == [
        ("link", "", True),
        *[("proof", miss, False)] * wrong,
        ("proof", "", True),
        ("code", "", True),
    ]
    assert first.let_in


def test_wrong_codes_use_the_attempts_up() -> None:
    """After all of them the right one comes too late."""
    most = LIMITS.attempts_max
    guess = Guess(person="Sam", by="link", wrong="code", times=most, then_right=True)
    first = tried(played(guess))[0]
    assert given(first)[2:] == [("code", "another one", False)] * most + [("code", "", False)]
    assert not first.let_in


def test_another_code_gives_no_more_attempts() -> None:
    """Wrong codes count together, whichever code was sent last."""
    most = LIMITS.attempts_max
    guess = Guess(
        person="Sam", by="link", wrong="code", times=most, then_right=True, another_code=True
    )
    first = tried(played(guess))[0]
    wrong = ("code", "another one", False)
    before, after = [wrong] * (most // 2), [wrong] * (most - most // 2)
    assert given(first)[2:] == [*before, ("proof", "", True), *after, ("code", "", False)]
    assert not first.let_in


def test_a_code_waits_and_is_used_again() -> None:
    """Its age is known, and its second use is told by itself."""
    life = LIMITS.code_minutes * 60
    late, in_time = (
        tried(played(EnterCode(person="Sam", by="link", after_seconds=after, again=True)))
        for after in (life + 1, life - 1)
    )
    assert [each.let_in for each in late[:1]] == [False]
    assert [each.let_in for each in in_time[:2]] == [True, False]
    assert given(in_time[1]) == [("code", "used", False)]


def test_two_people_try_each_others_codes() -> None:
    """Each then comes in by their own."""
    step = SignInTogether(person="Sam", by="link", other="Kim", other_by="link", crossed=True)
    first, second = tried(played(step, people=(SAM, KIM)))[:2]
    for each in (first, second):
        assert given(each)[2:] == [("code", "another person's", False), ("code", "", True)]


def test_links_are_followed_again_and_changed_and_visited() -> None:
    """A visit uses nothing up, a changed link opens nothing, a used one no more."""
    records = played(
        VisitLinks(person="Sam"),
        FollowLink(person="Sam", change="one character"),
        FollowLink(person="Sam"),
        FollowLink(person="Sam"),
    )
    assert sum(isinstance(each, LinkVisited) for each in records) == 2
    changed, opened, used = tried(records)[:3]
    assert given(changed) == [("link", "one character", False)]
    assert opened.let_in
    assert given(used) == [("link", "", False)]
    assert used.invitation_id == opened.invitation_id


@pytest.mark.parametrize("end", ["q3RtYz9A", "q3-tYz9A", "q3__-z9A", "--_-_-aA"])
def test_one_character_of_any_link_can_be_changed(end: str) -> None:
    """A token may have "-" or "_" anywhere: another character changes, and one alone."""
    link = f"https://portal.example/invitation/{end}"
    changed = changed_link(link, "one character")
    assert sum(one != other for one, other in zip(link, changed, strict=True)) == 1


def test_a_session_is_used_after_it_ended() -> None:
    """Signed out, idle, or too old: each use says how old it was."""
    idle = Wait(seconds=(LIMITS.session_minutes + 1) * 60)
    longest = KeepReading(person="Sam", seconds=(LIMITS.session_hours_max * 60 + 1) * 60)
    for steps in ((SignOut(person="Sam"),), (idle,), (longest,)):
        records = played(COME_IN, *steps, UseSession(person="Sam"))
        used = [each for each in records if isinstance(each, SessionUsed)]
        assert used[-1].answer == "refused"
        assert used[-1].signed_out == isinstance(steps[0], SignOut)
    assert used[0].answer == "shown"


def test_a_strangers_phone_opens_nothing() -> None:
    """They have the proof, and read what comes to their own phone."""
    records = played(COME_IN, SignInFrom(person="Sam", other="Stranger", channel="text"))
    assert given(tried(records)[1]) == [("address", "another's", True), ("proof", "", False)]


def test_a_known_number_and_an_unknown_one_are_compared() -> None:
    """The portal says the same to both."""
    records = played(COME_IN, CompareAnswers(person="Sam", channel="text", times=2))
    [compared] = [each for each in records if isinstance(each, AnswersCompared)]
    assert compared.known == compared.unknown
    assert len(compared.known) == 3


def test_a_person_types_and_spells_in_their_own_way() -> None:
    """Capital letters and spaces do not matter, and a number may be written in any usual way."""
    again = SignIn(person="Sam", by="text", written="+44 7700 900123", typed="capital letters")
    assert all(each.let_in for each in tried(played(COME_IN, Wait(seconds=3600), again)))


def test_a_person_has_two_sessions_and_signs_out_of_one() -> None:
    """Whether a second sign-in ends the first nobody says, until that one answers again."""
    records = played(
        COME_IN,
        Wait(seconds=60),
        SignIn(person="Sam", by="text"),
        UseSession(person="Sam", older=True),
        SignOut(person="Sam"),
        UseSession(person="Sam", older=True),
        UseSession(person="Sam"),
    )
    used = [each for each in records if isinstance(each, SessionUsed)]

    assert [(each.answer, each.signed_out, each.signed_in_since) for each in used] == [
        ("shown", False, True),
        ("shown", False, False),
        ("refused", True, False),
    ]
