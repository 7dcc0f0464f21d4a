"""Makes one test of a check of many cases: it looks at each, and names all that fail.

As parameters of pytest each case would be a test of its own. Where a check takes less time than
pytest takes for a test, thousands of them cost a run minutes.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import TypeAlias

import pytest

Check: TypeAlias = Callable[..., None]
Case: TypeAlias = tuple[object, ...]
SHOWN_CHARACTERS_MAX = 100


def each_of(cases: Iterable[Case] | Mapping[str, Case]) -> Callable[[Check], Callable[[], None]]:
    """Decorate a check: what is left is a test without parameters, which fails if any case does.

    A case is a tuple of the check's arguments; a mapping names its cases.
    """
    if isinstance(cases, Mapping):
        named = list(cases.items())
    else:
        named = [(shown(each), each) for each in cases]

    def made_of(check: Check) -> Callable[[], None]:
        def test() -> None:
            assert named, "there is no case to look at"
            failed: list[tuple[str, BaseException]] = []
            for name, case in named:
                try:
                    check(*case)
                except (Exception, pytest.fail.Exception) as error:  # noqa: BLE001  raised below
                    failed.append((name, error))
            if failed:
                said = "\n".join(f"{name}: {error!s:.1000}" for name, error in failed)
                message = f"{len(failed)} of {len(named)} fail:\n{said}"
                raise AssertionError(message) from failed[0][1]

        test.__name__, test.__qualname__ = check.__name__, check.__qualname__
        test.__module__, test.__doc__ = check.__module__, check.__doc__
        return test

    return made_of


def shown(case: Case) -> str:
    """Name a case by its values, each cut short."""
    return ", ".join(f"{each!r:.{SHOWN_CHARACTERS_MAX}}" for each in case)
