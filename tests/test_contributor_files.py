"""What a contributor's tools and GitHub read: each names commands and files that are there."""

import re
import shlex
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml  # type: ignore[import-untyped]

ROOT = Path(__file__).parents[1]
GITHUB = ROOT / ".github"
CHOOSER = GITHUB / "ISSUE_TEMPLATE" / "config.yml"
FORMS = sorted(set((GITHUB / "ISSUE_TEMPLATE").glob("*.yml")) - {CHOOSER})


def read(path: Path) -> dict[str, Any]:
    """Read a YAML file that holds one mapping."""
    found = yaml.safe_load(path.read_text(encoding="utf-8"))
    assert isinstance(found, dict)
    return found


def test_every_hook_runs_a_command_of_the_virtual_environment() -> None:
    """Hooks are local, run what `make install` installs, and fetch nothing."""
    repositories = read(ROOT / ".pre-commit-config.yaml")["repos"]
    hooks = [hook for each in repositories for hook in each["hooks"]]
    programs = [shlex.split(hook["entry"])[0] for hook in hooks]

    assert [each["repo"] for each in repositories] == ["local"]
    assert {hook["language"] for hook in hooks} == {"system"}
    assert {Path(each).parent for each in programs} == {Path(".venv/bin")}
    assert not [
        each for each in programs if not (Path(sys.executable).parent / Path(each).name).exists()
    ]


def test_the_workflow_runs_what_ci_runs() -> None:
    """It checks the code out and runs .ci/run, on both ends of the range of Python versions."""
    # YAML 1.1 reads the key `on` as true.
    job = read(GITHUB / "workflows" / "test.yml")["jobs"]["test"]
    runs = [each["run"] for each in job["steps"] if "run" in each]

    assert runs == ["bash .ci/run"]
    assert (ROOT / ".ci" / "run").is_file()
    assert job["strategy"]["matrix"]["python"] == ["3.11", "3.13"]
    assert "matrix.python" in job["container"]


@pytest.mark.parametrize("path", FORMS, ids=lambda path: path.stem)
def test_an_issue_form_asks_for_what_is_needed(path: Path) -> None:
    """Each form has a name, a description, questions with ids of their own, and required ones."""
    form = read(path)
    questions = [each for each in form["body"] if each["type"] != "markdown"]
    ids = [each["id"] for each in questions]

    assert form["name"]
    assert form["description"]
    assert len(set(ids)) == len(ids)
    assert [each for each in questions if each["validations"]["required"]]


def test_there_are_four_issue_forms() -> None:
    """A false alarm, a missed defect, a bug, a new requirement."""
    assert {path.stem for path in FORMS} == {
        "bug", "false-alarm", "missed-defect", "new-requirement",
    }  # fmt: skip


def test_every_issue_uses_a_form_and_a_security_problem_none() -> None:
    """Blank issues are off, and the only other link says how to report in private."""
    chooser = read(CHOOSER)

    assert chooser["blank_issues_enabled"] is False
    [link] = chooser["contact_links"]
    assert link["url"].startswith("https://")
    assert "SECURITY.md" in link["about"]
    assert (ROOT / "SECURITY.md").is_file()


def test_the_form_for_a_requirement_offers_what_requirements_have() -> None:
    """Bases and levels are those of features/requirements.toml."""
    text = (ROOT / "features" / "requirements.toml").read_text(encoding="utf-8")
    options = {
        each["id"]: set(each["attributes"]["options"])
        for each in read(GITHUB / "ISSUE_TEMPLATE" / "new-requirement.yml")["body"]
        if each["type"] == "dropdown"
    }

    assert options["basis"] == set(re.findall(r'^basis = "(.+)"$', text, re.MULTILINE))
    assert options["level"] == set(re.findall(r'^level = "(.+)"$', text, re.MULTILINE))
