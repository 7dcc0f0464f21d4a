"""Keys: the private one is for its owner only, the public one is given out."""

import stat
from collections.abc import Callable
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, generate_private_key
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)

from simulator.errors import BadInput
from simulator.pack.keys import fingerprint, is_signed, new_key, read_private, read_public
from tests.simulator.pack.made_up import KEY, OTHER_KEY

CURVE = generate_private_key(SECP256R1())


def test_a_new_key_signs_and_only_its_owner_may_read_it(tmp_path: Path) -> None:
    """Mode 0600 from the first, and the public key beside it checks what it signed."""
    path = tmp_path / "signing.key"
    public = new_key(path)

    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert public == tmp_path / "signing.key.pub"
    assert is_signed(read_public(public), read_private(path).sign(b"words"), b"words")
    assert not is_signed(read_public(public), read_private(path).sign(b"words"), b"other words")


@pytest.mark.parametrize("there", ["signing.key", "signing.key.pub"])
def test_a_key_is_never_written_over(tmp_path: Path, there: str) -> None:
    """A lost key makes every later pack somebody else's."""
    (tmp_path / there).write_text("mine")

    with pytest.raises(BadInput, match="exists already; give another name"):
        new_key(tmp_path / "signing.key")

    assert (tmp_path / there).read_text() == "mine"
    assert len(list(tmp_path.iterdir())) == 1


def test_a_key_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    """The folder is not there."""
    with pytest.raises(BadInput, match="give a file that can be written"):
        new_key(tmp_path / "none" / "signing.key")


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o644, 0o666])
def test_a_key_that_others_may_read_does_not_sign(tmp_path: Path, mode: int) -> None:
    """A person who can read it could have signed."""
    path = tmp_path / "signing.key"
    new_key(path)
    path.chmod(mode)

    with pytest.raises(BadInput, match="others can read it; chmod 600 it"):
        read_private(path)


def _private(key: object, encryption: object = None) -> bytes:
    return key.private_bytes(  # type: ignore[attr-defined,no-any-return]
        Encoding.PEM, PrivateFormat.PKCS8, encryption or NoEncryption()
    )


def _public(key: object) -> bytes:
    return key.public_key().public_bytes(  # type: ignore[attr-defined,no-any-return]
        Encoding.PEM, PublicFormat.SubjectPublicKeyInfo
    )


@pytest.mark.parametrize(
    ("read", "data", "said"),
    [
        (read_private, _public(KEY), "it is a public key"),
        (read_private, _private(KEY, BestAvailableEncryption(b"x")), "it has a passphrase"),
        (read_private, _private(CURVE), "not an Ed25519 key"),
        (read_private, b"", "not a private key"),
        (read_private, b"\xff" * 100, "not a private key"),
        (read_private, b"x" * 20_000, "larger than 10,000 bytes"),
        (read_public, _private(KEY), "it is a private key; give the public key"),
        (read_public, _public(CURVE), "not an Ed25519 public key"),
        (read_public, b"", "not an Ed25519 public key"),
        (read_public, b"-----BEGIN PUBLIC KEY-----\nx\n-----END PUBLIC KEY-----\n", "not an Ed"),
    ],
)
def test_what_is_not_the_key_that_is_needed_is_one_sentence(
    tmp_path: Path, read: Callable[[Path], object], data: bytes, said: str
) -> None:
    """It names the file and the mend, and shows nothing of what is in it."""
    path = tmp_path / "some.key"
    path.write_bytes(data)
    path.chmod(0o600)

    with pytest.raises(BadInput, match=said) as caught:
        read(path)

    assert str(path) in str(caught.value)


def test_a_key_that_is_not_there_is_said(tmp_path: Path) -> None:
    """Neither kind."""
    for read in (read_private, read_public):
        with pytest.raises(BadInput, match="check the path"):
            read(tmp_path / "none")


def test_a_fingerprint_is_of_the_key_and_can_be_read_aloud() -> None:
    """Sixteen groups of four, other for another key."""
    one = fingerprint(KEY.public_key())

    assert [len(group) for group in one.split()] == [4] * 16
    assert one != fingerprint(OTHER_KEY.public_key())
