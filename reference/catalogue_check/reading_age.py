"""The age at which a reader reads some words with ease; slow, so the service never computes it.

The Automated Readability Index (US Army, 1967) estimates a school grade by the lengths of words
and sentences; a grade plus five is an age. textstat's measures by syllable would fetch a
dictionary from the internet when first used, so they are not used.
"""

import math
from collections.abc import Iterator

from msgspec import structs

from reference.portal.words.wording import CatalogueWords, MessageWords, TemplateWords

_FILLED_IN = {
    "force": "the police",
    "portal": "this page",
    "link": "this page",
    "not_for_me": "this page",
    "non_emergency": "101",
    "code": "123456",
    "name": "Alex",
}


def reading_age(words: str) -> int:
    """Estimate the age in years; 5, the first of school, for no words or very easy ones."""
    import textstat  # type: ignore[import-untyped]

    grade = textstat.automated_readability_index(words) if words.strip() else 0.0
    return max(math.ceil(grade), 0) + 5


def age_of_message(message: MessageWords) -> int:
    """Estimate the age for a message, in the harder of its channels."""
    return max(
        reading_age(words.strip().format_map(_FILLED_IN))
        for words in (message.text, message.email_body)
    )


def age_of_template(template: TemplateWords, words: CatalogueWords) -> int:
    """Estimate the age for what is shown, or else sent, with the blanks in place of names."""
    if template.text:
        return reading_age(template.text.strip().format_map(structs.asdict(words.blank)))
    [message] = (each for each in words.message if template.message in each.ids)
    return age_of_message(message)


def faults_of_age(words: CatalogueWords) -> Iterator[str]:
    """Find words that are harder to read than they state."""
    reckoned: list[tuple[str, MessageWords | TemplateWords, int]] = [
        *(("message", each, age_of_message(each)) for each in words.message),
        *(("template", each, age_of_template(each, words)) for each in words.template),
    ]
    for kind, each, age in reckoned:
        if age > each.reading_age_max:
            yield (
                f"{kind} {each.id!r}: reading age is {age} and reading_age_max"
                f" {each.reading_age_max}; use shorter words and sentences"
            )
