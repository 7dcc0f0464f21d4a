"""Edges of what people write: lengths, scripts, line ends and texts back."""

from simulator.explore import steps as told
from simulator.explore.edge_kind import LENGTH_KINDS, EdgeKind, StoryRead, Values
from simulator.explore.words import (
    LENGTHS,
    REPLY_LENGTHS,
    TEXTS_BACK,
    WIDE,
    WRITING,
    is_wide,
    kinds_of_writing,
)
from simulator.inputs.order import Order

_MANY = 3


def _lengths(_order: Order, phase: int) -> Values:
    if phase < _MANY:
        return ()
    return (*(f"question of {n}" for n in LENGTHS), *(f"reply of {n}" for n in REPLY_LENGTHS))


def _met_lengths(seen: StoryRead) -> Values:
    yield from (f"question of {len(each.text)}" for each in seen.of(told.Ask))
    yield from (f"reply of {len(each.text)}" for each in seen.of(told.Reply))


def _scripts(_order: Order, phase: int) -> Values:
    return (f"{each}, {WIDE}" for each in _lengths(_order, phase))


def _met_scripts(seen: StoryRead) -> Values:
    for each in seen.of(told.Ask, told.Reply):
        if is_wide(each.text):
            what = "question" if isinstance(each, told.Ask) else "reply"
            yield f"{what} of {len(each.text)}, {WIDE}"


def _met_writing(seen: StoryRead) -> Values:
    return (kind for each in seen.of(told.Ask, told.Reply) for kind in kinds_of_writing(each.text))


def _met_texts(seen: StoryRead) -> Values:
    return (each.words for each in seen.of(told.TextBack))


#: The kinds of this file, for the table of all.
WRITING_EDGES: tuple[EdgeKind, ...] = (
    EdgeKind(LENGTH_KINDS[0], _lengths, _met_lengths),
    EdgeKind(LENGTH_KINDS[1], _scripts, _met_scripts),
    EdgeKind("writing", lambda _o, phase: WRITING if phase >= _MANY else (), _met_writing),
    EdgeKind("text back", lambda _o, _p: TEXTS_BACK, _met_texts),
)
