"""Begins a vendor's own driver: a module with every method to write, and a target that names it."""

import importlib.util
import keyword
import re
from pathlib import Path

from simulator.errors import BadInput
from simulator.files.paths import ROOT

_TEMPLATES = ROOT / "fixtures" / "drivers"


def new_driver(name: str, folder: Path) -> tuple[Path, Path]:
    """Write NAME.py and NAME.toml into a folder; answers both. Raises BadInput, and writes neither.

    `name` is that of the module, as our_portal; the class is named after it, as OurPortal.
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
            f"NAME is {name!r:.80}; give a module's name in small letters, as our_portal"
        )
    for each in files:
        if each.exists() or each.is_symlink():
            raise BadInput(f"{each} is there already, and is left as it is; give another NAME")
    if importlib.util.find_spec(name) is not None:
        raise BadInput(
            f"NAME is {name!r}, and Python has a module of that name already; give another"
        )
