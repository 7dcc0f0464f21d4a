"""Orders as plans make them: a plan's own changes, a message switched off, and settings drawn.

Each is a change of an order's raw file, for `write_small`.
"""

from collections.abc import Callable
from functools import partial
from random import Random
from typing import Any, TypeAlias

import msgspec

from simulator.planning.scenario import read_scenario, read_year
from simulator.planning.variations import messages_off
from tests.simulator.planning.small_plans import PLANS
from tests.simulator.real_files import ORDER, parsed

ChangeRaw: TypeAlias = Callable[[dict[str, Any]], object]

AS_TODAY = PLANS / "as-today.toml"
#: What `plan` switches off in turn, by its events and by the automatic messages.
MESSAGES = (
    *dict.fromkeys(str(each["event"]) for each in parsed(ORDER)["triggers"]),
    "advice",
    "still_with_us",
)
_ALL_OFFENCES = next(
    each.value
    for each in read_scenario(PLANS / "everybody-eligible.toml")[0].changes
    if each.field == "eligibility.offence_subgroups"
)


def put(raw: dict[str, Any], field: str, value: object) -> None:
    """Put a value in a field, as `journey.advice_after_days`; a rate keeps its unit."""
    *tables, last = field.split(".")
    for each in tables:
        raw = raw[each]
    old = raw.get(last)
    raw[last] = old | {"value": value} if isinstance(old, dict) and "value" in old else value


def changed_by(plan: str) -> dict[str, ChangeRaw]:
    """Give what a plan changes, by the file that it changes."""
    changes = read_scenario(PLANS / f"{plan}.toml")[0].changes

    def put_all(file: str, raw: dict[str, Any]) -> None:
        for each in changes:
            if each.file == file:
                put(raw, each.field, each.value)

    return {each.file: partial(put_all, each.file) for each in changes}


def without(message: str) -> ChangeRaw:
    """Switch a message off, as a plan does to find what it saves."""
    files = read_year(read_scenario(AS_TODAY)[1], said_in=str(AS_TODAY))
    order = next(off.order for name, off in messages_off(files) if name == message)

    def change(raw: dict[str, Any]) -> None:
        raw["triggers"] = msgspec.to_builtins(order.triggers)
        raw["journey"] = msgspec.to_builtins(order.journey)

    return change


def drawn(seed: int) -> ChangeRaw:
    """Draw every setting of an order that decides when a victim is told of what."""
    draw = Random(seed)  # noqa: S311  for a test

    def change(raw: dict[str, Any]) -> None:
        choices: dict[str, list[Any]] = {
            "messages.bundle_minutes": [0, 5, 60, 240, 1440],
            "messages.per_week_max": [1, 2, 3, 5, 100],
            "messages.week": ["rolling", "calendar"],
            "catalogue.switched_off": [[], raw["catalogue"]["switched_off"]],
            "journey.still_with_us_days": [1, 3, 7, 28, 400],
            "journey.advice_after_days": [0, 1, 2, 10],
            "journey.advice_for": [{}, *[raw["journey"]["advice_for"]] * 3],
            "eligibility.offence_subgroups": [
                _ALL_OFFENCES,
                raw["eligibility"]["offence_subgroups"],
            ],
            "sensitive_closures.outcomes": [[], [5, 13], [5, 13, 14, 16, 18]],
            "sensitive_closures.offence_subgroups": [[], _ALL_OFFENCES[:9]],
            "deadlines.working_days": [1, 2, 5, 10],
            "sign_in.invitation_days": [1, 14],
        }
        for field, values in choices.items():
            put(raw, field, draw.choice(values))
        if draw.random() < 0.3:
            del raw["messages"]["quiet_from"], raw["messages"]["quiet_until"]
        raw["triggers"] = [each for each in raw["triggers"] if draw.random() < 0.85]
        for each in raw["triggers"]:
            if each["event"] != "CrimeRecorded" and draw.random() < 0.3:
                each["phase"] = draw.choice([1, 2, 3])

    return change
