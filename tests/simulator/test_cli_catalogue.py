"""`portal-suite catalogue` prints the words of the reference portal, from any folder."""

from pathlib import Path

from tests.simulator.command_line import portal_suite_apart


def test_the_catalogue_is_printed(tmp_path: Path) -> None:
    """It prints every template with its purpose, and the coverage, and exits with 0."""
    said = portal_suite_apart("catalogue", cwd=tmp_path)

    assert said.code == 0, said.words
    assert "suspect_arrested_enhanced" in said.out
    assert "0 wrong, 0 gaps." in said.out
    assert said.err == ""


def test_every_wording_is_printed_when_asked() -> None:
    """With --full the words follow the table."""
    said = portal_suite_apart("catalogue", "--full")

    assert said.code == 0, said.words
    assert "Someone has been charged, or told to come to court, in your case." in said.out


def test_it_takes_nothing_else() -> None:
    """Misuse is exit code 2 and one sentence."""
    said = portal_suite_apart("catalogue", "--check")

    assert said.code == 2
    assert "No such option" in said.err
    assert "Traceback" not in said.words
