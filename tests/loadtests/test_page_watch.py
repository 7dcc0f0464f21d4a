"""A watched page is looked at until it shows the update or its time is up, whatever goes wrong."""

from collections.abc import Callable

import pytest

from loadtests.page_watch import CutOff, PageToWatch
from simulator.drivers.base import Refused, Session
from simulator.errors import PortalUnreachable


class _Page:
    """A page by a clock of its own, which shows the update from `shown_at` on.

    `trouble` is raised, each once, by the next looks.
    """

    def __init__(
        self, shown_at: float, *, trouble: list[Exception] | None = None, ends_at: float = 1e9
    ) -> None:
        self.now = -10.0
        self.sign_ins: list[float] = []
        self.looks = 0
        self._shown_at = shown_at
        self._trouble = trouble or []
        self._ends_at = ends_at

    def watch(self, due_seconds: float = 5.0, seconds_max: float = 30.0) -> float | None:
        page = PageToWatch(
            sign_in=self._signed_in,
            shows=self._shows,
            sign_out=lambda _session: None,
            now=lambda: self.now,
            wait=self._wait,
            is_over=lambda: self.now >= self._ends_at,
        )
        return page.watch(due_seconds, seconds_max)

    def _signed_in(self) -> Session:
        self.sign_ins.append(self.now)
        return Session("")

    def _shows(self, _session: Session) -> bool:
        self.looks += 1
        if self._trouble:
            raise self._trouble.pop(0)
        return self.now >= self._shown_at

    def _wait(self, until: float) -> None:
        self.now = max(self.now, until)


def test_the_time_is_from_when_the_update_was_due() -> None:
    """Who watches has signed in before, also where the update is due at once."""
    page, at_once = _Page(6.0), _Page(0.0)

    assert page.watch() == pytest.approx(1.0, abs=0.25)
    assert page.sign_ins == [2.0]
    assert at_once.watch(due_seconds=0.0) == 0.0
    assert at_once.sign_ins == [-3.0]


def test_a_page_that_never_shows_it_has_its_time_and_no_more() -> None:
    """It is None after its own time limit, and was asked for ever less often."""
    page = _Page(1e9)

    assert page.watch() is None
    assert 35 < page.now < 37
    assert page.looks < 70


@pytest.mark.parametrize(
    ("trouble", "sign_ins"),
    [
        (lambda: PortalUnreachable("gone"), 1),
        (lambda: Refused(503, "busy"), 1),
        (lambda: Refused(401, "who are you?"), 2),
    ],
)
def test_trouble_is_no_end(trouble: Callable[[], Exception], sign_ins: int) -> None:
    """A page that failed is asked for again; a session that is gone is begun again."""
    page = _Page(5.0, trouble=[trouble()])

    assert page.watch() == pytest.approx(0.25)
    assert len(page.sign_ins) == sign_ins


def test_a_page_that_always_fails_never_showed_it() -> None:
    """A refusal for ever is no reason to leave the page out."""
    page = _Page(5.0, trouble=[Refused(500, "no") for _ in range(1000)])

    assert page.watch() is None


def test_a_watch_that_is_cut_off_is_not_known() -> None:
    """The run was stopped before the page had its time: nothing is said of the page."""
    with pytest.raises(CutOff):
        _Page(1e9, ends_at=8.0).watch()
