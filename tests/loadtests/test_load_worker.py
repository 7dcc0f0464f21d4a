"""A worker on another machine needs the target's secrets, and joins the master it is told."""

from pathlib import Path

import pytest

from loadtests.load_worker import main
from tests.simulator.real_files import ROOT

TARGET = str(ROOT / "scenarios" / "targets" / "reference-for-load.toml")


def test_a_target_elsewhere_must_be_ones_own(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A worker is as careful as its master."""
    elsewhere = tmp_path / "target.toml"
    elsewhere.write_text(
        (ROOT / "scenarios" / "targets" / "reference-for-load.toml")
        .read_text(encoding="utf-8")
        .split("[access]")[0]
        + '[access]\nportal_url = "https://portal.example"\nneighbours_port = 8470\n',
        encoding="utf-8",
    )
    code = main(["--master-host", "192.0.2.7", "--target", str(elsewhere)])
    words = capsys.readouterr().err

    assert code == 2
    assert "'portal.example' is another machine" in words
    assert main(["--master-host", "x", "--target", str(elsewhere), "--i-own-this-target"]) == 2
    assert "access.secrets: not in the environment" in capsys.readouterr().err


def test_a_target_that_is_not_there_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    """Misuse is one sentence, before anything starts."""
    assert main(["--master-host", "127.0.0.1", "--target", "no-such.toml"]) == 2
    assert "no-such.toml" in capsys.readouterr().err
