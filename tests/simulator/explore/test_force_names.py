"""Teams, areas, places and organisations differ with the seed, and are nobody's name."""

import re

from faker.providers.person.en_GB import Provider as BritishNames

from simulator.explore.force_names import ForceNames
from simulator.explore.steps import Allocate, MakeAppointment, RecordCrime
from simulator.explore.story_drawing import draw_story
from simulator.population.people import FAMILY_NAMES, GIVEN_NAMES
from tests.simulator.explore.stories import order

DRAWN = tuple(ForceNames(f"{number}") for number in range(200))


def test_each_seed_has_other_names() -> None:
    """A portal that knows the names of one run does not know those of the next."""
    for kind in ("teams", "areas", "places", "organisations"):
        drawn = [getattr(each, kind) for each in DRAWN]
        assert len({*drawn}) > 60, kind
        assert all(len({*names}) == len(names) for names in drawn)
    assert ForceNames("1").places == ForceNames("1").places


def test_no_word_is_a_persons_name() -> None:
    """The judge looks for names in messages: a street must not look like one."""
    people = {*BritishNames.first_names, *BritishNames.last_names, *GIVEN_NAMES, *FAMILY_NAMES}
    for each in DRAWN:
        names = " ".join((*each.areas, *each.places))
        assert not {*re.findall(r"\w+", names)} & (people - {"North", "West"})


def test_stories_have_the_names_of_their_seed() -> None:
    """Every team, area and place is one of its seed or of its own order, or blank."""
    found: dict[str, set[str]] = {"teams": set(), "areas": set(), "places": set()}
    for number in range(40):
        told = draw_story(order(), phase=3, seed=1, number=number)
        names = ForceNames(told.seed)
        of_order = {
            team for each in told.order if each.field == "supervisors" for team in each.value
        }
        used = {
            "teams": {each.team for each in told.steps if isinstance(each, Allocate)},
            "areas": {each.area for each in told.steps if isinstance(each, RecordCrime)},
            "places": {each.place for each in told.steps if isinstance(each, MakeAppointment)},
        }
        for kind, written in used.items():
            # Some are as long as the contract allows, and composed of one over and over.
            values = {each for each in written if len(each) < 199}
            assert values <= {"", *getattr(names, kind), *of_order}
            found[kind] |= values - {""}
    assert all(found.values())
