"""Some invitations are followed without the driver: what is there is written down, and no more."""

import pytest

from simulator.drivers.exchange import Reply
from simulator.errors import PortalUnreachable
from simulator.evidence.records import PageSampled
from simulator.world.sampled_pages import SAMPLED, PageSamples
from tests.simulator.worlds import START, Around, found

PAGE = Reply(200, b"<!doctype html>\n<HTML lang=en><h1>Sign in</h1>")


class Server:
    """Answers each request with the same."""

    def __init__(self, answer: Reply | Exception) -> None:
        self.answer = answer
        self.asked: list[tuple[str, str]] = []

    def send(self, method: str, path: str, headers: dict[str, str], body: bytes = b"") -> Reply:
        """Answer."""
        assert (headers, body) == ({"accept": "text/html"}, b"")
        self.asked.append((method, path))
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer

    def close(self) -> None:
        """Nothing is held."""


def sampled(answer: Reply | Exception, *bodies: str) -> tuple[Server, list[PageSampled]]:
    """Send messages of a portal that has such pages, and give what was written down of them."""
    around, server = Around(), Server(answer)
    PageSamples(around.world, server)
    around.meet()
    for each in bodies:
        around.send(each)
        around.world.settle()
    return server, [each for each in found(around, PageSampled) if isinstance(each, PageSampled)]


def invitation(number: int = 1, host: str = "https://portal.example") -> str:
    """Give the words of an invitation."""
    return f"You can follow your report: {host}/invitation/token-{number}"


@pytest.mark.parametrize(
    ("answer", "is_page"),
    [
        (PAGE, True),
        (Reply(302, b""), True),
        (Reply(404, PAGE.body), False),
        (Reply(200, b'{"title": "no page"}'), False),
        (Reply(500, b"<html>"), False),
    ],
)
def test_the_link_of_an_invitation_is_followed(
    answer: Reply,
    is_page: bool,  # noqa: FBT001  a parameter of the test
) -> None:
    """It leads to a page, or on to one; an error, or an answer of an API, is none."""
    _server, samples = sampled(answer, invitation())

    assert samples == [PageSampled(at=START, status=answer.status, is_page=is_page)]


def test_nobody_answers() -> None:
    """A driver that is all that there is of a portal has no pages, and harms no scenario."""
    _server, samples = sampled(PortalUnreachable("no connection is possible"), invitation())

    assert samples == [
        PageSampled(at=START, status=0, is_page=False, said="no connection is possible")
    ]


def test_only_the_path_of_a_link_is_used() -> None:
    """A link may name any host: what is asked is the address of the target, and by GET only."""
    server, _samples = sampled(PAGE, invitation(host="https://elsewhere.example"))

    assert server.asked == [("GET", "/invitation/token-1")]


def test_few_are_followed() -> None:
    """The first ones, and some later; messages without an invitation are none of them."""
    bodies = [invitation(number) for number in range(1, 21)]
    server, samples = sampled(PAGE, "There is an update.", *bodies)

    assert len(samples) == len([each for each in SAMPLED if each <= 20]) == 4
    assert [path for _get, path in server.asked] == [
        f"/invitation/token-{number}" for number in (1, 2, 4, 16)
    ]
