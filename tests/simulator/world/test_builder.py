"""Rules of what is around a portal: started as its target says, with doubles it can reach."""

from contextlib import AbstractContextManager
from pathlib import Path

import msgspec
import pytest

from reference.contract.events import CrimeRecorded, VictimRecord
from reference.contract.identity import agreed_word_digest
from simulator.clock import WorldClock
from simulator.drivers.base import Delivery
from simulator.errors import PortalNonsense, PortalUnreachable
from simulator.evidence.records import EventDelivered, MessageAccepted, ReceiptSent, SignedIn
from simulator.inputs.order import Order, read_order
from simulator.inputs.target import Target, read_target, rehearsal_secrets
from simulator.processes.loopback import HOST, free_port
from simulator.streams import Streams
from simulator.world.builder import neighbours, world_around
from simulator.world.portal_process import portal_process
from simulator.world.victims import Victim, accept_invitation, latest_link, look_at_crimes
from simulator.world.world import World
from tests.simulator.drivers.programs import written
from tests.simulator.real_files import BY_URL, ORDER, TARGET, spoiled
from tests.simulator.worlds import EMAIL, MOBILE, REFERENCE, START, TWO_FORCES, crime, person

SECRETS = rehearsal_secrets()


def victim() -> Victim:
    """Give a victim whose details the force wrote down right."""
    record = VictimRecord(
        person_id="p",
        given_name="Zoe",
        family_name="Elm",
        mobile_phone=MOBILE,
        email=EMAIL,
        safe_to_contact=True,
        agreed_word_digest=agreed_word_digest(SECRETS.identity, "p", "heron"),
    )
    return Victim(person(), record, "heron")


def recorded() -> CrimeRecorded:
    """Record a crime whose victim is invited."""
    return crime(START, victim().record)


def around(
    target: Target, order: Order = TWO_FORCES, phase: int | None = None
) -> AbstractContextManager[World]:
    """Put a world around a portal."""
    return world_around(
        target,
        order,
        name="test",
        clock=WorldClock(START),
        secrets=SECRETS,
        streams=Streams(1),
        phase=phase,
    )


@pytest.mark.parametrize("source", [TARGET, BY_URL], ids=["in process", "by URL"])
def test_a_victim_comes_through_the_whole_portal(source: Path) -> None:
    """In process and by URL: an event goes in, an invitation comes out, the victim signs in."""
    someone = victim()
    with around(read_target(source)) as world:
        world.meet(someone.known)
        world.crime_system.record(recorded())
        world.advance(START.replace(minute=30))

        session = accept_invitation(world, someone, latest_link(world, someone))

        assert look_at_crimes(world, someone, session) == [REFERENCE]
        kinds = {type(each) for each in world.evidence.records}
        assert {EventDelivered, MessageAccepted, ReceiptSent, SignedIn} <= kinds


def test_a_portal_that_does_not_start_is_named(tmp_path: Path) -> None:
    """A command that fails is the portal's fault, told with its last words."""
    path = spoiled(tmp_path, BY_URL, ("create_app", "create_nothing"))

    with (
        pytest.raises(PortalUnreachable, match=r"access\.command: the portal stopped at once"),
        around(read_target(path)),
    ):
        pass


def test_something_else_at_the_url_is_no_portal(tmp_path: Path) -> None:
    """A web server that is no portal is found out before anything runs."""
    text = BY_URL.read_text().partition("command = [")[0]
    path = tmp_path / "target.toml"
    path.write_text(
        text + f'command = ["{{python}}", "-m", "http.server", "{{port}}", "-b", "{HOST}"]'
    )

    with (
        pytest.raises(PortalNonsense, match=r"Is access\.portal_url a portal\?"),
        around(read_target(path)),
    ):
        pass


def test_nothing_at_the_url_is_no_portal(tmp_path: Path) -> None:
    """A URL where nothing listens is reported before anything runs."""
    url = f"http://{HOST}:{free_port()}"
    path = tmp_path / "target.toml"
    text = BY_URL.read_text().partition("command = [")[0]
    path.write_text(text.replace("http://127.0.0.1:{port}", url))

    with (
        pytest.raises(PortalUnreachable, match=url),
        around(read_target(path)),
    ):
        pass


def test_a_portal_that_runs_already_is_left_alone(tmp_path: Path) -> None:
    """Without a command nothing is started, and the URL is the target's."""
    path = spoiled(
        tmp_path,
        TARGET,
        ('application = "reference.portal.app:create_app"', 'portal_url = "http://127.0.0.1:9"'),
    )

    with portal_process(
        read_target(path),
        TWO_FORCES,
        secrets=SECRETS,
        gateway_url="http://127.0.0.1:1",
        crime_system_url="http://127.0.0.1:2",
        clock_start=None,
    ) as (url, restart):
        assert url == "http://127.0.0.1:9"
        assert restart is None


def test_the_doubles_of_several_worlds_are_apart() -> None:
    """Events of two worlds on one clock never have the same id."""
    clock = WorldClock(START)
    pair = [
        neighbours(
            source=name, now=lambda: clock.now, security_now=lambda: clock.now, secrets=SECRETS
        )
        for name in ("live", "test")
    ]

    ids = {each.crime_system.record(recorded()) for each in pair}

    assert len(ids) == 2
    assert all(len(each.evidence.records) == 1 for each in pair)


def driven(folder: Path, access: str, capabilities: str = '"test_clock", "text"') -> Target:
    """Give a target that is reached by the vendor's own driver."""
    kept = TARGET.read_text().partition("[access]")[0]
    before, after = kept[: kept.index("capabilities")], kept[kept.index("signatory") :]
    path = folder / "target.toml"
    path.write_text(f"{before}capabilities = [{capabilities}]\n{after}[access]\n{access}")
    return read_target(path)


def test_a_program_is_told_by_its_pipe_and_not_by_its_environment(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The variables of the secrets are taken out of what it sees; order and doubles are told."""
    monkeypatch.setenv("PORTAL_IDENTITY_KEY", "a key that nobody sees")
    monkeypatch.setenv("SOMETHING_ELSE", "it may see")
    seen = tmp_path / "seen.json"
    does = f"""open({str(seen)!r}, "w").write(json.dumps({{**given, "env": dict(os.environ)}}))
gives(asked, greeting)"""
    command = written(tmp_path, does="gives(asked, None)", hello=does)

    with around(driven(tmp_path, f"program = {command}")) as world:
        world.settle()
        told = msgspec.json.decode(seen.read_bytes())

    assert "PORTAL_IDENTITY_KEY" not in told["env"]
    assert told["env"]["SOMETHING_ELSE"] == "it may see"
    assert told["order_path"] == str(ORDER)
    assert told["gateway_url"].startswith("http://127.0.0.1:")


def test_a_program_is_told_the_order_as_the_run_has_it(tmp_path: Path) -> None:
    """In a run of phase 1 its portal must not enter phase 2 by the dates of the target's file."""
    seen = tmp_path / "order.toml"
    does = f"""open({str(seen)!r}, "w").write(open(given["order_path"]).read())
gives(asked, greeting)"""
    target = driven(
        tmp_path, f"program = {written(tmp_path, does='gives(asked, None)', hello=does)}"
    )
    order = TWO_FORCES.staying_in(1)
    with around(target, order) as world:
        world.settle()

    assert read_order(seen) == order
    assert order.phase_at(TWO_FORCES.go_live_at(3)) == 1


def test_hello_says_which_phase_the_run_is_in_and_which_days_hold(tmp_path: Path) -> None:
    """A driver whose portal is configured elsewhere can set both, or say that they differ."""
    seen = tmp_path / "seen.json"
    does = f"""open({str(seen)!r}, "w").write(json.dumps(given))
gives(asked, greeting)"""
    command = written(tmp_path, does="gives(asked, None)", hello=does)
    with around(driven(tmp_path, f"program = {command}"), TWO_FORCES.staying_in(1), 1) as world:
        world.settle()
    told = msgspec.json.decode(seen.read_bytes())

    assert told["phase"] == 1
    assert told["go_live"]["phase_1"] == str(TWO_FORCES.go_live.phase_1)
    assert told["go_live"]["phase_2"] == str(TWO_FORCES.staying_in(1).go_live.phase_2)
    assert told["go_live"]["phase_2"] != str(TWO_FORCES.go_live.phase_2)


CRASHES = """
import os, sys
from http.server import BaseHTTPRequestHandler, HTTPServer

class Portal(BaseHTTPRequestHandler):
    def do_GET(self):
        body = b'{"title": "Sign in first"}'
        self.send_response(401)
        self.send_header("content-type", "application/problem+json")
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_POST(self):
        print("KeyError: no crime, said", os.environ["PORTAL_GATEWAY_KEY"], file=sys.stderr)
        print("Runtime v22", file=sys.stderr, flush=True)
        os._exit(7)

    def log_message(self, *_said):
        pass

HTTPServer(("127.0.0.1", int(sys.argv[1])), Portal).serve_forever()
"""
#: What a driver does with a portal that closed the connection: it crashes too, with a stack.
DRIVES = """
import urllib.request
if asked["do"] == "deliver":
    urllib.request.urlopen(f"{url}/crime-events", data=b"[]")
gives(asked, None)"""


@pytest.mark.parametrize("by", ["by URL", "by a program"])
def test_a_portal_that_crashed_is_told_by_its_own_words(by: str, tmp_path: Path) -> None:
    """The driver's stack says nothing of why; the portal's last lines do, without a secret."""
    (tmp_path / "portal.py").write_text(CRASHES)
    access = (
        'portal_url = "http://127.0.0.1:{port}"\n'
        f'command = ["{{python}}", "{tmp_path / "portal.py"}", "{{port}}"]\n'
    )
    if by == "by a program":
        hello = "url = given['portal_url']\ngives(asked, greeting)"
        access += f"program = {written(tmp_path, does=DRIVES, hello=hello)}\n"
    with (
        around(driven(tmp_path, access, '"text"')) as world,
        pytest.raises(PortalUnreachable) as caught,
    ):
        world.portal.deliver(Delivery("d-1", [b"{}"]))

    said = str(caught.value)
    assert "the portal stopped (exit code 7); its last output: KeyError: no crime, said … /" in said
    assert said.endswith("/ Runtime v22")
    assert "Traceback" not in said


def test_a_vendors_own_record_is_taken_in(tmp_path: Path) -> None:
    """Where it is claimed the world reads it, and the evidence says whose word it is."""
    does = """nothing = {"messages": [], "stamps": [], "tasks": [], "cursor": "2"}
message = {"id": "m-1", "channel": "text", "to": "+447700900123", "body": "There is an update."}
began = given.get("cursor") == "2"
gives(asked, {**nothing, "messages": [message] if began else []}
      if asked["do"].endswith("_since") else None)"""
    command = written(tmp_path, does=does)
    target = driven(tmp_path, f"program = {command}", '"text", "test_clock", "messages_since"')

    with around(target) as world:
        world.meet(person())
        world.settle()

        [message] = (each for each in world.evidence.records if isinstance(each, MessageAccepted))
    assert (message.to, message.how) == (MOBILE, "vendor's own record")
