"""A victim who has the page of a crime open when its update is due, and looks until it shows it.

Trouble on the way, a refusal or a portal that does not answer, is no end: they look again, and sign
in again where the session is gone. A page that has not shown the update when the time is up never
showed it. One whose watch was cut off before that is not known.
"""

from collections.abc import Callable
from contextlib import suppress

from simulator.drivers.base import Refused, Session
from simulator.errors import SuiteError

#: How long before its update is due a watcher signs in.
SIGN_IN_AHEAD_SECONDS = 3.0
#: A page is looked at so often while it is new, and after that each time its age is so much larger.
LOOK_SECONDS, LOOK_SHARE = 0.25, 0.05
#: What a portal answers to a session that it does not know any more.
_SESSION_GONE = (401, 403)


class CutOff(Exception):
    """The run was over before the page had its time."""


class PageToWatch:
    """One page. Times are in seconds since the burst began.

    `sign_in` and `shows` may raise Refused or SuiteError. `wait` waits until a time.
    """

    def __init__(
        self,
        *,
        sign_in: Callable[[], Session],
        shows: Callable[[Session], bool],
        sign_out: Callable[[Session], None],
        now: Callable[[], float],
        wait: Callable[[float], object],
        is_over: Callable[[], bool],
    ) -> None:
        self._sign_in = sign_in
        self._shows = shows
        self._sign_out = sign_out
        self._now = now
        self._wait = wait
        self._is_over = is_over

    def watch(self, due_seconds: float, seconds_max: float) -> float | None:
        """Return how long after it was due the page showed the update, None if it never did.

        Raises CutOff if the run is over before `seconds_max` have passed.
        """
        session: Session | None = None
        self._wait(due_seconds - SIGN_IN_AHEAD_SECONDS)
        while not self._is_over():
            try:
                session = session or self._sign_in()
                self._wait(due_seconds)
                if self._shows(session):
                    seconds = self._now() - due_seconds
                    with suppress(Refused, SuiteError):
                        self._sign_out(session)
                    return seconds
            except Refused as no:
                session = None if no.status in _SESSION_GONE else session
            except SuiteError:
                pass
            age = self._now() - due_seconds
            if age > seconds_max:
                return None
            self._wait(self._now() + max(LOOK_SECONDS, age * LOOK_SHARE))
        raise CutOff
