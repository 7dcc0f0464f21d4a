"""Rules of the selectors file: every mistake is named before anything runs."""

from pathlib import Path

import pytest

from reference.contract.events import EVENT_TYPES
from reference.portal.words.languages import words_of
from reference.portal.words.wording import read
from simulator.drivers.page_reading import meaning
from simulator.errors import BadInput
from simulator.files.paths import ROOT
from simulator.inputs.selectors import OTHER, Selectors, read_selectors
from tests.simulator.drivers.vendor_pages import SELECTORS

REFERENCE = ROOT / "scenarios" / "targets" / "reference-pages.selectors.toml"


def written(folder: Path, text: str) -> Path:
    """Write a selectors file."""
    path = folder / "vendor.selectors.toml"
    path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('code = "#otp"\n', "", "one_time_code.code: missing; add it"),
        ("[advice]", "[advise]", "advise: no such key; did you mean 'advice'?"),
        ('offence = "', 'offense = "', "crimes.offense: no such key; did you mean 'offence'?"),
        ('path = "/home"', 'path = "home"', "crimes.path: "),
        ('path = "/home"', 'path = "https://elsewhere.example/"', "crimes.path: "),
        ('save = "text=Save"', 'save = ""', "contact.save: "),
        ('each = ".step"', "each = 7", "timeline.each: "),
        ('"^Case (', '"^Case ((', "pattern is not a regular expression"),
        (r'"^Case (\\d+)"', '"^Case"', "pattern needs exactly one group"),
        ('open = "^Live"', 'opened = "^Live"', "statuses"),
        ('open = "^Live"', 'open = "["', "statuses.open is not a regular expression"),
        ("OfficerDeployed =", "OfficerDeploid =", "kinds.OfficerDeploid is not an event"),
        ('other = "^News"', 'other = "("', "kinds.other is not a regular expression"),
        ('"#officer"', '"#officer"\npath = "/case"', "path needs {reference} in it once"),
        ("[date_of_birth]", "[agreed_word]", "agreed_word"),
    ],
)
def test_a_mistake_is_named(tmp_path: Path, old: str, new: str, said: str) -> None:
    """The file, the key and the mend, whatever was written."""
    assert SELECTORS.count(old) == 1

    path = written(tmp_path, SELECTORS.replace(old, new))
    with pytest.raises(BadInput) as error:
        read_selectors(path)

    assert str(error.value).startswith(f"{path}: ")
    assert said in str(error.value)


def test_a_portal_asks_for_something(tmp_path: Path) -> None:
    """A file without either proof could not describe a sign-in that needs one."""
    table = SELECTORS.partition("[date_of_birth]")[2].partition("[one_time_code]")[0]
    path = written(tmp_path, SELECTORS.replace(f"[date_of_birth]{table}", ""))

    with pytest.raises(BadInput, match="give agreed_word or date_of_birth"):
        read_selectors(path)


def test_every_selector_is_listed_and_found_by_its_key(tmp_path: Path) -> None:
    """What is checked before a run is all there is; what was left out is not."""
    selectors = read_selectors(written(tmp_path, SELECTORS))
    keys = selectors.named()

    assert all(selectors.selector(key) for key in keys)
    assert {"sign_in.go_on", "crimes.reference", "withdrawal.confirm"} <= set(keys)
    assert not {"crimes.path", "invitation.go_on", "agreed_word.word"} & set(keys)


@pytest.fixture(scope="module")
def reference() -> Selectors:
    """The selectors of the reference."""
    return read_selectors(REFERENCE)


def test_the_kinds_are_those_of_the_catalogue(reference: Selectors) -> None:
    """Each title that the reference shows on a timeline is known for the event it is about."""
    words = read((ROOT / "reference/portal/words/catalogue.toml").read_text(encoding="utf-8"))
    titles = {
        each.title: each.trigger if each.trigger in EVENT_TYPES else OTHER
        for each in words.template
        if each.title and each.trigger in {*EVENT_TYPES, "advice", "still_with_us"}
    }

    assert {title: meaning(reference.kinds, title) for title in titles} == titles


def test_the_statuses_are_those_of_the_pages(reference: Selectors) -> None:
    """Each word for how a case stands is known for what it says."""
    words = words_of()
    for status in reference.statuses:
        assert meaning(reference.statuses, words.plain(f"status.{status}")) == status
