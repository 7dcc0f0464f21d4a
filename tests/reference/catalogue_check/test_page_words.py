"""No page is half in another language: each file has the keys and placeholders of English."""

from pathlib import Path

import pytest

from reference.catalogue_check.check import check_catalogue
from reference.catalogue_check.page_words import faults_of_language
from reference.portal.words import languages
from reference.portal.words.languages import Words
from tests.reference.portal.words.test_languages import ENGLISH, SMALL


@pytest.mark.parametrize(
    ("wrong", "fault"),
    [
        (SMALL.replace('exit = "Exit"', ""), "page.exit: missing"),
        (SMALL + 'more = "More"', "page.more: English has no such key"),
        (SMALL.replace("{name}", "{who}"), "page.title: must hold exactly {name}"),
        (SMALL.replace("Hello {name}", "Hello"), "page.title: must hold exactly {name}"),
    ],
)
def test_a_language_that_differs_from_english_is_told_by_its_key(wrong: str, fault: str) -> None:
    """A key that is missing, one too many, and words that hold something else."""
    assert list(faults_of_language(Words(wrong), Words(SMALL))) == [fault]


def test_the_service_does_not_start_with_half_a_language(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The check of the words reads every language there is a file for, and names the file."""
    lacking = ENGLISH.replace('exit = "Exit this page"', "")
    (tmp_path / "en.toml").write_text(ENGLISH, encoding="utf-8")
    (tmp_path / "gd.toml").write_text(lacking, encoding="utf-8")
    check_catalogue()
    monkeypatch.setattr(languages, "_FOLDER", tmp_path)
    languages.languages.cache_clear()
    try:
        with pytest.raises(ValueError, match=r"languages/gd\.toml: \w+\.exit: missing"):
            check_catalogue()
    finally:
        languages.languages.cache_clear()
