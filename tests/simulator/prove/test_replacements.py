"""Rules of what a broken portal replaces: read from its source, and nothing where in doubt."""

import ast

import pytest

from simulator.prove.replacements import replaced_in

HEAD = """
from unittest.mock import patch

from reference.portal.rules import announcements
from reference.portal.app import create_app as reference_app
from reference.portal.storage.outbox import Outbox as Box

"""
ONE = "    patch.object(Box, 'announce', _other).start()\n"
AS_IT_IS = "    return reference_app(*args, **kwargs)\n"


def replaced(body: str) -> tuple[str, ...]:
    """Read what a portal replaces whose `create_app` does this."""
    return replaced_in(ast.parse(f"{HEAD}def create_app(*args, **kwargs):\n{body}"))


def test_each_replacement_is_named_by_where_it_stands() -> None:
    """A method by its class and a function by its module, under their own names."""
    two = "    patch.object(announcements, 'plan', _p).start()\n"
    body = f"    '''Says something.'''\n{ONE}{two}{AS_IT_IS}"

    assert replaced(body) == (
        "reference.portal.storage.outbox.Outbox.announce",
        "reference.portal.rules.announcements.plan",
    )


@pytest.mark.parametrize(
    "body",
    [
        AS_IT_IS,
        f"{ONE}    return reference_app(*args, outbound=_other)\n",
        f"{ONE}    settings = args[0]\n{AS_IT_IS}",
        f"{ONE}    patch.dict(announcements.__dict__, plan=_other).start()\n{AS_IT_IS}",
        f"{ONE}    patch.object(announcements.plan, 'x', _other).start()\n{AS_IT_IS}",
        f"    patch.object(Elsewhere, 'announce', _other).start()\n{AS_IT_IS}",
        f"    patch.object(Box, 'announce', _other)\n{AS_IT_IS}",
        f"{ONE}    return _slower(reference_app(*args, **kwargs))\n",
    ],
)
def test_anything_besides_may_touch_everything(body: str) -> None:
    """What is more than replacements, or none, is not known to concern only some."""
    assert replaced(body) == ()


@pytest.mark.parametrize(
    "outside",
    [
        "_seen: set[str] = set()\n",
        "_join = Box.join\n",
        "class Other(Box):\n    def join(self): ...\n",
    ],
)
def test_what_only_gets_a_name_changes_nothing(outside: str) -> None:
    """A replacement may keep what it saw, or call what it stands for."""
    whole = f"{HEAD}{outside}def create_app(*args, **kwargs):\n{ONE}{AS_IT_IS}"

    assert replaced_in(ast.parse(whole)) == ("reference.portal.storage.outbox.Outbox.announce",)


@pytest.mark.parametrize(
    "outside",
    [
        "journey.DAYS = 3\n",
        "patch.object(Box, 'announce', _o).start()\n",
        "_begun = patch.object(Box, 'announce', _o).start()\n",
        "_begun: object = patch.object(Box, 'announce', _o).start()\n",
        "@journey.instead\ndef plan():\n    pass\n",
        "class Other(Box):\n    _begun = patch.object(Box, 'announce', _o).start()\n",
        "for x in y:\n    pass\n",
    ],
)
def test_what_is_changed_as_it_is_loaded_may_touch_everything(outside: str) -> None:
    """A file that does more than define things, or makes no portal, is not known to touch some."""
    whole = f"{HEAD}{outside}def create_app(*args, **kwargs):\n{ONE}{AS_IT_IS}"

    assert replaced_in(ast.parse(whole)) == ()
    assert replaced_in(ast.parse(HEAD)) == ()
