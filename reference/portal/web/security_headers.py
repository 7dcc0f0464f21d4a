"""What every answer says to a browser: keep nothing, run nothing, show this inside nothing.

Pages, API, static files and errors alike; a route that needs another value sets it itself, and it
stays.
"""

CONTENT_SECURITY_POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self';"
    " frame-ancestors 'none'; base-uri 'none'"
)
# Whatever a browser would allow by default: these pages use none of it.
PERMISSIONS_POLICY = (
    "accelerometer=(), browsing-topics=(), camera=(), display-capture=(), geolocation=(),"
    " gyroscope=(), microphone=(), payment=(), publickey-credentials-get=(), usb=()"
)
STRICT_TRANSPORT_SECURITY = "max-age=31536000"
Raw = list[tuple[bytes, bytes]]
_STATIC = "/static/"
_STATIC_SECONDS = 300
_ALWAYS = {
    "content-security-policy": CONTENT_SECURITY_POLICY,
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": PERMISSIONS_POLICY,
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
}


class SecurityHeaders:
    """The headers. `is_https` says whether victims reach the portal by https."""

    def __init__(self, *, is_https: bool) -> None:
        always = dict(_ALWAYS)
        if is_https:
            always["strict-transport-security"] = STRICT_TRANSPORT_SECURITY
        self._private = _raw({**always, "cache-control": "no-store"})
        self._static = _raw({**always, "cache-control": f"public, max-age={_STATIC_SECONDS}"})
        self._names = {name for name, _value in self._private}

    def added_to(self, headers: Raw, *, path: str, status: int) -> Raw:
        """Give an answer's raw headers with what they do not say themselves."""
        is_kept = path.startswith(_STATIC) and status in (200, 304)
        ours = self._static if is_kept else self._private
        said = {name for name, _value in headers}
        if not said.isdisjoint(self._names):
            ours = [each for each in ours if each[0] not in said]
        return [*headers, *ours]


def _raw(headers: dict[str, str]) -> Raw:
    return [(name.encode(), value.encode()) for name, value in headers.items()]
