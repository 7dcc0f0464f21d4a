"""Rules of a target whose pages are worked: its selectors file is read with it, from anywhere."""

import shutil
from pathlib import Path

import pytest

from simulator.files.paths import ROOT
from simulator.inputs.target import read_target
from tests.simulator.real_files import refusal, spoiled

TARGET = ROOT / "scenarios" / "targets" / "reference-pages.toml"
NAMED = "scenarios/targets/reference-pages.selectors.toml"
LINE = f'selectors = "{NAMED}"'
URL = 'portal_url = "http://127.0.0.1:{port}"'


def test_the_suites_own_selectors_keep_their_short_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """They are found wherever the suite is called from, and shown without where it is."""
    monkeypatch.chdir(tmp_path)

    assert read_target(TARGET).access.selectors == NAMED


def test_a_testers_own_selectors_are_found_from_where_they_stand(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A path from the current folder, though the features start in the suite's own."""
    shutil.copy(ROOT / NAMED, tmp_path / "mine.toml")
    target = spoiled(tmp_path, TARGET, (LINE, 'selectors = "mine.toml"'))
    monkeypatch.chdir(tmp_path)

    assert read_target(target).access.selectors == str(tmp_path / "mine.toml")


def test_a_mistake_in_the_selectors_is_said_before_anything_runs(tmp_path: Path) -> None:
    """Reading the target reads them too; the sentence names both files and the key."""
    selectors = spoiled(tmp_path, ROOT / NAMED, ('code = "#code"', 'coed = "#code"'))
    mine = spoiled(tmp_path, TARGET, (LINE, f'selectors = "{selectors}"'))

    assert refusal(read_target, mine) == (
        f"access.selectors: {selectors}: one_time_code.coed: no such key; did you mean 'code'?"
    )


def test_selectors_that_are_not_there_are_named(tmp_path: Path) -> None:
    """A slip in the path is the tester's to mend."""
    mine = spoiled(tmp_path, TARGET, (LINE, 'selectors = "nowhere.toml"'))

    said = refusal(read_target, mine)

    assert said.startswith("access.selectors: ")
    assert said.endswith("nowhere.toml: No such file or directory; check the path")


@pytest.mark.parametrize("way", ["driver", "application"])
def test_pages_are_worked_only_at_an_address(tmp_path: Path, way: str) -> None:
    """Another way to the portal has no pages for a browser to open."""
    mine = spoiled(tmp_path, TARGET, (URL, f'{way} = "module:name"'), ("\ncommand = ", "\n# "))
    text = mine.read_text(encoding="utf-8").partition("\n# ")[0]
    mine.write_text(text, encoding="utf-8")

    assert f"give either selectors (by the portal's pages, at portal_url) or {way}" in (
        refusal(read_target, mine)
    )
