"""The id under which one request and all that comes of it can be found in logs and in the audit."""

from contextvars import ContextVar

_current: ContextVar[str] = ContextVar("correlation_id", default="")


def correlation_id() -> str:
    """Give the id of what is going on ("" outside a request)."""
    return _current.get()
