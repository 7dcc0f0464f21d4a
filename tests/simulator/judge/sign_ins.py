"""Sign-ins that were tried, written into a story: what was given, and what came of it."""

from datetime import datetime

from simulator.evidence.records import SignedIn, SignInAnswer, SignInTried
from tests.simulator.judge.force_story import Person
from tests.simulator.judge.story import Story

RIGHT = ("proof", ""), ("code", "")


def tried(
    story: Story,
    person: Person,
    *answers: tuple[str, str],
    let_in: bool = True,
    link: str = "",
    address: str = "",
    code_sent_at: datetime | None = None,
    begun_at: datetime | None = None,
    asked: str = "agreed_word",
    wrong_address: str = "",
    all_taken: bool = False,
) -> None:
    """Try to sign in: each answer is what it is to, and how it is wrong.

    The portal takes what is right, and the last answer if it let the person in, or `all_taken`.
    """
    begun = [("link", "")] if link else [("address", wrong_address)] if address else []
    given = [*begun, *answers]
    record = SignInTried(
        at=story.now,
        begun_at=begun_at or story.now,
        person_id=person.person_id,
        answers=tuple(
            SignInAnswer(
                to=to,  # type: ignore[arg-type]  # the tests name only what there is
                wrong=wrong,
                taken=all_taken or (let_in if at == len(given) - 1 else not wrong),
            )
            for at, (to, wrong) in enumerate(given)
        ),
        let_in=let_in,
        invitation_id=link,
        address=address,
        asked=asked,
        code_sent_at=code_sent_at,
    )
    story.records.append(record)
    if let_in:
        story.records.append(SignedIn(at=story.now, person_id=person.person_id))


def invited(*, hours: int = 1) -> tuple[Story, Person, str]:
    """Tell of a victim who was invited by text some hours ago, with the message's id."""
    story = Story()
    alex = story.person(channels=("text",))
    [link] = story.invite(alex, story.crime(alex))
    story.wait(hours=hours)
    return story, alex, link


def registered() -> tuple[Story, Person, str]:
    """Tell of a victim who came in by their link an hour ago, with their address."""
    story, alex, link = invited()
    tried(story, alex, *RIGHT, link=link)
    story.wait(hours=1)
    return story, alex, alex.known.mobile_phone
