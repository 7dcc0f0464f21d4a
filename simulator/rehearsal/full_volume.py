"""From the crimes that went through the portal to all of them: who still rings, at full volume.

Every crime's worries are there. What became of a followed victim's is known. Another victim's worry
is settled with the share of alike followed worries that were: alike in what was drawn in advance,
and in the phase that was live. One that arises only with a portal becomes a call with the share of
alike ones that did. So calls are thinned and none is copied.
"""

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from simulator.rehearsal.worries import (
    TOO_MANY,
    UNTOLD,
    Seconds,
    Worries,
    WorryParameters,
    may_be_calmed,
)
from simulator.streams import Streams

_DAY = 86_400
# With fewer alike in one phase, those of all phases count.
_ALIKE_MIN = 20
_PHASES = 4
_ANSWERS = 5
_WRITES, _RINGS = 3, 4
# Worries that only a portal makes: of silence in victims who would sign in, before the end and
# after it, and of too many messages in those who would not and who would.
_NEW_SILENCE, _NEW_UNTOLD, _NEW_TOO_MANY = (1 + 2 * _ANSWERS + each for each in (0, 1, 2))
#: Kinds of worries: those that no portal changes, then by what was drawn in advance.
KINDS = _NEW_TOO_MANY + 2
# The calls that other victims make because of messages like one that was sent to a followed victim
# come at its hour of the day, within a week.
_SPREAD_DAYS = 7
_SPREAD_SECONDS = _SPREAD_DAYS * 86_400


@dataclass(frozen=True)
class Settled:
    """The calls that a portal saves for each worry, by kind of worry and phase that is live.

    Where worries arise only with a portal it is below 0: the share that become calls.
    """

    shares: NDArray[np.float64]

    def chance(self, kinds: NDArray[np.intp], phases: NDArray[np.intp]) -> NDArray[np.float64]:
        """Give the calls saved for each worry: from -1 to 1."""
        found: NDArray[np.float64] = self.shares[kinds, phases]
        return found


def kinds_of_worry(
    worries: Worries,
    is_invited: NDArray[np.bool_],
    registers: NDArray[np.bool_],
    parameters: WorryParameters,
) -> NDArray[np.intp]:
    """Group worries by what was drawn in advance; 0 for those that no portal changes.

    `is_invited` and `registers` have one entry a worry: the victim is to be invited, and would then
    sign in. Victims who do not may only get too many messages.
    """
    looks = worries.looks < parameters.looks_at_portal_first.value
    answers = np.select(
        [
            ~looks,
            worries.answered < parameters.content_without_news.value,
            worries.answered < parameters.finds_answer.value,
            worries.asks < parameters.asks_officer_instead.value,
        ],
        [0, 1, 2, _WRITES],
        _RINGS,
    )
    kinds = np.where(registers, 1 + _ANSWERS * may_be_calmed(worries, parameters) + answers, 0)
    is_new = ~worries.arises
    kinds[is_new & registers] = _NEW_SILENCE
    kinds[(worries.cause == UNTOLD) & registers] = _NEW_UNTOLD
    is_too_much = worries.cause == TOO_MANY
    kinds[is_too_much] = _NEW_TOO_MANY + registers[is_too_much]
    return np.where(is_invited, kinds, 0).astype(np.intp)


def calls_saved(worries: Worries, rang: NDArray[np.bool_]) -> NDArray[np.int8]:
    """Give the calls saved of each worry: 1, 0, or -1 for one that arose with a portal alone."""
    return worries.arises.astype(np.int8) - rang


def settled_shares(
    kinds: NDArray[np.intp],
    phases: NDArray[np.intp],
    saved: NDArray[np.int8],
    *,
    weights: NDArray[np.float64] | None = None,
) -> Settled:
    """Count the share saved of the followed worries. No portal changes any in phase 0.

    With `weights`, each worry counts so many times.
    """
    each = np.ones(len(kinds)) if weights is None else weights
    worries, settled = (
        np.zeros((KINDS, _PHASES)),
        np.zeros((KINDS, _PHASES)),
    )
    np.add.at(worries, (kinds, phases), each)
    np.add.at(settled, (kinds, phases), each * saved)
    worries[:, 0] = settled[:, 0] = 0
    of_all = settled.sum(axis=1) / np.maximum(worries.sum(axis=1), 1)
    shares = np.where(
        worries >= _ALIKE_MIN, settled / np.maximum(worries, 1), of_all[:, np.newaxis]
    )
    shares[:, 0] = 0
    return Settled(shares)


def settled_error(
    worries: Worries,
    kinds: NDArray[np.intp],
    phases: NDArray[np.intp],
    *,
    followed: NDArray[np.intp],
    followed_rang: NDArray[np.bool_],
    counted: NDArray[np.bool_],
    made: NDArray[np.float64] | None = None,
) -> float:
    """Give the standard error of the calls saved of the worries `counted`, by who was followed.

    Each followed worry stands for alike ones; those of one victim belong together, so a victim is
    drawn and not a worry (the variance of a ratio estimate, Cochran, 1977, chapter 6). `made` has
    by crime the calls that messages to its followed victim stand for: with it the error is that of
    the worries settled less these calls, since a victim who was drawn is in both.
    """
    cells = np.zeros((KINDS, _PHASES))
    np.add.at(cells, (kinds[counted], phases[counted]), 1)
    mine = (kinds[followed], phases[followed])
    alike = np.zeros((KINDS, _PHASES))
    np.add.at(alike, mine, 1)
    saved = calls_saved(worries[followed], followed_rang)
    chance = settled_shares(*mine, saved).chance(*mine)
    # The followed worries among those counted are known.
    known = np.zeros((KINDS, _PHASES))
    is_counted = counted[followed]
    np.add.at(known, (mine[0][is_counted], mine[1][is_counted]), 1)
    weights = (cells - known)[mine] / alike[mine]
    off = weights * (saved - chance)
    size = 0 if made is None else len(made)
    by_victim = np.bincount(worries.row[followed], weights=off, minlength=size).astype(np.float64)
    if made is not None:
        by_victim -= made
    return float(np.sqrt((by_victim**2).sum()))


def who_rings(
    worries: Worries,
    kinds: NDArray[np.intp],
    phases: NDArray[np.intp],
    *,
    followed: NDArray[np.intp],
    followed_rang: NDArray[np.bool_],
) -> NDArray[np.bool_]:
    """Return for each worry whether it becomes a call. `followed` are the indices of the known."""
    saved = calls_saved(worries[followed], followed_rang)
    settled = settled_shares(kinds[followed], phases[followed], saved)
    rings = rings_by_chance(worries, settled.chance(kinds, phases))
    rings[followed] = followed_rang
    return rings


def rings_by_chance(worries: Worries, chance: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Return for each worry whether it becomes a call, if so many calls are saved for each."""
    rings: NDArray[np.bool_] = worries.thinned < worries.arises - chance
    return rings


#: One row of `Told`, in the order of its columns.
ToldRow: TypeAlias = tuple[int, int, bool, bool, bool, float, bool, bool]


def refusal(at_seconds: int, row: int, *, rings: bool) -> ToldRow:
    """Give the row of a sign-in that was refused."""
    return (at_seconds, row, False, rings, False, 0.0, False, True)


@dataclass(frozen=True)
class Told:
    """Messages that reached victims, at full seconds, and sign-ins that were refused, by time.

    `is_new` says that the victim had not signed in before, and that it was no invitation, for which
    they waited. `is_too_many` says that the week had too many before it, which victims like less;
    the calls that it makes are worries of their own (TOO_MANY), in none of the chances here. `rang`
    says that they rang because of it. `other_chance` is the chance of that for what the victim is
    like: it is the same however many register. `is_invitation` says that it was one. `is_refusal`
    says that it was no message, but a sign-in that did not work: of that there is only whether the
    victim rang.
    """

    at_seconds: Seconds
    row: NDArray[np.intp]
    is_new: NDArray[np.bool_]
    rang: NDArray[np.bool_]
    is_too_many: NDArray[np.bool_]
    other_chance: NDArray[np.float64]
    is_invitation: NDArray[np.bool_]
    is_refusal: NDArray[np.bool_]

    def of_those_not_signed_in(self) -> "Told":
        """Take the same messages, as if their victims had never signed in, or tried to."""
        is_new = ~self.is_invitation & ~self.is_refusal
        return replace(self, is_new=is_new, is_refusal=np.zeros_like(self.is_refusal))

    def messages(self) -> "Told":
        """Take the messages, without the sign-ins that were refused."""
        return self.of_rows(~self.is_refusal)

    def of_rows(self, which: NDArray[np.bool_]) -> "Told":
        """Take some of the messages."""
        return Told(*(getattr(self, each.name)[which] for each in fields(self)))

    @classmethod
    def of(cls, rows: Sequence[ToldRow]) -> "Told":
        """Turn rows into columns."""
        kinds = (np.int64, np.int64, *[np.bool_] * 3, np.float64, *[np.bool_] * 2)
        columns: list[NDArray[Any]] = [
            np.fromiter((each[place] for each in rows), dtype=kind, count=len(rows))
            for place, kind in enumerate(kinds)
        ]
        return cls(*columns)

    def in_order(self) -> "Told":
        """Put the rows in the order of their columns, the time first."""
        columns = [getattr(self, each.name) for each in fields(self)]
        order = np.lexsort(columns[::-1])
        return Told(*(column[order] for column in columns))

    def chances(self, parameters: WorryParameters) -> NDArray[np.float64]:
        """Give each message's or refusal's chance of making its victim ring."""
        new, refused, other = self.chances_by_cause(parameters)
        return new + refused + other

    def chances_by_cause(
        self, parameters: WorryParameters
    ) -> tuple[NDArray[np.floating[Any]], NDArray[np.floating[Any]], NDArray[np.float64]]:
        """Give that chance in three: not signed in before, a refusal, what the victim is like.

        The last is little trust, or a language or format that messages have not.
        """
        return (
            self.is_new * parameters.message_makes_call.value,
            self.is_refusal * parameters.refused_sign_in_makes_call.value,
            self.other_chance,
        )


def made_by_victim(
    told: Told, parameters: WorryParameters, fraction: float, crimes: int
) -> NDArray[np.float64]:
    """Give by crime how many calls of others the messages to its followed victim stand for."""
    chances = told.chances(parameters) * (1 / fraction - 1)
    return np.bincount(told.row, weights=chances, minlength=crimes).astype(np.float64)


def call_chance(parameters: WorryParameters, *, is_new: bool, other_chance: float) -> float:
    """Give the chance that one message makes its victim ring, as `Told.chances` does."""
    return is_new * parameters.message_makes_call.value + other_chance


def is_too_many(before: list[int], now: int, parameters: WorryParameters) -> bool:
    """Say whether a message that comes now is one too many; note it among those `before`.

    It costs trust at once. Whether it makes a worry is asked in the week after it.
    """
    return messages_of_week(before, now, comes=True) > parameters.too_many_in_week.value


def messages_of_week(before: list[int], now: int, *, comes: bool = False) -> int:
    """Count the messages of the last seven days, with one that `comes` now; forget older ones."""
    since = now - _SPREAD_SECONDS
    while before and before[0] <= since:
        before.pop(0)
    if comes:
        before.append(now)
    return len(before)


def prompted_calls(
    told: Told, parameters: WorryParameters, fraction: float, streams: Streams, *, name: str
) -> Seconds:
    """Give the moments of calls that messages made, in order of time, at full volume.

    A message to a followed victim stands for 1/fraction messages, each of which makes a call with
    the same chance. The followed victim's own call is as it was.
    """
    own = told.at_seconds[told.rang]
    stream = streams.for_(f"{name}: calls that messages make")
    chances = told.chances(parameters)
    new = told.at_seconds[chances > 0]
    counts = stream.poisson(chances[chances > 0] * max(1 / fraction - 1, 0))
    days = stream.integers(0, _SPREAD_DAYS, counts.sum())
    within = stream.integers(0, 3600, counts.sum())
    others = np.repeat(new // 3600 * 3600, counts) + days * _DAY + within
    return np.sort(np.concatenate([own, others])).astype(np.int64)
