"""Rules of what a vendor begins with: two files that can be used at once, or none."""

import sys
from pathlib import Path
from typing import Any

import pytest

from simulator.drivers.new_driver import new_driver
from simulator.drivers.vendor_class import ClassDriver
from simulator.errors import BadInput
from simulator.inputs.target import read_target
from tests.simulator.command_line import portal_suite_apart
from tests.simulator.drivers.given import SURROUNDINGS


def refused(name: str, folder: Path) -> str:
    """Return the error for a name that cannot be used; nothing is written."""
    before = {each: each.read_bytes() for each in folder.iterdir()}
    with pytest.raises(BadInput) as caught:
        new_driver(name, folder)
    assert {each: each.read_bytes() for each in folder.iterdir()} == before
    return str(caught.value)


def test_the_target_names_the_driver(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Both can be read as they are: the suite finds the class in the folder it is called from."""
    module, target = new_driver("our_new_portal", tmp_path)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "path", [*sys.path])

    access = read_target(target).access
    assert access.driver == "our_new_portal:OurNewPortal"
    driver = ClassDriver(access.driver, SURROUNDINGS)

    assert module.read_text().count("class ") == 1
    driver.close()


@pytest.mark.parametrize("suffix", [".py", ".toml"])
def test_nothing_is_written_over(tmp_path: Path, suffix: str) -> None:
    """A vendor's work is worth more than a template."""
    (tmp_path / f"ours{suffix}").write_text("a week of work")

    assert "exists already and was not changed" in refused("ours", tmp_path)


@pytest.mark.parametrize(
    "name", ["", "Ours", "our-portal", "our portal", "1st", "class", "../ours", "ours.py", "a" * 61]
)
def test_a_name_is_a_modules(tmp_path: Path, name: str) -> None:
    """A name that Python could not import is refused before anything is written."""
    assert "give a module name in small letters, such as our_portal" in refused(name, tmp_path)


@pytest.mark.parametrize("name", ["json", "msgspec", "simulator"])
def test_a_name_that_is_taken(tmp_path: Path, name: str) -> None:
    """Python would import the other one, and the vendor wonder."""
    assert "Python has a module of that name already" in refused(name, tmp_path)


def test_the_command_says_what_to_do_next(tmp_path: Path) -> None:
    """The files are where it was called, and the next command is ready to be copied."""
    said = portal_suite_apart("new-driver", "ours", cwd=tmp_path)

    assert said.code == 0
    assert said.out.splitlines() == [
        "Written: ours.py, ours.toml",
        "Write deliver in ours.py, then: portal-suite accept --target ours.toml --phase 1",
    ]
    assert sorted(each.name for each in tmp_path.iterdir()) == ["ours.py", "ours.toml"]
    again = portal_suite_apart("new-driver", "ours", cwd=tmp_path)
    assert again.misuse == "ours.py exists already and was not changed; give another NAME"


def test_half_of_it_is_not_left_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the target cannot be written the driver is taken away again."""
    write = Path.write_text

    def write_modules_only(path: Path, *given: Any, **named: Any) -> int:
        if path.suffix == ".toml":
            raise OSError("no space left")
        return write(path, *given, **named)

    monkeypatch.setattr(Path, "write_text", write_modules_only)
    with pytest.raises(OSError, match="no space left"):
        new_driver("ours", tmp_path)

    assert list(tmp_path.iterdir()) == []
