"""Rules of a new set of secrets: whole, of one's own, for its owner alone, and never shown."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from msgspec import structs

from simulator.errors import BadInput
from simulator.inputs.new_secrets import write_new_secrets
from simulator.inputs.target import Secrets, read_target, rehearsal_secrets, secret_values
from simulator.neighbours.gateway.notify_service import NotifyService
from tests.simulator.command_line import portal_suite_apart
from tests.simulator.inputs.test_target import elsewhere


def read(path: Path) -> dict[str, str]:
    """Read the file as a shell does."""
    names = list(structs.asdict(Secrets()).values())
    asks = f"import os; print(*map(os.environ.get, {names!r}), sep='\\n')"
    script = f'set -a; . "$1"; set +a; exec "{sys.executable}" -c "$2"'
    said = subprocess.run(
        ["sh", "-c", script, "sh", str(path), asks], capture_output=True, text=True, check=True
    )
    return dict(zip(names, said.stdout.splitlines(), strict=True))


def test_a_portal_elsewhere_is_reached_with_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Loaded as the command says, they are all that any target needs, each for what it is."""
    write_new_secrets(tmp_path / "portal.env")
    for name, value in read(tmp_path / "portal.env").items():
        monkeypatch.setenv(name, value)
    path = elsewhere(tmp_path)

    values = secret_values(read_target(path), path)

    NotifyService.of_key(values.gateway)
    made = set(structs.asdict(values).values())
    assert len(made) == len(structs.asdict(values))
    assert made.isdisjoint(structs.asdict(rehearsal_secrets()).values())


def test_no_set_is_like_another(tmp_path: Path) -> None:
    """Two portals share no secret."""
    write_new_secrets(tmp_path / "one.env")
    write_new_secrets(tmp_path / "two.env")

    one, two = read(tmp_path / "one.env"), read(tmp_path / "two.env")
    assert not {*one.values()} & {*two.values()}


def test_only_its_owner_can_read_it(tmp_path: Path) -> None:
    """From the first moment, whatever the shell's mask says."""
    before = os.umask(0)
    try:
        write_new_secrets(tmp_path / "portal.env")
    finally:
        os.umask(before)

    assert (tmp_path / "portal.env").stat().st_mode & 0o777 == 0o600


def test_secrets_in_use_are_not_written_over(tmp_path: Path) -> None:
    """Nor is a link followed to somewhere else."""
    path = tmp_path / "portal.env"
    path.write_text("in use")
    (tmp_path / "link.env").symlink_to(tmp_path / "elsewhere.env")

    for there in (path, tmp_path / "link.env"):
        with pytest.raises(BadInput, match="exists already and was not changed; give another FILE"):
            write_new_secrets(there)
    assert path.read_text() == "in use"
    assert not (tmp_path / "elsewhere.env").exists()
    with pytest.raises(BadInput, match="give a FILE that can be written"):
        write_new_secrets(tmp_path / "no such folder" / "portal.env")


def test_the_command_shows_no_value(tmp_path: Path) -> None:
    """It says where the file is, and how to load it."""
    said = portal_suite_apart("new-secrets", "portal.env", cwd=tmp_path)

    assert said.code == 0
    assert "set -a; . ./portal.env; set +a" in said.out
    assert not [each for each in read(tmp_path / "portal.env").values() if each in said.words]
    again = portal_suite_apart("new-secrets", "portal.env", cwd=tmp_path)
    assert again.misuse == "portal.env exists already and was not changed; give another FILE"
