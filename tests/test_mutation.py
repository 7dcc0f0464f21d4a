"""The report on what the features miss: each survivor is explained by a line of today's code."""

import ast
import tomllib
from collections import defaultdict
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests import mutation
from tests.mutation import (
    UNCHANGED,
    Change,
    Played,
    Survivor,
    drawn,
    explanations,
    explored,
    explored_once,
    is_same_sql,
    read_survivors,
    table_of,
    where,
)

ROOT = Path(__file__).parents[1]
MUTMUT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["mutmut"]
Function = ast.FunctionDef | ast.AsyncFunctionDef
LEFT_OUT = {ROOT / each for each in MUTMUT["do_not_mutate"]}

NAME = "reference.portal.rules.quiet_hours.x_send_at__mutmut_8"
CHANGE = Change(
    name=NAME,
    where="quiet_hours.send_at",
    line="spans = starts > ends",
    becomes="spans = starts >= ends",
)


@pytest.mark.parametrize(
    ("line", "becomes", "is_explained"),
    [
        ("spans = starts > ends", "", True),
        ("spans = starts > ends", "spans = starts >= ends", True),
        ("spans = starts > ends", "spans = starts < ends", False),
        ("return now", "", False),
    ],
)
def test_a_survivor_is_explained_by_its_line(
    line: str, becomes: str, *, is_explained: bool
) -> None:
    """An entry holds for every change of its line, or for the one that it names; for no other."""
    entry = Survivor(
        where="quiet_hours.send_at",
        line=line,
        becomes=becomes,
        verdict="equivalent",
        why="they differ",
    )

    assert (NAME in explanations([entry], [CHANGE])) is is_explained


@pytest.mark.parametrize(
    ("line", "becomes", "is_same"),
    [
        ('" FROM victim WHERE id = ?"', '" from victim where id = ?"', True),
        ('"DELETE FROM hold", (b"",)', '"DELETE FROM HOLD", (b"",)', True),
        ("\" AND kind = 'reply'\"", "\" AND KIND = 'reply'\"", True),
        ("\" AND kind = 'reply'\"", "\" AND KIND = 'REPLY'\"", False),
        ('" FROM victim WHERE id = ?"', '"XX FROM victim WHERE id = ?XX"', False),
        ('return "not sent"', 'return "NOT SENT"', False),
    ],
)
def test_capitals_mean_nothing_in_sql_but_in_values(
    line: str, becomes: str, *, is_same: bool
) -> None:
    """A survivor that is the same statement needs no entry; other words, and values, do."""
    change = Change(name=NAME, where="holds.Holds.find", line=line, becomes=becomes)

    assert is_same_sql(change) is is_same
    assert (NAME in explanations([], [change])) is is_same


def test_a_change_without_an_explanation_counts_as_missed() -> None:
    """An equivalent change does not lower the share that was caught; an unexplained one does."""
    found = {NAME: "survived", NAME.replace("_8", "_9"): "killed"}
    entry = Survivor(where="", line="", verdict="equivalent", why="")

    assert "1 of 2 (50%)" in str(table_of(found, {}).caption)
    assert "1 of 1 (100%)" in str(table_of(found, {NAME: entry}).caption)


@pytest.mark.parametrize(("resume", "ran"), [(False, ["a", "b"]), (True, ["b"])])
def test_a_run_that_was_stopped_goes_on(
    monkeypatch: pytest.MonkeyPatch, *, resume: bool, ran: list[str]
) -> None:
    """What an earlier run has the result of is left out, if that is asked for."""
    calls: list[tuple[str, ...]] = []
    monkeypatch.setattr(mutation, "_mutmut", lambda *given: calls.append(given))
    monkeypatch.setattr(
        mutation, "statuses", lambda: {"x.a__mutmut_1": "killed", "x.b__mutmut_1": "not checked"}
    )

    mutation._run(0, "", resume=resume)

    ((_run, *names),) = calls
    assert sorted(names) == [f"x.{each}__mutmut_1" for each in ran]


@given(st.sets(st.text("abc"), min_size=3), st.text("abc"))
def test_a_change_more_draws_no_others(names: set[str], another: str) -> None:
    """One that comes takes the place of one at most; the others stay drawn."""
    before, after = (set(drawn(each, 3)) for each in (names, {*names, another}))

    assert len(before) == len(after) == 3
    assert len(before - after) <= 1
    assert after - before <= {another}


def test_every_explanation_says_why() -> None:
    """No entry lacks a reason."""
    assert [each.where for each in read_survivors() if len(each.why.split()) < 3] == []


def lines_by_function() -> dict[str, set[str]]:
    """Give the lines of each function of the portal that mutmut changes, by module and name."""
    found: dict[str, set[str]] = defaultdict(set)
    for path in (ROOT / "reference" / "portal").rglob("*.py"):
        if path in LEFT_OUT:
            continue
        text = path.read_text(encoding="utf-8")
        lines = [each.strip() for each in text.splitlines()]
        for name, function in functions_in(ast.parse(text)):
            assert function.end_lineno is not None
            found[f"{path.stem}.{name}"] |= {*lines[function.lineno - 1 : function.end_lineno]}
    return found


def functions_in(module: ast.Module) -> list[tuple[str, Function]]:
    """List what mutmut changes in a module: functions, and methods of classes as Class.method.

    It leaves properties and the like alone.
    """
    classes = [each for each in module.body if isinstance(each, ast.ClassDef)]
    found = [("", each) for each in module.body] + [
        (f"{one.name}.", each) for one in classes for each in one.body
    ]
    return [
        (of_class + each.name, each)
        for of_class, each in found
        if isinstance(each, Function) and not each.decorator_list
    ]


def test_every_explanation_is_about_a_line_of_the_code() -> None:
    """The function that an entry names is there and has its line; the change would change it."""
    lines = lines_by_function()
    survivors = read_survivors()

    assert survivors
    assert [each for each in survivors if each.line not in lines[each.where]] == []
    assert [each for each in survivors if each.line == each.becomes] == []


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        (NAME, "quiet_hours.send_at"),
        ("reference.portal.cases.cases.xǁCasesǁ_repeat__mutmut_12", "cases.Cases._repeat"),
        ("reference.portal.errors.xǁProblemǁ__init____mutmut_1", "errors.Problem.__init__"),
    ],
)
def test_a_change_is_named_by_its_module_and_function(name: str, shown: str) -> None:
    """The folders of a module are left out, and mutmut's marks become dots."""
    assert where(name) == shown


def test_every_path_that_is_not_mutated_is_there() -> None:
    """A file that was renamed would be mutated without anybody meaning it."""
    assert LEFT_OUT
    assert [each for each in LEFT_OUT if not each.is_file()] == []


NO_ALARMS: dict[int, dict[int, frozenset[str]]] = {1: {}, 2: {}, 3: {}}
#: What stands for the suite in a folder of mutants.
EFFORT = "class Effort:\n    def __init__(self, phase):\n        self.phase = phase\n"
FOUND = """
from types import SimpleNamespace
def first_new_failure(effort, *, seconds_max, alarms):
    {}
    return SimpleNamespace(fingerprint="MSG-01|lost" if effort.phase in {} else "", {})
"""


def folder_with(tmp_path: Path, *, does: str = "pass", fails: str = "()", why: str = "") -> Path:
    """Write a suite that does this in every process, and finds something in these phases."""
    for name in ("explore", "prove"):
        (tmp_path / "simulator" / name).mkdir(parents=True)
    for each in ("", "explore/", "prove/"):
        (tmp_path / "simulator" / each / "__init__.py").touch()
    (tmp_path / "simulator" / "explore" / "effort.py").write_text(EFFORT)
    found = FOUND.format(does, fails, f"why_not_played={why!r}")
    (tmp_path / "simulator" / "prove" / "explored_portals.py").write_text(found)
    return tmp_path


def test_only_what_the_judge_finds_counts(tmp_path: Path) -> None:
    """A fingerprint is a find, and no fingerprint is none."""
    folder = folder_with(tmp_path, fails="(2,)")

    assert explored_once(NAME, 2, 1, {}, folder) == Played(fingerprint="MSG-01|lost")
    assert explored_once(NAME, 3, 1, {}, folder) == Played()


def test_the_suite_itself_can_be_asked() -> None:
    """Its own reference, without a change, has nothing that the judge finds."""
    assert explored_once(UNCHANGED, 1, 0.1, {}, ROOT) == Played()


@pytest.mark.parametrize("does", ["raise MemoryError", "import no_such_module", "exit(9)"])
def test_a_crash_of_the_suite_is_no_find(does: str, tmp_path: Path) -> None:
    """A missing module, or too little memory, shows nothing of the portal."""
    played = explored_once(NAME, 2, 1, {}, folder_with(tmp_path, does=does, fails="(1, 2, 3)"))

    assert not played.fingerprint
    assert played.why_not.startswith("phase 2 ended with")


def test_a_portal_that_did_not_start_is_no_find(tmp_path: Path) -> None:
    """Its stories were not judged, and it says why."""
    folder = folder_with(tmp_path, why="it did not start")

    assert explored_once(NAME, 2, 1, {}, folder) == Played(why_not="it did not start")


@pytest.mark.parametrize(
    "unchanged", [Played(fingerprint="MSG-01|lost"), Played(why_not="ended with 1")]
)
def test_nothing_counts_unless_the_portal_without_a_change_passes(
    unchanged: Played, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is explored first: what fails it would fail every change."""
    asked: list[str] = []

    def explore(name: str, *_how: object) -> Played:
        asked.append(name)
        return unchanged

    monkeypatch.setattr(mutation, "explored_once", explore)
    monkeypatch.setattr(mutation, "reference_alarms", lambda **_how: NO_ALARMS)
    with pytest.raises(SystemExit, match="without a change"):
        explored([NAME], 3)

    assert asked == [UNCHANGED]


def test_a_change_that_was_not_judged_is_tried_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was judged is kept for the next run; an error is told, and is not kept."""
    other = NAME.replace("_8", "_9")
    found = {UNCHANGED: Played(), NAME: Played(why_not="killed"), other: Played(fingerprint="x")}
    asked: list[str] = []

    def explore(name: str, *_how: object) -> Played:
        asked.append(name)
        return found[name]

    monkeypatch.setattr(mutation, "explored_once", explore)
    monkeypatch.setattr(mutation, "_MUTANTS", tmp_path)
    monkeypatch.setattr(mutation, "reference_alarms", lambda **_how: NO_ALARMS)
    assert explored([NAME, other], 3) == {NAME: found[NAME], other: found[other]}

    asked.clear()
    found[NAME] = Played(fingerprint="y")
    assert explored([NAME, other], 3) == {NAME: found[NAME], other: found[other]}
    assert other not in asked
