"""Rules of a driver that is a vendor's class: looked over first, and never believed blindly."""

import sys
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from msgspec import structs

from reference.contract.messages import CrimeSummary
from simulator.drivers.base import Delivery, Refused, Session, Step
from simulator.drivers.methods import CLAIMED_BY, METHODS, NEWER, OPTIONAL
from simulator.drivers.surroundings import Surroundings
from simulator.drivers.vendor_class import ClassDriver
from simulator.errors import (
    BadInput,
    CannotVerify,
    PortalNonsense,
    PortalNotAvailable,
    PortalUnreachable,
)
from tests.simulator.drivers.given import SURROUNDINGS, claiming
from tests.simulator.scripted_driver import ScriptedDriver
from tests.simulator.worlds import START

SESSION = Session("a session")
CRIME = CrimeSummary(
    crime_reference="43260000001", offence="Theft", status="open", force="f", updated_at=START
)
NAME = "a_vendors_module:Ours"


class Good(ScriptedDriver):
    """A vendor's driver with everything."""

    def __init__(self, surroundings: Surroundings) -> None:
        super().__init__()
        self.surroundings = surroundings


@pytest.fixture
def vendor(monkeypatch: pytest.MonkeyPatch) -> Callable[..., ClassDriver]:
    """Make a driver of a class, as a target names it."""

    def make(ours: Any, surroundings: Surroundings = SURROUNDINGS) -> ClassDriver:
        module = ModuleType("a_vendors_module")
        module.Ours = ours  # type: ignore[attr-defined]
        monkeypatch.setitem(sys.modules, "a_vendors_module", module)
        return ClassDriver(NAME, surroundings)

    return make


Vendor = Callable[..., ClassDriver]


def doing(name: str, does: Callable[..., Any]) -> type:
    """Give a class whose one method does something else."""
    return type("Ours", (Good,), {name: lambda _self, *given: does(*given)})


def raising(error: BaseException) -> Callable[..., Any]:
    """Give what raises an error."""

    def broken(*_given: object) -> None:
        raise error

    return broken


def test_a_class_with_everything_drives_the_portal(vendor: Vendor) -> None:
    """What goes in and what comes out is the vendor's own."""
    driver = vendor(Good)

    assert driver.deliver(Delivery("d-1", [b'{"id":"e-1"}'])) == 202
    assert driver.open_invitation("https://portal.example/i/t") == Step("invitation", "agreed_word")
    assert driver.capabilities == SURROUNDINGS.capabilities


def test_a_class_written_earlier_stops_messages_by_the_former_name(vendor: Vendor) -> None:
    """It has `withdraw` and no `stop_messages`; it need not know what it does not claim."""
    asked: list[Session] = []
    names = {"withdraw": lambda _self, session: asked.append(session)}
    earlier = type("Ours", (Good,), {**names, "stop_messages": None, "withdraw_support": None})

    vendor(earlier).stop_messages(SESSION)

    assert asked == [SESSION]


def test_a_driver_does_no_more_than_the_target_claims(vendor: Vendor) -> None:
    """What is not claimed is not judged, whatever else the class can do."""
    assert vendor(Good, claiming("text")).capabilities == {"text"}


def test_a_claim_that_the_driver_does_not_make(vendor: Vendor) -> None:
    """Target and driver must agree before anything runs."""
    with pytest.raises(BadInput, match=r"claims\.capabilities has two_way, which access\.driver"):
        vendor(Good, claiming("text", "two_way"))


@pytest.mark.parametrize("missing", [*sorted(set(METHODS) - set(OPTIONAL)), "close"])
def test_a_missing_method_is_named(vendor: Vendor, missing: str) -> None:
    """Every method of the protocol has to be there, if only to say that it is not written."""
    with pytest.raises(BadInput, match=f"has no {missing}; `portal-suite new-driver`"):
        vendor(type("Ours", (Good,), {missing: None}))


def test_all_missing_methods_are_named_at_once(vendor: Vendor) -> None:
    """A vendor need not run the suite once for each."""
    ours = type("Ours", (Good,), {"crimes": None, "visit": None})

    with pytest.raises(BadInput, match="has no visit, crimes;"):
        vendor(ours)


@pytest.mark.parametrize("claimed", sorted(set(OPTIONAL) - NEWER))
def test_what_is_claimed_has_its_method(vendor: Vendor, claimed: Any) -> None:
    """Only who claims it needs to have it: a driver of before goes on."""
    ours = type("Ours", (Good,), {"capabilities": frozenset({claimed}), claimed: None})

    with pytest.raises(BadInput, match=f"has no {claimed};"):
        vendor(ours, claiming(claimed))


@pytest.mark.parametrize("name", sorted(NEWER))
def test_a_driver_of_before_may_claim_it_without_the_method(vendor: Vendor, name: str) -> None:
    """It goes on as it was: what it cannot do is not verified, and never a fault."""
    claimed = CLAIMED_BY[name]
    ours = type("Ours", (Good,), {"capabilities": frozenset({claimed}), name: None})
    driver = vendor(ours, claiming(claimed))

    with pytest.raises(CannotVerify, match=f"{name} is not written yet"):
        getattr(driver, name)(*METHODS[name].takes.__struct_fields__)


def test_a_method_that_takes_something_else(vendor: Vendor) -> None:
    """A wrong signature is reported before the method is called."""
    ours = type("Ours", (Good,), {"timeline": lambda _self, _session: []})

    with pytest.raises(
        BadInput, match="timeline is called with session, crime_reference: too many"
    ):
        vendor(ours)


def test_a_method_that_nobody_would_await(vendor: Vendor) -> None:
    """The protocol is synchronous; a coroutine would be taken for an answer."""

    async def crimes(_self: object, _session: object) -> list[object]:
        return []

    with pytest.raises(BadInput, match="crimes is async, and the suite would not await it"):
        vendor(type("Ours", (Good,), {"crimes": crimes}))


@pytest.mark.parametrize("capabilities", [None, "text", 3, {"text", 1}])
def test_capabilities_are_words(vendor: Vendor, capabilities: object) -> None:
    """A string is not a set of them."""
    with pytest.raises(BadInput, match="has no capabilities, a set of words"):
        vendor(type("Ours", (Good,), {"capabilities": capabilities}))


@pytest.mark.parametrize(
    ("error", "says"),
    [
        (KeyError("url"), "cannot be made: KeyError: 'url'"),
        (SystemExit(3), "cannot be made: SystemExit: 3"),
        (ValueError("\x1b[2J\n  two   lines"), r"cannot be made: ValueError: \[2J two lines \("),
        (ValueError(f"bad {SURROUNDINGS.secrets.gateway}"), "cannot be made: ValueError: bad …"),
    ],
)
def test_a_class_that_cannot_be_made(vendor: Vendor, error: BaseException, says: str) -> None:
    """An exception in its constructor is one sentence, without secrets."""
    with pytest.raises(BadInput, match=says):
        vendor(raising(error))


def test_a_class_that_takes_nothing(vendor: Vendor) -> None:
    """It is called with the surroundings, and the error says so."""
    with pytest.raises(BadInput, match=r"TypeError.*it is called with the surroundings only"):
        vendor(lambda: Good)


def test_a_constructor_may_say_itself_what_is_wrong(vendor: Vendor) -> None:
    """A driver that cannot reach its portal says so in the suite's own words."""
    with pytest.raises(PortalUnreachable, match="nobody is there"):
        vendor(raising(PortalUnreachable("nobody is there")))


@pytest.mark.parametrize("name", sorted(set(METHODS) - set(OPTIONAL)))
@pytest.mark.parametrize("error", [KeyError("x"), RecursionError(), SystemExit(), AssertionError()])
def test_whatever_a_method_raises_names_it(vendor: Vendor, name: str, error: BaseException) -> None:
    """No traceback of a vendor's reaches a tester: the method, the error and its place do."""
    driver = vendor(doing(name, raising(error)))
    given = (START,) if name == "advance_to" else METHODS[name].takes.__struct_fields__

    with pytest.raises(PortalNonsense) as caught:
        getattr(driver, name)(*given)

    sentence = str(caught.value)
    assert sentence.startswith(f"access.driver {NAME}: {name} raised {type(error).__name__}")
    assert "(test_vendor_class.py, line " in sentence
    assert sentence.isprintable()


@pytest.mark.parametrize(
    "error",
    [Refused(410, "Used"), PortalUnreachable("gone"), PortalNonsense("odd"), CannotVerify("not")],
)
def test_what_the_suite_knows_goes_through(vendor: Vendor, error: Exception) -> None:
    """A driver may speak the suite's own words."""
    driver = vendor(doing("open_invitation", raising(error)))

    with pytest.raises(type(error)) as caught:
        driver.open_invitation("https://portal.example/i/t")

    assert caught.value is error


def test_what_is_not_written_yet_cannot_be_verified(vendor: Vendor) -> None:
    """NotImplementedError is no verdict on the portal."""
    driver = vendor(doing("crimes", raising(NotImplementedError())))

    with pytest.raises(CannotVerify, match=r"access\.driver .*: crimes is not written yet"):
        driver.crimes(SESSION)


@pytest.mark.parametrize("error", [ConnectionRefusedError("refused"), TimeoutError("timed out")])
def test_a_portal_that_is_not_there_is_nobodys_failure(vendor: Vendor, error: OSError) -> None:
    """What a socket raises says that nothing can be said of the portal."""
    driver = vendor(doing("crimes", raising(error)))

    with pytest.raises(PortalUnreachable, match=r"crimes could not reach the portal: .*Error"):
        driver.crimes(SESSION)


def test_a_portal_that_cannot_do_it_now(vendor: Vendor) -> None:
    """503 is no refusal: while the gateway is down no code can be sent."""
    driver = vendor(doing("begin_sign_in", raising(Refused(503, "We could not send your code"))))

    with pytest.raises(PortalNotAvailable, match="begin_sign_in was refused with 503"):
        driver.begin_sign_in("07700900001")


def test_a_no_where_there_is_none(vendor: Vendor) -> None:
    """Moving the clock may not be refused."""
    driver = vendor(doing("advance_to", raising(Refused(403, "No"))))

    with pytest.raises(PortalNonsense, match="advance_to was refused with 403"):
        driver.advance_to(START)


@pytest.mark.parametrize(
    ("name", "gives", "says"),
    [
        ("crimes", None, r"gives NoneType, where list\[CrimeSummary\] is expected"),
        ("crimes", "none", "gives str, where"),
        ("crimes", [None], "gives list, where"),
        ("crimes", [object()], "gives list, where"),
        ("crimes", [structs.replace(CRIME, status="Open")], "Invalid enum value 'Open'"),
        ("crimes", [structs.replace(CRIME, crime_reference="")], "length >= 1"),
        ("open_invitation", None, "gives NoneType, where Step is expected"),
        ("open_invitation", Step("s", "password"), "gives an invalid Step, where Step is"),  # type: ignore[arg-type]
        ("begin_sign_in", "s-1", "gives str, where Step is expected"),
        ("contact", ["text"], "gives list, where ContactChoice is expected"),
        ("deliver", None, "gives NoneType, where int is expected"),
        ("deliver", "202", "gives str, where int is expected"),
        ("sign_out", True, "gives bool, where nothing is expected"),
        ("advance_to", "tomorrow", "gives str, where datetime | None is expected"),
        ("advance_to", START, "not after now"),
        ("advance_to", START.replace(tzinfo=None), "without its offset"),
    ],
)
def test_an_answer_of_another_kind_is_nonsense(
    vendor: Vendor, name: str, gives: object, says: str
) -> None:
    """An answer that does not fit the contract is reported by method, kind and field."""
    driver = vendor(doing(name, lambda *_given: gives))
    given = (START,) if name == "advance_to" else METHODS[name].takes.__struct_fields__

    with pytest.raises(PortalNonsense) as caught:
        getattr(driver, name)(*given)

    assert str(caught.value).startswith(f"access.driver {NAME}: {name} ")
    assert says.replace("\\", "") in str(caught.value)


def test_an_answer_that_fits_is_given(vendor: Vendor) -> None:
    """Structs, and what only a careful reader would tell from them, become the contract's own."""
    due = START + timedelta(hours=1)

    assert vendor(doing("crimes", lambda _session: (CRIME,))).crimes(SESSION) == [CRIME]
    assert vendor(doing("advance_to", lambda _now: due)).advance_to(START) == due
    assert vendor(doing("advance_to", lambda _now: None)).advance_to(START) is None


def test_a_portal_without_a_clock_is_not_asked_to_move_it(vendor: Vendor) -> None:
    """A vendor without a test clock has a method less to write."""
    driver = vendor(doing("advance_to", raising(NotImplementedError())), claiming("text"))

    assert driver.advance_to(START) is None


def test_the_end_is_never_an_error(vendor: Vendor) -> None:
    """When the run is over there is nothing left for an error to be about."""
    asked = []

    def close() -> None:
        asked.append("close")
        raise ValueError("closed already")

    vendor(doing("close", close)).close()

    assert asked == ["close"]


def test_a_driver_has_no_method_of_its_own_asked(vendor: Vendor) -> None:
    """The suite cannot ask what is not in the protocol."""
    driver: Any = vendor(Good)

    with pytest.raises(AttributeError):
        driver.telepathy("x")


def test_the_file_that_broke_is_named_without_its_folder(vendor: Vendor) -> None:
    """Where it broke is the vendor's file and line, and nothing of the machine."""
    driver = vendor(doing("crimes", lambda _session: Path("/nowhere/at/all").read_text()))

    with pytest.raises(PortalNonsense) as caught:
        driver.crimes(SESSION)

    assert "FileNotFoundError" in str(caught.value)
    assert str(Path(__file__).parent) not in str(caught.value)
