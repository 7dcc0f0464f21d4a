"""Lists the tests that a change can reach: by imports, from what git says has changed.

A file that is no module counts as changed whatever module names it. `make quick` runs the list.
"""

import subprocess
from collections.abc import Iterable, Iterator
from pathlib import Path

import grimp

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = ("reference", "simulator", "features", "loadtests", "fixtures", "tests")
#: Rules that look at every file.
ALWAYS = "tests/test_house_rules.py"


def main() -> None:
    """Print the files of tests, one a line."""
    print("\n".join(reached_by(changed_files())))


def changed_files() -> list[str]:
    """List what is not committed; after a commit, what the last one changed."""
    waiting = [*_git("diff", "--name-only", "HEAD"), *_git("ls-files", "-o", "--exclude-standard")]
    return waiting or list(_git("diff", "--name-only", "HEAD~1"))


def reached_by(changed: Iterable[str], root: Path = ROOT) -> list[str]:
    """List the files of tests that import what has changed, however far off."""
    graph = grimp.build_graph(*PACKAGES, cache_dir=None)
    touched = {module for path in changed for module in _modules_of(path, root)} & graph.modules
    if any(module.endswith(".conftest") for module in touched):
        return ["tests"]
    reached = touched.union(*(graph.find_downstream_modules(module) for module in touched))
    tests = (module.replace(".", "/") + ".py" for module in reached if ".test_" in module)
    return sorted({ALWAYS, *tests})


def _modules_of(path: str, root: Path) -> Iterator[str]:
    if path.endswith(".py"):
        yield path.removesuffix(".py").removesuffix("/__init__").replace("/", ".")
        return
    name = Path(path).name
    for package in PACKAGES:
        for module in (root / package).rglob("*.py"):
            if name in module.read_text(encoding="utf-8"):
                yield ".".join(module.relative_to(root).with_suffix("").parts)


def _git(*words: str) -> list[str]:
    ran = subprocess.run(["git", *words], cwd=ROOT, capture_output=True, text=True, check=False)
    return ran.stdout.splitlines()


if __name__ == "__main__":
    main()
