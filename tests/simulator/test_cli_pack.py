"""`portal-suite pack` and `verify`, from a new key to every exit code."""

from pathlib import Path

import pytest

from tests.simulator.command_line import Said, portal_suite
from tests.simulator.papers.made_up import write_run
from tests.simulator.real_files import TARGET, parsed

Capsys = pytest.CaptureFixture[str]
VERSION = parsed(TARGET)["claims"]["version"]


class Desk:
    """A signatory's desk: a run with its papers, a key and the commands."""

    def __init__(self, capsys: Capsys, folder: Path) -> None:
        self._capsys = capsys
        self._folder = folder
        self.key = folder / "signing.key"
        self.pack = folder / "out" / "evidence-pack.zip"
        write_run(folder / "results", version=VERSION)
        papers = ("--results", folder / "results", "--out", folder / "papers")
        assert self.say("papers", "--phase", "3", *papers).code == 0
        assert self.say("pack", "--new-key", self.key).code == 0

    def say(self, *words: str | Path) -> Said:
        """Run a command."""
        return portal_suite(self._capsys, *words)

    def sign(self, **changes: str | Path) -> Said:
        """Make the pack, with some options other than they should be, or left out where empty."""
        options: dict[str, str | Path] = {
            "target": TARGET,
            "results": self._folder / "results",
            "papers": self._folder / "papers",
            "key": self.key,
            "signatory": "Dana Okafor",
            "role": "test manager",
            "expires": "2100-01-01",
            "out": self._folder / "out",
            **changes,
        }
        words = [(f"--{name}", value) for name, value in options.items() if value != ""]
        return self.say("pack", *(word for pair in words for word in pair))


@pytest.fixture
def desk(capsys: Capsys, tmp_path: Path) -> Desk:
    """A desk with everything ready to sign."""
    return Desk(capsys, tmp_path)


def test_a_pack_is_signed_and_verified(desk: Desk) -> None:
    """With the public key the exit code is 0, and both commands name the same key."""
    signed = desk.sign()
    verified = desk.say("verify", desk.pack, "--key", f"{desk.key}.pub")

    assert (signed.code, verified.code) == (0, 0), signed.words + verified.words
    key = next(line for line in verified.out.splitlines() if line.startswith("Key: "))
    assert key.removeprefix("Key: ") in signed.out
    assert "Signed by Dana Okafor, test manager, on " in verified.out
    assert "VERIFIED: " in verified.out


def test_without_a_key_it_could_not_be_verified(desk: Desk) -> None:
    """The exit code is 3, and the output never says only "verified"."""
    desk.sign()

    said = desk.say("verify", desk.pack)

    assert said.code == 3
    assert "COULD NOT VERIFY: " in said.out
    assert "\nVERIFIED" not in said.out


def test_a_tampered_pack_is_not_verified(desk: Desk) -> None:
    """Exit code 1, and one sentence."""
    desk.sign()
    data = bytearray(desk.pack.read_bytes())
    data[len(data) // 2] ^= 1
    desk.pack.write_bytes(data)

    said = desk.say("verify", desk.pack, "--key", f"{desk.key}.pub")

    assert said.code == 1
    assert said.error.startswith(f"{desk.pack}: ")


def test_a_wrong_pack_or_key_is_misuse(desk: Desk) -> None:
    """A missing pack, a private key, and a missing key all give exit code 2."""
    desk.sign()

    assert "give an evidence pack" in desk.say("verify", desk.key.parent / "none").misuse
    assert "is a private key" in desk.say("verify", desk.pack, "--key", desk.key).misuse
    assert "check the path" in desk.say("verify", desk.pack, "--key", "none").misuse


@pytest.mark.parametrize("option", ["target", "key", "signatory", "role", "expires"])
def test_a_missing_option_is_misuse(desk: Desk, option: str) -> None:
    """The sentence names the option."""
    assert desk.sign(**{option: ""}).misuse.startswith(f"--{option}: missing")


def test_a_mistake_removes_no_earlier_pack(desk: Desk) -> None:
    """The earlier pack is still valid, and cannot be made again without the key."""
    assert desk.sign().code == 0
    before = desk.pack.read_bytes()

    said = desk.sign(expires="2020-01-01")

    assert said.misuse.startswith("--expires 2020-01-01: ")
    assert desk.pack.read_bytes() == before


def test_a_key_is_not_made_twice(desk: Desk) -> None:
    """The first key is not overwritten."""
    before = desk.key.read_bytes()

    assert "exists already" in desk.say("pack", "--new-key", desk.key).misuse
    assert desk.key.read_bytes() == before


def test_a_wrong_day_is_misuse(desk: Desk) -> None:
    """Click explains the format."""
    assert desk.sign(expires="next week").code == 2
