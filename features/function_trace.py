"""Traces the functions of the portal that each scenario calls, and picks those with a replaced one.

A portal in which only a few functions are replaced behaves like the original in a scenario that
calls none of them, because no scenario needs what another left behind. So a proof need not run it.
A function whose calls cannot be seen counts as called. One thread is traced, because a portal in
this process has no other.
"""

import inspect
import pkgutil
import sys
from collections.abc import Generator, Iterable, Sequence
from pathlib import Path
from types import CodeType, FrameType, FunctionType
from typing import Any

import msgspec
import pytest

from features.selection import whole_name_of
from simulator.files.paths import ROOT

_PORTAL = ROOT / "reference"
#: The fixture that makes the people of an earlier phase: it matters to the scenarios that use it.
_BEFORE = "phase_before"


class Reached(msgspec.Struct, frozen=True):
    """The functions called, and by their numbers: which as it started, and which in a scenario."""

    functions: list[str]
    at_start: set[int]
    by_scenario: dict[str, set[int]]


def add_options(group: pytest.OptionGroup) -> None:
    """Add the options for what is traced, or what was replaced."""
    group.addoption("--reach-to", default="", help="file to write what each scenario calls")
    group.addoption("--reach", default="", help="such a file: run only what calls --replaced")
    group.addoption("--replaced", default="", help="functions, as package.module.Class.name,…")


def begin(config: pytest.Config) -> None:
    """Trace, if asked to."""
    if config.getoption("--reach-to"):
        config.pluginmanager.register(_Tracer(Path(config.getoption("--reach-to"))))


def concerned(config: pytest.Config, items: Sequence[pytest.Item]) -> list[pytest.Item]:
    """Keep the scenarios that call what was replaced, if a run asks for that."""
    if not config.getoption("--reach"):
        return list(items)
    reached = msgspec.json.decode(Path(config.getoption("--reach")).read_bytes(), type=Reached)
    return _concerned(items, reached, config.getoption("--replaced").split(","))


def function_at(name: str) -> str | None:
    """Give a function's name in a trace; None for one that may be used without a traced call.

    A constant is read and not called; a function that caches its results is called once; and code
    that is not the portal's own is not traced.
    """
    place, _, attribute = name.rpartition(".")
    found = inspect.getattr_static(pkgutil.resolve_name(place), attribute)
    if isinstance(found, staticmethod | classmethod):
        found = found.__func__
    if isinstance(found, property):
        found = found.fget
    is_traced = isinstance(found, FunctionType) and not hasattr(found, "__wrapped__")
    return _name(found.__code__) if is_traced and _is_ours(found.__code__) else None


def _concerned(
    items: Sequence[pytest.Item], reached: Reached, replaced: Iterable[str]
) -> list[pytest.Item]:
    names = [function_at(each) for each in replaced]
    numbers = {number for number, name in enumerate(reached.functions) if name in names}
    if None in names or numbers & reached.at_start:
        return list(items)
    return [each for each in items if numbers & reached.by_scenario[whole_name_of(each)]]


class _Tracer:
    """Notes every function of the portal as it is called."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._start: set[CodeType] = set()
        self._before: set[CodeType] = set()
        self._scenarios: dict[str, set[CodeType]] = {}
        self._current = self._start

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Generator[None, object, object]:
        """Trace a scenario."""
        self._current = self._scenarios.setdefault(whole_name_of(item), set())
        _forget_results()
        sys.setprofile(self._note)
        try:
            return (yield)
        finally:
            sys.setprofile(None)

    @pytest.hookimpl(wrapper=True)
    def pytest_fixture_setup(
        self, fixturedef: pytest.FixtureDef[Any]
    ) -> Generator[None, object, object]:
        """Record separately what is done once for all scenarios."""
        within = self._current
        self._current = {"started": self._start, "world": self._before}.get(
            fixturedef.argname, within
        )
        try:
            return (yield)
        finally:
            self._current = within

    def pytest_bdd_before_step_call(self, step_func_args: dict[str, Any]) -> None:
        """Count what made the earlier people as called by the scenarios that use them."""
        if _BEFORE in step_func_args:
            self._current |= self._before

    def pytest_unconfigure(self) -> None:
        """Write the trace."""
        codes = set().union(self._start, *self._scenarios.values())
        names = {code: _name(code) for code in codes if _is_ours(code)}
        functions = sorted(set(names.values()))
        number = {name: index for index, name in enumerate(functions)}

        def numbers(called: Iterable[CodeType]) -> set[int]:
            return {number[names[each]] for each in called if each in names}

        reached = Reached(
            functions=functions,
            at_start=numbers(self._start),
            by_scenario={name: numbers(called) for name, called in self._scenarios.items()},
        )
        self._path.write_bytes(msgspec.json.encode(reached))

    def _note(self, frame: FrameType, event: str, _argument: object) -> None:
        if event == "call":
            self._current.add(frame.f_code)


def _forget_results() -> None:
    """Clear the portal's caches: a scenario would have called what it finds there."""
    for name, module in list(sys.modules.items()):
        if name.partition(".")[0] == _PORTAL.name:
            for each in vars(module).values():
                if hasattr(each, "cache_clear"):
                    each.cache_clear()


def _is_ours(code: CodeType) -> bool:
    return _PORTAL in Path(code.co_filename).parents


def _name(code: CodeType) -> str:
    return f"{code.co_filename}:{code.co_firstlineno}:{code.co_qualname}"
