"""What a burst says of the portal, and what kept it from saying more.

Pure. If the generator, the cap or our gateway was the limit, the burst says nothing. A portal that
is so slow that all visitors wait for it is judged by its limits, and one that stops answering for
good fails. What the force's records do wrong on purpose is no verdict on the portal.
"""

from collections.abc import Iterable, Sequence

from msgspec import Struct, structs

from loadtests.gave_out import FULL, fullest
from loadtests.slo import Slo, outcomes
from loadtests.visit_times import VisitCounts, not_made_as_failed
from simulator.judge.fold import Judgement
from simulator.results.load import LoadMeasure, Machine, Ordered, Part, SloOutcome
from simulator.verdicts import Finding, Kind, worst

#: A generator that begins 1 in 100 things later than this did not keep to its schedule.
LATE_SECONDS_MAX = 1.0
#: Of the visits, so many may find no visitor free.
NOT_MADE_SHARE_MAX = 0.01
#: Of the requests, so many may wait long for their place under the cap.
HELD_BACK_SHARE_MAX = 0.01
#: A portal that sends faster than this share of what our gateway takes may have waited for it.
GATEWAY_SHARE_MAX = 0.8
#: Why a visit was not made that the portal had no time for.
NO_TIME = "no visitor was free: all of them waited for the portal"

_OURS: dict[Part, str] = {
    "generator": "one of its processes took a whole core; give more --workers",
    "doubles": "our doubles, which have the codes, took a whole core; give a smaller --scale",
}
_PRESSED: dict[LoadMeasure, str] = {
    "cores_stolen_share": "its host gave {:.0%} of its cores to others ({:.0%} allowed)",
    "cores_awaited_share": (
        "for {:.0%} of the time something waited for a core while other work had some ({:.0%} "
        "allowed)"
    ),
}
_OF_VISITS = ("sign_in_", "all_read_", "asked_", "failed_visits_share")


class Facts(Struct, frozen=True, kw_only=True):
    """What came of a burst.

    Of the `updates` ordered, `never_taken` were neither accepted nor told. Of those accepted,
    `untold` were not told though somebody could be. It is whole if everything that was
    due was done, and hollow if no message came at all. `too_late` says that what the quiet hours
    held back did not come in time to be held.
    """

    judgement: Judgement
    measures: dict[LoadMeasure, float]
    ordered: Ordered
    machine: Machine
    counts: VisitCounts
    updates: int
    updates_taken: int
    never_taken: int
    untold: int
    is_whole: bool
    is_hollow: bool
    has_answered: bool
    too_late: str
    data_quality: str
    errors: dict[str, int]

    @property
    def heard(self) -> Judgement:
        """What was judged of whole evidence.

        What a lost worker sent is not in it: messages of that would look unfounded.
        """
        is_partial = bool(self.counts.workers_lost)
        return structs.replace(self.judgement, findings=[]) if is_partial else self.judgement


class Said(Struct, frozen=True, kw_only=True):
    """What the burst says of the portal, by the names of the result."""

    verdict: Kind
    measures: dict[LoadMeasure, float]
    slos: list[SloOutcome]
    limited_by: str
    slow: str
    stopped: str
    errors: dict[str, int]
    visits_failed_by: str


def said_of_portal(facts: Facts, slos: Sequence[Slo]) -> Said:
    """Say what a burst says of the portal."""
    measures, found = facts.measures, outcomes(slos, facts.measures)
    held_up = _held_up(facts)
    is_slow = not held_up and _is_slow(facts, found)
    if is_slow:
        measures = measures | not_made_as_failed(facts.counts)
        found = outcomes(slos, measures)
    limit = held_up or _limited_by(facts, is_slow=is_slow) or facts.too_late
    died = "" if limit else _stopped_answering(facts)
    no_time = {NO_TIME: facts.counts.not_made} if is_slow else {}
    pressed = _pressed(found)
    judged = [each for each in found if not (pressed and _is_of_machine(each))]
    limit = limit or pressed
    return Said(
        verdict=_verdict(facts, judged, is_unsure=bool(limit), has_died=bool(died)),
        measures=measures,
        slos=found if pressed else _without_doubt(found),
        limited_by=limit,
        slow=_slow_sentence(facts) if is_slow else "",
        stopped=died or facts.counts.stopped,
        errors=facts.errors | no_time,
        visits_failed_by=_most_often(facts.counts.failed | no_time),
    )


def _verdict(facts: Facts, found: Iterable[SloOutcome], *, is_unsure: bool, has_died: bool) -> Kind:
    """Give the worst of what was judged, of the limits, and of what could not be made sure of.

    Where there was nothing whole to judge there is no verdict: what a lost worker sent is missing.
    """
    if facts.counts.workers_lost or facts.is_hollow:
        return "INCONCLUSIVE"
    kinds: list[Kind] = ["INCONCLUSIVE"] if is_unsure or not facts.is_whole else []
    kinds += ["FAIL"] if has_died else []
    return worst(
        [_of_portal(facts).kind, *(each.verdict for each in found if each.level != "sure"), *kinds]
    )


def _of_portal(facts: Facts) -> Judgement:
    """Leave out what the force's records did, where a burst makes them wrong on purpose.

    Only what nobody could tell from a right record: a sign that was missed is the portal's.
    """
    if not facts.data_quality:
        return facts.judgement
    left = [each for each in facts.judgement.findings if not _is_of_force(each)]
    return structs.replace(facts.judgement, findings=left, found_in=())


def _held_up(facts: Facts) -> str:
    """Name what of ours made all of the burst late, whatever the portal did; "" for nothing."""
    ordered, counts = facts.ordered, facts.counts
    if counts.workers_lost:
        return (
            f"the generator: {counts.workers_lost} of {counts.workers} workers ended before "
            "the burst did"
        )
    if counts.held_back > HELD_BACK_SHARE_MAX * counts.requests:
        return (
            f"--rate-max: {counts.held_back:,} of {counts.requests:,} requests waited for their "
            "place under it; give a larger one, or a smaller --scale"
        )
    if ordered.late_p99_seconds > LATE_SECONDS_MAX:
        return (
            f"the generator: 1 in 100 was begun {ordered.late_p99_seconds:.1f} s late or more "
            f"({LATE_SECONDS_MAX:g} s allowed)"
        )
    return ""


def _pressed(found: Sequence[SloOutcome]) -> str:
    """Name what else had the machine where the portal was slow, "" for nothing.

    One that kept its limits all the same would have kept them on a quiet machine.
    """
    if all(each.verdict == "PASS" for each in found if _is_of_machine(each)):
        return ""
    said = [
        _PRESSED[each.measure].format(each.measured, each.most)
        for each in found
        if each.verdict == "INCONCLUSIVE"
    ]
    return f"the machine: {'; '.join(said)}" if said else ""


def _without_doubt(found: Sequence[SloOutcome]) -> list[SloOutcome]:
    """Ask nothing of the machine where no limit was missed that it could have broken."""
    return [
        structs.replace(each, verdict="OMIT")
        if each.measure in _PRESSED and each.verdict == "INCONCLUSIVE"
        else each
        for each in found
    ]


def _is_of_machine(outcome: SloOutcome) -> bool:
    """Say whether a machine that others use can break a limit: times, and visits given up."""
    return outcome.measure.endswith("_seconds") or outcome.measure == "failed_visits_share"


def _limited_by(facts: Facts, *, is_slow: bool) -> str:
    """Name what else of ours kept the burst from showing the portal, "" for nothing."""
    ordered, machine = facts.ordered, facts.machine
    if _are_too_many_not_made(ordered) and not is_slow:
        return _why_not_made(ordered, machine)
    ceiling = machine.gateway_per_second_max
    if ceiling and machine.gateway_per_second_peak > GATEWAY_SHARE_MAX * ceiling:
        return (
            f"our gateway: {machine.gateway_per_second_peak:,} messages in a second, of "
            f"{ceiling:,.0f} that it takes"
        )
    return ""


def _is_slow(facts: Facts, found: Iterable[SloOutcome]) -> bool:
    """Say whether visits were not made because all visitors waited for a portal beyond its limits.

    The visits that were made say that: one that is in time leaves its visitor for the next, unless
    the burst has too few of them. A generator whose core is full makes any portal look slow, and so
    do our doubles, which have the codes.
    """
    if not _are_too_many_not_made(facts.ordered) or _full_of_ours(facts.machine):
        return False
    return any(each.verdict != "PASS" for each in found if each.measure.startswith(_OF_VISITS))


def _slow_sentence(facts: Facts) -> str:
    """Say that the portal was too slow for the visits that were ordered."""
    ordered, measures = facts.ordered, facts.measures
    read = measures.get("all_read_p50_seconds", measures.get("sign_in_p50_seconds"))
    took = f"; half of the visits took {read:.1f} s or more" if read is not None else ""
    return (
        f"the portal is slow: {ordered.visits_not_made:,} of {ordered.visits_ordered:,} visits "
        f"found no visitor free, because all of them waited for it{took}"
    )


def _stopped_answering(facts: Facts) -> str:
    """Say when the portal stopped answering for good, "" if it did not.

    It answered before, and after that no process of the generator had an answer.
    """
    since, last = facts.counts.silent_since_seconds, facts.counts.answered_seconds
    if not facts.has_answered or since is None or (last is not None and last > since):
        return ""
    said = f"the portal stopped answering at second {since:.0f}"
    if facts.never_taken:
        # Whether anybody could be told of these, the judge cannot say.
        said += f"; {facts.never_taken:,} of {facts.updates:,} updates were never taken"
    if facts.untold:
        taken = "those taken" if facts.never_taken else f"{facts.updates:,} updates"
        said += f"; of {taken}, {facts.untold:,} that were due were not told"
    return said


def _most_often(reasons: dict[str, int]) -> str:
    """Give the commonest reason; of those as common the first by name; "" for none."""
    return min(reasons, key=lambda each: (-reasons[each], each), default="")


def _is_of_force(finding: Finding) -> bool:
    is_ours = finding.kind == "WARNING" and finding.owner == "contact data"
    return is_ours and not finding.avoidable


def _are_too_many_not_made(ordered: Ordered) -> bool:
    return ordered.visits_not_made > NOT_MADE_SHARE_MAX * ordered.visits_ordered


def _full_of_ours(machine: Machine) -> str:
    """Name a part of ours of which a process took a whole core, and what helps; "" for none."""
    for part, help_ in _OURS.items():
        if fullest(machine.cores_over_time, part) > FULL:
            return help_
    return ""


def _why_not_made(ordered: Ordered, machine: Machine) -> str:
    said = (
        f"the generator: {ordered.visits_not_made:,} of {ordered.visits_ordered:,} visits found no "
        "visitor free"
    )
    if full := _full_of_ours(machine):
        return f"{said}, and {full}"
    return (
        f"{said}, though the portal kept to its limits for visits; give a larger visitors.value "
        "in the burst file (--users raises the visits with it)"
    )
