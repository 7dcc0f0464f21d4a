"""Every command that README and docs name is run, or is a make target that is there."""

import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
COMMANDS = sorted(
    {
        line.strip()
        for page in PAGES
        for block in re.findall(
            r"```console\n(.*?)```", page.read_text(encoding="utf-8"), re.DOTALL
        )
        for line in block.splitlines()
        if line.strip()
    }
)

#: The last two are run by tests/reference/portal/test_running_page.py.
KNOWN = ("portal-suite ", "make ", "python -m reference.portal ", "uvicorn reference.portal.app:")

#: What takes minutes is run by a test of its own; here it is run on less.
SHORTER = {"portal-suite prove": "portal-suite prove --only sends_twice"}


#: Goes on until it is stopped: tests/simulator/serve runs it.
ENDLESS = "portal-suite serve"


@pytest.mark.parametrize(
    "command",
    [each for each in COMMANDS if each.startswith("portal-suite") and each != ENDLESS],
)
def test_a_command_in_the_docs_does_what_it_says(command: str, tmp_path: Path) -> None:
    """The command runs from the root of the repository and exits by its verdict."""
    words = shlex.split(SHORTER.get(command, command))[1:]
    if "--help" not in words and words != ["catalogue"]:
        words += ["--out", str(tmp_path)]
    done = subprocess.run(
        [sys.executable, "-m", "simulator.cli", *words],
        cwd=ROOT, capture_output=True, text=True, check=False, timeout=300,
    )  # fmt: skip

    assert done.returncode == 0, done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("command", [each for each in COMMANDS if each.startswith("make")])
def test_a_make_target_in_the_docs_is_there(command: str) -> None:
    """Make knows the target."""
    target = command.removeprefix("make ")

    assert re.search(rf"^{re.escape(target)}:", (ROOT / "Makefile").read_text(), re.MULTILINE)


def test_the_docs_name_nothing_else() -> None:
    """Console blocks hold only commands that the tests above know how to run."""
    assert COMMANDS
    assert not [each for each in COMMANDS if not each.startswith(KNOWN)]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_in_the_docs_lead_somewhere(page: Path) -> None:
    """Every relative link and picture is a file."""
    links = re.findall(r"\]\((?!https?:)([^)#]+)\)", page.read_text(encoding="utf-8"))

    assert not [link for link in links if not (page.parent / link).exists()]
