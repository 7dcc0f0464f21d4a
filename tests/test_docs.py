"""Every command that README and docs name is run, or is a make target that is there."""

import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from tests.reference.portal.browser import chromium

ROOT = Path(__file__).parents[1]
#: The changelog tells history: what it names may have gone since.
PAGES = [
    *sorted(each for each in ROOT.glob("*.md") if each.name != "CHANGELOG.md"),
    *sorted((ROOT / "docs").rglob("*.md")),
]
DECISIONS = ROOT / "docs" / "decisions"


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
    "uvicorn reference.operations.service:",
)

#: What takes minutes is run by a test of its own; here it is run on less.
SHORTER = {"portal-suite prove": "portal-suite prove --only sends_twice"}


#: Needs a browser, as the tests of pages do.
BY_PAGES = "reference-pages.toml"


#: Goes on until it is stopped: tests/simulator/serve runs it.
ENDLESS = "portal-suite serve"


#: Are run in turn, as a vendor does: tests/test_for_vendors_page.py.
OF_A_VENDOR = "our_portal"

#: Need what `accept` left: they are run in turn after it.
AFTER_A_RUN = ("portal-suite papers", "portal-suite pack", "portal-suite verify")


@pytest.mark.parametrize(
    "command",
    [
        each
        for each in COMMANDS
        if each.startswith("portal-suite")
        and each != ENDLESS
        and not each.startswith(AFTER_A_RUN)
        and OF_A_VENDOR not in each
    ],
)
def test_a_command_in_the_docs_does_what_it_says(command: str, tmp_path: Path) -> None:
    """The command runs from the root of the repository and exits by its verdict."""
    if BY_PAGES in command:
        chromium()
    words = shlex.split(SHORTER.get(command, command))[1:]
    if "--help" not in words and words != ["catalogue"]:
        words += ["--out", str(tmp_path)]
    done = subprocess.run(
        [sys.executable, "-m", "simulator.cli", *words],
        cwd=ROOT, capture_output=True, text=True, check=False, timeout=300,
    )  # fmt: skip

    # A quick look is never a verdict.
    assert done.returncode == (3 if "--quick" in words else 0), done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    "page",
    [each for each in PAGES if lines_of(each, AFTER_A_RUN)],
    ids=lambda page: str(page.relative_to(ROOT)),
)
def test_commands_on_a_run_do_what_they_say_in_turn(page: Path, tmp_path: Path) -> None:
    """After a run of phase 2, each command of the page finds what the one before it left."""
    run = "portal-suite accept --target scenarios/targets/reference.toml --phase 2"
    for command in [run, *lines_of(page, AFTER_A_RUN)]:
        # A day that a document names will have passed at last.
        words = shlex.split(re.sub(r"\d{4}-\d\d-\d\d", "2100-01-01", command))[1:]
        done = subprocess.run(
            [sys.executable, "-m", "simulator.cli", *words],
            cwd=tmp_path, capture_output=True, text=True, check=False, timeout=300,
        )  # fmt: skip

        assert done.returncode == 0, (command, done.stdout, done.stderr)


@pytest.mark.parametrize("command", [each for each in COMMANDS if each.startswith("make")])
def test_a_make_target_in_the_docs_is_there(command: str) -> None:
    """Make knows the target."""
    target = command.removeprefix("make ")

    assert re.search(rf"^{re.escape(target)}:", (ROOT / "Makefile").read_text(), re.MULTILINE)


def test_the_docs_name_nothing_else() -> None:
    """Console blocks hold only commands that the tests above know how to run."""
    assert COMMANDS
    assert not [each for each in COMMANDS if not each.startswith(KNOWN)]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_in_the_docs_lead_somewhere(page: Path) -> None:
    """Every relative link and picture is a file."""
    links = re.findall(r"\]\((?!https?:)([^)#]+)\)", page.read_text(encoding="utf-8"))

    assert not [link for link in links if not (page.parent / link).exists()]


#: Where a path in a page begins, when it is one of this repository.
TOP = "reference|simulator|features|scenarios|loadtests|fixtures|tests|docs"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_paths_in_the_docs_are_there(page: Path) -> None:
    """Every path of this repository that a page names in backticks is a file or a folder."""
    named = re.findall(rf"`((?:{TOP})/[\w./-]*)`", page.read_text(encoding="utf-8"))

    assert not [each for each in named if not (ROOT / each).exists()]


def test_the_way_through_the_reference_names_its_files() -> None:
    """Each room and file in docs/reference-portal.md is in reference/portal."""
    page = (ROOT / "docs" / "reference-portal.md").read_text(encoding="utf-8")
    named = re.findall(r"`((?!reference/)[a-z_]+/[\w./]*|[a-z_]+\.py)`", page)

    assert len(named) > 30
    assert not [each for each in named if not (ROOT / "reference" / "portal" / each).exists()]


def test_each_decision_is_one_page_in_the_index() -> None:
    """Pages are numbered without a gap; the index has each with its title and date."""
    pages = sorted(DECISIONS.glob("[0-9]*.md"))
    titles = [page.read_text(encoding="utf-8").splitlines()[0][2:] for page in pages]
    dates = [re.findall(r"^- Date: (.+)$", page.read_text(), re.MULTILINE)[0] for page in pages]
    rows = re.findall(
        r"^\| (\d+) \| \[(.+)\]\((.+)\) \| (\d{4}-\d\d-\d\d) \|",
        (DECISIONS / "README.md").read_text(encoding="utf-8"),
        re.MULTILINE,
    )

    assert [int(page.name[:4]) for page in pages] == list(range(1, len(pages) + 1))
    assert rows == [
        (str(number), title, page.name, date)
        for number, (title, page, date) in enumerate(zip(titles, pages, dates, strict=True), 1)
    ]


@pytest.mark.parametrize(
    "page", sorted(DECISIONS.glob("[0-9]*.md")), ids=lambda page: page.stem[:4]
)
def test_a_decision_says_what_it_is(page: Path) -> None:
    """It has a status, and says what led to it, what was decided and what follows."""
    text = page.read_text(encoding="utf-8")

    assert re.search(r"^- Status: (accepted|superseded by \[.+\]\(.+\))$", text, re.MULTILINE)
    assert re.findall(r"^## (.+)$", text, re.MULTILINE) == ["Context", "Decision", "Consequences"]
