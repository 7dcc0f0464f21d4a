"""What staff ask from a terminal is answered; a mistake is one sentence and exit code 2."""

from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from hypothesis import given, settings
from hypothesis import strategies as st

from reference.operations.__main__ import main
from tests.reference.operations.test_configuration_check import environment
from tests.reference.portal.crimes import CRIME, MOBILE, alex, closed, details, recorded
from tests.reference.portal.people.test_not_for_me import stop
from tests.reference.portal.scene import Scene


def asked(folder: Path, *words: str) -> Result:
    """Run a command of the portal's, in an environment in which all is well."""
    return CliRunner().invoke(main, list(words), env=environment(folder))


def test_what_is_not_told_in_person_is_overdue(tmp_path: Path) -> None:
    """A closure that waits for a person, and long has, is listed with whose it is."""
    scene = Scene(tmp_path)
    scene.deliver(recorded(), closed(outcome=5))

    done = asked(tmp_path, "overdue")

    assert done.exit_code == 0
    assert f"{CRIME} alex: nobody has told the victim" in done.output


def test_what_was_held_back_says_why(tmp_path: Path) -> None:
    """A message that the gateway refused is listed with the reason."""
    scene = Scene(tmp_path)
    scene.neighbours.refused = {MOBILE}
    scene.deliver(recorded())

    done = asked(tmp_path, "held")

    assert f"{CRIME} alex text invitation: refused by the gateway" in done.output
    assert "1 held back or not sent" in done.output


def test_a_person_is_exported_held_released_and_erased(tmp_path: Path) -> None:
    """Each does what it says, and what is held is not erased."""
    Scene(tmp_path).deliver(recorded())
    by = ("--by", "records officer")

    assert '"given_name": "Alex"' in asked(tmp_path, "export", "alex", *by).output
    assert asked(tmp_path, "hold", CRIME, "--why", "appeal", *by).exit_code == 0
    refused = asked(tmp_path, "erase", "alex", *by)
    assert refused.exit_code == 2
    assert f"{CRIME} is held since" in refused.output
    assert asked(tmp_path, "release", CRIME, *by).exit_code == 0
    assert asked(tmp_path, "erase", "alex", *by).output == "alex: nothing is held any more\n"
    assert asked(tmp_path, "export", "alex", *by).exit_code == 2


def test_no_database_is_made_by_asking(tmp_path: Path) -> None:
    """Who asks of the wrong folder is told so, and finds no empty portal there afterwards."""
    done = asked(tmp_path, "held")

    assert done.exit_code == 2
    assert "which is not there" in done.output
    assert not (tmp_path / "portal.db").exists()


@pytest.mark.parametrize("command", ["export", "erase", "release"])
@settings(max_examples=20, deadline=None)
@given(whose=st.text(min_size=1).filter(lambda each: not each.startswith("-")))
def test_a_person_who_is_unknown_is_named(
    command: str, whose: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """Whatever is typed for a person, the answer is one line and exit code 2."""
    folder = tmp_path_factory.mktemp("office")
    Scene(folder).deliver(recorded())

    done = asked(folder, command, whose, "--by", "somebody")

    assert done.exit_code == 2
    assert not isinstance(done.exception, Exception) or isinstance(done.exception, SystemExit)


def test_an_address_may_be_allowed_again(tmp_path: Path) -> None:
    """What someone said by mistake, or to do harm, can be taken back; it is in the audit."""
    scene = Scene(tmp_path)
    scene.deliver(recorded())
    stop(scene, MOBILE)

    assert asked(tmp_path, "allow", "07700 900999", "--by", "sergeant").exit_code == 2
    assert asked(tmp_path, "allow", MOBILE, "--by", "sergeant").exit_code == 0

    scene.deliver(details(alex()))
    assert [each.to for each in scene.messages] == [MOBILE, MOBILE]
    assert "allowed an address" in repr(scene.rows()["audit"])
