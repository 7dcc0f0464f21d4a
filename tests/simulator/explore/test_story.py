"""A story is a file that plays again: whatever is drawn is written and read without a loss."""

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from simulator.errors import BadInput
from simulator.explore.story import read_story, write_story
from simulator.explore.story_drawing import draw_story
from tests.simulator.explore.stories import order

SAME_FOLDER = settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@given(number=st.integers(0, 10_000), phase=st.integers(1, 3))
@SAME_FOLDER
def test_a_story_is_read_as_it_was_written(tmp_path: Path, number: int, phase: int) -> None:
    """Every drawn story survives its file."""
    story = draw_story(order(), phase=phase, seed=3, number=number)
    write_story(tmp_path / "story.json", story)
    assert read_story(tmp_path / "story.json") == story


@given(spoilt=st.binary(max_size=400))
@SAME_FOLDER
def test_a_file_that_is_no_story_is_one_sentence(tmp_path: Path, spoilt: bytes) -> None:
    """The sentence names the file and how to mend it; nothing else is ever raised."""
    path = tmp_path / "story.json"
    path.write_bytes(spoilt)
    with pytest.raises(
        BadInput, match=r"story\.json: .*; (give a file that explore wrote|its fields are seed)"
    ):
        read_story(path)


def test_a_missing_file_is_one_sentence(tmp_path: Path) -> None:
    """The sentence names the file."""
    with pytest.raises(BadInput, match=r"none\.json: No such file"):
        read_story(tmp_path / "none.json")


def test_an_empty_file_is_called_empty(tmp_path: Path) -> None:
    """That is what its reader sees, and not where its JSON ends."""
    path = tmp_path / "story.json"
    path.write_text("\n")
    with pytest.raises(BadInput, match=r"story\.json: it is empty; give a file"):
        read_story(path)


def test_a_mistake_in_a_story_names_the_field(tmp_path: Path) -> None:
    """A step with an unknown field is refused, and the sentence says where it stands."""
    story = draw_story(order(), phase=1, seed=3, number=0)
    write_story(tmp_path / "story.json", story)
    written = (tmp_path / "story.json").read_text().replace('"steps"', '"stesp"', 1)
    (tmp_path / "story.json").write_text(written)
    with pytest.raises(BadInput, match="stesp"):
        read_story(tmp_path / "story.json")
