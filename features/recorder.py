"""Turns the end of each scenario into a verdict, one line of JSON a scenario.

pytest knows only passed and failed; this also tells whether a portal could not be verified, was
never reached, or whether the fault is the suite's own.
"""

from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import msgspec
import pytest

from features.running_scenario import Scene, Unmet
from features.silences import doubt_about
from simulator.drivers.base import Refused
from simulator.errors import CannotVerify, PortalNonsense, PortalUnreachable
from simulator.evidence.records import PersonKnown
from simulator.evidence.retelling import retold
from simulator.processes.features_process import CANNOT_WRITE
from simulator.results.attribution import JUDGE_STEP
from simulator.results.values import ScenarioResult
from simulator.verdicts import Finding, Kind


class Recorder:
    """Keeps notes while a scenario runs, and writes its line when it is over."""

    def __init__(self, path: Path, claimed: Collection[str] = ()) -> None:
        self.path = path
        self._file = path.open("wb")
        self._claimed = claimed
        self._encoder = msgspec.json.Encoder()
        self.scene: Scene | None = None
        self.steps: list[str] = []
        self.failed_step = ""
        self.findings: list[Finding] = []
        self.unreachable_in_a_row = 0
        #: How many scenarios had people, and how the last one ended.
        self.played = 0
        self.verdict: Kind = "SKIP"
        #: Called with every result.
        self.on_result: Callable[[ScenarioResult], None] = lambda _result: None

    def begin(self) -> None:
        """Start a new scenario."""
        self.scene = None
        self.steps = []
        self.failed_step = ""
        self.findings = []

    def end(
        self,
        error: BaseException | None,
        *,
        id: str,
        name: str,
        feature: str,
        phase: int,
        requirements: tuple[str, ...],
        command: str,
    ) -> None:
        """Write the line of a scenario that ended with `error`, or with none."""
        verdict, reason = verdict_of(error)
        if verdict == "PASS" and (doubt := doubt_about(self.steps, self._claimed)):
            verdict, reason = "REVIEW", doubt
        self.verdict = verdict
        self.played += self.scene is not None
        unreachable = verdict == "INCONCLUSIVE"
        self.unreachable_in_a_row = self.unreachable_in_a_row + 1 if unreachable else 0
        result = ScenarioResult(
            id=id,
            name=name,
            feature=feature,
            phase=phase,
            requirements=requirements,
            verdict=verdict,
            steps=tuple(self.steps),
            failed_step=self.failed_step,
            expected=error.expected if isinstance(error, Unmet) else "",
            observed=error.observed if isinstance(error, Unmet) else "",
            reason=reason,
            findings=tuple(self.findings),
            timeline=() if verdict == "PASS" else self._timeline(),
            command=command,
        )
        self.add(result)

    def refuse_harm(self) -> None:
        """Fail a scenario whose steps all passed but in which the judge found harm."""
        harms = [finding for finding in self.findings if finding.kind == "FAIL"]
        if harms:
            self.failed_step = JUDGE_STEP
            raise Unmet(harms[0].expected, f"{harms[0].harm}: {harms[0].observed}")

    def add(self, result: ScenarioResult) -> None:
        """Write the line of a result."""
        with ended_by_a_full_disk(self.path):
            self._file.write(self._encoder.encode(result) + b"\n")
            self._file.flush()
        self.on_result(result)

    def _timeline(self) -> tuple[str, ...]:
        """Tell what happened up to what the judge found first, without people of earlier ones."""
        if self.scene is None:
            return ()
        here = {each.known.person_id for each in self.scene.actors.values()}
        own = (
            each
            for each in self.scene.own_evidence()
            if not isinstance(each, PersonKnown) or each.person_id in here
        )
        harms = [each.at for each in self.findings if each.kind == "FAIL"]
        found_at = harms[0] if harms and self.failed_step == JUDGE_STEP else None
        return retold(own, until=found_at)

    def close(self) -> None:
        """Close the file; one that could not be written has ended the run already."""
        with suppress(OSError):
            self._file.close()


@contextmanager
def ended_by_a_full_disk(results: Path) -> Iterator[None]:
    """End the run where a result or the evidence cannot be written, and remove its results.

    Fewer scenarios than were asked for would judge the portal by those alone.
    """
    try:
        yield
    except OSError as error:
        results.unlink(missing_ok=True)
        pytest.exit(f"nothing can be written: {error.strerror}", returncode=CANNOT_WRITE)


def verdict_of(error: BaseException | None) -> tuple[Kind, str]:
    """Give the verdict an exception means for the portal, with the reason in words."""
    if error is None:
        return "PASS", ""
    for kind, verdict in _MEANS.items():
        if isinstance(error, kind):
            return verdict, "" if kind is Unmet else str(error)
    return "ERROR", f"the suite's own fault: {type(error).__name__}: {error}"


_MEANS: dict[type[BaseException], Kind] = {
    Unmet: "FAIL",
    Refused: "FAIL",
    PortalNonsense: "FAIL",
    CannotVerify: "SKIP",
    PortalUnreachable: "INCONCLUSIVE",
}
