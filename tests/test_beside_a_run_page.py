"""docs/beside_a_run.md shows files that the suite reads: each example is read here as it stands."""

import re
from datetime import date
from pathlib import Path

from simulator.accept.tester_files import SuppliedFiles, read_tester_files
from simulator.inputs.requirements import read_requirements

PAGE = Path(__file__).parents[1] / "docs" / "beside_a_run.md"


def example(heading: str) -> str:
    """Give the file under a heading of the page."""
    part = PAGE.read_text(encoding="utf-8").partition(f"`{heading}`")[2]
    [_kind, text] = re.findall(r"```(toml|csv)\n(.*?)```", part, re.DOTALL)[0]
    return str(text)


def waiver() -> str:
    """Give the waiver that belongs into the file of reviews."""
    part = PAGE.read_text(encoding="utf-8").partition("# in the same file\n")[2]
    return part.partition("```")[0]


def read(folder: Path) -> SuppliedFiles:
    """Write the page's examples as anybody who copies them does, and read them."""
    (folder / "assessment.pdf").write_bytes(b"signed")
    paths = {}
    for option in ("expected", "contract", "reviews"):
        paths[option] = folder / option
        more = waiver() if option == "reviews" else ""
        paths[option].write_text(example(f"--{option}") + more, encoding="utf-8")
    return read_tester_files(read_requirements(), today=date(2026, 11, 26), **paths)


def test_the_examples_of_the_page_are_read(tmp_path: Path) -> None:
    """A person who copies them has files that the suite takes, and that say what the page says."""
    beside = read(tmp_path)

    assert beside.gaps is not None
    assert beside.clauses is not None
    assert beside.reviews is not None
    assert [each.requirement for each in beside.gaps] == ["CONT-03"]
    assert [each.requirement for each in beside.clauses] == ["MSG-01", "MSG-03", "CONT-03"]
    assert [*beside.reviews] == ["REV-05", "REV-07", "A11Y-01"]
    assert beside.reviews["A11Y-01"].verdict == "OMIT"
    assert beside.reviews["REV-05"].evidence[0].name == "assessment.pdf"


def test_the_page_names_every_option_of_such_a_file() -> None:
    """None of them is left to be guessed."""
    headings = re.findall(r"^## .*`(--\w+)`$", PAGE.read_text(encoding="utf-8"), re.MULTILINE)

    assert headings == ["--expected", "--contract", "--reviews"]
