"""The keys of the double, and tokens that are signed with them: rightly, or wrongly on purpose."""

import base64
import json
import secrets
from collections.abc import Collection
from typing import Any

import jwt
from cryptography.hazmat.primitives.asymmetric import ec

_ES256 = jwt.algorithms.ECAlgorithm(jwt.algorithms.ECAlgorithm.SHA256)


class Signer:
    """One ES256 key, made when the double starts."""

    def __init__(self) -> None:
        self._private = ec.generate_private_key(ec.SECP256R1())
        self.key_id = secrets.token_hex(16)

    @property
    def jwk(self) -> dict[str, Any]:
        """The public key, as others get it."""
        public: dict[str, Any] = json.loads(_ES256.to_jwk(self._private.public_key()))
        return {**public, "kid": self.key_id, "use": "sig", "alg": "ES256"}

    def signed(self, claims: dict[str, Any], faults: Collection[str] = (), kid: str = "") -> str:
        """Sign claims; the two faults of a signature spoil it."""
        headers = {"kid": kid or self.key_id}
        token = jwt.encode(claims, self._private, "ES256", headers=headers)
        header, payload, signature = token.split(".")
        if "INVALID_ALG_HEADER" in faults:
            spoiled = {"alg": "HS256", "kid": headers["kid"]}
            header = base64.urlsafe_b64encode(json.dumps(spoiled).encode()).decode().rstrip("=")
        if "INVALID_SIGNATURE" in faults:
            signature = base64.urlsafe_b64encode(secrets.token_bytes(64)).decode().rstrip("=")
        return f"{header}.{payload}.{signature}"

    def claims(self, token: str) -> dict[str, Any] | None:
        """Read a token of our own; None if it is not, or too old."""
        try:
            return jwt.decode(
                token,
                self._private.public_key(),
                algorithms=["ES256"],
                options={"verify_aud": False, "verify_exp": False, "verify_iat": False},
            )
        except (jwt.InvalidTokenError, RecursionError):
            return None
