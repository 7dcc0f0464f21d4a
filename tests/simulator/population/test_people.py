"""The synthetic people: nobody is real, no two are the same, and the rates are kept."""

import math
from datetime import date

import msgspec
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from simulator.files.checked_toml import Share
from simulator.population.drama_numbers import MAGIC_MOBILES, NONE
from simulator.population.people import (
    AGREED_WORDS,
    FAMILY_NAMES,
    GIVEN_NAMES,
    MAIL_DOMAINS,
    WANTED,
    People,
    PeopleParameters,
    make_people,
    read_people_parameters,
)
from simulator.streams import Streams

PARAMETERS = read_people_parameters()


def changed(**rates: float) -> PeopleParameters:
    """Give the parameters with other shares."""
    shares = {name: Share(value, "share", assumed="a test") for name, value in rates.items()}
    return msgspec.structs.replace(PARAMETERS, **shares)


def people(count: int, *, seed: int = 1, parameters: PeopleParameters = PARAMETERS) -> People:
    """Make people."""
    return make_people(count, parameters=parameters, streams=Streams(seed))


def age_years(born: date, on: date) -> int:
    """Calculate a person's age on a day."""
    return on.year - born.year - ((on.month, on.day) < (born.month, born.day))


@settings(max_examples=25, deadline=None)
@given(seed=st.integers(0, 2**32), count=st.integers(0, 200))
def test_nobody_is_real(seed: int, count: int) -> None:
    """Every mobile, landline and address lies in a range that is reserved for no one."""
    crowd = people(count, seed=seed)
    for i in range(count):
        person = crowd.person(i)

        assert person.mobile_phone == "" or (
            person.mobile_phone.startswith("07700900")
            and len(person.mobile_phone) == 11
            and int(person.mobile_phone[-3:]) not in MAGIC_MOBILES
        )
        assert person.landline == "" or (
            person.landline.startswith(("01184960", "01632960")) and len(person.landline) == 11
        )
        assert person.email == "" or person.email.partition("@")[2] in MAIL_DOMAINS
        assert person.person_id == f"p{i:07d}"


def test_few_people_share_no_mobile() -> None:
    """While there are numbers left, each mobile has one owner."""
    mobile = people(994, parameters=changed(has_mobile=1)).mobile

    assert len(set(mobile.tolist())) == 994


def test_many_people_share_mobiles_evenly() -> None:
    """In a crowd no number is held by many more than any other."""
    mobile = people(99_400, parameters=changed(has_mobile=1)).mobile
    holders = np.bincount(mobile, minlength=1000)

    assert set(holders.tolist()) == {0, 100}


def test_addresses_have_one_owner() -> None:
    """No two people have the same email address, even of the same name."""
    crowd = people(20_000, parameters=changed(has_email=1))
    addresses = {crowd.person(i).email for i in range(len(crowd))}

    assert len(addresses) == 20_000


@pytest.mark.parametrize("name", ["has_mobile", "has_email", "has_landline"])
@pytest.mark.parametrize("share", [0.0, 0.37, 1.0])
def test_shares_are_kept(name: str, share: float) -> None:
    """As many can be reached in a way as the rate says, none at 0 and all at 1."""
    crowd = people(20_000, parameters=changed(**{name: share}))
    column = name.removeprefix("has_")
    has = crowd.has_email if column == "email" else getattr(crowd, column) != NONE
    bound = 4 * math.sqrt(share * (1 - share) / 20_000)

    assert abs(has.mean() - share) <= bound


def test_share_of_children_is_kept() -> None:
    """As many are under 18 on the given day as the rate says, and nobody is too old."""
    crowd = people(20_000, parameters=changed(under_18=0.25))
    ages = [age_years(crowd.person(i).born, PARAMETERS.ages_on) for i in range(len(crowd))]

    assert abs(np.mean([age < 18 for age in ages]) - 0.25) < 4 * math.sqrt(0.25 * 0.75 / 20_000)
    assert min(ages) >= 0
    assert max(ages) <= PARAMETERS.age_years_max.value


def test_wanted_channels_can_be_had() -> None:
    """Somebody who has only a mobile, or only an address, wants that one channel."""
    crowd = people(5_000, parameters=changed(has_mobile=0.5, has_email=0.5))
    for i in range(len(crowd)):
        person = crowd.person(i)
        if person.mobile_phone and not person.email:
            assert person.preferred_channels == ("text",)
        if person.email and not person.mobile_phone:
            assert person.preferred_channels == ("email",)
    assert {0, 1, 2} == set(crowd.wanted.tolist())
    assert len(WANTED) == 3


def test_family_names_follow_their_weights() -> None:
    """A family name is as frequent as Faker's own weights make it."""
    crowd = people(100_000)
    smith = FAMILY_NAMES.index("Smith")
    rare = FAMILY_NAMES.index("Savage")

    assert (crowd.family_name == smith).mean() > 10 * (crowd.family_name == rare).mean()
    assert crowd.given_name.max() == len(GIVEN_NAMES) - 1


def test_one_rate_leaves_the_rest_unmoved() -> None:
    """Changing who has an email address changes no name, number, word or birthday."""
    one, other = people(1_000), people(1_000, parameters=changed(has_email=0.1))

    assert not np.array_equal(one.has_email, other.has_email)
    for column in ("given_name", "family_name", "mobile", "landline", "agreed_word", "born"):
        assert np.array_equal(getattr(one, column), getattr(other, column))


def test_seed_decides_everything() -> None:
    """One seed makes the same people each time; another makes others."""
    assert people(50, seed=3).person(7) == people(50, seed=3).person(7)
    assert people(50, seed=3).person(7) != people(50, seed=4).person(7)


def test_agreed_words_are_plain() -> None:
    """There are about 200 agreed words, all different, in small letters that anybody can spell."""
    assert 200 <= len(set(AGREED_WORDS)) == len(AGREED_WORDS)
    assert all(word.isascii() and word.isalpha() and word.islower() for word in AGREED_WORDS)


def test_wishes_of_more_than_everybody_are_refused() -> None:
    """Shares that add up to more than everybody are a mistake."""
    with pytest.raises(ValueError, match="add up to more than 1"):
        changed(wants_text_only=0.6, wants_email_only=0.6)
