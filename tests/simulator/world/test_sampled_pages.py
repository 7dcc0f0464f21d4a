"""A sample of pages is looked at without the driver: what it says of them must stand there."""

from collections.abc import Callable
from typing import Any

import pytest
from msgspec import structs

from simulator.drivers.base import Refused, Session
from simulator.drivers.plain_pages import NoForm, TurnedAway
from simulator.errors import PortalUnreachable, SuiteError
from simulator.evidence.records import How, PageSampled
from simulator.world import sampled_pages
from simulator.world.sampled_pages import TRIED_MAX, Sampled, SampledPages
from simulator.world.victims import Victim
from tests.simulator.worlds import MOBILE, REFERENCE, VICTIM, Around, found, person

SHOWN = f"{REFERENCE}\nTheft of a pedal\n CYCLE\nOpen\nRecorded\nWe have it."
PERSON = Sampled(Victim(person(), VICTIM, "heron"), MOBILE)


class Shown:
    """Pages of a portal, as a test has them."""

    def __init__(self, words: str = SHOWN, sign_in: Exception | None = None) -> None:
        self.words = words
        self.error = sign_in
        self.link_status, self.is_page = 200, True
        self.links: list[str] = []
        self.opened = 0

    def sign_in(self, link: str, _address: str, _proof: str, _code: Callable[[], str]) -> None:
        """Let them in, or not."""
        self.links.append(link)
        if self.error is not None:
            raise self.error

    def list_of(self, _references: list[str]) -> str:
        """Show the list."""
        return self.words

    def crime(self, _reference: str) -> str:
        """Show the page."""
        return self.words

    def close(self) -> None:
        """Count."""
        self.opened += 1


@pytest.fixture
def looked(monkeypatch: pytest.MonkeyPatch) -> Callable[..., list[PageSampled]]:
    """Give a way to look at pages after so many scenarios, and what was written down."""

    def look(
        shown: Shown,
        *,
        times: int = 1,
        driver: tuple[Exception | None, ...] = (),
        how: How = "intercepted",
        browser: Exception | None = None,
    ) -> list[PageSampled]:
        answers = list(driver)

        def signed_in(*_given: Any) -> Session:
            if answers and (error := answers.pop(0)) is not None:
                raise error
            return Session("a session")

        def opened(*_given: Any, **_named: Any) -> Shown:
            if browser is not None:
                raise browser
            return shown

        monkeypatch.setattr(sampled_pages, "sign_in_again", signed_in)
        monkeypatch.setattr(sampled_pages, "PlainPages", opened)
        monkeypatch.setattr(SampledPages, "_open", lambda _self: None)
        around = Around()
        around.meet()
        around.portal.advance_to(around.clock.now)
        sent = around.send("Follow your report: https://a.example/invitation/token")
        around.inbox.drain()
        around.inbox.take(structs.replace(sent, how=how))
        around.world.settle()
        pages = SampledPages(around.world, "https://a.example", wait_seconds_max=5)
        for _time in range(times):
            pages.look([PERSON])
        return [each for each in found(around, PageSampled) if isinstance(each, PageSampled)]

    return look


def test_what_the_driver_says_stands_there(looked: Callable[..., list[PageSampled]]) -> None:
    """Reference, offence and every sentence of the timeline, however a browser breaks lines."""
    [sample] = looked(shown := Shown())

    assert (sample.agreed, sample.differs, sample.said) == (4, (), "")
    assert (sample.status, sample.is_page) == (200, True)
    assert shown.links == ["https://a.example/invitation/token"]


def test_what_does_not_stand_there_is_named(looked: Callable[..., list[PageSampled]]) -> None:
    """After another look: the page may only have been late."""
    [sample] = looked(shown := Shown(SHOWN.replace("We have it.", "We lost it.")))

    assert (sample.agreed, sample.differs) == (3, (f"{REFERENCE}: We have it.",))
    assert shown.opened == 2


def test_a_page_that_refuses_whom_the_driver_lets_in(
    looked: Callable[..., list[PageSampled]],
) -> None:
    """It differs, unless the driver is refused by then too: somebody may sign in too often."""
    no = Shown(sign_in=TurnedAway("a page called 'No' (403)"))

    [differs] = looked(no)
    [limited] = looked(no, driver=(None, Refused(429, "Too often")))

    assert differs.differs[0].startswith("the driver signed in, and the page refused: a page")
    assert (limited.differs, limited.said) == ((), "429 Too often")


@pytest.mark.parametrize(
    ("error", "given"),
    [
        (NoForm("a page has no form"), {}),
        (PortalUnreachable("net"), {}),
        (None, {"driver": (Refused(403, "No"),)}),
        (None, {"how": "vendor's own record"}),
        (None, {"browser": SuiteError("no Chromium")}),
    ],
    ids=["no form", "not there", "driver refused", "own record", "no browser"],
)
def test_what_could_not_be_seen_is_no_difference(
    looked: Callable[..., list[PageSampled]], error: Exception | None, given: dict[str, Any]
) -> None:
    """It says why, and agrees with nothing."""
    [sample] = looked(Shown(sign_in=error), **given)

    assert (sample.agreed, sample.differs) == (0, ())
    assert sample.said


def test_few_are_looked_at(looked: Callable[..., list[PageSampled]]) -> None:
    """After the first scenario, the second, the fourth, and so on; with none seen, no end of them.

    Without a browser once is enough.
    """
    assert len(looked(Shown(), times=20)) == 5
    assert len(looked(Shown(sign_in=NoForm("none")), times=99)) == TRIED_MAX
    assert len(looked(Shown(), times=20, browser=SuiteError("no Chromium"))) == 1


@pytest.mark.parametrize(
    ("status", "words", "is_there"),
    [
        ("closed", "Finished", True),
        ("closed", "Open", False),
        ("charged", "With the court", True),
        ("transferred", "Open", False),
    ],
)
def test_a_status_stands_there_in_the_portals_own_words(
    status: str,
    words: str,
    is_there: bool,  # noqa: FBT001  a parameter of the test
) -> None:
    """A page does not say "closed" as the contract has it."""
    assert sampled_pages._stands(f"status: {status}", words.casefold()) == is_there
