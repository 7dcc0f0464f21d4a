"""How every system layer asks its system: a system that is away or busy is asked again later."""

from collections.abc import Callable, Mapping

import urllib3

from simulator.drivers.timed_connection import TimedClient
from simulator.integration.source import SourceRefused, SourceUnreachable

TIMEOUT_SECONDS = 30.0
ANSWER_BYTES_MAX = 64_000_000
#: What the next try is answered too: it is neither who asks, nor when.
_REFUSALS = {400, 404, 405, 409, 410, 412, 413, 415, 422}


class SystemClient:
    """Asks one system; `words` reads what its refusals say."""

    def __init__(
        self,
        name: str,
        words: Callable[[bytes], str],
        *,
        wait_seconds_max: float = TIMEOUT_SECONDS,
        authority_file: str = "",
    ) -> None:
        self._name = name
        self._words = words
        self._http = TimedClient(
            wait_seconds_max, bytes_max=ANSWER_BYTES_MAX, authority_file=authority_file
        )

    def close(self) -> None:
        """Close the connections."""
        self._http.close()

    def ask(
        self, method: str, target: str, body: bytes, headers: Mapping[str, str]
    ) -> tuple[int, bytes]:
        """Ask once; raises SourceUnreachable for no answer, 429 and errors of the server."""
        try:
            answer = self._http.ask(method, target, body, headers)
        except urllib3.exceptions.HTTPError as error:
            raise SourceUnreachable(f"{self._name}: {type(error).__name__}") from None
        if answer.status == 429 or answer.status >= 500:
            wait = answer.headers.get("retry-after", "0")
            raise SourceUnreachable(
                f"{self._name}: {answer.status} {self._words(answer.body)}".strip(),
                wait_seconds=float(wait) if wait.isdigit() else 0.0,
            )
        return answer.status, answer.body

    def refused(self, status: int, answer: bytes, what: str = "") -> SourceUnreachable:
        """Make the error of an answer that the system should not give."""
        kind = SourceRefused if status in _REFUSALS else SourceUnreachable
        return kind(f"{what or self._name}: {status} {self._words(answer)}")

    def not_signed_in(self, status: int, answer: bytes) -> SourceUnreachable:
        """Make the error of a sign-in that failed: what was to be asked was not."""
        return SourceUnreachable(f"sign-in to {self._name}: {status} {self._words(answer)}")
