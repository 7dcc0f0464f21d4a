"""Names of a crowd: as frequent and as diverse as the tables say."""

import numpy as np
import pytest

from simulator.crowd.names import FORCES, expected_collision, read_names
from simulator.population.faults.kinds import Has

NAMES = read_names()


@pytest.mark.parametrize("force", FORCES)
def test_groups_are_those_of_the_census(force: str) -> None:
    """The shares add up to 1, and British names are most, but not all."""
    shares = np.diff(np.concatenate([[0.0], NAMES.shares[force]]))

    assert NAMES.shares[force][-1] == pytest.approx(1)
    assert 0.6 < shares[NAMES.groups.index("white_british")] < 0.9
    assert min(shares) > 0


def test_more_diverse_in_thames_valley() -> None:
    """Slough and Reading are there; the Isle of Wight is not."""
    british = NAMES.groups.index("white_british")

    assert NAMES.shares["thames-valley"][british] < NAMES.shares["hampshire"][british]


def test_words_are_drawn_at_their_weights() -> None:
    """The alias tables draw each word as often as its weight says."""
    count = 200_000
    british = NAMES.groups.index("white_british")
    lots = np.random.default_rng(1).random(count)
    drawn = NAMES.family_tables.draw(np.full(count, british), lots)
    seen = np.bincount(drawn, minlength=len(NAMES.family)) / count
    weights = NAMES.family_weights[british]
    total = sum(weights.values())
    for place in sorted(weights, key=weights.__getitem__)[-50:]:
        expected = weights[place] / total

        assert seen[place] == pytest.approx(expected, abs=5 * (expected / count) ** 0.5)
    assert NAMES.family[int(np.argmax(seen))] == "Smith"


def test_births_follow_their_rank() -> None:
    """The first name of a year is the most frequent, and rarer than 1 birth in 10."""
    place = NAMES.decades.index(1964) * 2
    weights = NAMES.given_weights[place]
    first = max(weights, key=weights.__getitem__)

    assert NAMES.given[first] == "David"
    assert 0.03 < weights[first] / sum(weights.values()) < 0.1


def test_names_have_what_can_be_spoilt() -> None:
    """There are accents, apostrophes, double names and nicknames; all are in Latin letters."""
    family = dict(zip(NAMES.family, NAMES.family_has.tolist(), strict=True))
    given = dict(zip(NAMES.given, NAMES.given_has.tolist(), strict=True))

    assert family["O'Brien"] & Has.PARTS
    assert family["Nguyễn"] & Has.ACCENTS
    assert given["Elizabeth"] & Has.OTHER_FORM
    assert not family["Smith"]
    assert all(each.strip() == each and each for each in (*family, *given))


def test_two_people_seldom_have_one_name() -> None:
    """About 1 pair in some hundred thousand, as in a real population, not 1 in ten thousand."""
    ages = dict.fromkeys(NAMES.decades, 1 / len(NAMES.decades))

    assert 200_000 < 1 / expected_collision(NAMES, "thames-valley", ages) < 2_000_000


def test_nobody_is_called_unknown() -> None:
    """A word for no name is in no list: it would be a fault that is none."""
    assert not {"unknown", "none", "n/a"} & {
        each.casefold() for each in (*read_names().given, *read_names().family)
    }
