"""README and docs name nothing that is not there.

Their `portal-suite` commands are run by tests/test_installed_suite.py.
"""

import re
from pathlib import Path

import pytest

from tests.each_of import each_of

ROOT = Path(__file__).parents[1]
#: The changelog tells history: what it names may have gone since.
PAGES = [
    *sorted(each for each in ROOT.glob("*.md") if each.name != "CHANGELOG.md"),
    *sorted((ROOT / "docs").rglob("*.md")),
]
EVERY_PAGE = each_of({str(page.relative_to(ROOT)): (page,) for page in PAGES})
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


@pytest.mark.parametrize("command", [each for each in COMMANDS if each.startswith("make")])
def test_a_make_target_in_the_docs_is_there(command: str) -> None:
    """Make knows the target."""
    target = command.removeprefix("make ")

    assert re.search(rf"^{re.escape(target)}:", (ROOT / "Makefile").read_text(), re.MULTILINE)


def test_the_docs_name_nothing_else() -> None:
    """Console blocks hold only commands that the tests above know how to run."""
    assert COMMANDS
    assert not [each for each in COMMANDS if not each.startswith(KNOWN)]


@EVERY_PAGE
def test_links_in_the_docs_lead_somewhere(page: Path) -> None:
    """Every relative link and picture is a file."""
    links = re.findall(r"\]\((?!https?:)([^)#]+)\)", page.read_text(encoding="utf-8"))

    assert not [link for link in links if not (page.parent / link).exists()]


#: Where a path in a page begins, when it is one of this repository.
TOP = "reference|simulator|features|scenarios|loadtests|fixtures|tests|docs"


@EVERY_PAGE
def test_paths_in_the_docs_are_there(page: Path) -> None:
    """Every path of this repository that a page names in backticks is a file or a folder."""
    named = re.findall(rf"`((?:{TOP})/[\w./-]*)`", page.read_text(encoding="utf-8"))

    assert not [each for each in named if not (ROOT / each).exists()]


def test_the_way_through_the_reference_names_its_files() -> None:
    """Each room and file in docs/reference-portal.md is where the page says."""
    page = (ROOT / "docs" / "reference-portal.md").read_text(encoding="utf-8")
    inside, heading, after = page.partition("## Beside the portal")
    beside, _heading, rest = after.partition("\n## ")
    named = [ROOT / "reference" / "portal" / each for each in files_in(inside + rest)]
    rows = re.findall(r"^\| `(reference/\w+)` \| (.+) \|$", beside, re.MULTILINE)
    named_beside = [ROOT / folder / each for folder, files in rows for each in files_in(files)]

    assert heading
    assert len(named) > 30
    assert len(named_beside) > 10
    assert not [each for each in named + named_beside if not each.exists()]


def files_in(text: str) -> list[str]:
    """List the rooms and files in backticks that are named without `reference/`."""
    return re.findall(r"`((?!reference/)[a-z_]+/[\w./]*|[a-z_]+\.py)`", text)


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
