"""Two runs of one portal, compared by the command: what is new, and what was mended."""

from pathlib import Path
from unittest.mock import patch

import pytest

from tests.simulator.command_line import portal_suite
from tests.simulator.real_files import TARGET

BROKEN = "fixtures.broken_portals.sending:sends_twice"


@pytest.mark.slow(seconds=8)
def test_a_second_run_says_what_was_mended(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A portal that sends everything twice fails a scenario; the portal without that passes it."""
    words = TARGET.read_text(encoding="utf-8")
    broken = tmp_path / "broken.toml"
    broken.write_text(words.replace("reference.portal.app:create_app", BROKEN), encoding="utf-8")
    only = ("--only", "S-070", "--edges", "off")

    first = portal_suite(capsys, "accept", "--target", broken, *only, "--out", tmp_path / "first")
    patch.stopall()
    earlier = tmp_path / "first" / "acceptance.json"
    again = portal_suite(
        capsys, "accept", "--target", TARGET, *only, "--compare", earlier, "--out", tmp_path / "b"
    )

    assert first.code == 1
    assert again.code in (0, 3)
    assert "mended" in again.out.lower()
