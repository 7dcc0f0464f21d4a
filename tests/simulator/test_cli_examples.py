"""Every command line in help and documents exists, with files that exist."""

import re
from pathlib import Path

import click
import pytest

from simulator import cli
from simulator.prove.run import read_broken_portals
from tests.simulator.command_line import Said, commands_in, parsed_command, portal_suite
from tests.simulator.real_files import ROOT

Capsys = pytest.CaptureFixture[str]
COMMANDS = sorted(cli.commands.commands)
#: What `new-driver our_portal` writes, where a vendor works.
OF_A_VENDOR = Path("our_portal.toml")
DOCUMENTS = sorted({*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md")})
#: What --only takes: the name of a scenario, or its permanent id.
SCENARIOS = {
    found.strip()
    for path in (ROOT / "features").rglob("*.feature")
    for pattern in (r"Scenario(?: Outline)?:(.*)", r"@(S-\d+)\b")
    for found in re.findall(pattern, path.read_text(encoding="utf-8"))
}


def help_of(capsys: Capsys, *words: str) -> Said:
    """Ask for help."""
    said = portal_suite(capsys, *words, "--help")
    assert said.code == 0, said.words
    return said


def check(words: list[str]) -> None:
    """Check that a command line can be parsed, and that its files exist."""
    if "--help" in words:
        assert words[0] in COMMANDS
        return
    options = parsed_command(words).params
    for name in ("rollout", "burst", "target"):
        given = options.get(name)
        if isinstance(given, tuple):
            # `load compare A B` names folders of runs that a tester has made.
            given = {"compare": None, "size": given[-1]}.get(given[0], given[0])
        if given is not None and given != OF_A_VENDOR:
            assert (ROOT / given).is_file(), words
    only = options.get("only")
    if only and words[0] == "accept":
        assert only in SCENARIOS
    if only and words[0] == "prove":
        assert only in {each.name for each in read_broken_portals()}


@pytest.mark.parametrize("name", COMMANDS)
def test_the_help_of_a_command_shows_examples_that_work(capsys: Capsys, name: str) -> None:
    """Each command has examples that can be run unchanged."""
    examples = commands_in(help_of(capsys, name).out)

    assert examples
    assert {words[0] for words in examples} == {name}
    for words in examples:
        check(words)


def test_the_first_help_shows_every_command(capsys: Capsys) -> None:
    """The first help has an example of each command, and the exit codes."""
    said = help_of(capsys)
    examples = commands_in(said.out)

    assert {words[0] for words in examples} == set(COMMANDS)
    for words in examples:
        check(words)
    assert "0 conforms, 1 does not, 2 misuse, 3 could not judge" in said.out


def test_the_first_help_says_what_each_command_does_to_the_end() -> None:
    """On a terminal of 80 columns, no summary is cut off."""
    shown = click.Context(cli.commands, terminal_width=80).get_help()
    _before, _heading, summaries = shown.partition("\nCommands:\n")

    assert len(summaries.splitlines()) == len(COMMANDS)
    assert not [line for line in summaries.splitlines() if not re.search(r"\w\.$", line)]


@pytest.mark.parametrize("name", COMMANDS)
def test_every_option_is_explained_or_plain(capsys: Capsys, name: str) -> None:
    """The help names every option that the command takes."""
    said = help_of(capsys, name)

    for parameter in cli.commands.commands[name].params:
        shown = (
            parameter.opts[0] if parameter.opts[0].startswith("-") else parameter.opts[0].upper()
        )
        assert shown in said.out


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.name)
def test_the_commands_in_a_document_exist(path: Path) -> None:
    """Each command in a document exists, and so do its files."""
    found = commands_in(path.read_text(encoding="utf-8"))
    for words in found:
        check(words)

    assert {words[0] for words in found} <= set(COMMANDS)


def test_the_readme_shows_every_command() -> None:
    """The README has every command."""
    shown = {words[0] for words in commands_in((ROOT / "README.md").read_text(encoding="utf-8"))}

    assert shown == set(COMMANDS)


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.name)
def test_the_make_targets_in_a_document_exist(path: Path) -> None:
    """Each make target in a document exists."""
    text = path.read_text(encoding="utf-8")
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    blocks = "\n".join(re.findall(r"^```\w*\n(.*?)^```", text, re.MULTILINE | re.DOTALL))
    named = set(re.findall(r"^make ([a-z-]+)", blocks, re.MULTILINE))

    assert named <= targets
