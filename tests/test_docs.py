"""README and docs name nothing that is not there.

Their `portal-suite` commands are run by tests/test_installed_suite.py.
"""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]


def lines_of(page: Path, beginning: tuple[str, ...] = ("",)) -> list[str]:
    """List the commands in a page's console blocks that begin so, in the order of the page."""
    blocks = re.findall(r"```console\n(.*?)```", page.read_text(encoding="utf-8"), re.DOTALL)
    lines = [line.strip() for block in blocks for line in block.splitlines()]
    return [line for line in lines if line and line.startswith(beginning)]


COMMANDS = sorted({line for page in PAGES for line in lines_of(page)})

#: The last two are run by tests/reference/operations/test_running_page.py.
KNOWN = (
    "portal-suite ",
    "make ",
    "python -m reference.operations ",
    "uvicorn reference.portal.app:",
)


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
