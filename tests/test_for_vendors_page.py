"""docs/for_vendors.md takes a vendor to a first verdict: done here as it says, word for word."""

import re
import shlex
import subprocess
import sys
from collections import Counter
from pathlib import Path

import msgspec
import pytest

from simulator.drivers.methods import FIRST_VERDICT, METHODS
from simulator.drivers.new_driver import LANGUAGES
from simulator.inputs.target import read_target
from simulator.results.values import AcceptanceResult
from tests.driver_messages import PAGE as DRIVERS
from tests.driver_messages import rewritten

VENDORS = DRIVERS.with_name("for_vendors.md")
BLOCK = re.compile(r"```(console|toml)\n(.*?)```", re.DOTALL)
#: Not everything could be verified: few methods are written. Nor is a quick look a verdict.
SKIP = 3
WHOLE = "portal-suite accept --target our_portal.toml --phase 1"
[PASS_AT_ONCE] = re.findall(
    r"(\d+) scenarios already say PASS", VENDORS.read_text(encoding="utf-8")
)
EXIT_CODES = {"portal-suite check our_portal.toml": SKIP, WHOLE: SKIP}


def blocks(kind: str, page: Path = VENDORS) -> list[str]:
    """List what stands in the page's blocks of a kind, in order."""
    found = BLOCK.findall(page.read_text(encoding="utf-8"))
    return [text for name, text in found if name == kind]


def commands() -> list[str]:
    """List the commands that are about the vendor's own portal."""
    return [
        line for block in blocks("console") for line in block.splitlines() if "our_portal" in line
    ]


def portal_suite(command: str, folder: Path) -> "subprocess.CompletedProcess[str]":
    """Run a command of the page in the vendor's folder."""
    words = [sys.executable, "-m", "simulator.cli", *shlex.split(command)[1:]]
    return subprocess.run(
        words, cwd=folder, capture_output=True, text=True, check=False, timeout=300
    )


@pytest.mark.parametrize("quick", [True, pytest.param(False, marks=pytest.mark.proof)])
def test_a_vendor_comes_to_a_first_verdict(tmp_path: Path, *, quick: bool) -> None:
    """Every command, in order, with the three methods as they are written.

    Every test run has a quick look in place of the whole run, and `make proof` as the page says.
    Much passes, nothing fails, and each scenario that could not be verified says why: it names the
    method that it waits for, or what is not claimed.
    """
    kinds: list[Counter[str]] = []
    for command in commands():
        is_quick = quick and command == WHOLE
        done = portal_suite(f"{command} --quick" if is_quick else command, tmp_path)
        assert done.returncode == EXIT_CODES.get(command, 0), (command, done.stdout, done.stderr)
        if "accept" not in command:
            continue
        folder = "acceptance-only" if "--only" in command else "acceptance"
        folder = "quick-look" if is_quick else folder
        result = msgspec.json.decode(
            (tmp_path / "out" / folder / "acceptance.json").read_bytes(), type=AcceptanceResult
        )
        kinds.append(Counter(each.verdict for each in result.scenarios))
        waits = {each.reason for each in result.scenarios if each.verdict == "SKIP"}
        assert all(re.search("is not written yet$|^without receipts ", each) for each in waits)

    whole, alone = kinds
    assert set(whole) == {"PASS", "SKIP", *(() if quick else ("OMIT", "REVIEW"))}
    assert whole["PASS"] == int(PASS_AT_ONCE) or (quick and whole["PASS"] >= 2)
    assert set(alone) == {"PASS"}


def test_the_page_runs_all_that_it_should() -> None:
    """It begins a driver, comes to a verdict, and runs one scenario alone."""
    assert [shlex.split(each)[1] for each in commands()] == [
        "new-driver",
        "check",
        "accept",
        "accept",
    ]
    assert set(EXIT_CODES) <= set(commands())


def test_the_page_names_what_the_first_verdict_needs_and_then_the_rest() -> None:
    """Step 4 has exactly the methods of the list, and step 7 each of the others."""
    _before, step_4, rest = re.split(
        r"^## [45]\. .*$", VENDORS.read_text(encoding="utf-8"), flags=re.MULTILINE
    )

    assert re.findall(r"^\| `(\w+)` \|", step_4, re.MULTILINE) == [*FIRST_VERDICT]
    others = {each for each in METHODS if each not in FIRST_VERDICT}
    assert others <= set(re.findall(r"`(\w+)`", rest))


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_says_what_is_written_in_each_language(language: str) -> None:
    """The table of languages has each, with the files that the command writes."""
    [row] = [
        line
        for line in VENDORS.read_text(encoding="utf-8").splitlines()
        if line.startswith(f"| `{language}` |")
    ]

    assert all(f"`our_portal{suffix}`" in row for suffix in LANGUAGES[language].suffixes)
    assert LANGUAGES[language].build in row


def test_the_target_in_the_page_is_one(tmp_path: Path) -> None:
    """A person who copies it has a file that the suite reads."""
    [whole] = [each for each in blocks("toml") if "[claims]" in each]
    path = tmp_path / "target.toml"
    path.write_text(whole, encoding="utf-8")

    assert read_target(path).claims.phases == (1, 2)


@pytest.mark.parametrize(
    "part",
    [
        each
        for page in (VENDORS, DRIVERS)
        for each in blocks("toml", page)
        if "[claims]" not in each
    ],
)
def test_a_part_of_a_target_in_the_pages_is_one(part: str, tmp_path: Path) -> None:
    """Put into a target, it is read."""
    [whole] = [each for each in blocks("toml") if "[claims]" in each]
    table = part.splitlines()[0]
    kept = whole.partition("[access")[0] if table == "[access]" else whole.partition(table)[0]
    path = tmp_path / "target.toml"
    path.write_text(kept + part, encoding="utf-8")

    assert read_target(path).claims.phases == (1, 2)


def test_every_message_is_described_as_it_is() -> None:
    """The schemas in drivers.md are those of the protocol: python -m tests.driver_messages."""
    page = DRIVERS.read_text(encoding="utf-8")

    assert rewritten(page) == page


@pytest.mark.parametrize("page", [VENDORS, DRIVERS], ids=lambda page: page.name)
def test_a_link_within_the_pages_leads_to_a_heading(page: Path) -> None:
    """Links to a part of a page find it."""
    for name, part in re.findall(r"\]\(([\w.]*)#([^)]+)\)", page.read_text(encoding="utf-8")):
        there = page.with_name(name) if name else page
        headings = re.findall(r"^#+ (.*)$", there.read_text(encoding="utf-8"), re.MULTILINE)
        assert part in {re.sub(r"[^\w -]", "", each).lower().replace(" ", "-") for each in headings}
