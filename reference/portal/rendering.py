"""Makes the pages: Jinja2 templates in `pages/`, escaped, with times as they are said in London.

`pages/static/portal.css`, served at `/static/portal.css`, is all they load.
"""

from datetime import datetime
from functools import cache
from pathlib import Path
from types import MappingProxyType

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from reference.contract.messages import QUESTION_CHARACTERS_MAX
from reference.portal.policy import LONDON

_FOLDER = Path(__file__).with_name("pages")
_STATUS = MappingProxyType(
    {"open": "Open", "charged": "Someone has been charged", "closed": "Closed"}
)


def render(template: str, **context: object) -> str:
    """Fill in a page by its file name.

    Any page may be given `force` (the force's name) and `non_emergency` (its number), a page of
    advice `signed_in`, and one with a question `error` and `typed`, to show again what somebody
    wrote. Raises jinja2.UndefinedError when a page lacks what it needs.
    """
    return _environment().get_template(template).render(context)


def london(at: datetime) -> str:
    """Say a moment as people in London do: 3 June 2026 at 2:15pm.

    Raises ValueError for a time without a zone, which could be said an hour wrong.
    """
    if at.tzinfo is None:
        raise ValueError(f"{at.isoformat()} has no time zone")
    local = at.astimezone(LONDON)
    hour = local.hour % 12 or 12
    half = "am" if local.hour < 12 else "pm"
    return f"{local.day} {local:%B %Y} at {hour}:{local.minute:02}{half}"


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(_FOLDER),
        autoescape=True,
        undefined=StrictUndefined,
        auto_reload=False,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals.update(
        force="",
        non_emergency="101",
        signed_in=False,
        error="",
        typed="",
        question_characters_max=QUESTION_CHARACTERS_MAX,
    )
    environment.filters.update(london=london, status=_STATUS.__getitem__)
    return environment
