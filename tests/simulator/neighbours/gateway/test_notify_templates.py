"""A template is filled as Notify fills it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reference.contract.events import Channel
from simulator.neighbours.gateway.notify_templates import (
    DEFAULT_TEMPLATES,
    EMAIL_TEMPLATE_ID,
    TEXT_TEMPLATE_ID,
    MissingPersonalisation,
    Template,
    Templates,
    fill,
    placeholders,
)


def _template(content: str, *, subject: str = "", channel: Channel = "text") -> Template:
    return Template(id="T", channel=channel, name="Any", subject=subject, content=content)


@given(st.text())
def test_default_text_is_the_portals_own_words(words: str) -> None:
    """The default template says what the portal wrote and nothing else, brackets and all."""
    message = fill(DEFAULT_TEMPLATES.by_id[TEXT_TEMPLATE_ID], {"body": words})

    assert message.body == words.strip()


def test_default_email_has_the_portals_subject_and_body() -> None:
    """The default email takes both; a subject is one line."""
    message = fill(
        DEFAULT_TEMPLATES.by_id[EMAIL_TEMPLATE_ID], {"subject": "An\n update", "body": "Sign in."}
    )

    assert (message.subject, message.body) == ("An update", "Sign in.")


@pytest.mark.parametrize("name", ["first name", "First Name", "first_name", "FIRST-NAME"])
def test_names_are_found_however_written(name: str) -> None:
    """Case, spaces, hyphens and underscores in names are ignored."""
    assert fill(_template("Dear ((First name))"), {name: "Ada"}).body == "Dear Ada"


@pytest.mark.parametrize(
    ("value", "body"),
    [("yes", "Ring us."), (True, "Ring us."), ("no", "."), (False, "."), ("", ".")],
)
def test_conditional_words_are_shown_on_yes(value: object, body: str) -> None:
    """((name??words)) is shown when the value is a kind of yes."""
    assert (
        fill(_template("((urgent??Ring us)) ."), {"urgent": value}).body.replace(" .", ".") == body
    )


@pytest.mark.parametrize(
    ("channel", "body"), [("text", "Bring: a, b and 3"), ("email", "Bring: \n\n* a\n* b\n* 3")]
)
def test_list_is_words_in_a_text_and_bullets_in_an_email(channel: Channel, body: str) -> None:
    """A list is written out, without its gaps."""
    values = {"things": ["a", None, "b", " ", 3]}

    assert fill(_template("Bring: ((things))", channel=channel), values).body == body


@pytest.mark.parametrize(("items", "body"), [([], "Bring:"), (["a"], "Bring: a")])
def test_short_list_has_no_and(items: list[str], body: str) -> None:
    """One thing is itself; none is nothing."""
    assert fill(_template("Bring: ((things))"), {"things": items}).body == body


def test_missing_names_are_told_once_each_in_order() -> None:
    """Names without a value are told as the template writes them, the subject's first."""
    asked = _template("((b)) ((a)) ((b)) ((c??x)) ((d))", subject="((a))", channel="email")
    with pytest.raises(MissingPersonalisation) as caught:
        fill(asked, {"D": "given", "a": None})

    assert placeholders(asked) == ("a", "b", "c", "d")
    assert caught.value.names == ["a", "b", "c"]


def test_templates_are_found_by_id_in_lower_case() -> None:
    """A target may write its template ids in either case."""
    assert list(Templates.of(_template("x")).by_id) == ["t"]
