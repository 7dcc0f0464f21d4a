"""From the crimes that went through the portal to all of them: who still rings, at full volume.

Every crime's worries are there. What became of a followed victim's is known. Another victim's worry
is settled with the share of alike followed worries that were: alike in what was drawn in advance,
and in the phase that was live. So calls are thinned and none is copied.
"""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import Any

import numpy as np
from numpy.typing import NDArray

from simulator.rehearsal.worries import Seconds, Worries, WorryParameters, may_be_calmed
from simulator.streams import Streams

_DAY = 86_400
# With fewer alike in one phase, those of all phases count.
_ALIKE_MIN = 20
_PHASES = 4
_ANSWERS = 5
#: Kinds of worries: that of victims who cannot sign in, then by what was drawn in advance.
KINDS = 1 + 2 * _ANSWERS
# The calls that other victims make because of messages like one that was sent to a followed victim
# come at its hour of the day, within a week.
_SPREAD_DAYS = 7
_SPREAD_SECONDS = _SPREAD_DAYS * 86_400


@dataclass(frozen=True)
class Settled:
    """The share of worries that a portal settles, by kind of worry and phase that is live."""

    shares: NDArray[np.float64]

    def chance(self, kinds: NDArray[np.intp], phases: NDArray[np.intp]) -> NDArray[np.float64]:
        """Give each worry's chance of being settled."""
        found: NDArray[np.float64] = self.shares[kinds, phases]
        return found


def kinds_of_worry(
    worries: Worries, can_be_settled: NDArray[np.bool_], parameters: WorryParameters
) -> NDArray[np.intp]:
    """Group worries by what was drawn in advance; 0 for those of victims who cannot sign in.

    `can_be_settled` has one entry a worry: the victim is to be invited and would register.
    """
    looks = worries.looks < parameters.looks_at_portal_first.value
    answers = np.select(
        [
            ~looks,
            worries.answered < parameters.content_without_news.value,
            worries.answered < parameters.finds_answer.value,
            worries.asks < parameters.asks_officer_instead.value,
        ],
        [0, 1, 2, 3],
        4,
    )
    kinds = 1 + _ANSWERS * may_be_calmed(worries, parameters) + answers
    return np.where(can_be_settled, kinds, 0).astype(np.intp)


def settled_shares(
    kinds: NDArray[np.intp],
    phases: NDArray[np.intp],
    is_settled: NDArray[np.bool_],
    *,
    weights: NDArray[np.float64] | None = None,
) -> Settled:
    """Count the share settled of the followed worries. No portal settles any in phase 0.

    With `weights`, each worry counts so many times.
    """
    each = np.ones(len(kinds)) if weights is None else weights
    worries, settled = (
        np.zeros((KINDS, _PHASES)),
        np.zeros((KINDS, _PHASES)),
    )
    np.add.at(worries, (kinds, phases), each)
    np.add.at(settled, (kinds, phases), each * is_settled)
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
    """Give the standard error of the worries settled of those `counted`, by who was followed.

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
    chance = settled_shares(*mine, ~followed_rang).chance(*mine)
    # The followed worries among those counted are known.
    known = np.zeros((KINDS, _PHASES))
    is_counted = counted[followed]
    np.add.at(known, (mine[0][is_counted], mine[1][is_counted]), 1)
    weights = (cells - known)[mine] / alike[mine]
    off = weights * (~followed_rang - chance)
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
    settled = settled_shares(kinds[followed], phases[followed], ~followed_rang)
    rings = worries.thinned >= settled.chance(kinds, phases)
    rings[followed] = followed_rang
    return rings


@dataclass(frozen=True)
class Told:
    """Messages that reached victims, at full seconds: one row a message, by time.

    `is_new` says that the victim had not signed in before, and that it was no invitation, for which
    they waited. `is_too_many` says that the week had too many before it. `rang` says that they rang
    because of it. `other_chance` is the chance of that for what the victim is like: it is the same
    however many register. `is_invitation` says that it was one.
    """

    at_seconds: Seconds
    row: NDArray[np.intp]
    is_new: NDArray[np.bool_]
    rang: NDArray[np.bool_]
    is_too_many: NDArray[np.bool_]
    other_chance: NDArray[np.float64]
    is_invitation: NDArray[np.bool_]

    def of_rows(self, which: NDArray[np.bool_]) -> "Told":
        """Take some of the messages."""
        return Told(*(getattr(self, each.name)[which] for each in fields(self)))

    @classmethod
    def of(cls, rows: Sequence[tuple[int, int, bool, bool, bool, float, bool]]) -> "Told":
        """Turn rows into columns."""
        kinds = (np.int64, np.int64, np.bool_, np.bool_, np.bool_, np.float64, np.bool_)
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
        """Give each message's chance of making its victim ring."""
        new, too_many, other = self.chances_by_cause(parameters)
        return new + too_many + other

    def chances_by_cause(
        self, parameters: WorryParameters
    ) -> tuple[NDArray[np.floating[Any]], NDArray[np.floating[Any]], NDArray[np.float64]]:
        """Give that chance in three: not signed in before, one too many, what the victim is like.

        The last is little trust, or a language or format that messages have not.
        """
        return (
            self.is_new * parameters.message_makes_call.value,
            self.is_too_many * parameters.too_many_makes_call.value,
            self.other_chance,
        )


def made_by_victim(
    told: Told, parameters: WorryParameters, fraction: float, crimes: int
) -> NDArray[np.float64]:
    """Give by crime how many calls of others the messages to its followed victim stand for."""
    chances = told.chances(parameters) * (1 / fraction - 1)
    return np.bincount(told.row, weights=chances, minlength=crimes).astype(np.float64)


def call_chance(
    parameters: WorryParameters, *, is_new: bool, is_too_many: bool, other_chance: float
) -> float:
    """Give the chance that one message makes its victim ring, as `Told.chances` does."""
    return (
        is_new * parameters.message_makes_call.value
        + is_too_many * parameters.too_many_makes_call.value
        + other_chance
    )


def is_too_many(before: list[int], now: int, parameters: WorryParameters) -> bool:
    """Say whether a message that comes now is one too many; note it among those `before`."""
    since = now - _SPREAD_SECONDS
    while before and before[0] <= since:
        before.pop(0)
    before.append(now)
    return len(before) > parameters.too_many_in_week.value


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
