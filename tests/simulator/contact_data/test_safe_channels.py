"""By which channel contact is safe: whole words of a closed list, and nothing by guess."""

from pathlib import Path

import pytest

from simulator.contact_data.kinds import BY_KIND
from simulator.crowd.people import SAFE_HOW
from tests.simulator.contact_data.extracts import found, read

BOTH, TEXT, EMAIL, NEITHER = ("text", "email"), ("text",), ("email",), ()
#: What `generate` writes.
OF_CROWDS = {
    "": BOTH, "text": TEXT, "email": EMAIL, "phone call": NEITHER, "letter": NEITHER,
    "in person": NEITHER,
}  # fmt: skip
UNDERSTOOD = {
    **OF_CROWDS, "Text or e-mail": BOTH, "any": BOTH, "Both": BOTH, "any method": BOTH,
    "SMS": TEXT, "text message only": TEXT, "text; phone": TEXT, "E-Mail": EMAIL,
    "any phone call": NEITHER, "call mobile": NEITHER, "Post": NEITHER,
}  # fmt: skip
NOT_UNDERSTOOD = (
    "not text", "text, not email", "no email", "never text", "any but text", "all except email",
    "don't text", "text after 6", "text only before 5pm", "email until 9 o'clock", "text 9-5",
    "Wallingford", "wall-mounted context", "mobile", "-", "tEXTual", "via sister", "textphone",
)  # fmt: skip


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, str]]:
    """One extract with each text, and who is told."""
    folder = tmp_path_factory.mktemp("channels")
    texts = (*UNDERSTOOD, *NOT_UNDERSTOOD)
    work = found(folder, *({"Safe how": each} for each in texts))
    rows = dict(zip(texts, read(folder / "out" / "who-can-be-told.csv"), strict=True))
    asked = {each["row"] for each in work if each["what_is_wrong"] == UNCLEAR}
    return {text: {**row, "asked": str(row["row"] in asked)} for text, row in rows.items()}


UNCLEAR = BY_KIND["safe_how_unclear"].what


@pytest.mark.parametrize("text", UNDERSTOOD)
def test_only_the_channels_that_are_named_are_used(
    told: dict[str, dict[str, str]], text: str
) -> None:
    """A text or an email only where its own word, or a word for every channel, stands."""
    row = told[text]
    used = tuple(each for each in ("text", "email") if row[f"by_{each}"])

    assert used == UNDERSTOOD[text]
    assert row["asked"] == "False"


@pytest.mark.parametrize("text", NOT_UNDERSTOOD)
def test_what_is_not_understood_allows_nothing_and_is_asked(
    told: dict[str, dict[str, str]], text: str
) -> None:
    """A no, a time, a condition or an unknown word means no channel, and a person is asked."""
    assert (told[text]["can_be_told"], told[text]["by_text"], told[text]["by_email"]) == (
        "no",
        "",
        "",
    )
    warned = told[text]["a_person_must_look_at"]
    assert told[text]["asked"] == "True" or BY_KIND["not_safe_in_notes"].what in warned


def test_every_value_of_made_up_people_is_among_them() -> None:
    """Whatever `generate` writes has its channels above."""
    assert set(SAFE_HOW) == set(OF_CROWDS)


def test_a_channel_without_a_number_is_a_fault(tmp_path: Path) -> None:
    """Any channel is enough where any is allowed; a channel that is named must be there."""
    work = found(tmp_path, {"Safe how": "text", "Mobile": ""}, {"Safe how": "any", "Mobile": ""})

    missing = [each["row"] for each in work if each["field"] == "safe_how"]
    assert missing == ["1"]
