"""Uptake: with few registered, messages make more calls than the portal saves."""

from dataclasses import fields, replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import structs

from simulator.rehearsal.full_volume import KINDS, Settled, Told, refusal
from simulator.rehearsal.rollout import read_rollout
from simulator.rehearsal.uptake import SHARES, QuarterUse, calls_of_messages, reckon_uptake
from simulator.rehearsal.worries import TOO_MANY, Worries
from tests.simulator.real_files import ROLLOUT

WORRY = read_rollout(ROLLOUT).worry
CRIMES, FRACTION = 10_000, 0.1


def use(
    *,
    chance: float = 0.5,
    message_makes_call: float = 0.01,
    too_many: float = 0.0,
    other_chance: float = 0.0,
) -> QuarterUse:
    """Make a quarter: one worry a crime, all to be invited; six messages to each followed one.

    Each crime has one more worry that only too many messages make, of which `too_many` are calls.
    The draws are evenly spread, so a share registers exactly; half register in the run.
    """
    rows = np.arange(CRIMES)
    draws = (rows + 0.5) / CRIMES
    twice, is_new = np.repeat(rows, 2), np.tile([False, True], CRIMES)
    nothing = np.zeros(2 * CRIMES)
    shares = np.zeros((KINDS, 4))
    shares[1:11], shares[-2:] = chance, -too_many
    followed = rows[:: int(1 / FRACTION)]
    told = [
        (int(row), int(row), draws[row] >= 0.5, False, False, other_chance, False, False)
        for row in followed
        for _number in range(6)
    ]
    return QuarterUse(
        worries=Worries(
            twice, twice, np.where(is_new, TOO_MANY, 0).astype(np.int8), ~is_new, *[nothing] * 6
        ),
        phases=np.full(2 * CRIMES, 3),
        settled=Settled(shares),
        may_register=np.ones(CRIMES, dtype=np.bool_),
        draws=draws,
        told=Told.of(told),
        registers=0.5,
        invited=1000,
        registered=400,
        fraction=FRACTION,
        calls_saved=5000 * chance - CRIMES * too_many,
        calls_made=30_000 * message_makes_call + 60_000 * other_chance,
        saved_error=100.0,
        calls_101=50_000,
        parameters=structs.replace(
            WORRY,
            message_makes_call=structs.replace(WORRY.message_makes_call, value=message_makes_call),
        ),
    )


def test_each_share_is_reckoned_as_by_hand() -> None:
    """At 10%: 1,000 worries settled by half, 9,000 victims with 6 messages, 1% of which ring."""
    found = reckon_uptake(use())

    assert [each.registers for each in found.shares] == list(SHARES)
    tenth = found.shares[1]
    assert (tenth.calls_saved, tenth.calls_made) == (500, 540)
    assert tenth.net_share_of_101 == -0.0008
    # 400 of 1 in 10 had signed in at a half: 4,000, so 800 at a tenth.
    assert tenth.registered == 800
    assert (found.rehearsed, found.published_registered) == (0.5, 6000)


def test_the_published_uptake_is_reckoned_too() -> None:
    """8,000 would register in all if everybody did, so 6,000 are three quarters."""
    found = reckon_uptake(use()).at_published

    assert found is not None
    assert (found.registers, found.registered) == (0.75, 6000)
    assert (found.calls_saved, found.calls_made) == (3750, 150)


def test_where_fewer_could_register_than_were_published_nothing_is_reckoned() -> None:
    """Or where nobody registered at all."""
    for registered in (299, 0):
        assert reckon_uptake(replace(use(), registered=registered)).at_published is None


@given(
    rows=st.lists(
        st.tuples(st.integers(0, 99), st.booleans(), st.booleans(), st.floats(0, 0.1)), max_size=40
    ),
    rehearsed=st.floats(0, 1),
)
def test_at_the_rehearsed_share_messages_make_as_many_calls_as_in_the_run(
    rows: list[tuple[int, bool, bool, float]], rehearsed: float
) -> None:
    """Victims who would not register never signed in: every message makes some of them ring."""
    draws = np.linspace(0, 1.2, 100)
    told = Told.of(
        [
            (at, row, is_new or draws[row] >= rehearsed, False, too_many, other, False, False)
            for at, (row, is_new, too_many, other) in enumerate(rows)
        ]
    )
    found = calls_of_messages(told, draws, rehearsed, rehearsed=rehearsed, parameters=WORRY)

    assert found == pytest.approx(told.chances(WORRY))


@given(
    shares=st.tuples(st.floats(0, 1), st.floats(0, 1)),
    messages=st.integers(1, 6),
    signs_in_after=st.lists(st.integers(0, 6), min_size=30, max_size=30),
    rehearsed=st.sampled_from([0.6, 1.0]),
)
def test_fewer_who_register_never_make_fewer_calls_in_all(
    shares: tuple[float, float], messages: int, signs_in_after: list[int], rehearsed: float
) -> None:
    """Where all get as many messages: one to somebody who signed in makes none. So does the first.

    That is the invitation. The calls of single victims may be more: each stands for others alike.
    """
    size = 30 if rehearsed == 1.0 else 50
    draws = (np.arange(size) + 0.5) / size
    told = Told.of(
        [
            (
                number,
                row,
                number > 0 and (draws[row] >= rehearsed or number <= signs_in_after[row]),
                False,
                False,
                0.0,
                number == 0,
                False,
            )
            for row in range(size)
            for number in range(messages + 1)
        ]
    )
    few, many = (
        calls_of_messages(told, draws, each, rehearsed=rehearsed, parameters=WORRY)
        for each in sorted(shares)
    )

    assert few.sum() >= many.sum() - 1e-9
    assert not few[told.is_invitation].any()
    # As many as if nobody registered: each message but the invitation may make a call.
    nobody = calls_of_messages(told, draws, 0.0, rehearsed=rehearsed, parameters=WORRY)
    assert nobody.sum() == pytest.approx(messages * size * WORRY.message_makes_call.value)


def test_a_portal_that_settles_nothing_never_saves_calls() -> None:
    """Its messages make calls at any uptake but a whole one."""
    found = reckon_uptake(use(chance=0))

    assert all(each.net_share_of_101 < 0 for each in found.shares)


def test_where_no_message_makes_a_call_any_uptake_saves() -> None:
    """From the first victim on."""
    found = reckon_uptake(use(message_makes_call=0))

    assert all(each.calls_made == 0 < each.calls_saved for each in found.shares)


def test_if_nobody_registers_nothing_is_divided_by() -> None:
    """A run in which nobody registers is reckoned all the same."""
    found = reckon_uptake(replace(use(), registers=0.0, registered=0))

    assert [each.registered for each in found.shares] == [0, 0, 0, 0]


def test_what_victims_are_like_makes_calls_at_every_share() -> None:
    """Six messages to each of 10,000, 1% of which make them ring for that: 600 more, at any."""
    usual, more = reckon_uptake(use()), reckon_uptake(use(other_chance=0.01))

    for few, many in zip(usual.shares, more.shares, strict=True):
        assert many.calls_made - few.calls_made == 600


def test_too_many_messages_make_calls_at_every_share() -> None:
    """Where 4% of 10,000 ring for that, 400 fewer are saved, signed in or not."""
    usual, more = reckon_uptake(use()), reckon_uptake(use(too_many=0.04))

    for few, many in zip(usual.shares, more.shares, strict=True):
        assert few.calls_saved - many.calls_saved == 400


def test_more_sign_ins_are_refused_where_more_come() -> None:
    """60 of 1 in 10 at a half, a fifth of which ring: 24 at a tenth, and none at nothing."""
    usual = use()
    refused = Told.of([refusal(0, row, rings=False) for row in range(60)])
    told = Told(
        *(np.concatenate([getattr(e, f.name) for e in (usual.told, refused)]) for f in fields(Told))
    )
    more = replace(usual, told=told, calls_made=usual.calls_made + 120)

    found, without = (reckon_uptake(each, (0.0, 0.1, 0.5)).shares for each in (more, usual))

    made = [each.calls_made - other.calls_made for each, other in zip(found, without, strict=True)]
    assert made == [0, 24, 120]


def test_at_the_rehearsed_share_it_is_what_was_rehearsed() -> None:
    """Saved and made come to what the run had, and the other shares are in that measure."""
    found = reckon_uptake(replace(use(), calls_saved=2000, calls_made=450), (0.25, 0.5))

    assert [each.calls_saved for each in found.shares] == [1000, 2000]
    assert [each.calls_made for each in found.shares] == [675, 450]


def test_an_invitation_makes_nobody_ring() -> None:
    """With one among the six messages, five may make a victim ring who does not sign in."""
    usual = use()
    first = np.arange(len(usual.told.row)) % 6 == 0
    told = replace(usual.told, is_new=usual.told.is_new & ~first, is_invitation=first)
    fewer = reckon_uptake(replace(usual, told=told, calls_made=250.0))

    assert [each.calls_made for each in fewer.shares] == [
        round(each.calls_made * 5 / 6) for each in reckon_uptake(usual).shares
    ]
