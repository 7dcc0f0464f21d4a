"""`python -m reference.operations --check`: every mistake of an operator, one line each."""

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
import tomli_w
from click.testing import CliRunner, Result
from hypothesis import given
from hypothesis import strategies as st

from reference.operations.__main__ import main
from reference.operations.configuration_check import findings
from reference.operations.environment import VARIABLES
from tests.reference.portal.portal_process import ENVIRON
from tests.reference.portal.scene import SETTINGS

LIVE = {name: value for name, value in SETTINGS.items() if name != "test_clock_start"} | {
    "gateway_url": "https://gateway.example",
    "crime_system_url": "https://crime-system.example",
}
SECRET = "hunter2-hunter2-hunter2"


def environment(folder: Path, **changes: Any) -> dict[str, str]:
    """An environment in which all is well, with changes to the settings."""
    file = folder / "portal.toml"
    values = {**LIVE, "database": str(folder / "portal.db"), **changes}
    file.write_text(tomli_w.dumps(values), encoding="utf-8")
    return {**ENVIRON, "PORTAL_SETTINGS": str(file), "PORTAL_METRICS_TOKEN": SECRET}


def problems(environ: dict[str, str]) -> list[str]:
    """Return the problems that are found, and check that no secret is in any line."""
    found = list(findings(environ))
    secrets = [environ.get(each.name, "") for each in VARIABLES if each.is_secret]
    for kind, text in found:
        assert kind in {"ok", "note", "problem"}
        assert "\n" not in text
        assert not [each for each in secrets if len(each) > 15 and each in text]
    return [text for kind, text in found if kind == "problem"]


def notes(environ: dict[str, str]) -> str:
    """Return what works and should be looked at."""
    return "\n".join(text for kind, text in findings(environ) if kind == "note")


def test_where_all_is_well_there_is_no_problem_and_no_note(tmp_path: Path) -> None:
    """An operator who sees a note looks at it; so there is none without reason."""
    assert problems(environment(tmp_path)) == []
    assert notes(environment(tmp_path)) == ""


@pytest.mark.parametrize("name", [each.name for each in VARIABLES if each.is_required])
def test_what_is_needed_and_missing_is_named(tmp_path: Path, name: str) -> None:
    """Unset or empty is the same."""
    environ = environment(tmp_path)
    [missing] = problems({**environ, name: ""})
    del environ[name]

    assert name in missing
    assert problems(environ) == [missing]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PORTAL_EVENTS_SECRET", "whsec_not base64 at all"),
        ("PORTAL_EVENTS_SECRET", "whsec_!!!!!!!!!!!!!!!!!!!!"),
        ("PORTAL_EVENTS_SECRET", "whsec_"),
        ("PORTAL_RECEIPTS_TOKEN", f"{SECRET}\n"),
        ("PORTAL_RECEIPTS_TOKEN", "short"),
        ("PORTAL_GATEWAY_KEY", SECRET),
        ("PORTAL_CRIME_SYSTEM_TOKEN", f"{SECRET}\u00e9"),
        ("PORTAL_IDENTITY_KEY", f" {SECRET}"),
        ("PORTAL_METRICS_TOKEN", f"{SECRET}\r"),
        ("PORTAL_LOG_LEVEL", "LOUD"),
        ("PORTAL_DATABASE_URL", f"mysql://portal:{SECRET}@db.example/cases"),
        ("PORTAL_DATABASE_URL", f"postgresql://portal:{SECRET}@127.0.0.1:1/cases"),
    ],
)
def test_what_cannot_be_used_is_named_and_not_shown(tmp_path: Path, name: str, value: str) -> None:
    """A key with a line end is the commonest mistake, and the hardest to see."""
    found = problems({**environment(tmp_path), name: value})

    assert found
    assert all(name in each for each in found)
    assert not [each for each in found if SECRET in each]


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"per_week_max": 0}, "per_week_max is 0"),
        ({"gateway_url": "gateway"}, "gateway_url is 'gateway'"),
        ({"crime_system_url": "https://x.example/"}, "crime_system_url is"),
        ({"advice_for": {"Bicycle theft": "no-such-page"}}, "advice_for.Bicycle theft is"),
        ({"database": ""}, 'database is ""'),
        ({"database": "/no/such/folder/portal.db"}, "there is no folder"),
        ({"test_clock_start": SETTINGS["test_clock_start"]}, "PORTAL_TEST_CLOCK_TOKEN"),
    ],
)
def test_a_setting_that_cannot_be_used_is_named(
    tmp_path: Path, changes: dict[str, Any], said: str
) -> None:
    """Each is a problem of its own, and the others are still looked at."""
    [problem] = problems(environment(tmp_path, **changes))

    assert said in problem


def test_every_mistake_is_told_at_once(tmp_path: Path) -> None:
    """Nobody mends one to be told of the next."""
    environ = environment(tmp_path, database="/no/such/folder/portal.db")
    environ |= {"PORTAL_RECEIPTS_TOKEN": "short", "PORTAL_LOG_LEVEL": "LOUD"}
    environ["PORTAL_IDENTITY_KEY"] = ""

    assert len(problems(environ)) == 4


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"database": ":memory:"}, "forgotten"),
        ({"public_url": "http://127.0.0.1:8000"}, "public_url"),
        ({"test_clock_start": SETTINGS["test_clock_start"]}, "test_clock_start"),
    ],
)
def test_what_works_for_a_trial_only_is_noted(
    tmp_path: Path, changes: dict[str, Any], said: str
) -> None:
    """It starts, and someone should know why it is not for victims."""
    environ = environment(tmp_path, **changes) | {"PORTAL_TEST_CLOCK_TOKEN": SECRET}

    assert problems(environ) == []
    assert said in notes(environ)


def test_a_variable_that_nobody_reads_is_noted(tmp_path: Path) -> None:
    """A name with a letter wrong is not taken for set; it may also be another program's."""
    environ = environment(tmp_path) | {"PORTAL_METRIC_TOKEN": SECRET, "PATH": "/bin"}

    assert "PORTAL_METRIC_TOKEN" in notes(environ)
    assert SECRET not in notes(environ)


def test_without_a_token_there_are_no_figures(tmp_path: Path) -> None:
    """It may be meant; then nobody watches."""
    environ = environment(tmp_path)
    del environ["PORTAL_METRICS_TOKEN"]

    assert "/metrics" in notes(environ)


texts = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=60)


@given(st.dictionaries(st.sampled_from([each.name for each in VARIABLES]), texts))
def test_any_environment_is_looked_at(environ: dict[str, str]) -> None:
    """Whatever stands there, the check ends with lines and not with a traceback."""
    marked = {
        each.name: f"hunter2{environ[each.name]}" if each.is_secret else environ[each.name]
        for each in VARIABLES
        if each.name in environ
    }
    found = list(findings(marked))

    assert "problem" in {kind for kind, _text in found}
    assert not [text for _kind, text in found if "hunter2" in text or "\n" in text]


def invoke(environ: dict[str, str], *words: str) -> Result:
    """Run the command as an operator does, with this environment and no other."""
    runner = CliRunner(env={each.name: environ.get(each.name) for each in VARIABLES})
    return runner.invoke(main, list(words))


@pytest.mark.parametrize("words", [["--check"], ["check"]])
def test_the_command_exits_by_what_it_found(tmp_path: Path, words: list[str]) -> None:
    """0 where the portal would start, 2 where something must be mended first."""
    good, bad = invoke(environment(tmp_path), *words), invoke({}, *words)

    assert (good.exit_code, bad.exit_code) == (0, 2)
    assert "PORTAL_SETTINGS" in bad.output
    assert all(line.split()[0] in {"ok", "note", "problem"} for line in good.output.splitlines())


@pytest.mark.parametrize("words", [[], ["--chekc"], ["erase-everything"], ["check", "more"]])
def test_a_command_that_is_none_is_a_misuse(words: list[str]) -> None:
    """What there is is said, and nothing is done."""
    result = invoke({}, *words)

    assert result.exit_code == 2
    assert "Usage" in result.output
    assert "Traceback" not in result.output


def test_an_old_database_is_told_of_and_left_as_it_is(tmp_path: Path) -> None:
    """Looking brings nothing up to date: that is for the start."""
    path = tmp_path / "portal.db"
    with closing(sqlite3.connect(path)) as old:
        old.execute("CREATE TABLE crime (reference TEXT)")
    before = path.read_bytes()
    found = [text for _kind, text in findings(environment(tmp_path))]
    [line] = [text for text in found if text.startswith("database")]

    assert "of version 0" in line
    assert path.read_bytes() == before
