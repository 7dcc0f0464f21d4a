"""Starts a vendor's own driver, in their language, and a target that names it.

It has what the first verdict needs, written for the reference portal; every other method of the
protocol is there to be written.
"""

import importlib.util
import inspect
import keyword
import re
import textwrap
from collections.abc import Mapping
from pathlib import Path

from msgspec import Struct

from simulator.drivers.base import Driver
from simulator.drivers.methods import CLAIMED_BY, FIRST_VERDICT, METHODS, Method
from simulator.errors import BadInput
from simulator.files.paths import ROOT

_SKELETON = ROOT / "fixtures" / "drivers" / "skeleton"
#: What a skeleton has in place of the methods that are not written yet.
_OTHERS = re.compile(r"^ *(?://|#) The other methods\.\n", re.MULTILINE)
_COLUMNS = 100
_NOT_WRITTEN = 'throw new Refused(501, "not written yet")'


class Language(Struct, frozen=True):
    """What is written in a language; `access` names the driver in the target.

    `stub` is a method that is not written yet, by `name` and the fields that it `takes`. Without
    one the driver is a class, whose methods are those of the protocol.
    """

    suffixes: tuple[str, ...]
    access: str
    stub: str = ""
    build: str = ""


LANGUAGES: Mapping[str, Language] = {
    "python": Language((".py",), 'driver = "our_portal:OurPortal"'),
    "javascript": Language(
        (".mjs",),
        'program = ["node", "our_portal.mjs"]',
        f"  async {{name}}({{{{ {{takes}} }}}}) {{{{\n    {_NOT_WRITTEN};\n  }}}},\n",
    ),
    "java": Language(
        (".java",),
        'program = ["java", "our_portal.java"]',
        f'            case "{{name}}" -> {_NOT_WRITTEN};\n',
    ),
    "csharp": Language(
        (".cs", ".csproj"),
        'program = ["dotnet", "run", "--no-build", "--project", "our_portal.csproj"]',
        f'            case "{{name}}":\n                {_NOT_WRITTEN};\n',
        "dotnet build our_portal.csproj",
    ),
}


def new_driver(name: str, language: Language, folder: Path) -> list[Path]:
    """Write the driver and its target, NAME.toml, into a folder; return them, the target last.

    `name` is that of a module, such as our_portal. Writes nothing if it raises BadInput.
    """
    files = {folder / f"{name}{suffix}": suffix for suffix in (*language.suffixes, ".toml")}
    _check(name, files)
    try:
        for path, suffix in files.items():
            text = _SKELETON.with_suffix(suffix).read_text(encoding="utf-8")
            path.write_text(_filled(text, name, language), encoding="utf-8")
    except OSError:
        for path in files:
            path.unlink(missing_ok=True)
        raise
    return list(files)


def named(words: str, name: str) -> str:
    """Put a portal's own name into words about `our_portal`."""
    class_name = "".join(part.capitalize() for part in name.split("_"))
    return words.replace("OurPortal", class_name).replace("our_portal", name)


def _filled(text: str, name: str, language: Language) -> str:
    others = [each for each in METHODS if hasattr(Driver, each) and each not in FIRST_VERDICT]
    stubs = [
        _stub(METHODS[each], language.stub) if language.stub else _python_stub(each)
        for each in others
    ]
    text = _OTHERS.sub(lambda _line: "\n".join(stubs), text)
    return named(text.replace(LANGUAGES["python"].access, language.access), name)


def _stub(method: Method, form: str) -> str:
    takes = ", ".join(method.takes.__struct_fields__)
    says = f"{method.says} Takes {takes}; gives {method.gives_words}."
    if method.name in CLAIMED_BY:
        says += f" Claim: {CLAIMED_BY[method.name]}."
    before = form[: -len(form.lstrip())] + "// "
    comment = textwrap.fill(says, _COLUMNS, initial_indent=before, subsequent_indent=before)
    return f"{comment}\n{form.format(name=method.name, takes=takes)}"


def _python_stub(name: str) -> str:
    return inspect.getsource(getattr(Driver, name)) + "        raise NotImplementedError\n"


def _check(name: str, files: Mapping[Path, str]) -> None:
    if not re.fullmatch(r"[a-z][a-z0-9_]{0,59}", name) or keyword.iskeyword(name):
        raise BadInput(
            f"NAME is {name!r:.80}; give a module name in small letters, such as our_portal"
        )
    for each in files:
        if each.exists() or each.is_symlink():
            raise BadInput(f"{each} exists already and was not changed; give another NAME")
    if ".py" in files.values() and importlib.util.find_spec(name) is not None:
        raise BadInput(
            f"NAME is {name!r}, and Python has a module of that name already; give another"
        )
