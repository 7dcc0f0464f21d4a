"""Answers given calls with Ciw: two lines, patience, and a second desk.

It uses nothing of ours, in an environment of its own. Each call's length and patience are given, so
the answers can be compared call by call: tests/loadtests/benchmarks/test_ciw_centre.py does it.
"""

import json
import sys
from pathlib import Path
from typing import Any


def main(file: str, handlers: int, second_handlers: int) -> None:
    """Read the calls from a file of columns, and write what became of each beside it."""
    import ciw  # type: ignore[import-not-found]

    class Given(ciw.dists.Distribution):  # type: ignore[misc]
        """Gives each individual its own number; they are numbered by arrival, from 1."""

        def __init__(self, values: list[float]) -> None:
            self.values = values

        def sample(self, t: object = None, ind: Any = None) -> float:  # noqa: ARG002  Ciw gives both
            value: float = self.values[ind.id_number - 1]
            return value

    class Gaps(ciw.dists.Distribution):  # type: ignore[misc]
        """Gives the gaps between the arrivals of one line, and no more after them."""

        def __init__(self, times: list[float]) -> None:
            self.gaps = iter([b - a for a, b in zip([0.0, *times], times, strict=False)])

        def sample(self, t: object = None, ind: object = None) -> float:  # noqa: ARG002
            return next(self.gaps, float("inf"))

    calls = json.loads(Path(file).read_text(encoding="utf-8"))
    lines = ("999", "101")
    by_line = [
        [at for at, line in zip(calls["at"], calls["line"], strict=True) if line == number]
        for number in range(2)
    ]

    def route(ind: Any, _simulation: object) -> list[int]:
        return [2] if calls["second_service"][ind.id_number - 1] else []

    simulation = ciw.Simulation(
        ciw.create_network(
            arrival_distributions={
                name: [Gaps(times), None] for name, times in zip(lines, by_line, strict=True)
            },
            service_distributions={
                name: [Given(calls["service"]), Given(calls["second_service"])] for name in lines
            },
            reneging_time_distributions={
                name: [Given(calls["patience"]), Given(calls["second_patience"])] for name in lines
            },
            routing={name: ciw.routing.ProcessBased(route) for name in lines},
            number_of_servers=[handlers, second_handlers],
            priority_classes={name: number for number, name in enumerate(lines)},
        )
    )
    simulation.simulate_until_max_time(calls["at"][-1] + 10 * 86_400)
    rows = [
        (each.node, each.id_number - 1, each.waiting_time, each.record_type == "renege")
        for each in simulation.get_all_records(only=["service", "renege"])
    ]
    Path(f"{file}.answers").write_text(json.dumps(sorted(rows)), encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]))
