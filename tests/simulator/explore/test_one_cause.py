"""One mistake is told once, and two mistakes are told as two."""

from datetime import UTC, datetime, timedelta
from unittest.mock import patch

import pytest
from msgspec import structs

from simulator.evidence.records import MessageAccepted
from simulator.explore.judged_story import FailingStory, Failure, Judged
from simulator.explore.one_cause import by_cause, kind_alone_differs
from simulator.explore.shrinking import one_by_one, shrunk
from simulator.explore.steps import Step, Wait
from simulator.explore.story import Story
from simulator.verdicts import Finding
from tests.simulator.explore.stories import DAY, PLAIN, RECORDED, reference, story

AT = datetime(2026, 6, 1, 9, tzinfo=UTC)


def text(number: int) -> MessageAccepted:
    """A message of the portal, in which something is found."""
    return MessageAccepted(
        at=AT, message_id=f"m{number}", channel="text", to="", subject="", body="", sender="",
        reference="",
    )  # fmt: skip


def failure(
    name: str,
    found_in: MessageAccepted | None = None,
    *,
    requirement: str = "",
    person: str = "P1",
    later: int = 0,
) -> Failure:
    """A failure of this fingerprint: in a message, or of a person to whom nothing came."""
    finding = Finding(
        kind="FAIL",
        harm="lost",
        owner="portal",
        requirement=requirement or name,
        at=AT + timedelta(seconds=later),
        person_id=person,
        crime_reference="C1",
        expected="news",
        observed=name,
    )
    return Failure(
        fingerprint=name,
        requirement=requirement or name,
        harm="lost",
        expected="news",
        observed=name,
        finding=finding,
        found_in=found_in,
        at=finding.at,
    )


def failing(
    name: str, *failures: Failure, steps: tuple[Step, ...] = (RECORDED,), cut_short: str = ""
) -> FailingStory:
    """The shortest story of the failure of this name, with all of its failures."""
    own = next(each for each in failures if each.fingerprint == name)
    judged = Judged(failures=failures, records=(), done=steps)
    return structs.replace(FailingStory.of(story(*steps), own, judged), cut_short=cut_short)


def told(*stories: FailingStory) -> list[list[str]]:
    """List the fingerprints of each defect, the one that stands for it first."""
    return [
        [each.failing.failure.fingerprint, *(u.failure.fingerprint for u, _ in each.under)]
        for each in by_cause((each, [place]) for place, each in enumerate(stories))
    ]


def test_one_message_that_breaks_two_sentences_is_one_defect() -> None:
    """Both have the same shortest story, and in it they are found in the same messages."""
    both = (failure("late", text(1)), failure("too many", text(1)))

    causes = by_cause([(failing("late", *both), [3, 4]), (failing("too many", *both), [4])])

    [cause] = causes
    assert cause.failing.failure.fingerprint == "late"
    assert cause.numbers == [3, 4]
    [(under, numbers)] = cause.under
    assert (under.failure.fingerprint, numbers) == ("too many", [4])


def test_what_did_not_come_to_one_person_at_one_time_is_one_defect() -> None:
    """Nothing can be shown of it: person, crime and time say what was missed."""
    same = (failure("no text"), failure("no news"))
    another = (failure("no text"), failure("no news", person="P2"))
    later = (failure("no text"), failure("no news", later=60))

    assert told(failing("no text", *same), failing("no news", *same)) == [["no text", "no news"]]
    for each in (another, later):
        assert len(told(failing("no text", *each), failing("no news", *each))) == 2


@pytest.mark.parametrize(
    "others",
    [
        pytest.param((failure("a", text(1)), failure("b", text(2))), id="another message"),
        pytest.param(
            (failure("a", text(1)), failure("b", text(1)), failure("b", text(2))),
            id="one message more",
        ),
    ],
)
def test_what_is_found_in_other_messages_is_told_apart(others: tuple[Failure, ...]) -> None:
    """Two mistakes may both show as soon as a crime is recorded."""
    assert told(failing("a", *others), failing("b", *others)) == [["a"], ["b"]]


def test_one_requirement_broken_in_pages_and_tasks_for_one_person_is_one_defect() -> None:
    """Who is wrong about whom it may tell shows pages, and raises no task, of the same people.

    Two messages may each be a mistake, and so may what is wrong for another person.
    """
    page, task = (failure(each, requirement="SAFE-05") for each in ("a page", "no task"))
    late = structs.replace(task, at=AT + timedelta(days=1))
    of_another = failure("no task", requirement="SAFE-05", person="P2")
    messages = [failure(f"m{n}", text(n), requirement="SAFE-05") for n in (1, 2)]

    for these, number in (((page, late), 1), ((page, of_another), 2), (messages, 2)):
        stories = [failing(each.fingerprint, *these) for each in these]
        assert len(told(*stories)) == number


def test_a_failure_that_needs_more_is_told_apart() -> None:
    """A portal that does one thing wrong always also does it in the story of another mistake."""
    alone, both = (failure("a", text(1)),), (failure("a", text(1)), failure("b", text(1)))
    more = (RECORDED, Wait(seconds=DAY))

    assert told(failing("a", *alone), failing("b", *both)) == [["a"], ["b"]]
    assert told(failing("a", *both), failing("b", *both, steps=more)) == [["a"], ["b"]]


def test_a_story_that_could_be_shorter_joins_nothing() -> None:
    """Another mistake may be left in it."""
    both = (failure("a", text(1)), failure("b", text(1)))

    for one, other in (("the time was up", ""), ("", "the time was up")):
        first = failing("a", *both, cut_short=one)
        assert len(told(first, failing("b", *both, cut_short=other))) == 2


def test_a_suspicion_is_told_apart() -> None:
    """What is for REVIEW is not hidden under what fails, nor the other way round."""
    both = (failure("a", text(1)), structs.replace(failure("b", text(1)), kind="REVIEW"))

    assert len(told(failing("a", *both), failing("b", *both))) == 2


def test_tasks_of_several_kinds_are_one_defect() -> None:
    """The fingerprint differs by the kind of task alone; another thing wrong with one is another.

    Whether the time was up does not matter: each has its own words and its own story.
    """
    kinds = [
        failing(name, failure(name), cut_short="the time was up")
        for name in ("a rights_check carries no id", "a breach carries no id", "a breach is late")
    ]

    assert told(*kinds) == [
        ["a rights_check carries no id", "a breach carries no id"],
        ["a breach is late"],
    ]
    assert kind_alone_differs(*kinds[:2]) == "breach"
    assert kind_alone_differs(kinds[0], kinds[2]) == ""


def of_event(
    event: str, *, rule: str = "CASE-18", wrong: str = "dated another day", **changes: str
) -> FailingStory:
    """A failure that names a kind of event, alone in its story, which could be shorter."""
    words = f"{rule}|{event} is {wrong}"
    own = structs.replace(failure(words), rests_on=f"contract: {event}.happened_at")
    return failing(words, structs.replace(own, **changes), cut_short="the time was up")


def test_one_thing_that_is_wrong_with_several_events_is_told_once() -> None:
    """No story needs to have two of the events: the shortest has one. Each keeps its own story."""
    kinds = [of_event(each) for each in ("OfficerDeployed", "CrimeAllocated", "CrimeTransferred")]

    [cause] = by_cause((each, [place]) for place, each in enumerate(kinds))

    assert cause.failing is kinds[0]
    assert cause.under == [(kinds[1], [1]), (kinds[2], [2])]
    assert [kind_alone_differs(cause.failing, each) for each, _ in cause.under] == [
        "CrimeAllocated",
        "CrimeTransferred",
    ]


@pytest.mark.parametrize(
    "other",
    [
        pytest.param(of_event("CrimeAllocated", rule="CASE-01"), id="another requirement"),
        pytest.param(
            of_event("CrimeAllocated", rests_on="order: timeline.days"), id="another sentence"
        ),
        pytest.param(of_event("CrimeAllocated", wrong="missing"), id="wrong in another way"),
        pytest.param(of_event("CrimeAllocated", kind="REVIEW"), id="only suspected"),
    ],
)
def test_what_differs_in_more_than_the_event_is_told_apart(other: FailingStory) -> None:
    """It may be another mistake, which the first would hide."""
    first = of_event("OfficerDeployed")

    assert len(told(first, other)) == 2


@pytest.mark.slow(seconds=4)
def test_a_portal_with_two_mistakes_is_told_of_both() -> None:
    """Each shows as soon as a crime is recorded, in one story, and neither is under the other."""
    tried = reference("tests.simulator.explore.two_defects:create_app")
    whole = structs.replace(story(*PLAIN), ends_after_seconds=10 * DAY)

    def shortest(fingerprint: str) -> FailingStory:
        def played(candidate: Story) -> FailingStory | None:
            judged = tried.judged(candidate)
            own = (each for each in judged.failures if each.fingerprint == fingerprint)
            return next((FailingStory.of(candidate, each, judged) for each in own), None)

        found = played(shrunk(whole, one_by_one(lambda each: played(each) is not None)))
        assert found is not None
        return found

    fingerprints = dict.fromkeys(each.fingerprint for each in tried.judged(whole).failures)
    defects = told(*map(shortest, fingerprints))
    patch.stopall()

    once = "ONCE-01|{}|one message for each piece of news|a channel that answers nothing new"
    assert [once.format("duplicated")] in defects
    assert [once.format("noise")] in defects
