"""Reads HTTP requests off a connection, for servers that must cost a benchmark almost nothing."""

import asyncio
import re
from abc import abstractmethod
from typing import cast

_END = b"\r\n\r\n"
_LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)


class PipelinedRequests(asyncio.Protocol):
    """One connection: each request is read whole, and answered before the next."""

    def __init__(self) -> None:
        self._left = b""
        self._transport: asyncio.Transport | None = None

    @abstractmethod
    def answer_to(self, request: bytes) -> bytes:
        """Give the whole answer to a whole request."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep the transport."""
        # Not by type: uvloop's transport is not asyncio's, although it does the same.
        self._transport = cast("asyncio.Transport", transport)

    def data_received(self, data: bytes) -> None:
        """Answer every request that is here whole."""
        self._left += data
        while (end := self._left.find(_END)) >= 0:
            found = _LENGTH.search(self._left, 0, end + 2)
            whole = end + len(_END) + (int(found[1]) if found else 0)
            if len(self._left) < whole:
                return
            request, self._left = self._left[:whole], self._left[whole:]
            assert self._transport is not None
            self._transport.write(self.answer_to(request))
