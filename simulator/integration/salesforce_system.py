"""The system layer for Salesforce: the only part that speaks to the org and holds its secret.

It signs in again by itself when a session has ended, which REST says by 401 and CometD within a
200. A 403 for too many calls means later, and not that the call was refused.
"""

from collections.abc import Iterator, Mapping
from itertools import count
from typing import Any
from urllib.parse import quote

import msgspec

from reference.contract.correlation import CORRELATION_ID
from simulator.integration.map_file import SalesforceOrg
from simulator.integration.source import CursorLost, SourceUnreachable
from simulator.integration.system_client import SystemClient
from simulator.integration.written_rows import ROW, Written

NAME = "Salesforce"
API = "/services/data/v68.0"
COMETD = "/cometd/68.0"
PARTS_MAX = 25
ALL_KEPT = -2
#: How long to wait where the org has had its calls of a day.
LIMIT_SECONDS = 300.0
_LIMIT, _HALTED = "REQUEST_LIMIT_EXCEEDED", "PROCESSING_HALTED"


class NotWritten(Exception):
    """The org refused a part: says which by its code, its fields and never a value."""

    def __init__(self, part: str, code: str, words: str) -> None:
        super().__init__(f"{part}: {code}{words}")
        self.part, self.code = part, code


class SalesforceSystem:
    """Reads and writes one org, and is told of its events."""

    def __init__(
        self, org: SalesforceOrg, secret: str, *, http: SystemClient | None = None
    ) -> None:
        self.client = org.client
        self._org = org
        self._secret = secret
        self._url = org.url.rstrip("/")
        self._token, self._subscriber = "", ""
        self._numbers = count(1)
        self._http = http or SystemClient(NAME, words_of, authority_file=org.authority_file)

    def close(self) -> None:
        """Close the connections."""
        self._http.close()

    def write(self, rows: list[Written], *, correlation_id: str) -> None:
        """Write rows wholly or not at all; raises NotWritten, SourceUnreachable.

        Of very many the first go before the others, by their keys: again they change nothing.
        """
        most = PARTS_MAX - 1
        spare = max(0, len(rows) - most)
        for begin in range(0, spare, most):
            self._write(rows[begin : min(begin + most, spare)], correlation_id)
        named = [each for each in rows[:spare] if each.name == ROW]
        self._write([*named, *rows[spare:]], correlation_id)

    def query(self, soql: str) -> Iterator[dict[str, Any]]:
        """Give every record that a query finds; raises SourceUnreachable."""
        target: str | None = f"{API}/query?q={quote(soql, safe='')}"
        while target:
            status, answer = self._ask("GET", target)
            if status != 200:
                raise self._http.refused(status, answer)
            page = msgspec.json.decode(answer)
            yield from page["records"]
            target = page.get("nextRecordsUrl")

    def told(self, replay: Mapping[str, int]) -> list[tuple[str, dict[str, Any]]]:
        """Give what waits on these channels, those after a replay id at first.

        Raises SourceUnreachable, and CursorLost where the org no longer has the replay id.
        """
        if not self._subscriber:
            self._subscribe(replay)
        asked = {"connectionType": "long-polling", "advice": {"timeout": 0}}
        replies = self._comet({"channel": "/meta/connect", **asked})
        return [(each["channel"], each["data"]) for each in replies if "data" in each]

    def forget(self) -> None:
        """Subscribe anew before the next reading: what was told last was not dealt with."""
        self._subscriber = ""

    def _subscribe(self, replay: Mapping[str, int]) -> None:
        shake = {"version": "1.0", "supportedConnectionTypes": ["long-polling"]}
        [shaken] = self._comet({"channel": "/meta/handshake", **shake})
        self._subscriber = shaken["clientId"]
        for channel, replay_id in replay.items():
            ext = {"replay": {channel: replay_id}}
            message = {"channel": "/meta/subscribe", "subscription": channel, "ext": ext}
            try:
                self._comet(message)
            except NotWritten as refused:
                self.forget()
                if "replayId" not in str(refused):
                    raise SourceUnreachable(str(refused)) from None
                raise CursorLost(channel, str(refused)) from None

    def _comet(self, message: Mapping[str, Any]) -> list[dict[str, Any]]:
        """Send one message, signed in again if need be; raises NotWritten for a refusal."""
        for is_last in (False, True):
            named = {"id": str(next(self._numbers)), "clientId": self._subscriber, **message}
            status, answer = self._ask("POST", COMETD, [named])
            if status != 200:
                raise self._http.refused(status, answer)
            replies: list[dict[str, Any]] = msgspec.json.decode(answer)
            refused = next((each for each in replies if each.get("successful") is False), None)
            if refused is None:
                return replies
            error = f"{refused.get('error', '')} {refused.get('ext', {}).get('sfdc', '')}"
            if "401::" in error and not is_last:
                self._token = ""
                continue
            if refused["channel"] == "/meta/subscribe" and "401::" not in error:
                raise NotWritten("subscription", "", error)
            self.forget()
            raise SourceUnreachable(f"Salesforce: {error.strip()}")
        raise AssertionError

    def _write(self, rows: list[Written], correlation_id: str) -> None:
        body = {"allOrNone": True, "compositeRequest": [_part(each) for each in rows]}
        headers = {CORRELATION_ID: correlation_id, "sforce-call-options": f"client={self.client}"}
        status, answer = self._ask("POST", f"{API}/composite", body, headers)
        if status != 200:
            raise NotWritten("composite", *_first_error(msgspec.json.decode(answer)))
        # The answer is 200 whatever its parts say. Those that were halted are not to blame.
        failed = [
            (part["referenceId"], *_first_error(part["body"]))
            for part in msgspec.json.decode(answer)["compositeResponse"]
            if part["httpStatusCode"] >= 300
        ]
        if failed:
            raise NotWritten(*min(failed, key=lambda each: each[1] == _HALTED))

    def _ask(
        self, method: str, target: str, body: Any = None, headers: Mapping[str, str] | None = None
    ) -> tuple[int, bytes]:
        """Ask once, and again if the session had ended; raises SourceUnreachable."""
        content = b"" if body is None else msgspec.json.encode(body)
        status, answer = 401, b""
        for _ in range(2):
            given = {
                "authorization": f"Bearer {self._signed_in()}",
                "content-type": "application/json",
                **(headers or {}),
            }
            status, answer = self._http.ask(method, f"{self._url}{target}", content, given)
            if status != 401:
                break
            self._token = ""
        if status == 401 or (status == 403 and _LIMIT in words_of(answer)):
            wait = LIMIT_SECONDS if status == 403 else 0.0
            raise SourceUnreachable(f"Salesforce: {status} {words_of(answer)}", wait_seconds=wait)
        return status, answer

    def _signed_in(self) -> str:
        if not self._token:
            form = (
                f"grant_type=client_credentials&client_id={quote(self._org.consumer_key, safe='')}"
                f"&client_secret={quote(self._secret, safe='')}"
            )
            kind = {"content-type": "application/x-www-form-urlencoded"}
            target = f"{self._url}/services/oauth2/token"
            status, answer = self._http.ask("POST", target, form.encode(), kind)
            if status != 200:
                raise self._http.not_signed_in(status, answer)
            self._token = msgspec.json.decode(answer)["access_token"]
        return self._token


def _part(written: Written) -> dict[str, Any]:
    url = f"{API}/sobjects/{written.table}"
    if written.key:
        only = "?updateOnly=true" if written.is_known else ""
        url += f"/{written.key}/{quote(written.value, safe='')}{only}"
    method = "PATCH" if written.key else "POST"
    return {"method": method, "url": url, "referenceId": written.name, "body": written.row}


def _first_error(body: Any) -> tuple[str, str]:
    """Give the code of a refusal, and what helps to find its cause: no value of a field."""
    error = body[0] if isinstance(body, list) and body else {}
    if isinstance(error, str):
        return "MULTIPLE_CHOICES", f" {len(body)} records have this key"
    words = f" in {', '.join(fields)}" if (fields := error.get("fields")) else ""
    missing = str(error.get("message", "")).startswith("Foreign key external ID")
    code = "NO_SUCH_PARENT" if missing else str(error.get("errorCode", ""))
    return code, words


def words_of(answer: bytes) -> str:
    """Read a refusal by REST, or by OAuth."""
    try:
        body = msgspec.json.decode(answer)
        if isinstance(body, dict):
            return f"{body['error']} {body['error_description']}"[:300]
        return f"{body[0]['errorCode']} {body[0]['message']}"[:300]
    except (msgspec.DecodeError, KeyError, TypeError, IndexError):
        return answer[:100].decode("utf-8", "replace")
