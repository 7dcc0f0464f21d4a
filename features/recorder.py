"""Turns what became of each scenario into a verdict, one line of JSON a scenario.

pytest knows passed and failed; a portal deserves to know whether it failed, could not be verified,
or was never reached, and whether the fault is the suite's own.
"""

from pathlib import Path

import msgspec

from features.scene import Scene, Unmet
from simulator.drivers.base import Refused
from simulator.errors import PortalNonsense, PortalUnreachable
from simulator.judge.verdicts import Finding, Kind
from simulator.results import ScenarioResult
from simulator.world import CannotVerify


class Recorder:
    """Keeps notes while a scenario runs, and writes its line when it is over."""

    def __init__(self, path: Path) -> None:
        self._file = path.open("wb")
        self._encoder = msgspec.json.Encoder()
        self.scene: Scene | None = None
        self.steps: list[str] = []
        self.failed_step = ""
        self.findings: list[Finding] = []
        self.unreachable_in_a_row = 0

    def begin(self) -> None:
        """Start afresh for a scenario."""
        self.scene = None
        self.steps = []
        self.failed_step = ""
        self.findings = []

    def end(
        self,
        error: BaseException | None,
        *,
        name: str,
        feature: str,
        phase: int,
        requirements: tuple[str, ...],
        command: str,
    ) -> None:
        """Write the line of a scenario that ended with `error`, or with none."""
        verdict, reason = verdict_of(error)
        unreachable = verdict == "INCONCLUSIVE"
        self.unreachable_in_a_row = self.unreachable_in_a_row + 1 if unreachable else 0
        result = ScenarioResult(
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
            command=command,
        )
        self._file.write(self._encoder.encode(result) + b"\n")
        self._file.flush()

    def close(self) -> None:
        """Close the file."""
        self._file.close()


def verdict_of(error: BaseException | None) -> tuple[Kind, str]:
    """Say what an exception means for the portal, with the reason in words."""
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
