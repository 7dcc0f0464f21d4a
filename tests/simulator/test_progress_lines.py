"""Where a bar cannot move, a line now and then says how far a long job is."""

import pytest

from simulator.commands.progress_lines import ProgressLines


class Watched:
    """Lines of a job's progress, at the times that a test gives."""

    def __init__(self, total: float | None) -> None:
        self.now_seconds, self.lines = 100.0, list[str]()
        self.progress = ProgressLines("Portals", total, self.lines.append, lambda: self.now_seconds)

    def update(self, after_seconds: float, **how_far: object) -> list[str]:
        """Let this much time go by, say how far the job is, and give the lines that came."""
        self.now_seconds += after_seconds
        self.progress.update("task", **how_far)  # type: ignore[arg-type]
        written, self.lines = list(self.lines), self.lines
        self.lines.clear()
        return written


def test_a_line_says_how_many_of_how_many_and_the_time_left() -> None:
    """The time left follows from the pace so far; at most one line in ten seconds is written."""
    watched = Watched(422)

    assert watched.update(9.9, completed=40) == []
    assert watched.update(55.1, advance=60, description="B-100") == [
        "Portals: 100 of 422, B-100; 1 min 5 s, about 3 min 29 s left"
    ]
    assert watched.update(9.9, advance=300) == []
    assert watched.update(0.1, advance=22) == ["Portals: 422 of 422, B-100; 1 min 15 s"]


@pytest.mark.parametrize(
    ("total", "how_far", "line"),
    [
        (1.0, {"completed": 0.25}, "Portals: 25%; 20 s, about 1 min 0 s left"),
        (None, {"description": " preparing "}, "Portals: preparing; 20 s"),
        (None, {}, "Portals: at work; 20 s"),
        (None, {"total": 8, "completed": 0}, "Portals: 0 of 8; 20 s"),
        (9, {"total": 80, "completed": 40}, "Portals: 40 of 80; 20 s, about 20 s left"),
    ],
)
def test_a_line_says_what_is_known(
    total: float | None, how_far: dict[str, object], line: str
) -> None:
    """A share is a percentage; without a total there are words only, and no guess of an end."""
    assert Watched(total).update(20, **how_far) == [line]
