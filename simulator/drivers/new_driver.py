"""Starts a vendor's own driver: a module with every method to write, and a target that names it."""

import importlib.util
import keyword
import re
from pathlib import Path

from simulator.errors import BadInput
from simulator.files.paths import ROOT

_TEMPLATES = ROOT / "fixtures" / "drivers"


def new_driver(name: str, folder: Path) -> tuple[Path, Path]:
    """Write NAME.py and NAME.toml into a folder; return both. Writes neither if it raises BadInput.

    `name` is the module's, such as our_portal; its class is then OurPortal.
    """
    module, target = folder / f"{name}.py", folder / f"{name}.toml"
    _check(name, module, target)
    class_name = "".join(part.capitalize() for part in name.split("_"))
    driver = (_TEMPLATES / "template_driver.py").read_text(encoding="utf-8")
    module.write_text(driver.replace("TemplateDriver", class_name), encoding="utf-8")
    claims = (_TEMPLATES / "template_target.toml").read_text(encoding="utf-8")
    claims = claims.replace("template_driver:TemplateDriver", f"{name}:{class_name}")
    try:
        target.write_text(claims, encoding="utf-8")
    except OSError:
        module.unlink()
        raise
    return module, target


def _check(name: str, *files: Path) -> None:
    if not re.fullmatch(r"[a-z][a-z0-9_]{0,59}", name) or keyword.iskeyword(name):
        raise BadInput(
            f"NAME is {name!r:.80}; give a module name in small letters, such as our_portal"
        )
    for each in files:
        if each.exists() or each.is_symlink():
            raise BadInput(f"{each} exists already and was not changed; give another NAME")
    if importlib.util.find_spec(name) is not None:
        raise BadInput(
            f"NAME is {name!r}, and Python has a module of that name already; give another"
        )
