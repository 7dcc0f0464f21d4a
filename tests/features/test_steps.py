"""Rules of the steps: each sentence of the features means one thing, and each step is used."""

import importlib

import pytest
from pytest_bdd.steps import StepFunctionContext, step_function_context_registry

from features import plugin
from features.people import channels_of
from simulator.inputs.written_scenarios import FEATURES, pickles_of
from tests.each_of import each_of

for module in plugin.STEPS:
    importlib.import_module(module)

STEPS = [
    each
    for each in step_function_context_registry.values()
    if each.step_func.__module__ in plugin.STEPS
]
KINDS = {"Context": "given", "Action": "when", "Outcome": "then"}
SENTENCES = sorted(
    {
        (KINDS[step["type"]], step["text"])
        for path in FEATURES.rglob("*.feature")
        for pickle in pickles_of(path)
        for step in pickle["steps"]
    }
)


def meanings_of(kind: str, text: str) -> list[StepFunctionContext]:
    """Find every step that would answer to a sentence."""
    return [each for each in STEPS if each.type == kind and each.parser.is_matching(text)]


@each_of(SENTENCES)
def test_a_sentence_means_one_thing(kind: str, text: str) -> None:
    """Of two steps that match a sentence pytest-bdd runs one, and the other never looks."""
    assert len(meanings_of(kind, text)) == 1


def test_no_step_is_left_over() -> None:
    """A step that no feature uses proves nothing."""
    used = {id(step) for kind, text in SENTENCES for step in meanings_of(kind, text)}

    assert [each.parser.name for each in STEPS if id(each) not in used] == []


@pytest.mark.parametrize("words", ["no other channel", "letter", "text or email", ""])
def test_what_names_no_channel_is_refused(words: str) -> None:
    """A step for no channel would pass without looking."""
    with pytest.raises(ValueError, match="names no channels"):
        channels_of(words)


@pytest.mark.parametrize(
    ("words", "channels"),
    [("text", ("text",)), ("email", ("email",)), ("text and email", ("text", "email"))],
)
def test_channels_are_read(words: str, channels: tuple[str, ...]) -> None:
    """The channels of a sentence are those it names."""
    assert channels_of(words) == channels
