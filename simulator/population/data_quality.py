"""Stage 2 of a rehearsal: what the force wrote down, with the truth kept beside it.

Faults are columns, one row a person, each drawn from its own stream. A wrong number stays in
Ofcom's range of drama mobiles, or lacks a digit, so it never belongs to a real person. A wrong
address keeps its reserved domain.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from simulator.files.checked_toml import Share
from simulator.population.drama_numbers import NONE, SPELLINGS, other_mobile
from simulator.population.fault_rates import DataQualityParameters
from simulator.population.recorded import EmailFault, NameFault, NumberFault, Recorded, TruePeople
from simulator.streams import Streams

_HOW_MAX = 2**31


def record_with_faults(
    people: TruePeople, *, parameters: DataQualityParameters, streams: Streams
) -> Recorded:
    """Draw what the force wrote down about `people`, with its faults.

    If two faults exclude each other, the first of missing, undialable and wrong is kept.
    """
    draws = _Draws.at_intakes(len(people.mobile), parameters, streams)
    both_missing = draws.happens("both_missing")
    number = _number_faults(people.mobile != NONE, both_missing, draws)
    number_how = draws.how("number")
    email, email_of = _email_faults(people.has_email, both_missing, draws)
    number_there = (people.mobile != NONE) & (number != NumberFault.MISSING)
    email_there = people.has_email & (email != EmailFault.MISSING)
    email_in_mobile_field = email_there & draws.happens("email_in_mobile_field")
    in_other_field = draws.happens("mobile_in_other_field")
    # If the victim has no number of their own there, the other field has someone else's.
    is_anothers = number_there & in_other_field & (number == NumberFault.NONE)
    is_anothers &= draws.share("other_field_anothers")
    number = np.where(is_anothers, NumberFault.ANOTHERS, number).astype(np.int8)
    in_other_field = in_other_field | email_in_mobile_field
    return Recorded(
        people=people,
        intake=draws.intake,
        name=_name_faults(draws),
        number=number,
        email=email,
        mobile_in_other_field=number_there & in_other_field,
        email_in_mobile_field=email_in_mobile_field,
        mobile_written=_mobiles_written(people.mobile, number, number_how, draws),
        email_of=email_of,
        name_how=draws.how("name"),
        number_how=number_how,
        email_how=draws.how("email"),
        spelling=_spellings(draws),
    )


@dataclass(frozen=True)
class _Draws:
    """Draws for all people, each from a stream named after what is drawn."""

    count: int
    parameters: DataQualityParameters
    streams: Streams
    intake: NDArray[np.int8]

    @classmethod
    def at_intakes(
        cls, count: int, parameters: DataQualityParameters, streams: Streams
    ) -> "_Draws":
        shares = [each.share.value for each in parameters.intake.values()]
        rng = streams.for_("data_quality.intake")
        return cls(count, parameters, streams, _weighted(rng, shares, count))

    def stream(self, name: str) -> np.random.Generator:
        return self.streams.for_(f"data_quality.{name}")

    def happens(self, fault: str) -> NDArray[np.bool_]:
        """Draw a fault, which is more frequent at some intakes."""
        chances = np.array(self.parameters.chances(getattr(self.parameters, fault)))
        return self.stream(fault).random(self.count) < chances[self.intake]

    def share(self, name: str) -> NDArray[np.bool_]:
        """Draw a share that is the same at every intake."""
        rate: Share = getattr(self.parameters, name)
        return self.stream(name).random(self.count) < rate.value

    def how(self, name: str) -> NDArray[np.int64]:
        return self.stream(f"{name}_how").integers(_HOW_MAX, size=self.count)


def _name_faults(draws: _Draws) -> NDArray[np.int8]:
    kinds = _weighted(draws.stream("name_mix"), draws.parameters.name_mix.weights, draws.count)
    return np.where(draws.happens("name_wrong"), kinds + 1, NameFault.NONE).astype(np.int8)


def _number_faults(
    has_mobile: NDArray[np.bool_], both_missing: NDArray[np.bool_], draws: _Draws
) -> NDArray[np.int8]:
    return np.select(
        [
            ~has_mobile,
            both_missing | draws.happens("mobile_missing"),
            draws.happens("mobile_undialable"),
            draws.happens("mobile_wrong"),
        ],
        [NumberFault.NONE, NumberFault.MISSING, NumberFault.UNDIALABLE, NumberFault.WRONG],
        default=NumberFault.NONE,
    ).astype(np.int8)


def _mobiles_written(
    true: NDArray[np.int16],
    number: NDArray[np.int8],
    how: NDArray[np.int64],
    draws: _Draws,
) -> NDArray[np.int16]:
    others = (number == NumberFault.WRONG) | (number == NumberFault.ANOTHERS)
    written = np.where((number == NumberFault.NONE) | others, true, NONE).astype(np.int16)
    transposed = draws.share("mobile_wrong_transposed") & (number == NumberFault.WRONG)
    for i in np.flatnonzero(others):
        written[i] = other_mobile(int(true[i]), transposed=bool(transposed[i]), how=int(how[i]))
    return written


def _email_faults(
    has_email: NDArray[np.bool_], both_missing: NDArray[np.bool_], draws: _Draws
) -> tuple[NDArray[np.int8], NDArray[np.int32]]:
    """Draw the faults of email addresses, and the person whose address was written down."""
    holders = np.flatnonzero(has_email).astype(np.int32)
    wrong = draws.happens("email_wrong")
    reaches = draws.share("email_wrong_reaches_another") & (len(holders) > 1)
    email = np.select(
        [
            ~has_email,
            both_missing | draws.happens("email_missing"),
            wrong & reaches,
            wrong,
        ],
        [EmailFault.NONE, EmailFault.MISSING, EmailFault.REACHES_ANOTHER, EmailFault.BOUNCES],
        default=EmailFault.NONE,
    ).astype(np.int8)
    email_of = np.arange(draws.count, dtype=np.int32)
    anothers = np.flatnonzero(email == EmailFault.REACHES_ANOTHER)
    # A step of 1 to len-1 round the holders reaches any of them except the person.
    steps = 1 + draws.how("email_of")[anothers] % max(1, len(holders) - 1)
    own = np.searchsorted(holders, anothers)
    email_of[anothers] = holders[(own + steps) % max(1, len(holders))]
    return email, email_of


def _spellings(draws: _Draws) -> NDArray[np.int8]:
    otherwise = draws.share("number_spelt_otherwise")
    ways = draws.stream("spelling").integers(1, SPELLINGS, size=draws.count)
    return np.where(otherwise, ways, 0).astype(np.int8)


def _weighted(rng: np.random.Generator, weights: list[float], count: int) -> NDArray[np.int8]:
    bounds = np.cumsum(weights)
    places: NDArray[np.intp] = np.searchsorted(bounds, rng.random(count) * bounds[-1], side="right")
    return places.astype(np.int8)
