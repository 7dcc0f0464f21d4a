"""Rules of what a vendor begins with: files that can be used at once in each language, or none."""

import os
import re
import shutil
from contextlib import closing
from importlib import import_module
from pathlib import Path
from typing import Any, get_type_hints
from xml.etree import ElementTree as ET

import click
import msgspec
import pytest
from playwright._impl._driver import compute_driver_executable

from simulator.commands.new_driver import new_driver as command
from simulator.drivers.base import Driver
from simulator.drivers.methods import FIRST_VERDICT, METHODS
from simulator.drivers.new_driver import LANGUAGES, new_driver
from simulator.drivers.own_record import KeepsOwnRecord
from simulator.drivers.program import ProgramDriver
from simulator.drivers.vendor import VendorDriver
from simulator.drivers.vendor_class import ClassDriver
from simulator.errors import BadInput, CannotVerify
from simulator.inputs.target import read_target
from simulator.results.values import CheckResult
from tests.simulator.command_line import portal_suite_apart
from tests.simulator.drivers.given import SURROUNDINGS
from tests.simulator.real_files import spoiled

#: Not everything can be verified: most methods wait to be written.
SKIP = 3
#: The skeletons that can be run here: there is no .NET to build the one in C#.
STARTS = ("python", "javascript", "java")
TO_WRITE = [each for each in METHODS if hasattr(Driver, each) and each not in FIRST_VERDICT]


def start_of(language: str) -> str:
    """Find what starts a skeleton: Playwright brings a Node, and nothing here brings a JDK."""
    if language == "javascript":
        return str(compute_driver_executable()[0])
    return shutil.which("java") or pytest.skip("no java on the path: nothing of it was run")


def refused(name: str, folder: Path, language: str = "python") -> str:
    """Return the error for a name that cannot be used; nothing is written."""
    before = {each: each.read_bytes() for each in folder.iterdir()}
    with pytest.raises(BadInput) as caught:
        new_driver(name, LANGUAGES[language], folder)
    assert {each: each.read_bytes() for each in folder.iterdir()} == before
    return str(caught.value)


@pytest.mark.slow(seconds=4)
@pytest.mark.parametrize("language", STARTS)
def test_a_skeleton_is_checked_at_once(tmp_path: Path, language: str) -> None:
    """As it is written it drives the reference: all that the first verdict needs is there.

    What is left says which method it waits for, and none that the first verdict needs.
    """
    name = f"check_{language}"
    *_driver, target = new_driver(name, LANGUAGES[language], tmp_path)
    if language != "python":
        word = LANGUAGES[language].access.split('"')[1]
        spoiled(tmp_path, target, (f'"{word}"', f'"{start_of(language)}"'))

    said = portal_suite_apart("check", target.name, "--out", "out", cwd=tmp_path)

    result = msgspec.json.decode((tmp_path / "out" / "check.json").read_bytes(), type=CheckResult)
    rows = {each.name: each for each in result.rows if each.verdict != "OMIT"}
    assert {each.seen[-34:] for each in rows.values() if each.verdict != "PASS"} == {
        "open_invitation is not written yet"
    }
    assert {"phase", "events", "test_clock", "text", "email", "driver"} <= set(rows)
    assert (said.code, result.verdict) == (SKIP, "SKIP")


@pytest.mark.slow(seconds=1)
@pytest.mark.parametrize("language", STARTS)
def test_what_is_not_written_is_told_by_its_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, language: str
) -> None:
    """None of it passes, and none of it fails."""
    source, *_rest = new_driver("our_new_portal", LANGUAGES[language], tmp_path)
    driver: VendorDriver
    if language == "python":
        monkeypatch.syspath_prepend(tmp_path)
        driver = ClassDriver("our_new_portal:OurNewPortal", SURROUNDINGS)
    else:
        start = [start_of(language), str(source)]
        driver = ProgramDriver(start, SURROUNDINGS, order_path="", environment=os.environ)

    with closing(driver):
        assert driver.enter_phase(1) is None
        for name in TO_WRITE:
            with pytest.raises(CannotVerify, match=f": {name} is not written yet"):
                getattr(driver, name)(*METHODS[name].takes.__struct_fields__)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_method_is_there_to_be_written(tmp_path: Path, language: str) -> None:
    """A vendor who reads nothing else sees what can be asked, and what it takes."""
    source, *_rest = new_driver("ours", LANGUAGES[language], tmp_path)
    text = source.read_text(encoding="utf-8")

    for name in (*TO_WRITE, *FIRST_VERDICT):
        assert re.search(rf"\b{name}\b", text), name
        for field in METHODS[name].takes.__struct_fields__ if name in TO_WRITE else ():
            assert re.search(rf"\b{field}\b", text), (name, field)


def test_a_method_in_python_is_called_as_the_suite_calls_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each takes and gives the types of the protocol, all of which can be found."""
    new_driver("our_other_portal", LANGUAGES["python"], tmp_path)
    monkeypatch.syspath_prepend(tmp_path)
    written = import_module("our_other_portal").OurOtherPortal

    for name in (*TO_WRITE, *FIRST_VERDICT, "close"):
        assert get_type_hints(getattr(written, name)) == get_type_hints(getattr(Driver, name))


def test_the_project_in_c_sharp_builds_the_one_file(tmp_path: Path) -> None:
    """It compiles the file that was written, and no other that lies beside it."""
    source, project, target = new_driver("ours", LANGUAGES["csharp"], tmp_path)

    tree = ET.parse(project)  # noqa: S314  it is our own file
    assert [each.get("Include") for each in tree.iter("Compile")] == [source.name]
    assert tree.findtext(".//EnableDefaultCompileItems") == "false"
    assert project.name in read_target(target).access.program
    text = source.read_text(encoding="utf-8")
    assert all(text.count(opens) == text.count(shuts) for opens, shuts in ("{}", "()", "[]"))


def test_only_what_is_claimed_by_few_is_left_out() -> None:
    """A vendor's own record is for those whose messages cannot come to us: docs/drivers.md."""
    left_out = set(METHODS) - set(TO_WRITE) - set(FIRST_VERDICT)

    assert all(hasattr(KeepsOwnRecord, each) for each in left_out)


@pytest.mark.parametrize("language", LANGUAGES)
def test_nothing_is_written_over(tmp_path: Path, language: str) -> None:
    """A vendor's work is worth more than a skeleton."""
    for suffix in (*LANGUAGES[language].suffixes, ".toml"):
        (tmp_path / f"ours{suffix}").write_text("a week of work")
        assert "exists already and was not changed" in refused("ours", tmp_path, language)
        (tmp_path / f"ours{suffix}").unlink()


@pytest.mark.parametrize(
    "name", ["", "Ours", "our-portal", "our portal", "1st", "class", "../ours", "ours.py", "a" * 61]
)
def test_a_name_is_a_modules(tmp_path: Path, name: str) -> None:
    """A name that Python could not import is refused before anything is written."""
    assert "give a module name in small letters, such as our_portal" in refused(name, tmp_path)


@pytest.mark.parametrize("name", ["json", "msgspec", "simulator"])
def test_a_name_that_is_taken(tmp_path: Path, name: str) -> None:
    """Python would import the other one, and the vendor wonder. Other languages have no such."""
    assert "Python has a module of that name already" in refused(name, tmp_path)
    assert new_driver(name, LANGUAGES["java"], tmp_path)


def test_the_command_offers_every_language() -> None:
    """Its help is read before the languages are loaded, and names the same."""
    [option] = [each for each in command.params if each.name == "language"]

    assert isinstance(option.type, click.Choice)
    assert [*option.type.choices] == [*LANGUAGES]


def test_the_command_says_what_to_do_next(tmp_path: Path) -> None:
    """The files are where it was called, and the next command is ready to be copied."""
    said = portal_suite_apart("new-driver", "ours", cwd=tmp_path)

    assert said.code == 0
    assert said.out.splitlines() == [
        "Written: ours.py, ours.toml",
        "Next: portal-suite check ours.toml",
    ]
    assert sorted(each.name for each in tmp_path.iterdir()) == ["ours.py", "ours.toml"]
    again = portal_suite_apart("new-driver", "ours", cwd=tmp_path)
    assert again.misuse == "ours.py exists already and was not changed; give another NAME"
    other = portal_suite_apart("new-driver", "theirs", "--language", "csharp", cwd=tmp_path)
    assert "Next: dotnet build theirs.csproj, then portal-suite check theirs.toml" in other.out


def test_half_of_it_is_not_left_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the target cannot be written the driver is taken away again."""
    write = Path.write_text

    def write_modules_only(path: Path, *given: Any, **named: Any) -> int:
        if path.suffix == ".toml":
            raise OSError("no space left")
        return write(path, *given, **named)

    monkeypatch.setattr(Path, "write_text", write_modules_only)
    with pytest.raises(OSError, match="no space left"):
        new_driver("ours", LANGUAGES["python"], tmp_path)

    assert list(tmp_path.iterdir()) == []
