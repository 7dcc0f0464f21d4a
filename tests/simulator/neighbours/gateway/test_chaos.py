"""A fault happens as often as it was set, and the same seed draws the same faults."""

import msgspec
import pytest

from simulator.neighbours.gateway.chaos import Chaos, Trigger, Triggers


def _drawn(probability: int, seed: int = 1) -> list[int]:
    chaos = Chaos(seed)
    chaos.triggers = Triggers(sender=Trigger(error_code=421, probability=probability))
    return [chaos.code("Sender") for _ in range(2000)]


def test_nothing_fails_until_it_is_switched_on() -> None:
    """Without a trigger, and for the other commands, there is no fault."""
    chaos = Chaos()
    chaos.triggers = Triggers(recipient=Trigger(error_code=550, probability=100))

    assert chaos.code("Sender") == chaos.code("Authentication") == 0
    assert chaos.code("Recipient") == 550


@pytest.mark.parametrize("probability", [0, 20, 50, 100])
def test_a_fault_happens_as_often_as_was_set(probability: int) -> None:
    """Of 2,000 draws the share is within 4 standard deviations of the probability."""
    failed = sum(code == 421 for code in _drawn(probability))
    spread = 4 * (2000 * probability * (100 - probability)) ** 0.5 / 100

    assert abs(failed - 20 * probability) <= spread


def test_a_seed_repeats() -> None:
    """The same seed draws the same faults, another seed others."""
    assert _drawn(50, seed=3) == _drawn(50, seed=3) != _drawn(50, seed=4)


@pytest.mark.parametrize(
    "given",
    [
        b'{"Sender": {"ErrorCode": 200, "Probability": 5}}',
        b'{"Sender": {"ErrorCode": 451, "Probability": 101}}',
        b'{"Sender": {"ErrorCode": 451, "Probability": -1}}',
        b'{"Weather": {"ErrorCode": 451, "Probability": 5}}',
    ],
)
def test_a_fault_that_cannot_be_is_refused(given: bytes) -> None:
    """A code that is no failure, a share above 100 and an unknown trigger are refused."""
    with pytest.raises(msgspec.ValidationError):
        msgspec.json.decode(given, type=Triggers)
