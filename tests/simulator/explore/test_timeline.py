"""Many stories on one portal: each comes to what it comes to alone, and fails by itself."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import pytest
from msgspec import structs

from simulator.errors import PortalNonsense
from simulator.explore.cloths import cloths_of, play_cloth
from simulator.explore.company import in_company
from simulator.explore.fresh_portals import FreshPortals
from simulator.explore.judged_story import Failure
from simulator.explore.steps import Breakdown, Guess, Wait
from simulator.explore.story import OrderChange, Story
from simulator.explore.tally import Tally, played_of
from simulator.explore.timeline import BrokeOff, Timeline, fresh_timeline
from simulator.world.world import World
from tests.simulator.explore.stories import PLAIN, drawn_stories, order, reference, story

#: Not those that play alone too.
NUMBERS = range(1, 7)


def drawn() -> list[tuple[int, Story]]:
    """Give some drawn stories of the force's own order."""
    found = drawn_stories(40, phase=2, seed=61)
    return list(zip(NUMBERS, (one for one in found if not one.order), strict=False))


def fingerprints(found: Sequence[Any]) -> list[set[str]]:
    """Give what failed in each."""
    return [{failure.fingerprint for failure in woven.judged.failures} for woven in found]


@pytest.mark.slow(seconds=6)
def test_a_story_comes_to_the_same_beside_others() -> None:
    """Each has the messages and tasks that it has alone, with the same people and days."""
    tried = reference()
    woven = play_cloth(FreshPortals(tried), drawn())
    assert [one.number for one in woven] == [*NUMBERS]
    for one in woven:
        alone = tried.judged(one.story)
        assert not one.judged.failures
        assert not alone.failures
        assert _kinds(one.judged) == _kinds(alone)


def _kinds(judged: Any) -> dict[str, int]:
    kinds = [type(record).__name__ for record in judged.records]
    return {kind: kinds.count(kind) for kind in sorted({*kinds})}


def test_a_failure_while_time_passes_for_several_is_of_none_of_them(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Those that had not ended are played alone."""
    tried = reference()
    advance, fails = World.advance, [True]

    def broken(world: World, to: datetime) -> None:
        if fails and to > order().go_live_at(1) + timedelta(days=1):
            fails.pop()
            raise PortalNonsense("POST /test-clock answered 500")
        advance(world, to)

    monkeypatch.setattr(World, "advance", broken)
    cloth = [(number, structs.replace(story(*PLAIN), seed=f"{number}")) for number in (1, 2)]
    stories = [one for _number, one in cloth]
    with (
        fresh_timeline(tried.target, order(), tried.secrets, stories, source="s") as timeline,
        pytest.raises(BrokeOff),
    ):
        timeline.play(stories)
    fails.append(True)
    found = play_cloth(FreshPortals(tried), cloth)
    assert [(one.number, one.judged.failures) for one in found] == [(1, ()), (2, ())]


def test_what_fails_only_in_company_is_shown_with_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """By one story with the people of both, which is none of the stories that were played."""
    failure = Failure(fingerprint="f", requirement="", harm="", expected="one", observed="two")
    play = Timeline.play

    def played(timeline: Timeline, stories: Sequence[Story]) -> Any:
        crowd = len(stories) > 1 or len(stories[0].people) > 1
        return [
            structs.replace(judged, failures=(failure,) if crowd else ())
            for judged in play(timeline, stories)
        ]

    monkeypatch.setattr(Timeline, "play", played)
    cloth = [(number, structs.replace(story(*PLAIN), seed=f"{number}")) for number in (1, 2)]

    def woven(portals: FreshPortals, asked: Any) -> Any:
        judged = portals.alone(*asked[0]).judged
        return asked, dict.fromkeys((0, 1), structs.replace(judged, failures=(failure,)))

    monkeypatch.setattr(FreshPortals, "side_by_side", woven)
    found = play_cloth(FreshPortals(reference()), cloth)
    assert [one.number for one in found] == [1, 2]
    assert found[0].judged.failures == ()
    [failing] = found[0].company
    assert failing.failure == structs.replace(failure, observed="seen only in company: two")
    tally = Tally()
    for one in found:
        others = one.company
        tally.take(played_of(one.story, one.judged, order(), number=one.number, others=others))
    assert (tally.stories, tally.failures) == (2, 1)
    assert len(tally.first_of("f").story.people) == 2


def test_one_story_of_several_has_every_step_at_its_time() -> None:
    """People keep their own steps, under labels of their own."""
    one = story(*PLAIN)
    later = structs.replace(one, begins_at=one.begins_at.replace(minute=30))
    both = in_company([one, later])
    assert len({person.label for person in both.people}) == 2
    acts = [step for step in both.steps if not isinstance(step, Wait)]
    assert len(acts) == 2 * sum(not isinstance(step, Wait) for step in PLAIN)
    waits = sum(step.seconds for step in both.steps if isinstance(step, Wait))
    ends = waits + both.ends_after_seconds
    own = sum(step.seconds for step in PLAIN if isinstance(step, Wait))
    assert ends == own + one.ends_after_seconds + (later.begins_at - one.begins_at).seconds


def test_what_needs_a_portal_of_its_own_is_in_no_cloth() -> None:
    """Another order, or a flood; outages are apart from the rest."""
    plain = story(*PLAIN)
    flood = story(*PLAIN, Guess(person="Sam", by="text", wrong="code", times=1, sign_ins=9))
    ordered = structs.replace(plain, order=(OrderChange(field="messages.week", value="week"),))
    outage = story(Breakdown(what="gateway down"), *PLAIN)
    found = list(cloths_of(list(enumerate((plain, flood, outage, plain, ordered, outage)))))
    assert sorted([number for number, _story in cloth] for cloth in found) == [
        [0, 3], [1], [2, 5], [4],
    ]  # fmt: skip
