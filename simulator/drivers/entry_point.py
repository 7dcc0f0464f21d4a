"""Imports the Python that a target file names: what makes a portal, or a driver's class."""

import difflib
import importlib
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from simulator.errors import BadInput

_KINDS = {
    "access.application": ("function", "portal", "reference.portal.app:create_app"),
    "access.driver": ("class", "driver", "our_portal.driver:OurDriver"),
}


def import_named(field: str, name: str) -> Callable[..., Any]:
    """Import what a target names as module:function or module:class; raises BadInput.

    The module is installed, on PYTHONPATH, or in the folder that the suite was called from.
    """
    module, _, wanted = name.partition(":")
    if not wanted or not all(map(str.isidentifier, (*module.split("."), wanted))):
        raise not_an_entry_point(field, name)
    # Last, so that a file here never hides an installed module.
    here = str(Path.cwd())
    if here not in sys.path:
        sys.path.append(here)
    try:
        imported = importlib.import_module(module)
    except (Exception, SystemExit) as error:  # noqa: BLE001  any error of that module is its own
        if isinstance(error, ModuleNotFoundError) and module.startswith(str(error.name)):
            raise BadInput(
                f"{field} is {name!r}; there is no module {error.name}: is it "
                "installed, in this folder, or on PYTHONPATH?"
            ) from None
        raise BadInput(
            f"{field} is {name!r}, which cannot be imported: {type(error).__name__}: {error}"
        ) from None
    kind, what, _example = _KINDS[field]
    found: Any = getattr(imported, wanted, None)
    if not callable(found):
        near = difflib.get_close_matches(wanted, vars(imported), n=1)
        raise BadInput(
            f"{field} is {name!r}; there is no {kind} {wanted} in "
            f"{getattr(imported, '__file__', module)}"
            + (f"; did you mean {near[0]}?" if near else f"; name the one that makes the {what}")
        )
    made: Callable[..., Any] = found
    return made


def not_an_entry_point(field: str, name: str) -> BadInput:
    """Make the error for a name that is not module:function or module:class."""
    kind, _what, example = _KINDS[field]
    return BadInput(f"{field} is {name!r}; give module:{kind}, for example {example}")
