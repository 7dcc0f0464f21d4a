"""Rules of a driver that is a program: what goes over its pipes."""

from datetime import timedelta
from pathlib import Path

import msgspec
import pytest

from reference.contract.messages import CrimeSummary
from simulator.drivers.base import Delivery, Refused, Session, Step
from simulator.errors import CannotVerify, PortalNotAvailable
from tests.simulator.drivers.given import SURROUNDINGS, claiming
from tests.simulator.drivers.programs import Start, started
from tests.simulator.worlds import START

SESSION = Session("a session")


def test_a_request_and_its_answer_are_a_line_each(start: Start) -> None:
    """The program is asked by the method's name and arguments; its answer becomes a struct."""
    driver = start(
        'gives(asked, {"id": json.dumps(asked, sort_keys=True), "asks": "one_time_code"})'
    )

    step = driver.prove(Step("s-1", "agreed_word"), "heron")

    assert msgspec.json.decode(step.id) == {
        "id": 2,
        "do": "prove",
        "with": {"step": {"id": "s-1", "asks": "agreed_word"}, "proof": "heron"},
    }
    assert step.asks == "one_time_code"


def test_what_comes_back_is_of_the_contract(start: Start) -> None:
    """A list of crimes is a list of the contract's own."""
    driver = start(
        'gives(asked, [{"crime_reference": "43260000001", "offence": "Theft", "status": "open", '
        '"force": "f", "updated_at": "2026-06-01T09:00:00Z"}])'
    )

    assert driver.crimes(SESSION) == [
        CrimeSummary(
            crime_reference="43260000001",
            offence="Theft",
            status="open",
            force="f",
            updated_at=START,
        )
    ]


def test_secrets_go_by_the_pipe_alone(tmp_path: Path, start: Start) -> None:
    """Neither the list of processes nor the environment of the program shows a secret."""
    seen = tmp_path / "seen.json"
    start(
        hello=f"open({str(seen)!r}, 'w').write(json.dumps("
        "{'given': given, 'argv': sys.argv, 'environment': dict(os.environ)}))\n"
        "gives(asked, greeting)",
        environment={"HOME": "/nowhere"},
    )
    told = msgspec.json.decode(seen.read_bytes())

    secrets = msgspec.structs.asdict(SURROUNDINGS.secrets)
    assert told["given"]["secrets"] == secrets
    assert not [
        each for each in secrets.values() if each in str((told["argv"], told["environment"]))
    ]
    assert told["environment"]["HOME"] == "/nowhere"


def test_hello_says_where_everything_is(tmp_path: Path, start: Start) -> None:
    """URLs, the order and the clock are in the first message."""
    seen = tmp_path / "seen.json"
    start(hello=f"open({str(seen)!r}, 'w').write(json.dumps(asked))\ngives(asked, greeting)")
    asked = msgspec.json.decode(seen.read_bytes())

    assert (asked["id"], asked["do"]) == (1, "hello")
    given = asked["with"]
    del given["secrets"]
    assert sorted(given.pop("capabilities")) == ["test_clock", "text"]
    assert given == {
        "protocol": 1,
        "portal_url": "http://127.0.0.1:9",
        "gateway_url": "http://127.0.0.1:10",
        "mail_server": "127.0.0.1:12",
        "crime_system_url": "http://127.0.0.1:11",
        "clock_start": "2026-06-01T09:00:00Z",
        "wait_seconds_max": 10.0,
        "order_path": "/an/order.toml",
        "phase": None,
        "go_live": {"phase_1": "2026-05-18", "phase_2": "2026-07-27", "phase_3": "2026-10-12"},
    }


def test_a_large_delivery_goes_through(start: Start) -> None:
    """More than a pipe holds at once arrives whole, while the program talks to stderr as well."""
    driver = start("complain('x' * 100_000)\ngives(asked, len(given['delivery']['events']))")
    event = msgspec.json.encode({"data": "x" * 60_000})

    assert driver.deliver(Delivery("d-1", [event] * 100)) == 100


def test_the_portals_no(start: Start) -> None:
    """A status from 400 to 499 is a no to the victim, with its title and detail."""
    driver = start("refuses(asked, 410, 'Used', 'Ask for a new one')")

    with pytest.raises(Refused) as caught:
        driver.open_invitation("https://portal.example/invitation/t")

    assert (caught.value.status, caught.value.title) == (410, "Used")
    assert caught.value.detail == "Ask for a new one"


@pytest.mark.parametrize("method", ["begin_sign_in", "enter_phase"])
def test_a_portal_that_cannot_do_it_now(start: Start, method: str) -> None:
    """503 is no refusal, and allowed for every operation: as over HTTP, not available now."""
    driver = start("refuses(asked, 503, 'We could not send your code')")

    with pytest.raises(PortalNotAvailable, match=f"{method} was refused with 503: .*cannot do it"):
        getattr(driver, method)("07700900001" if method == "begin_sign_in" else 1)


def test_what_is_not_written_yet_cannot_be_verified(start: Start) -> None:
    """501 is no verdict on the portal: the method is named, and nothing passes."""
    driver = start("refuses(asked, 501, 'not written')")

    with pytest.raises(CannotVerify, match="timeline is not written yet"):
        driver.timeline(SESSION, "43260000001")


def test_a_program_written_earlier_stops_messages_by_the_former_name(start: Start) -> None:
    """It does not know `stop_messages`, and is asked to `withdraw`, as that was called."""
    driver = start(
        "if asked['do'] == 'withdraw':\n    gives(asked, None)\n"
        "else:\n    refuses(asked, 501, 'not written')"
    )

    driver.stop_messages(SESSION)

    with pytest.raises(CannotVerify, match="timeline is not written yet"):
        driver.timeline(SESSION, "43260000001")


def test_a_portal_without_a_clock_is_not_asked_to_move_it(tmp_path: Path) -> None:
    """What the target does not claim is not asked: such a program need not know it."""
    driver = started(tmp_path, claiming("text"), does="refuses(asked, 501, 'not written')")

    assert driver.advance_to(START) is None
    driver.close()


def test_the_clock_is_given_and_answered(start: Start) -> None:
    """Times go as RFC 3339 both ways, and nothing due is null."""
    driver = start(
        "gives(asked, given['now'].replace('09:', '10:') if '09:' in given['now'] else None)"
    )

    assert driver.advance_to(START) == START + timedelta(hours=1)
    assert driver.advance_to(START + timedelta(hours=3)) is None
