"""Makes the pages: Jinja2 templates in `pages/`, escaped, with words and times in one language.

`pages/static/portal.css`, served at `/static/portal.css`, is all they load.
"""

from functools import cache, partial
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from reference.contract.messages import QUESTION_CHARACTERS_MAX
from reference.portal.words.dates import day_of, london
from reference.portal.words.languages import ENGLISH, words_of

_FOLDER = Path(__file__).with_name("pages")

# What a page may be given, and the value it has otherwise.
_NOT_GIVEN: dict[str, object] = {
    # every page
    "force": "",  # the force of this person's crime, by name
    "non_emergency": "101",
    "signed_in": False,
    "here": "",  # which link of the menu this page is behind
    "banner": "",  # news for the top of the page
    # a page with a form: what is wrong, and what the victim wrote, to show it again
    "error": "",
    "typed": "",
    "date": ("", "", ""),  # day, month and year as somebody typed them
    "wrong": "",  # which of the three is wrong, "" for all of them
    # crime.html
    "appointments": (),  # each with starts_at, place and status: made or cancelled
    "outcome": None,  # title, text and decided_at
    "informed_by": "",  # who keeps the victim informed after a charge, or in another force
    "review": False,  # the police Right to Review applies
    "contact_routes": None,  # force, non_emergency, website, witness_care: each may be ""
    "form_key": "",  # so that a form sent twice is one message
    "writing": None,  # open, court, closed or "": to whom the victim may write
    "merged_into": "",  # the reference under which this crime goes on
    # contact.html
    "saved": "",  # channels or stop: what the form before it did
    "stopped": False,  # the victim asked for no messages
    "crimes": (),  # with a link each, to talk about no longer supporting it
    # advice_page.html
    "contents": (),
    "review_date": None,
}


def render(template: str, *, language: str = ENGLISH, **context: object) -> str:
    """Fill in a page by its file name, in one of `languages.languages()`.

    Any page may be given what `_NOT_GIVEN` lists. Raises jinja2.UndefinedError when a page lacks
    what it needs, and ValueError for a language that is not there.
    """
    return _environment(language).get_template(template).render(context)


def masked(address: str) -> str:
    """Show enough of an address for its owner to know it, and no one else to learn it.

    A number keeps its last three digits, an email address its first letter and its domain.
    """
    name, at, domain = address.partition("@")
    return f"{name[:1]}…@{domain}" if at else f"…{address[-3:]}"


@cache
def _environment(language: str) -> Environment:
    environment = Environment(
        loader=FileSystemLoader(_FOLDER),
        autoescape=True,
        undefined=StrictUndefined,
        auto_reload=False,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    words = words_of(language)
    in_english = Markup() if language == ENGLISH else Markup(' lang="en-GB"')
    environment.globals.update(
        _NOT_GIVEN,
        say=words,
        language=words.language,
        in_english=in_english,  # for what is there in English only: advice, timelines
        question_characters_max=f"{QUESTION_CHARACTERS_MAX:,}",
    )
    environment.filters.update(
        london=partial(london, words=words),
        day=partial(day_of, words=words),
        masked=masked,
        problem=words.problem,
    )
    return environment
