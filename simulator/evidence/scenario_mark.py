"""What a scenario's judge was asked about, written into the evidence so that it can be asked again.

It is the suite's own note and no observation: nothing is judged by it.
"""

from msgspec import Struct

from reference.contract.events import Moment


class ScenarioJudged(Struct, frozen=True, kw_only=True, tag_field="kind", tag=True):
    """A scenario ended here: so many `records` before this one are of it, but for those left out.

    `left_out` are messages to people of the scenarios before. `steps_held` says that no step failed
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
