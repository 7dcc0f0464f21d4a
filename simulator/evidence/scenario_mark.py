"""Marks in the evidence which records a scenario was judged on, so that they can be judged again.

It is the suite's own note, not an observation: the judge draws nothing from it.
"""

from msgspec import Struct

from reference.contract.events import Moment


class ScenarioJudged(Struct, frozen=True, kw_only=True, tag_field="kind", tag=True):
    """A scenario ended here; the `records` before this one belong to it, except those left out.

    `left_out` are messages to people of earlier scenarios. `steps_held` says that no step failed
    before the judge was asked.
    """

    at: Moment
    scenario: str
    starts: Moment
    records: int
    people: tuple[str, ...]
    crimes: tuple[str, ...]
    left_out: tuple[str, ...]
    steps_held: bool
