"""Ed25519 keys as PEM files: the signatory keeps the private key and gives out the public key.

A signature shows which key signed, not whose key it is. So the reader compares the fingerprint with
the signatory over another channel than the pack came by.
"""

import hashlib
import os
import stat
from pathlib import Path

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
    load_pem_public_key,
)

from simulator.errors import BadInput

KEY_BYTES_MAX = 10_000
_ONLY_OWNER = 0o600


def new_key(path: Path) -> Path:
    """Make a private key that only its owner can read, and its public key; return the public path.

    Raises BadInput if either file exists: no key is ever overwritten.
    """
    public = path.with_name(f"{path.name}.pub")
    key = Ed25519PrivateKey.generate()
    pem = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    if public.exists():
        raise BadInput(f"--new-key {path}: {public} exists already; give another name")
    try:
        _write_new(path, pem, mode=_ONLY_OWNER)
        _write_new(public, public_pem(key.public_key()), mode=0o644)
    except FileExistsError:
        raise BadInput(f"--new-key {path}: the file exists already; give another name") from None
    except (OSError, ValueError) as error:
        why = getattr(error, "strerror", None) or error
        raise BadInput(f"--new-key {path}: {why}; give a file that can be written") from None
    return public


def read_private(path: Path) -> Ed25519PrivateKey:
    """Read the signing key; raises BadInput if it is not one, or if others can read it."""
    raw = _read(path)
    # Only on POSIX does the mode say who may read a file.
    if os.name == "posix" and stat.S_IMODE(path.stat().st_mode) & 0o077:
        raise BadInput(f"--key {path}: others can read it; chmod 600 it, or make a new one")
    if b"PUBLIC KEY" in raw:
        raise BadInput(f"--key {path}: it is a public key; give the private key")
    try:
        key = load_pem_private_key(raw, password=None)
    except TypeError:
        raise BadInput(f"--key {path}: it has a passphrase; give a key without one") from None
    except (ValueError, UnsupportedAlgorithm):
        raise BadInput(f"--key {path}: not a private key; make one with --new-key") from None
    if not isinstance(key, Ed25519PrivateKey):
        raise BadInput(f"--key {path}: not an Ed25519 key; make one with --new-key")
    return key


def read_public(path: Path) -> Ed25519PublicKey:
    """Read the key that checks a signature; raises BadInput if it is not one."""
    raw = _read(path)
    if b"PRIVATE KEY" in raw:
        raise BadInput(f"--key {path}: it is a private key; give the public key (.pub)")
    key = public_from(raw)
    if key is None:
        raise BadInput(f"--key {path}: not an Ed25519 public key; ask the signatory for theirs")
    return key


def public_from(pem: bytes) -> Ed25519PublicKey | None:
    """Return the Ed25519 public key in a PEM text, or None."""
    try:
        key = load_pem_public_key(pem)
    except (ValueError, UnsupportedAlgorithm):
        return None
    return key if isinstance(key, Ed25519PublicKey) else None


def public_pem(key: Ed25519PublicKey) -> bytes:
    """Write a public key as PEM."""
    return key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)


def fingerprint(key: Ed25519PublicKey) -> str:
    """Return the SHA-256 of the raw key in groups of four, for two people to compare."""
    digest = hashlib.sha256(key.public_bytes(Encoding.Raw, PublicFormat.Raw)).hexdigest()
    return " ".join(digest[at : at + 4] for at in range(0, len(digest), 4))


def is_signed(key: Ed25519PublicKey, signature: bytes, signed: bytes) -> bool:
    """Return whether this key signed these bytes."""
    try:
        key.verify(signature, signed)
    except InvalidSignature:
        return False
    return True


def _read(path: Path) -> bytes:
    try:
        if path.exists() and not path.is_file():
            raise BadInput(f"--key {path}: not a file; check the path")
        if path.stat().st_size > KEY_BYTES_MAX:
            raise BadInput(f"--key {path}: larger than {KEY_BYTES_MAX:,} bytes; is it a key?")
        return path.read_bytes()
    except (OSError, ValueError) as error:
        why = getattr(error, "strerror", None) or error
        raise BadInput(f"--key {path}: {why}; check the path") from None


def _write_new(path: Path, data: bytes, *, mode: int) -> None:
    """Write a new file, with this mode from the start."""
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
    with os.fdopen(descriptor, "wb") as file:
        file.write(data)
