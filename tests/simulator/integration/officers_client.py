"""What an officer's client asks of Dynamics, noted on its way; and asked again without it."""

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote

import urllib3
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from simulator.processes.certificates import Certificates
from simulator.processes.loopback import free_port, serving
from tests.recorded_exchanges import Recorder, shape
from tests.simulator.integration.phone import Joined

EXCHANGES = Path("fixtures/clients/dataverse-phone/exchanges.json")
_GUID = re.compile(r"\(([0-9a-f-]{36})\)")
_NOT_PASSED_ON = frozenset({"connection", "content-length", "transfer-encoding"})


@contextmanager
def noted(parts: Joined) -> Iterator[tuple[str, Recorder]]:
    """Serve a way to Dynamics that notes what is asked; links in answers lead back to it."""
    folder = parts.authority.parent
    tls = Certificates(parts.authority, folder / "chain.pem", folder / "key.pem")
    http = urllib3.PoolManager(retries=False, ca_certs=str(parts.authority))

    async def pass_on(request: Request) -> Response:
        headers = {k: v for k, v in request.headers.items() if k not in _NOT_PASSED_ON}
        query = request.scope["query_string"].decode()
        url = f"{parts.dynamics_url}{request.scope['path']}{query and f'?{query}'}"
        answer = await run_in_threadpool(
            http.request, request.method, url, body=await request.body(), headers=headers
        )
        kept = {k: v for k, v in answer.headers.items() if k.lower() not in _NOT_PASSED_ON}
        return Response(answer.data, answer.status, headers=kept)

    methods = ["GET", "POST", "PATCH", "DELETE"]
    recorder = Recorder(Starlette(routes=[Route("/{path:path}", pass_on, methods=methods)]))
    with serving(recorder, free_port(), tls=tls) as url:
        yield url, recorder
    http.clear()


class RecordedOfficer:
    """An officer whose client asked all this before; ids are those of this run."""

    def __init__(self, parts: Joined) -> None:
        self._http = urllib3.PoolManager(retries=False, ca_certs=str(parts.authority))
        self._url = parts.dynamics_url
        self._token = ""
        self._ids: dict[str, str] = {}
        self.recorded: Mapping[str, Any] = json.loads(EXCHANGES.read_text(encoding="utf-8"))

    def close(self) -> None:
        """Close the connections."""
        self._http.clear()

    def play(self, step: str) -> list[Any]:
        """Ask again what a step asked: each answer has the status and the shape it had."""
        return list(self._asked(self.recorded["steps"][step]))

    def _asked(self, exchanges: Iterable[Mapping[str, Any]]) -> Iterator[Any]:
        for each in exchanges:
            content = each.get("text", "") if each["body"] is None else json.dumps(each["body"])
            headers = {"content-type": each["content_type"], **each.get("headers", {})}
            if self._token:
                headers["authorization"] = f"Bearer {self._token}"
            target = quote(self._now(each["target"]), safe="/?&=$%'(),;:@+")
            answer = self._http.request(
                each["method"], f"{self._url}{target}", body=self._now(content), headers=headers
            )
            found = answer.json() if answer.data else None
            assert answer.status == each["status"], (target, answer.data)
            assert shape(found) == shape(each["answer"]), target
            self._learn(each, answer.headers.get("odata-entityid", ""))
            if isinstance(found, dict):
                self._token = found.get("access_token", self._token)
            yield found

    def _learn(self, exchange: Mapping[str, Any], made: str) -> None:
        """Note the id of a row that was made, for the one that the client was given."""
        old, new = (_GUID.findall(each) for each in (exchange.get("made", ""), made))
        self._ids |= dict(zip(old, new, strict=True))

    def _now(self, text: str) -> str:
        for old, new in self._ids.items():
            text = text.replace(old, new)
        return text
