"""The result of exploring a portal: how much was played, and each defect that stories showed."""

from datetime import datetime

from msgspec import Struct

from simulator.evidence.shown_words import ShownWords
from simulator.verdicts import Finding, Kind


class AlsoSeen(Struct, frozen=True, kw_only=True):
    """Another way in which a defect shows: in so many `stories`, of which `file` is the shortest.

    `finding` is what the judge found; None for an answer that the contract does not allow.
    `differs` is the kind of event or task, if nothing else differs from the defect ("" otherwise).
    """

    fingerprint: str
    requirement: str
    harm: str
    expected: str
    observed: str
    stories: int
    file: str
    rests_on: str = ""
    finding: Finding | None = None
    differs: str = ""


class Defect(Struct, frozen=True, kw_only=True):
    """One thing that goes wrong: what was expected and observed, and the shortest story of it.

    `stories` counts the stories that showed it, of which `first` is the number of the first.
    `feature` is the shortest story as a scenario; `file` plays it again ("" if it was not made).
    `cut_short` says why it may not be the shortest ("" if it is). `requirement_words` is the
    sentence of the requirement. The rest is of the shortest story: `rests_on` names the sentence of
    the order, the contract or the requirements that was broken, `at` is when, `person` is whom it
    is about. `shown_by` is the message, page or answer in which it was found, or the event of which
    nothing came. `timeline` says what happened, and `evidence` is the file with all of it. `also`
    are failures of other kinds that the same mistake seems to cause.
    """

    fingerprint: str
    requirement: str
    harm: str
    expected: str
    observed: str
    stories: int
    first: int
    steps: int
    feature: str
    file: str
    #: FAIL, or REVIEW where it can only be suspected.
    verdict: Kind = "FAIL"
    cut_short: str = ""
    requirement_words: str = ""
    rests_on: str = ""
    at: datetime | None = None
    person: str = ""
    shown_by: tuple[str, ...] = ()
    timeline: tuple[str, ...] = ()
    evidence: str = ""
    #: What the judge found; None for an answer that the contract does not allow.
    finding: Finding | None = None
    also: tuple[AlsoSeen, ...] = ()

    @property
    def requirements(self) -> tuple[str, ...]:
        """Every requirement that it breaks, each once."""
        broken = (self.requirement, *(each.requirement for each in self.also))
        return tuple(dict.fromkeys(filter(None, broken)))

    @property
    def findings(self) -> tuple[Finding, ...]:
        """What the judge found of it, in every way in which it shows."""
        found = (self.finding, *(each.finding for each in self.also))
        return tuple(each for each in found if each is not None)


class EdgeCount(Struct, frozen=True, kw_only=True):
    """One edge of the order or the contract, such as the offence "in: Bicycle theft".

    `stories` met it, and it is `judged` if in one of those the judge decided about it: about a
    field of the order, if by another value it would find or expect something else. `unreachable`
    says why no story can meet it on this portal ("" if one can), and `why_not_judged` why none of
    those that met it judged it ("" if one did, or none met it).
    """

    kind: str
    value: str
    stories: int
    judged: bool
    unreachable: str = ""
    why_not_judged: str = ""


class ReplayJudged(Struct, frozen=True, kw_only=True):
    """What was judged of a story that was played again, of so many `steps`.

    `answers` counts what was shown, by page. `rules` are those of the judge that had something to
    look at.
    """

    steps: int
    answers: dict[str, int]
    rules: tuple[str, ...]


class SeemingOrder(Struct, frozen=True, kw_only=True):
    """How many stories with another order failed, and how many the force's own order explains."""

    explained: int
    failed: int


class ExplorationResult(Struct, frozen=True, kw_only=True):
    """What was explored. The same seed and number of stories give the same result.

    `step_kinds` counts the steps played by kind. `seconds` is the time it took, shrinking included.
    `not_verified` counts the stories that were begun and could not be judged, since the portal
    could not be reached. `stopped` says why it ended before it was to, and `not_replayed` why a
    story that was to be played again was not, or showed nothing ("" for neither).
    `was_interrupted` says that Ctrl-C stopped it. `replayed` is the file of the story that was
    played again ("" for an exploration).
    """

    portal: str
    portal_version: str
    order: str
    reached: str
    phase: int
    seed: int
    stories: int
    steps: int
    messages: int
    seconds: float
    step_kinds: dict[str, int]
    edges: tuple[EdgeCount, ...]
    defects: tuple[Defect, ...]
    verdict: Kind
    stopped: str = ""
    not_verified: int = 0
    not_replayed: str = ""
    was_interrupted: bool = False
    #: So many kinds of failure were counted, and are not among the defects.
    not_shown: int = 0
    replayed: str = ""
    #: What the portal sent and showed, for a person to read.
    words: tuple[ShownWords, ...] = ()
    #: The musts of the phase that the portal claims too little for, each with what is missing.
    musts_not_asked: dict[str, str] = {}
    #: If the portal seems to have the force's order in stories of another.
    seems_ordered: SeemingOrder | None = None
    #: Of a story that was played again in a fresh portal.
    replay_judged: ReplayJudged | None = None
    #: The places of listed stories that were not played.
    not_played: tuple[int, ...] = ()

    @property
    def edges_judged(self) -> int:
        """How many edges the judge decided about in some story."""
        return sum(each.judged for each in self.edges)

    @property
    def edges_reachable(self) -> int:
        """How many edges a story on this portal can meet."""
        return sum(not each.unreachable for each in self.edges)


class ExploredPortals(Struct, frozen=True, kw_only=True):
    """How many broken portals made-up stories find by themselves, in `seconds_max` each.

    Those not caught are listed by what they wait for. `false_alarms` counts stories that fail the
    reference.
    """

    seconds_max: float
    seed: int
    broken: int
    caught: int
    seconds_median: float | None
    needs_a_step: tuple[str, ...]
    needs_the_judge: tuple[str, ...]
    false_alarms: int
    verdict: Kind
