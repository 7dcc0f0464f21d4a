"""The portal's own catalogue, and the same with one thing changed."""

from typing import Any

from msgspec import structs

from reference.catalogue_check import check
from reference.portal.words import catalogue, wording
from reference.portal.words.wording import CatalogueWords

READ = wording.read(catalogue.FILE.read_text(encoding="utf-8"))


def with_template(template_id: str, **changes: Any) -> CatalogueWords:
    """Change one template."""
    assert any(each.id == template_id for each in READ.template)
    changed = tuple(
        structs.replace(each, **changes) if each.id == template_id else each
        for each in READ.template
    )
    return structs.replace(READ, template=changed)


def with_message(message_id: str, **changes: Any) -> CatalogueWords:
    """Change one message."""
    assert any(each.id == message_id for each in READ.message)
    changed = tuple(
        structs.replace(each, **changes) if each.id == message_id else each for each in READ.message
    )
    return structs.replace(READ, message=changed)


def without_template(template_id: str) -> CatalogueWords:
    """Take one template out."""
    kept = tuple(each for each in READ.template if each.id != template_id)
    assert len(kept) < len(READ.template)
    return structs.replace(READ, template=kept)


def only_fault(words: CatalogueWords) -> str:
    """Return the one thing that is wrong with some words."""
    faults = list(check.faults(words))
    assert len(faults) == 1, faults
    return faults[0]
