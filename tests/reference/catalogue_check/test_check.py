"""The whole check of a catalogue: its shape, and rules for pages, each broken once and found."""

import tomllib
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reference.catalogue_check import check
from reference.portal.words import catalogue
from tests.reference.catalogue_check.spoiled_words import (
    READ,
    only_fault,
    with_message,
    with_template,
)

SOURCE = catalogue.FILE.read_text(encoding="utf-8")


def test_there_are_as_many_templates_as_the_force_ordered() -> None:
    """The practice note speaks of up to 120 automatic messages; the order asks for 100 to 120.

    A code, and an answer to a victim's own text, come when they are asked for.
    """
    asked_for = {"code", "received_text"}
    automatic = [each for each in READ.template if each.trigger not in asked_for]
    assert 100 <= len(automatic) <= 120


def test_the_catalogue_keeps_every_rule() -> None:
    """Nothing is wrong with the catalogue as it is, so that what is spoiled below is one thing."""
    assert list(check.faults(READ)) == []


@pytest.mark.parametrize(
    ("changes", "fault"),
    [
        ({"text": "You failed it."}, "text has 'you failed', which blames or promises"),
        ({"title": "Unfortunately"}, "title has 'unfortunately', which blames or promises"),
        ({"text": "We promise that it will be found."}, "text has 'we promise', which blames"),
        ({"text": "word " * 26}, "text has a sentence of 26 words ('word word word word' …)"),
        ({"title": "word " * 26}, "title has a sentence of 26 words"),
        ({"text": "It was {officer}."}, "text has {officer}; only force may stand there"),
        ({"title": "Sent to {place}"}, "title has {place}; only force may stand there"),
        ({"text": "It was {suspect}."}, "text has {suspect}; only force may stand there"),
        ({"text": "It was {force!r}."}, "text has {force!r}; only force may stand there"),
        ({"text": "It was {}."}, "text has {}; only force may stand there"),
        ({"text": "It was {force."}, "text has a brace that does not match"),
        ({"reading_age_max": 13}, "reading_age_max is 13; at most 12, so use plainer words"),
    ],
)
def test_a_page_that_breaks_a_rule_is_found(changes: dict[str, Any], fault: str) -> None:
    """Blame, promises, long sentences, names nobody fills in, and a reading age above the limit."""
    found = only_fault(with_template("officer_deployed", **changes))

    assert found.startswith(f"template 'officer_deployed': {fault}")


def test_a_message_may_not_state_a_reading_age_above_the_limit() -> None:
    """The limit is the catalogue's, for what is sent too."""
    found = only_fault(with_message("update", reading_age_max=13))

    assert found == "message 'update': reading_age_max is 13; at most 12, so use plainer words"


def test_sentences_end_where_a_reader_stops() -> None:
    """A full stop, a question or a new paragraph ends a sentence; 25 words are not too many."""
    words = with_template("officer_deployed", text=f"{'word ' * 25}\n\n{'word ' * 24}here? Yes.")

    assert list(check.faults(words)) == []


SPOILED = [
    ("review_date = 2027-04-01", 'review_date = "soon"', "'invitation': review_date is 'soon'"),
    ('phase = 1', "phase = 4", "template 'invitation': phase is 4: expected `int` <= 3"),
    ('audience = "everyone"', 'audience = "all"', "template 'invitation': audience is 'all'"),
    ('title = "An officer was sent"', 'titel = "x"', "'officer_deployed': titel means nothing"),
    ('title = "An officer was sent"', "title = 7", "template 'officer_deployed': title is 7"),
    ('id = "officer_deployed"', "", "template number 8: id is missing; add it"),
    ("details = [1]", "details = [1.5]", "template 'crime_recorded_emergency': details[0]"),
    ("text_parts_max = 2", "text_parts_max = 0", "'invitation': text_parts_max is 0"),
    ('until = "a day that we do not know yet"', "", "blank.until is missing; add it"),
    ("sentence_words_max = 25", "", "checks.sentence_words_max is missing; add it"),
    ("\n[blank]", "\n[blanks]", "blanks means nothing here; take it out"),
    ("\n[[template]]", "\n[[templates]]", "templates means nothing here; take it out"),
    ("reading_age_max = 10", "reading_age_max = 99", "'invitation': reading_age_max is 99"),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new", "fault"), SPOILED)
def test_a_file_of_another_shape_is_refused_by_name(old: str, new: str, fault: str) -> None:
    """The sentence names the template by its id, the field, what stands there, and the mend."""
    assert old in SOURCE

    with pytest.raises(ValueError, match=r"\w") as refused:
        check.read(SOURCE.replace(old, new, 1))

    assert fault in str(refused.value)


@given(st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=5,
), st.sampled_from(["message", "template", "checks", "blank", "other"]))  # fmt: skip
def test_no_value_breaks_the_explanation(value: Any, table: str) -> None:
    """Whatever stands in place of a table is explained in words, and never a traceback."""
    tables = {**tomllib.loads(SOURCE), table: value}

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(tomllib, "loads", lambda _text: tables)
        try:
            said = str(getattr(check.read(""), table))
        except ValueError as refused:
            said = str(refused)

    assert said


def test_words_for_everyone_are_for_each_audience() -> None:
    """A template is for each of its details, and for every audience unless it names some."""
    everyone = next(each for each in READ.template if each.id == "closed_caution")
    enhanced = next(each for each in READ.template if each.id == "charged_enhanced")
    others = next(each for each in READ.template if each.id == "charged")

    assert everyone.cases == [
        ("CrimeClosed", "2", "", "standard"),
        ("CrimeClosed", "2", "", "enhanced"),
        ("CrimeClosed", "2", "", "organisation"),
        ("CrimeClosed", "3", "", "standard"),
        ("CrimeClosed", "3", "", "enhanced"),
        ("CrimeClosed", "3", "", "organisation"),
    ]
    assert enhanced.cases == [("OutcomeRecorded", "1", "", "enhanced")]
    assert others.audiences == ("standard", "organisation")


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ("[checks]", "[checks", r"line \d+"),
        (
            'trigger = "OfficerDeployed"',
            'trigger = "Officer\\nSent"',
            r"trigger is 'Officer\\nSent'",
        ),
        ("Because of what we were told", "Unfortunately", "'officer_deployed': text has 'unfort"),
        ("{code} is your code", "{a\nb} is your code", "'one_time_code': text has {a b}"),
    ],
)
def test_a_bad_catalogue_is_refused_in_one_sentence(old: str, new: str, fault: str) -> None:
    """Whatever is wrong with the file, one line says where and what."""
    broken = SOURCE.replace(old, new)
    assert broken != SOURCE

    with pytest.raises(ValueError, match=rf"^catalogue\.toml: .*{fault}") as refused:
        check.check_catalogue(broken)

    assert "\n" not in str(refused.value)


@given(st.text(max_size=60), st.integers(0, 2000))
def test_no_file_breaks_the_reading_of_it(rubbish: str, line: int) -> None:
    """Anything written anywhere into the file is read, or refused with one sentence."""
    lines = SOURCE.splitlines()[:700]
    lines.insert(line % len(lines), rubbish)

    with pytest.raises(ValueError, match=r"^catalogue\.toml: ") as refused:
        check.check_catalogue("\n".join(lines))

    assert "\n" not in str(refused.value)
