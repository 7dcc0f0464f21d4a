"""Whatever is done to the project's own files, a reader reads them or says one sentence."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest
import tomli_w
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from simulator.contact_centre.staffing import ContactCentreParameters
from simulator.errors import BadInput
from simulator.files import checked_toml
from simulator.force.crime_journey import JOURNEY, Journey
from simulator.inputs.order import Order
from simulator.inputs.target import Target
from simulator.population.faults.rates import DEFAULT_RATES, FaultRates
from simulator.population.people import PeopleParameters
from simulator.rehearsal.rollout import Rollout
from tests.examples import examples
from tests.simulator.real_files import BY_URL, CENTRE, ORDER, ROLLOUT, ROOT, TARGET, parsed

FIGURES = ROOT / "fixtures" / "figures"
FILES: list[tuple[Path, type[msgspec.Struct]]] = [
    (ORDER, Order),
    (TARGET, Target),
    (BY_URL, Target),
    (ROLLOUT, Rollout),
    (CENTRE, ContactCentreParameters),
    (JOURNEY, Journey),
    (FIGURES / "people.toml", PeopleParameters),
    (DEFAULT_RATES, FaultRates),
]
NAMES = [path.stem for path, _kind in FILES]

# Characters that a terminal shows: what else a key may hold has a test of its own.
SHOWN = st.characters(exclude_categories=["C", "Z"], codec="utf-8")
PLAIN = (
    st.booleans()
    | st.integers(-(10**40), 10**40)
    | st.floats()
    | st.text(SHOWN, max_size=20)
    | st.sampled_from(["source", "http://127.0.0.1:{port}", "(", "(a)", "21:00:00", "", "CPS"])
    | st.datetimes()
    | st.dates()
    | st.times()
)
VALUES = st.recursive(
    PLAIN,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(SHOWN), inner, max_size=4),
    max_leaves=8,
)


def places(value: Any, at: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Every key and index of a parsed file, as the way to it."""
    inside: Any = ()
    if isinstance(value, dict):
        inside = value.items()
    elif isinstance(value, list):
        inside = enumerate(value)
    for step, each in inside:
        yield (*at, step)
        yield from places(each, (*at, step))


def spoil(raw: dict[str, Any], data: st.DataObject) -> None:
    """Drop, rename or replace one thing, or lend it what stands elsewhere in the file."""
    ways = list(places(raw))
    if not ways:
        return
    *there, last = data.draw(st.sampled_from(ways))
    holder: Any = raw
    for step in there:
        holder = holder[step]
    what = data.draw(st.sampled_from(["drop", "rename", "replace"]))
    if what == "drop":
        del holder[last]
    elif what == "rename" and isinstance(holder, dict):
        holder[data.draw(st.text(SHOWN))] = holder.pop(last)
    else:
        holder[last] = data.draw(VALUES)


def is_read_or_refused(path: Path, kind: type[msgspec.Struct]) -> bool:
    """Return whether a file is read, or refused in one printable sentence about that file."""
    try:
        return isinstance(checked_toml.read(path, kind), kind)
    except BadInput as error:
        start, _, sentence = str(error).partition(f"{path}: ")
        return not start and bool(sentence) and sentence.isprintable()


@pytest.mark.parametrize(("source", "kind"), FILES, ids=NAMES)
def test_the_files_as_they_are_can_be_read(source: Path, kind: type[msgspec.Struct]) -> None:
    """Nothing is wrong with a file of the project itself."""
    assert isinstance(checked_toml.read(source, kind), kind)


@pytest.mark.parametrize(("source", "kind"), FILES, ids=NAMES)
@given(data=st.data())
@settings(
    max_examples=examples(60),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
def test_a_spoiled_file_is_read_or_refused(
    tmp_path: Path, source: Path, kind: type[msgspec.Struct], data: st.DataObject
) -> None:
    """However a real file is spoiled, no other exception than BadInput comes of it."""
    raw = parsed(source)
    for _time in range(data.draw(st.integers(1, 3))):
        spoil(raw, data)
    path = tmp_path / "spoiled.toml"
    path.write_text(tomli_w.dumps(raw), encoding="utf-8")

    assert is_read_or_refused(path, kind)


@given(content=st.binary(max_size=300) | st.text(max_size=300).map(str.encode))
@settings(
    max_examples=examples(150),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
def test_any_bytes_are_refused(tmp_path: Path, content: bytes) -> None:
    """Random bytes are no order, and are refused as a file with a mistake in it."""
    path = tmp_path / "random.toml"
    path.write_bytes(content)

    with pytest.raises(BadInput):
        checked_toml.read(path, Order)


@given(cut=st.integers(0, 5000), byte=st.integers(0, 255))
@settings(
    max_examples=examples(100),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
def test_one_byte_may_be_wrong(tmp_path: Path, cut: int, byte: int) -> None:
    """A real file with one byte changed is read or refused, wherever the byte was."""
    content = bytearray(ORDER.read_bytes())
    content[cut % len(content)] = byte
    path = tmp_path / "byte.toml"
    path.write_bytes(content)

    assert is_read_or_refused(path, Order)
