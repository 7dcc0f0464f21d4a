"""Stage 1 of a rehearsal: who the victims are, and how they can really be reached.

People are columns, one row a person; `person(i)` makes the object for one of them. Everybody is
provably synthetic: names from Faker's British vocabulary, phones from Ofcom's ranges for drama or
from a crowd's, which cannot be dialled, and email at domains reserved by RFC 2606.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

import numpy as np
from faker.providers.person.en_GB import Provider as BritishNames
from numpy.typing import NDArray

from reference.contract.events import Channel
from simulator.evidence.records import PersonKnown
from simulator.files import checked_toml
from simulator.files.checked_toml import Amount, Share, Strict
from simulator.force.figures import FIGURES
from simulator.population.drama_numbers import LANDLINES, NONE, ORDINARY_MOBILES
from simulator.population.faults.kinds import Has
from simulator.population.misspelling import has_other_form
from simulator.population.phone_numbers import Numbers, write_landline, write_mobile
from simulator.streams import Streams

PEOPLE_MAX = 5_000_000
_ID_DIGITS = 7
MAIL_DOMAINS = ("example.com", "example.net", "example.org")
WANTED: tuple[tuple[Channel, ...], ...] = (("text", "email"), ("text",), ("email",))

GIVEN_NAMES: tuple[str, ...] = tuple(BritishNames.first_names)
FAMILY_NAMES: tuple[str, ...] = tuple(BritishNames.last_names)
_FAMILY_WEIGHTS = np.array(list(BritishNames.last_names.values()))

_WOMENS = frozenset(BritishNames.first_names_female)
_GIVEN_HAS = np.array(
    [
        Has.OTHER_FORM * has_other_form(each) | Has.MARRIED * (each in _WOMENS)
        for each in GIVEN_NAMES
    ],
    np.uint16,
)

_PLAIN_WORDS = """
acorn almond amber anchor apple apricot apron arrow atlas autumn badge badger bagel bakery
balloon bamboo banjo basil basket beacon beaver beetle bicycle biscuit blanket bluebell bonnet
bookcase bramble breeze brook bucket butter button cabin cactus candle canoe canvas caramel
cardigan carpet carrot castle catkin cedar cello chalk cherry chestnut chimney cinnamon clarinet
clover cobble coconut compass copper coral cottage cricket crocus crystal cuckoo curlew curtain
cushion cygnet daffodil daisy damson dolphin domino donkey dormouse drizzle drum duckling easel
elbow elder ember emerald falcon feather fennel fern ferry fiddle finch flannel flute forest
foxglove fountain galaxy garden garlic ginger glacier goblet gooseberry granite grape guitar
hammock harbour harvest hazelnut heather hedgehog heron honey hopscotch ivory jasmine jigsaw
juniper kestrel kettle kitten ladder lagoon lantern lavender lemon lettuce lilac linen lobster
magnet magpie mango maple marble marigold marmalade meadow melon mitten moonlight mosaic muffin
mustard nectar nettle nutmeg oatmeal octopus olive orchard orchid otter oyster paddle pancake
panda parsley parsnip peacock pebble pelican pepper pigeon pillow plum poppy porridge potter
primrose pudding puffin pumpkin quartz quilt rabbit radish rainbow raisin raspberry ribbon robin
rosemary saddle saffron sandal sapphire saucer scarf seagull shamrock silver skylark snowdrop
sparrow spinach squirrel starfish sunflower swallow tambourine teapot thimble thistle tulip
turnip umbrella velvet violet walnut whistle willow windmill
"""
AGREED_WORDS = tuple(_PLAIN_WORDS.split())


class PeopleParameters(Strict, frozen=True, kw_only=True):
    """How many people can be reached in which way, and their ages; the rest want both channels."""

    ages_on: date
    has_mobile: Share
    has_email: Share
    has_landline: Share
    wants_text_only: Share
    wants_email_only: Share
    under_18: Share
    age_years_typical: Amount
    age_years_max: Amount

    def __post_init__(self) -> None:
        if self.wants_text_only.value + self.wants_email_only.value > 1:
            raise ValueError("wants_text_only and wants_email_only add up to more than 1")
        if not 18 <= self.age_years_typical.value < self.age_years_max.value <= 120:
            raise ValueError("ages must be 18 <= age_years_typical < age_years_max <= 120")


def row_of_person(person_id: str) -> int:
    """Find the row of a person by an id of theirs, also by that of a second record."""
    return int(person_id[1 : 1 + _ID_DIGITS])


@dataclass(frozen=True)
class Person:
    """The truth about one victim; "" for what they do not have."""

    person_id: str
    given_name: str
    family_name: str
    mobile_phone: str
    email: str
    landline: str
    preferred_channels: tuple[Channel, ...]
    agreed_word: str
    born: date

    def known(self, at: datetime, *, faults: tuple[str, ...] = ()) -> PersonKnown:
        """Record the truth about this victim, and the faults in the force's record of them."""
        return PersonKnown(
            at=at,
            person_id=self.person_id,
            role="victim",
            given_name=self.given_name,
            family_name=self.family_name,
            mobile_phone=self.mobile_phone,
            email=self.email,
            faults=faults,
        )


@dataclass(frozen=True)
class People:
    """Many people: arrays of one length, one row a person.

    `mobile` and `landline` count in the ranges of `numbers`; -1 means none. `wanted` indexes
    WANTED, the name columns GIVEN_NAMES and FAMILY_NAMES, and `agreed_word` AGREED_WORDS.
    """

    given_name: NDArray[np.int16]
    family_name: NDArray[np.int16]
    mobile: NDArray[np.int32]
    has_email: NDArray[np.bool_]
    landline: NDArray[np.int32]
    wanted: NDArray[np.int8]
    agreed_word: NDArray[np.int16]
    born: NDArray[np.datetime64]
    numbers: Numbers = "drama"

    def __len__(self) -> int:
        return len(self.mobile)

    def spoilable(self) -> NDArray[np.uint16]:
        """Return what each has that a fault can spoil, as flags of `Has`."""
        days = self.born.astype("datetime64[D]")
        months = days.astype("datetime64[M]")
        day, month = (days - months).astype(np.int64) + 1, months.astype(np.int64) % 12 + 1
        has = _GIVEN_HAS[self.given_name]
        for flag, there in (
            (Has.MOBILE, self.mobile != NONE),
            (Has.EMAIL, self.has_email),
            (Has.SWAPPABLE_BIRTH, (day <= 12) & (day != month)),
        ):
            has |= np.where(there, np.uint16(flag), np.uint16(0))
        return has

    def person(self, i: int) -> Person:
        """Make the person of row `i`."""
        given = GIVEN_NAMES[self.given_name[i]]
        family = FAMILY_NAMES[self.family_name[i]]
        born: date = self.born[i].item()
        return Person(
            person_id=f"p{i:0{_ID_DIGITS}d}",
            given_name=given,
            family_name=family,
            mobile_phone=write_mobile(int(self.mobile[i]), self.numbers),
            email=_email(given, family, i) if self.has_email[i] else "",
            landline=write_landline(int(self.landline[i]), self.numbers),
            preferred_channels=WANTED[self.wanted[i]],
            agreed_word=AGREED_WORDS[self.agreed_word[i]],
            born=born,
        )


def read_people_parameters(*, path: Path = FIGURES / "people.toml") -> PeopleParameters:
    """Read the rates; raises BadInput naming the field."""
    return checked_toml.read(path, PeopleParameters)


def make_people(
    count: int, *, parameters: PeopleParameters, streams: Streams, numbers: Numbers = "drama"
) -> People:
    """Make `count` people (0 to PEOPLE_MAX).

    There are 994 drama mobiles: nobody shares one until all are taken. After that each is held by
    equally many people, within one. Of a crowd's numbers everybody has their own.
    """
    assert 0 <= count <= PEOPLE_MAX
    if numbers == "crowd":
        mobile, landlines = (np.arange(count, dtype=np.int32) for _each in range(2))
    else:
        mobile = _shared_out(count, ORDINARY_MOBILES, streams, "people.mobile")
        landlines = _shared_out(count, range(LANDLINES), streams, "people.landline")
    mobile[~_drawn(count, parameters.has_mobile, streams, "people.has_mobile")] = NONE
    landlines[~_drawn(count, parameters.has_landline, streams, "people.has_landline")] = NONE
    has_email = _drawn(count, parameters.has_email, streams, "people.has_email")
    return People(
        given_name=streams.for_("people.given_name")
        .integers(len(GIVEN_NAMES), size=count)
        .astype(np.int16),
        family_name=_weighted(count, _FAMILY_WEIGHTS, streams, "people.family_name"),
        mobile=mobile,
        has_email=has_email,
        landline=landlines,
        wanted=_wanted(parameters, mobile != NONE, has_email, streams),
        agreed_word=streams.for_("people.agreed_word")
        .integers(len(AGREED_WORDS), size=count)
        .astype(np.int16),
        born=_born(count, parameters, streams),
        numbers=numbers,
    )


def _email(given: str, family: str, i: int) -> str:
    # The row number makes it unique, however many people share the name.
    local = re.sub("[^a-z]", "", f"{given}{family}".lower())
    return f"{local}{i}@{MAIL_DOMAINS[i % len(MAIL_DOMAINS)]}"


def _drawn(count: int, share: Share, streams: Streams, name: str) -> NDArray[np.bool_]:
    return streams.for_(name).random(count) < share.value


def _shared_out(
    count: int, numbers: Sequence[int], streams: Streams, name: str
) -> NDArray[np.int32]:
    in_turn = streams.for_(name).permutation(np.array(numbers, dtype=np.int32))
    held: NDArray[np.int32] = in_turn[np.arange(count) % len(in_turn)]
    return held


def _weighted(
    count: int, weights: NDArray[np.float64], streams: Streams, name: str
) -> NDArray[np.int16]:
    bounds = np.cumsum(weights)
    draws = streams.for_(name).random(count) * bounds[-1]
    places: NDArray[np.intp] = np.searchsorted(bounds, draws, side="right")
    return places.astype(np.int16)


def _wanted(
    parameters: PeopleParameters,
    has_mobile: NDArray[np.bool_],
    has_email: NDArray[np.bool_],
    streams: Streams,
) -> NDArray[np.int8]:
    """Draw the channels that each person wants; a person with one channel wants that one."""
    text, email = parameters.wants_text_only.value, parameters.wants_email_only.value
    draws = streams.for_("people.wanted").random(len(has_mobile))
    wanted = np.select([draws < text, draws < text + email], [1, 2], default=0)
    wanted = np.where(has_mobile & ~has_email, 1, wanted)
    return np.where(has_email & ~has_mobile, 2, wanted).astype(np.int8)


def _born(count: int, parameters: PeopleParameters, streams: Streams) -> NDArray[np.datetime64]:
    """Draw ages: uniform for children, triangular for adults, with more young ones."""
    child = _drawn(count, parameters.under_18, streams, "people.under_18")
    years = np.where(
        child,
        streams.for_("people.child_age").uniform(0, 17.99, count),
        streams.for_("people.adult_age").triangular(
            18.01, parameters.age_years_typical.value, parameters.age_years_max.value, count
        ),
    )
    on = np.datetime64(parameters.ages_on, "D")
    return on - np.ceil(years * 365.25).astype("timedelta64[D]")
