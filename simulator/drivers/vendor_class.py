"""A vendor's driver that is a Python class: its methods and its answers are checked.

An exception becomes a sentence with the method's name; tracebacks are for the vendor's own tests.
"""

import inspect
import traceback
from contextlib import suppress
from datetime import date, datetime
from pathlib import Path
from typing import Any

import msgspec

from simulator.drivers.base import Refused
from simulator.drivers.entry_point import import_named
from simulator.drivers.methods import CLAIMED_BY, METHODS, NEWER, Method
from simulator.drivers.surroundings import Surroundings
from simulator.drivers.vendor import FORMER_NAMES, VendorDriver
from simulator.errors import BadInput, CannotVerify, PortalUnreachable, SuiteError

_TEMPLATE = "`portal-suite new-driver` writes one that has everything"


class ClassDriver(VendorDriver):
    """Drives a portal by the class that a target names as `module:Class`."""

    def __init__(self, name: str, surroundings: Surroundings) -> None:
        """Make the vendor's driver; raises BadInput if it is not one."""
        super().__init__(f"access.driver {name}", surroundings)
        make = import_named("access.driver", name)
        try:
            self._vendor = make(surroundings)
        except SuiteError:
            raise
        except (Exception, SystemExit) as error:  # noqa: BLE001  whatever it is, it is theirs
            raise BadInput(
                f"{self.who} cannot be made: {self._told(error)}; it is called with the "
                "surroundings only"
            ) from None
        self._check_methods()
        self.check_capabilities(self._capabilities())

    def ask(self, method: Method, given: tuple[object, ...]) -> object:
        """Call the vendor's method, and check its answer."""
        if method.name in NEWER and self._method(method.name) is None:
            raise CannotVerify(f"{self.who}: {method.name} is not written yet")
        try:
            given_back = self._method(method.name)(*given)
        except (Refused, SuiteError):
            raise
        except NotImplementedError:
            raise CannotVerify(f"{self.who}: {method.name} is not written yet") from None
        except (ConnectionError, TimeoutError) as error:
            raise PortalUnreachable(
                f"{self.who}: {method.name} could not reach the portal: {self._told(error)}"
            ) from None
        except (Exception, SystemExit) as error:  # noqa: BLE001  whatever it is, it is theirs
            raise self.nonsense(method.name, f"raised {self._told(error)}") from None
        return self._checked(method, given_back)

    def close(self) -> None:
        """Close the vendor's driver; ignore its errors, since the run is over."""
        with suppress(Exception):
            self._vendor.close()

    def _checked(self, method: Method, given_back: object) -> Any:
        """Check an answer as if it were JSON: msgspec structs do not check their own fields."""
        try:
            plain = msgspec.to_builtins(given_back, builtin_types=(datetime, date))
            return msgspec.convert(plain, method.gives)
        except (msgspec.ValidationError, TypeError, ValueError, RecursionError) as error:
            got = type(given_back).__name__
            if got == method.gives_words:
                got = f"an invalid {got}"
            raise self.nonsense(
                method.name,
                f"gives {got}, where {method.gives_words} is expected ({self.quoted(error)})",
            ) from None

    def _check_methods(self) -> None:
        wanted = [
            each
            for each in METHODS
            if (each not in CLAIMED_BY or CLAIMED_BY[each] in self.capabilities)
            and not (each in NEWER and self._method(each) is None)
        ]
        missing = [each for each in (*wanted, "close") if not callable(self._method(each))]
        if missing:
            raise BadInput(f"{self.who} has no {', '.join(missing)}; {_TEMPLATE}")
        for each in wanted:
            self._check_method(each)

    def _method(self, name: str) -> Any:
        """Return the vendor's method, by the name it had earlier if it has only that; or None."""
        former = FORMER_NAMES.get(name, name)
        return getattr(self._vendor, name, None) or getattr(self._vendor, former, None)

    def _check_method(self, name: str) -> None:
        method = self._method(name)
        takes = METHODS[name].takes.__struct_fields__
        if inspect.iscoroutinefunction(method):
            raise BadInput(
                f"{self.who}: {name} is async, and the suite would not await it; "
                "write it without async"
            )
        # Without a signature, a wrong call shows only when it is made.
        with suppress(ValueError):
            try:
                inspect.signature(method).bind(*takes)
            except TypeError as error:
                raise BadInput(
                    f"{self.who}: {name} is called with {', '.join(takes)}: {error}"
                ) from None

    def _capabilities(self) -> frozenset[str]:
        has = getattr(self._vendor, "capabilities", None)
        if not isinstance(has, set | frozenset | list | tuple) or not all(
            isinstance(each, str) for each in has
        ):
            raise BadInput(f"{self.who} has no capabilities, a set of words; {_TEMPLATE}")
        return frozenset(has)

    def _told(self, error: BaseException) -> str:
        """Describe an exception, and where in the vendor's own file it was raised."""
        frames = traceback.extract_tb(error.__traceback__)
        own = [each for each in frames if Path(each.filename) != Path(__file__)]
        where = f" ({Path(own[-1].filename).name}, line {own[-1].lineno})" if own else ""
        words = self.quoted(error)
        return f"{type(error).__name__}{': ' + words if words else ''}{where}"
