"""Rules of the Python that a target names: found from where the suite was called, or told why."""

import sys
from pathlib import Path

import pytest

from simulator.drivers.entry_point import import_named
from simulator.errors import BadInput


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Be in a folder of one's own."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "path", [*sys.path])
    return tmp_path


def refused(name: str) -> str:
    """Return the error for a name that leads nowhere."""
    with pytest.raises(BadInput) as caught:
        import_named("access.driver", name)
    return str(caught.value)


def test_a_module_in_this_folder_is_found(here: Path) -> None:
    """A vendor's file need not be installed: it is where they work."""
    (here / "our_portal_here.py").write_text("class Ours:\n    pass\n")

    assert import_named("access.driver", "our_portal_here:Ours").__name__ == "Ours"


def test_a_file_here_never_stands_in_for_what_is_installed(here: Path) -> None:
    """A file with the name of a standard module breaks nothing."""
    (here / "this.py").write_text("raise SystemExit('not this one')\n")
    (here / "colorsys.py").write_text("raise SystemExit('not this one')\n")

    assert callable(import_named("access.driver", "colorsys:rgb_to_hsv"))


@pytest.mark.parametrize("name", ["ours", "ours:", ":Ours", "our-portal:Ours", "ours:Our.s", ""])
def test_a_name_is_a_module_and_a_class(name: str) -> None:
    """The error says how to write it."""
    assert "give module:class, for example our_portal.driver:OurDriver" in refused(name)


def test_a_module_that_is_nowhere(here: Path) -> None:
    """The folder that was looked in is part of the mend."""
    assert refused("our_portal_nowhere:Ours") == (
        "access.driver is 'our_portal_nowhere:Ours'; there is no module our_portal_nowhere: "
        "is it installed, in this folder, or on PYTHONPATH?"
    )


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("class Ours\n", "which cannot be imported: SyntaxError"),
        ("1 / 0\n", "which cannot be imported: ZeroDivisionError: division by zero"),
        ("import not_installed_at_all\n", "No module named 'not_installed_at_all'"),
    ],
)
def test_a_module_that_breaks(here: Path, text: str, says: str) -> None:
    """Whatever goes wrong in a vendor's module is one sentence."""
    name = f"our_portal_{abs(hash(text))}"
    (here / f"{name}.py").write_text(text)

    assert says in refused(f"{name}:Ours")


def test_a_class_that_is_spelt_otherwise(here: Path) -> None:
    """The nearest name there is is offered."""
    (here / "our_portal_spelt.py").write_text("class OurPortal:\n    pass\n")

    assert "did you mean OurPortal?" in refused("our_portal_spelt:OurPortl")


def test_a_module_that_ends_the_program_ends_no_run(here: Path) -> None:
    """A script without a guard would have the suite exit with 0, as if the portal conformed."""
    (here / "our_script_here.py").write_text("raise SystemExit(0)\n")

    assert "cannot be imported: SystemExit" in refused("our_script_here:Ours")
