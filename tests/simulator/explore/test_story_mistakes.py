"""A mistake in a story that was edited by hand names what may stand there."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from simulator.errors import BadInput
from simulator.explore.steps import SignIn
from simulator.explore.story import read_story, write_story
from tests.simulator.explore.stories import PLAIN, story

SIGNS_IN = story(*PLAIN, SignIn(person="Sam", by="text"))
AT = len(SIGNS_IN.steps)
PLACE = f"step {AT} (SignIn)"


def refused(tmp_path: Path, spoil: Callable[[dict[str, Any]], object]) -> str:
    """Write the story, spoil it, and read it; return the sentence."""
    file = tmp_path / "mine.json"
    write_story(file, SIGNS_IN)
    raw = json.loads(file.read_bytes())
    spoil(raw)
    file.write_text(json.dumps(raw), encoding="utf-8")
    with pytest.raises(BadInput) as error:
        read_story(file)
    return str(error.value)


def step(**changes: object) -> Callable[[dict[str, Any]], object]:
    """Change the last step."""
    return lambda raw: raw["steps"][-1].update(changes)


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (step(by="phone"), f"{PLACE}: by: invalid enum value 'phone'; give one of"),
        (step(by="phone"), "give one of email, link, text"),
        (
            step(bye="text"),
            f"{PLACE}: object contains unknown field `bye`; its fields are step, person",
        ),
        (step(step="SignUp"), f"step {AT} (SignUp)"),
        (step(step="SignUp"), ", SignInFrom, "),
        (lambda raw: raw["steps"][-1].pop("person"), "missing required field `person`"),
        (lambda raw: raw["steps"].append(3), f"step {AT + 1}: expected"),
        (lambda raw: raw["people"][0].update(born="May"), "people.1.born: invalid RFC3339"),
        (lambda raw: raw["people"][0].update(born="May"), "a day such as 2027-06-14"),
        (lambda raw: raw["people"][0]["record"].update(kind="cat"), "person"),
        (lambda raw: raw["people"][0]["record"].update(preferred_channels=["post"]), "email, text"),
        (
            lambda raw: raw.update(stesp=[]),
            "the story: object contains unknown field `stesp`; its fields are seed",
        ),
        (lambda raw: raw.update(phase="two"), "phase: expected `int`, got `str` (it is 'two')"),
    ],
)
def test_a_mistake_names_the_place_and_the_choice(
    spoil: Callable[[dict[str, Any]], object], said: str, tmp_path: Path
) -> None:
    """The step by its number from 1 and its kind, the value, and what may stand there."""
    sentence = refused(tmp_path, spoil)

    assert said in sentence
    assert sentence.startswith(str(tmp_path / "mine.json"))
    assert "\n" not in sentence


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda each: (
        st.lists(each, max_size=2) | st.dictionaries(st.text(max_size=5), each, max_size=2)
    ),
    max_leaves=3,
)


@given(field=st.sampled_from(["step", "person", "by", "written", "typed", "more"]), value=VALUES)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_mistake_is_more_than_a_sentence(tmp_path: Path, field: str, value: object) -> None:
    """Whatever stands in a step, the file is read or the mistake is told."""
    file = tmp_path / "mine.json"
    write_story(file, SIGNS_IN)
    raw = json.loads(file.read_bytes())
    raw["steps"][-1][field] = value
    file.write_text(json.dumps(raw), encoding="utf-8")
    try:
        read_story(file)
    except BadInput as error:
        assert PLACE[: len("step 1")] in str(error)  # noqa: PT017  most values are mistakes
