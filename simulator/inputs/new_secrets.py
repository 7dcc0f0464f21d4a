"""Makes the secrets that a portal under test and the suite share, in a file for its owner alone."""

import base64
import os
import secrets
import uuid
from pathlib import Path

from msgspec import structs

from simulator.errors import BadInput
from simulator.inputs.target import EVENTS_PREFIX, Secrets, SecretValues

_ONLY_OWNER = 0o600


def write_new_secrets(path: Path) -> None:
    """Write a line `VARIABLE=value` for each secret; raises BadInput, and never overwrites."""
    names, values = structs.asdict(Secrets()), structs.asdict(_made())
    lines = "".join(f"{names[each]}={value}\n" for each, value in values.items())
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, _ONLY_OWNER)
    except FileExistsError:
        raise BadInput(f"{path} exists already and was not changed; give another FILE") from None
    except (OSError, ValueError) as error:
        why = getattr(error, "strerror", None) or error
        raise BadInput(f"{path}: {why}; give a FILE that can be written") from None
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(lines)


def _made() -> SecretValues:
    """Make secrets without a character that a shell would read otherwise."""
    return SecretValues(
        events=EVENTS_PREFIX + base64.b64encode(secrets.token_bytes(32)).decode(),
        receipts=secrets.token_urlsafe(32),
        gateway=f"portal-{uuid.uuid4()}-{uuid.uuid4()}",
        crime_system=secrets.token_urlsafe(32),
        identity=secrets.token_urlsafe(32),
        test_clock=secrets.token_urlsafe(32),
    )
