"""The edges of an exploration as rows to act on: what is left, why, and in words that can be seen.

An edge is left if stories of this portal can meet it, and none did, or none in which it was judged.
"""

from collections.abc import Iterable
from typing import NamedTuple

from msgspec import Struct

from simulator.report.amounts import count, several, share_of
from simulator.report.step_words import STEP_WORDS, step_words
from simulator.results.exploration import EdgeCount, ExplorationResult

#: What one edge is said to be: each is a word of its own, never a colour alone.
JUDGED, NOT_JUDGED, NEVER_MET, OUT_OF_REACH = (
    "met and judged", "met, not judged", "never met", "cannot be met",
)  # fmt: skip
#: Kinds whose edges begin with the name of a kind of step.
_OF_STEPS = ("event", "field of an event", "step")
_NO_REASON = "nothing of it was judged in the stories that met it"
_LINE_ENDS = {"\r\n": "a Windows line end", "\n": "a line end", "\t": "a tab"}


class CoverageRow(Struct, frozen=True, kw_only=True):
    """One edge: `why` says why it is not met, or not judged ("" if it is both)."""

    kind: str
    edge: str
    state: str
    stories: int
    why: str


class KindRows(NamedTuple):
    """The rows of one kind, and how many of those that can be met were judged, and met."""

    name: str
    rows: tuple[CoverageRow, ...]
    judged: int
    met: int
    reachable: int


def coverage_facts(result: ExplorationResult) -> tuple[tuple[str, str], ...]:
    """Count the edges by what became of them: a name and its words."""
    states = [each.state for each in coverage_rows(result)]
    every, met, judged = result.edges_reachable, _met(states), result.edges_judged
    return (
        ("Edges that stories can meet", count(every)),
        ("Met", f"{count(met)} ({share_of(met, every)})"),
        ("Met and judged", f"{count(judged)} ({share_of(judged, every)})"),
        ("Met, not judged", count(states.count(NOT_JUDGED))),
        ("Never met", count(states.count(NEVER_MET))),
        ("Cannot be met on this portal", count(states.count(OUT_OF_REACH))),
    )


def coverage_sentence(result: ExplorationResult) -> str:
    """Say in one line how many edges were met, and how many of them were judged."""
    every, met = result.edges_reachable, _met(each.state for each in coverage_rows(result))
    others = len(result.edges) - every
    beside = f" Not reachable: {count(others)}." if others else ""
    return (
        f"Edges met: {count(met)} of {count(every)}; met and judged: {count(result.edges_judged)} "
        f"({share_of(result.edges_judged, every)}).{beside} coverage.html lists what is left."
    )


def coverage_rows(result: ExplorationResult) -> tuple[CoverageRow, ...]:
    """List every edge with what became of it, and why it was not judged."""
    return tuple(_row(each, result.stories) for each in result.edges)


def what_is_left(rows: Iterable[CoverageRow]) -> tuple[CoverageRow, ...]:
    """List what was never met and then what was met and not judged, each kind together."""
    left = [each for each in rows if each.state in (NEVER_MET, NOT_JUDGED)]
    return tuple(sorted(left, key=lambda each: each.state != NEVER_MET))


def rows_by_kind(rows: Iterable[CoverageRow]) -> tuple[KindRows, ...]:
    """Put the rows of each kind together, with their counts."""
    kinds: dict[str, list[CoverageRow]] = {}
    for each in rows:
        kinds.setdefault(each.kind, []).append(each)
    return tuple(
        KindRows(
            name=name,
            rows=tuple(of_it),
            judged=sum(each.state == JUDGED for each in of_it),
            met=_met(each.state for each in of_it),
            reachable=sum(each.state != OUT_OF_REACH for each in of_it),
        )
        for name, of_it in kinds.items()
    )


def visible(words: str) -> str:
    """Write words so that spaces and line ends at their edges can be seen, and heard."""
    is_windows = "\r\n" in words
    marks = [each for each in _LINE_ENDS if each in words and not (each == "\n" and is_windows)]
    hidden = [_LINE_ENDS[each] for each in marks]
    bare = words.strip("\r\n\t")
    if bare.startswith(" "):
        hidden.append("a space before it")
    if bare.endswith(" "):
        hidden.append("a space after it")
    if not words or not hidden:
        return words or "nothing"
    return f"{words!r}, with {' and '.join(hidden)}"


def _met(states: Iterable[str]) -> int:
    return sum(each in (JUDGED, NOT_JUDGED) for each in states)


def _row(edge: EdgeCount, stories: int) -> CoverageRow:
    state, why = JUDGED, ""
    if edge.unreachable:
        state, why = OUT_OF_REACH, edge.unreachable
    elif not edge.stories and not edge.judged:
        played = several(stories, "story", "stories")
        state, why = NEVER_MET, f"not drawn, or not done, in {played}: play more, or another seed"
    elif not edge.judged:
        state, why = NOT_JUDGED, edge.why_not_judged or _NO_REASON
    return CoverageRow(
        kind=edge.kind,
        edge=_in_words(edge.kind, edge.value),
        state=state,
        stories=edge.stories,
        why=why,
    )


def _in_words(kind: str, value: str) -> str:
    """Write an edge; one of a kind of step says what happens and not what the code calls it."""
    name, _space, rest = value.partition(" ")
    if kind not in _OF_STEPS or name not in STEP_WORDS:
        return visible(value)
    return f"{step_words(name)}: {rest.replace('_', ' ')}" if rest else step_words(name)
