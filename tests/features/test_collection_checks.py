"""Rules of the guards: each way in which pytest-bdd passes what it did not run is refused."""

import functools
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from features.collection_checks import complaints, feature_files, refuse_coroutine, unbound
from features.plugin import pytest_bdd_apply_tag, pytest_collection_modifyitems
from simulator.inputs.written_scenarios import FEATURES, pickles_of

FEATURE_FILES = sorted(FEATURES.rglob("*.feature"))


@pytest.fixture
def written(tmp_path: Path) -> Callable[[str], Path]:
    """Write a feature file."""

    def write(text: str) -> Path:
        path = tmp_path / "a.feature"
        path.write_text(text, encoding="utf-8")
        return path

    return write


def test_a_sound_file_is_let_through(written: Callable[[str], Path]) -> None:
    """A file whose every scenario was collected, outlines unfolded, has nothing wrong with it."""
    path = written("""
        Feature: Sound
          Background:
            Given a portal
          Scenario: One
            Then it works
          Scenario Outline: Two
            Then it <does>
            Examples:
              | does  |
              | works |
              | sings |
    """)

    assert complaints(path, collected=3) == []


def test_two_scenarios_of_one_name_are_refused(written: Callable[[str], Path]) -> None:
    """Of two scenarios of one name pytest-bdd keeps one: both names are refused."""
    path = written("""
        Feature: Twins
          Scenario: One
            Then it works
          Scenario: One
            Then it does not
    """)

    assert any("2 scenarios are called 'One'" in each for each in complaints(path, collected=2))


def test_a_name_is_taken_across_rules(written: Callable[[str], Path]) -> None:
    """A scenario under one Rule silences its namesake under another, so that is refused too."""
    path = written("""
        Feature: Twins apart
          Rule: By day
            Scenario: One
              Then it works
          Rule: By night
            Scenario: One
              Then it does not
    """)

    assert any("2 scenarios are called 'One'" in each for each in complaints(path, collected=2))


def test_a_scenario_without_steps_is_refused(written: Callable[[str], Path]) -> None:
    """A scenario that does nothing would pass, whatever its background does."""
    path = written("""
        Feature: Idle
          Background:
            Given a portal
          Scenario: Later
          Rule: Also here
            Scenario: Later still
    """)

    found = complaints(path, collected=len(pickles_of(path)))

    assert any("'Later' has no steps" in each for each in found)
    assert any("'Later still' has no steps" in each for each in found)


@pytest.mark.parametrize("collected", [0, 1, 3])
def test_what_was_not_collected_is_missed(written: Callable[[str], Path], collected: int) -> None:
    """Fewer tests than scenarios means some are lost; more means some stand for nothing."""
    path = written("""
        Feature: Counted
          Scenario: One
            Then it works
          Scenario: Two
            Then it works
    """)

    assert complaints(path, collected) == [
        f"{path}: 2 scenarios in the file, {collected} tests collected"
    ]


def test_an_outline_without_examples_is_refused(written: Callable[[str], Path]) -> None:
    """pytest-bdd passes an outline whose table is empty as one test: no scenario stands for it."""
    path = written("""
        Feature: Empty table
          Scenario Outline: None
            Then it <does>
            Examples:
              | does |
    """)

    assert complaints(path, collected=1) == [f"{path}: 0 scenarios in the file, 1 tests collected"]


def test_an_empty_file_is_refused(written: Callable[[str], Path]) -> None:
    """A file without a feature is a mistake, not a feature without scenarios."""
    assert complaints(written("# later\n"), collected=0)[0].endswith("no feature in it")


async def _coroutine() -> None:
    """Never be awaited."""


async def _async_generator() -> AsyncIterator[None]:
    """Never be asked for anything."""
    yield


class _Step:
    """A step that is a method."""

    async def method(self) -> None:
        """Never be awaited either."""


@pytest.mark.parametrize(
    "step",
    [_coroutine, _async_generator, _Step().method, functools.partial(_coroutine)],
    ids=["coroutine", "async generator", "method", "partial"],
)
def test_a_coroutine_step_is_refused(step: Callable[..., Any]) -> None:
    """A coroutine or an async generator as a step would pass without running."""
    with pytest.raises(TypeError, match="is a coroutine"):
        refuse_coroutine(step)


def test_a_plain_step_is_let_through() -> None:
    """Whatever runs when it is called is a step: of these only the coroutine is refused."""
    refused = []
    for step in (print, functools.partial(print, "x"), lambda: None, _coroutine):
        try:
            refuse_coroutine(step)
        except TypeError:
            refused.append(step)

    assert refused == [_coroutine]


def test_a_folder_that_no_module_binds_is_found(tmp_path: Path) -> None:
    """Feature files are run by a test module beside them: where there is none, nothing is run."""
    for folder, module in (("bound", 'scenarios(".")'), ("empty", ""), ("deep/alone", None)):
        (tmp_path / folder).mkdir(parents=True)
        (tmp_path / folder / "a.feature").write_text("Feature: A\n", encoding="utf-8")
        if module is not None:
            (tmp_path / folder / "test_features.py").write_text(module, encoding="utf-8")

    files = feature_files([tmp_path])
    found = unbound(files)

    assert len(files) == 3
    assert [each.partition(":")[0] for each in found] == [
        str(tmp_path / "deep/alone"),
        str(tmp_path / "empty"),
    ]


def test_a_run_refuses_what_no_module_binds(tmp_path: Path) -> None:
    """Not only our own tests look: anybody who runs the features is told of a folder left out."""
    (tmp_path / "forgotten").mkdir()
    (tmp_path / "forgotten" / "a.feature").write_text("Feature: A\n", encoding="utf-8")
    config: Any = SimpleNamespace(getoption=lambda _name: "", args=[str(tmp_path)])

    with pytest.raises(pytest.UsageError, match="forgotten: feature files, and no test_"):
        pytest_collection_modifyitems(config, [])


def test_a_run_refuses_a_module_that_binds_nothing(written: Callable[[str], Path]) -> None:
    """A module that mentions scenarios and collects none of them is found by the count."""
    path = written("""
        Feature: Passed over
          Scenario: One
            Then it works
    """)
    module = path.with_name("test_features.py")
    module.write_text('# scenarios(".")\n', encoding="utf-8")
    config: Any = SimpleNamespace(getoption=lambda _name: "", args=[str(module)])

    with pytest.raises(pytest.UsageError, match="1 scenarios in the file, 0 tests collected"):
        pytest_collection_modifyitems(config, [])


def test_tags_are_ours_before_pytests() -> None:
    """A tag is kept for us, and our hook comes first: else pytest-bdd makes a mark of it."""

    def scenario() -> None:
        """Stand for a scenario's function."""

    assert pytest_bdd_apply_tag("DATA-01", scenario) is True
    assert pytest_bdd_apply_tag("before_phase_2", scenario) is True
    assert scenario.__dict__["portal_tags"] == {"DATA-01", "before_phase_2"}
    assert getattr(pytest_bdd_apply_tag, "pytest_impl")["tryfirst"]  # noqa: B009  pluggy's mark


@pytest.mark.parametrize("path", FEATURE_FILES, ids=lambda path: str(path.stem))
def test_our_own_files_are_sound_and_bound(path: Path) -> None:
    """Every feature file is sound, and a module in its folder binds all that is in the folder."""
    bound = (path.parent / "test_features.py").read_text(encoding="utf-8")

    assert complaints(path, collected=len(pickles_of(path))) == []
    assert 'scenarios(".")' in bound


def test_no_name_is_used_in_two_files() -> None:
    """A scenario's name runs just that scenario, so that no other feature may have it."""
    names = [name for path in FEATURE_FILES for name in {each["name"] for each in pickles_of(path)}]

    assert len(names) == len(set(names))
