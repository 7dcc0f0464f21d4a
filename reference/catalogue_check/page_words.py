"""Whether each language of the pages has the keys and placeholders of English."""

from collections.abc import Iterator

from reference.portal.words.languages import ENGLISH, Words, languages, words_of


def check_languages() -> None:
    """Check every language there is a file for; raises ValueError naming the file and the key."""
    for language in languages():
        fault = next(faults_of_language(words_of(language), words_of(ENGLISH)), None)
        if fault is not None:
            raise ValueError(f"languages/{language}.toml: {fault}")


def faults_of_language(words: Words, english: Words) -> Iterator[str]:
    """Find the keys that a language lacks or has too many, and words with other placeholders."""
    ours, measure = words.placeholders, english.placeholders
    for key in sorted(measure.keys() ^ ours.keys()):
        yield f"{key}: " + ("missing" if key in measure else "English has no such key")
    for key in sorted(measure.keys() & ours.keys()):
        if ours[key] != measure[key]:
            yield f"{key}: must hold exactly {{{'}, {'.join(sorted(measure[key]))}}}"
