"""What waits to be sent: tried again and given up, held at night, bundled, and never too much."""

from collections.abc import Callable
from datetime import UTC, datetime, time, timedelta
from functools import partial

import pytest

from reference.contract.events import AnyEvent
from tests.reference.portal.crimes import (
    CRIME,
    EMAIL,
    MOBILE,
    PHASE_2,
    alex,
    allocated,
    closed,
    deployed,
    details,
    enveloped,
    recorded,
    transferred,
)
from tests.reference.portal.neighbours import DOWN, GATEWAY
from tests.reference.portal.scene import Scene, SceneWith


@pytest.fixture
def phase_2(scene_with: SceneWith) -> Scene:
    """A portal in phase 2 at noon; Alex is invited to follow something without advice."""
    scene = scene_with(start=PHASE_2)
    scene.deliver(recorded(offence_subgroup="Public order offences", recorded_at=PHASE_2))
    return scene


@pytest.mark.parametrize("status", [DOWN, 429, 500, 503, 403])
def test_what_the_gateway_could_not_take_is_tried_again(scene: Scene, status: int) -> None:
    """No answer, too many, a failure or a key that is being changed: the message is not lost."""
    scene.neighbours.answers[GATEWAY] = status
    scene.deliver(recorded())

    assert scene.messages == []

    scene.neighbours.answers[GATEWAY] = 201
    scene.advance(minutes=4)

    assert len(scene.messages) == 1


def test_each_try_is_later_than_the_one_before(scene: Scene) -> None:
    """A gateway in trouble is left alone, ever longer, but never for more than an hour."""
    scene.neighbours.answers[GATEWAY] = 500
    scene.deliver(recorded())
    waits = []
    while len(scene.neighbours.tried) < 11:
        due = scene.advance()
        assert due is not None
        waits.append(due - scene.now)
        scene.advance(to=due)

    assert waits == sorted(waits)
    assert waits[0] >= timedelta(seconds=1)
    assert waits[-1] == timedelta(hours=1)


def test_the_portal_gives_up_in_the_end(scene: Scene) -> None:
    """After a day of trying a message is given to a person: nothing is tried for ever, or lost."""
    scene.neighbours.answers[GATEWAY] = 500
    scene.deliver(recorded())
    for _ in range(48):
        scene.advance(hours=1)
    scene.neighbours.answers[GATEWAY] = 201
    scene.advance(days=1)

    assert scene.messages == []
    assert {each["kind"] for each in scene.neighbours.tasks} == {"not_sent"}


def test_a_refusal_is_for_good(scene: Scene) -> None:
    """What the gateway will never take is not sent to it again."""
    scene.neighbours.refused = {MOBILE}
    scene.deliver(recorded())
    scene.neighbours.refused = set()
    scene.advance(days=1)

    assert len([each for each in scene.neighbours.tried if each.url.startswith(GATEWAY)]) == 1


def test_a_refusal_of_one_does_not_hold_up_the_others(scene: Scene) -> None:
    """Each message has a fate of its own."""
    scene.neighbours.refused = {MOBILE}
    scene.deliver(recorded())
    scene.deliver(recorded(alex("sam", mobile_phone="07700900456"), crime="4"))

    assert [each.to for each in scene.messages] == ["07700900456"]


def test_a_retried_invitation_still_works(scene: Scene) -> None:
    """The link that arrives in the end is one that opens."""
    scene.neighbours.answers[GATEWAY] = 500
    scene.deliver(recorded())
    scene.neighbours.answers[GATEWAY] = 201
    scene.advance(minutes=4)

    assert scene.open_invitation(scene.messages[0].link).status == 200


def test_news_joins_a_message_that_still_waits(scene: Scene) -> None:
    """A text that says there is an update serves for the next event as well."""
    scene.deliver(recorded())
    scene.neighbours.answers[GATEWAY] = 500
    scene.deliver(deployed())
    scene.deliver(enveloped(allocated(), id="newest"))
    scene.neighbours.answers[GATEWAY] = 201
    scene.advance(minutes=4)

    assert [each.body["reference"] for each in scene.messages[1:]] == ["newest"]


def test_news_that_comes_while_a_message_is_on_its_way_is_told(scene: Scene) -> None:
    """What the gateway already has cannot say the news that came a moment later."""
    scene.deliver(recorded())
    scene.neighbours.meanwhile = scene.coming(enveloped(allocated(), id="second"))
    scene.deliver(enveloped(deployed(), id="first"))
    scene.advance(hours=1)

    assert [each.body["reference"] for each in scene.messages[1:]] == ["first", "second"]


def test_nothing_goes_at_night(scene_with: SceneWith) -> None:
    """What is wanted in quiet hours goes when they end, with what else came meanwhile."""
    evening = datetime(2026, 6, 3, 20, 30, tzinfo=UTC)
    scene = scene_with(start=evening, quiet_from=time(21), quiet_until=time(8))
    scene.deliver(recorded())
    due = scene.advance(minutes=5)

    assert scene.messages == []
    assert due == datetime(2026, 6, 4, 7, 0, tzinfo=UTC)

    scene.advance(to=due)

    assert len(scene.messages) == 1


def test_nothing_is_tried_again_at_night(scene_with: SceneWith) -> None:
    """A message that failed a minute before nine waits for the morning like any other."""
    evening = datetime(2026, 6, 3, 19, 59, 50, tzinfo=UTC)
    scene = scene_with(start=evening, quiet_from=time(21), quiet_until=time(8))
    scene.neighbours.answers[GATEWAY] = 500
    scene.deliver(recorded())
    scene.neighbours.answers[GATEWAY] = 201
    scene.advance(hours=2)

    assert scene.messages == []

    scene.advance(hours=10)

    assert len(scene.messages) == 1


def test_the_morning_after_the_clocks_change_is_at_eight(scene_with: SceneWith) -> None:
    """In the night of 25 October a message waits an hour longer, for the clock on the wall."""
    night = datetime(2026, 10, 24, 22, 0, tzinfo=UTC)
    scene = scene_with(start=night, quiet_from=time(21), quiet_until=time(8))
    scene.deliver(recorded(recorded_at=night))

    assert scene.advance() == datetime(2026, 10, 25, 8, 0, tzinfo=UTC)


def test_phase_1_tells_at_once(scene: Scene) -> None:
    """Two pieces of news are two messages, and both go as they come."""
    scene.deliver(recorded())
    scene.deliver(deployed())
    scene.deliver(allocated())

    assert len(scene.messages) == 3


def test_phase_2_bundles_what_comes_within_the_hour(phase_2: Scene) -> None:
    """News waits an hour for more news, and both make one message that names the newest."""
    before = len(phase_2.messages)
    phase_2.deliver(deployed(at=phase_2.now))
    phase_2.advance(minutes=59)
    phase_2.deliver(enveloped(allocated(at=phase_2.now), id="newest"))

    assert len(phase_2.messages) == before

    phase_2.advance(minutes=1)
    phase_2.advance(hours=5)

    assert [each.body["reference"] for each in phase_2.messages[before:]] == ["newest"]


def test_phase_2_keeps_the_weekly_limit_and_tells_the_rest_later(phase_2: Scene) -> None:
    """The sixth message of a week waits until the week is over, and then goes."""
    before = len(phase_2.messages)
    for day in range(6):
        phase_2.deliver(allocated(at=phase_2.now))
        phase_2.advance(hours=1)
        phase_2.advance(hours=23 if day < 5 else 0)

    assert len(phase_2.messages) == before + 5

    phase_2.advance(days=3)

    assert len(phase_2.messages) == before + 6


def test_the_weekly_limit_is_of_a_person_not_of_a_crime(phase_2: Scene) -> None:
    """A victim with news of seven crimes on one day is not flooded either."""
    more = [f"4326000010{n}" for n in range(7)]
    phase_2.deliver(
        *(
            recorded(crime=each, offence_subgroup="Public order offences", recorded_at=PHASE_2)
            for each in more
        )
    )
    before = len(phase_2.messages)
    phase_2.deliver(*(deployed(each, at=phase_2.now) for each in more))
    phase_2.advance(hours=2)

    assert len(phase_2.messages) == before + 5

    phase_2.advance(days=8)

    assert len(phase_2.messages) == before + 7


def test_the_weekly_limit_holds_an_automatic_message_past_the_codes_deadline(
    scene_with: SceneWith,
) -> None:
    """It tells no news: "still with us" waits for its week, which news would not."""
    scene = scene_with(start=PHASE_2, per_week_max=1)
    victim = alex(update_frequency_days=1, enhanced_rights=True)
    scene.deliver(recorded(victim, offence_subgroup="Public order offences", recorded_at=PHASE_2))
    before = len(scene.messages)
    scene.deliver(deployed(at=PHASE_2))
    for _day in range(6):
        scene.advance(days=1)

    assert len(scene.messages) == before + 1

    scene.advance(days=1)
    scene.advance(days=1)

    assert len(scene.messages) == before + 2


def test_a_channel_has_a_limit_of_its_own(scene_with: SceneWith) -> None:
    """Emails do not use up the limit for texts."""
    scene = scene_with(start=PHASE_2, per_week_max=1)
    victim = alex(email=EMAIL)
    scene.deliver(recorded(victim, offence_subgroup="Public order offences", recorded_at=PHASE_2))
    before = len(scene.messages)
    scene.deliver(deployed())
    scene.advance(hours=1)

    assert sorted(each.to for each in scene.messages[before:]) == [MOBILE, EMAIL]


def test_only_an_email_of_phase_2_greets_by_a_sound_name(scene_with: SceneWith) -> None:
    """A text names nobody; an email does, in phase 2, when the name can be one, spaces aside."""
    scene = scene_with()
    victims = [
        alex(email=EMAIL, mobile_phone="", given_name=" Alex "),
        alex("sam", email="sam@mail.example", mobile_phone="", given_name="N/A"),
    ]
    scene.deliver(recorded(*victims))
    scene.advance(to=PHASE_2)
    scene.deliver(deployed())
    scene.advance(hours=1)
    greets = {(each.to, "Hello Alex" in each.words) for each in scene.messages if not each.link}

    assert not any("Alex" in each.words for each in scene.messages if each.link)
    assert (EMAIL, True) in greets
    assert ("sam@mail.example", True) not in greets


def test_what_is_overdue_is_told_at_once(phase_2: Scene) -> None:
    """The working days count from when it happened: neither bundle nor limit holds it back."""
    for day in range(6):
        phase_2.deliver(allocated(at=phase_2.now))
        phase_2.advance(hours=1)
        phase_2.advance(hours=23 if day < 5 else 0)
    before = len(phase_2.messages)
    phase_2.deliver(deployed(at=phase_2.now - timedelta(days=9)))
    phase_2.advance(minutes=1)

    assert len(phase_2.messages) == before + 1


def test_enhanced_rights_recorded_late_hasten_what_waits(phase_2: Scene) -> None:
    """What the weekly limit holds back goes by their deadline, counted from when it happened."""
    for _time in range(6):
        phase_2.deliver(allocated(at=phase_2.now))
        phase_2.advance(minutes=70)
    before = len(phase_2.messages)
    phase_2.deliver(details(alex(enhanced_rights=True)))
    phase_2.advance(days=1)

    assert len(phase_2.messages) == before

    phase_2.advance(hours=5)

    assert len(phase_2.messages) == before + 1


def test_regular_word_gives_its_place_to_news_that_enhanced_rights_hasten(
    scene_with: SceneWith,
) -> None:
    """The news goes as one too many, and the word waits until the week has room."""
    scene, other = scene_with(start=PHASE_2, per_week_max=2), "43260000002"
    victim = alex(update_frequency_days=1)
    scene.deliver(recorded(victim, recorded_at=PHASE_2), recorded(victim, crime=other))
    for _time in range(2):
        scene.deliver(deployed(at=scene.now))
        scene.advance(hours=2)
    scene.advance(days=2)  # regular word of the other crime waits for the first one's place
    scene.deliver(deployed(at=scene.now))
    scene.deliver(details(alex(update_frequency_days=1, enhanced_rights=True)))
    scene.advance(to=PHASE_2 + timedelta(days=7))
    before = len(scene.messages)
    scene.advance(hours=2)

    assert len(scene.messages) == before

    scene.advance(days=1)

    assert len(scene.messages) > before


@pytest.mark.parametrize("end", [transferred, partial(closed, outcome=5)])
def test_a_place_that_gets_free_is_for_what_waits_longest(
    scene_with: SceneWith, end: Callable[..., AnyEvent]
) -> None:
    """News that must go as one too many, later that day, leaves the place to older news.

    Advice waits no longer when its case has ended, also where an officer tells that first.
    """
    scene = scene_with(start=PHASE_2, per_week_max=2)
    other, victim = "43260000002", alex(enhanced_rights=True)
    more = {"crime": other, "offence_subgroup": "Public order offences"}
    scene.deliver(recorded(victim, recorded_at=PHASE_2), recorded(victim, **more))
    for crime in (CRIME, other):
        scene.deliver(deployed(crime, at=scene.now))
        scene.advance(hours=1)
        scene.advance(hours=23)
    scene.advance(days=1)  # advice about the bicycle waits for the place of the first message
    scene.advance(days=3)
    before = len(scene.messages)
    scene.deliver(deployed(other, at=scene.now))
    scene.deliver(deployed(at=scene.now), end(at=scene.now))
    scene.advance(to=PHASE_2 + timedelta(days=7, hours=1))

    assert len(scene.messages) == before + 1


def test_news_that_gets_a_free_place_is_not_bundled_again(scene_with: SceneWith) -> None:
    """It goes when the place is free: it has waited long enough for more news."""
    scene = scene_with(start=PHASE_2, per_week_max=2)
    scene.deliver(recorded(recorded_at=PHASE_2))
    for _day in range(2):
        scene.deliver(deployed(at=scene.now))
        scene.advance(hours=1)
        scene.advance(hours=23)
    scene.advance(days=4)  # advice about the bicycle waits for the place of the first message
    scene.deliver(deployed(at=scene.now))
    scene.advance(to=PHASE_2 + timedelta(days=7, minutes=30))
    before = len(scene.messages)
    scene.deliver(closed(at=scene.now, outcome=5))
    scene.advance(to=PHASE_2 + timedelta(days=7, hours=1))

    assert len(scene.messages) == before + 1
