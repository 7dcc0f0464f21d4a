"""A story with other people is the same story, and a portal that knows people by name is found."""

from functools import partial
from unittest import mock

import msgspec
import pytest
from msgspec import structs

from simulator.explore.edges import met_by
from simulator.explore.judged_story import Failure, Judged
from simulator.explore.other_people import (
    COMPARED_EVERY,
    DIFFERENTLY,
    is_compared,
    treated_differently,
    with_other_people,
)
from simulator.explore.spellings import form_of_mailbox, form_of_name, form_of_phone
from simulator.explore.story import Story
from simulator.explore.tried import Tried
from simulator.inputs.own_people import OwnPeople
from simulator.world.recipient_guard import Recipients
from tests.simulator.explore.stories import PLAIN, SAM, drawn_stories, order, reference, story

KNOWS_MAILBOXES = "fixtures.broken_portals.contact_details:writes_to_usual_mailboxes_only"
BY_EMAIL = structs.replace(SAM, record=structs.replace(SAM.record, preferred_channels=("email",)))
stories = partial(drawn_stories, 60, phase=3, seed=4)


def held(told: Story) -> list[str]:
    """List what the people of a story are known by."""
    return [
        each
        for person in told.people
        for each in (person.record.person_id, person.phone, person.mailbox)
        if each
    ]


@pytest.mark.parametrize("number", range(0, 60, 3))
def test_it_is_the_same_story(number: int) -> None:
    """The same steps at the same times, the same edges, and every detail spelt in the same way."""
    before = stories()[number]
    after = with_other_people(before, order())

    assert [type(each) for each in before.steps] == [type(each) for each in after.steps]
    # Another officer's name has another length: it may not be at the limit of the contract.
    edges = [
        {each for each in met_by(story, order()) if "officer name of" not in each.value}
        for story in (before, after)
    ]
    assert edges[0] == edges[1]
    for old, new in zip(before.people, after.people, strict=True):
        for field, form in (
            ("mobile_phone", form_of_phone),
            ("email", form_of_mailbox),
            ("given_name", form_of_name),
        ):
            written = getattr(old.record, field), getattr(new.record, field)
            assert form(written[0]) == form(written[1]), written
        assert (old.record.born, old.record.role) == (new.record.born, new.record.role)


def test_its_people_have_nothing_in_common_with_the_first_ones() -> None:
    """Every id, phone and mailbox is another, everywhere in the story, and nobody's."""
    for before in stories():
        after = with_other_people(before, order())
        whole = msgspec.json.encode(after).decode()

        assert not {*held(before)} & {*held(after)}
        assert not [each for each in held(before) if "@" in each and f'"{each}"' in whole]
        assert all(Recipients().is_nobodys(each.mailbox) for each in after.people if each.mailbox)
        assert all(Recipients().is_nobodys(each.phone) for each in after.people if each.phone)


def test_people_who_share_something_still_share_it() -> None:
    """A household's phone is still one phone, and two people are still two."""
    for before in stories():
        after = with_other_people(before, order())
        for field in ("phone", "mailbox"):
            pair = zip(before.people, after.people, strict=True)
            found = {(getattr(old, field), getattr(new, field)) for old, new in pair}
            assert len({old for old, _ in found}) == len({new for _, new in found}) == len(found)


def test_a_usual_domain_becomes_an_unusual_one() -> None:
    """So that a portal cannot know the people of both stories by it."""
    after = with_other_people(story(*PLAIN), order())

    assert SAM.mailbox.endswith("@example.com")
    assert after.people[0].mailbox.endswith(".test")


def test_a_target_keeps_its_own_domains() -> None:
    """A test environment that takes only some domains gets no other."""
    own = OwnPeople(mail_domains=("one.test", "two.test"))

    after = with_other_people(story(*PLAIN), order(), own)

    assert after.people[0].mailbox.partition("@")[2] in own.mail_domains


def test_one_story_in_ten_is_compared() -> None:
    """It costs a tenth more time."""
    assert sum(map(is_compared, range(1_000))) == 1_000 / COMPARED_EVERY == 100


def test_the_reference_treats_nobody_differently() -> None:
    """Nothing fails in one story alone."""
    tried = reference()
    for each in (story(*PLAIN), *stories()[:4]):
        assert treated_differently(tried, each, tried.judged(each)) == ()


def test_a_portal_that_knows_the_suites_mailboxes_is_found() -> None:
    """It does right by Sam at example.com, and not by the same person at another domain."""
    tried, told = reference(KNOWS_MAILBOXES), story(*PLAIN, people=(BY_EMAIL,))
    judged = tried.judged(told)
    assert judged.failures == ()

    found = treated_differently(tried, told, judged)

    failures = [each.failure for each in found]
    assert {(each.requirement, each.harm) for each in failures} >= {("INV-01", "lost")}
    assert {each.kind for each in failures} == {"FAIL"}
    assert all(each.fingerprint.startswith(DIFFERENTLY) for each in failures)
    assert all(".test: " in each.observed for each in failures)
    assert {each.rests_on for each in failures} == {"order: triggers"}
    kept = found[0].story
    assert kept == with_other_people(told, order())
    assert tried.judged(kept).failures
    assert found[0].records
    mock.patch.stopall()


class _Unsteady(Tried):
    """A portal that fails the first story it plays, and none after it."""

    plays = 0

    def judged(self, _story: Story) -> Judged:
        """Fail once."""
        type(self).plays += 1
        failure = Failure(
            fingerprint="x", requirement="MSG-01", harm="lost", expected="news", observed="nothing"
        )
        return Judged(failures=(failure,) if self.plays == 1 else (), records=(), done=())


def test_a_portal_that_fails_now_and_then_is_only_suspected() -> None:
    """What does not happen again is for a person to review."""
    known = reference()
    tried, told = _Unsteady(known.target, known.order, known.secrets), story(*PLAIN)

    found = treated_differently(tried, told, tried.judged(told))

    assert [each.failure.kind for each in found] == ["REVIEW"]
