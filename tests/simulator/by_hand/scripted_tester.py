"""A tester who follows a script: keys into a portal at a URL, and answers the questions.

They know nothing but the words that a tester is shown.
"""

import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path

import msgspec
from msgspec import structs

from reference.contract.events import AnyEvent, CloudEvent, CrimeRecorded, VictimRecord
from simulator.clock import wall_now
from simulator.drivers.base import Delivery
from simulator.drivers.exchange import HttpExchange
from simulator.drivers.http import HttpDriver
from simulator.inputs.order import read_order
from simulator.inputs.target import read_target, rehearsal_secrets
from simulator.population.identity import Identity
from simulator.processes.loopback import free_port
from simulator.world.portal_process import portal_process
from tests.simulator.command_line import Said
from tests.simulator.real_files import ROOT

FOR_LOAD = ROOT / "scenarios" / "targets" / "reference-for-load.toml"
ORDER = ROOT / "scenarios" / "orders" / "burst.toml"
REFERENCE_APP = "reference.operations.service:create_app"
#: Three ports in a row from here on are taken in a moment by our doubles.
_SECRETS = rehearsal_secrets()
_SAFE = {"yes": True, "no": False, "not recorded": None}
Answers = Callable[[str], str]


@contextmanager
def portal_for_testers(
    folder: Path, *, application: str = REFERENCE_APP, phase: int = 1, access: str = ""
) -> Iterator[tuple[Path, str]]:
    """Start a portal that uses the time of day; yield a target by hand for it, and its URL."""
    port = free_port()
    target = read_target(FOR_LOAD)
    command = tuple(each.replace(REFERENCE_APP, application) for each in target.access.command)
    started = structs.replace(target, access=structs.replace(target.access, command=command))
    order = read_order(ORDER).staying_in(phase)
    with portal_process(
        started,
        order,
        secrets=_SECRETS,
        gateway_url=f"http://127.0.0.1:{port}",
        crime_system_url=f"http://127.0.0.1:{port + 1}",
        clock_start=None,
    ) as (url, _restart):
        path = folder / "by-hand.toml"
        path.write_text(
            f"""
order = "{ORDER}"

[claims]
name = "Portal by hand"
version = "1"
phases = [1, 2, 3]
capabilities = ["text", "email"]
signatory = "a test"

[access]
by_hand = true
portal_url = "{url}"
neighbours_port = {port}
wait_seconds_max = 5
{access}
""",
            encoding="utf-8",
        )
        yield path, url


class Keyer:
    """Keys crimes into a portal, as its test crime system would pass them on."""

    def __init__(self, url: str) -> None:
        self._driver = HttpDriver(
            HttpExchange(url, wait_seconds_max=10),
            secrets=_SECRETS,
            capabilities=frozenset(),
            security_now=wall_now,
        )
        self._identity = Identity("agreed_word", _SECRETS.identity)
        self._count = 0
        self._waiting: AnyEvent | None = None
        self.references: list[str] = []

    def answer(self, said: str) -> str:
        """Answer a question, and key in when something is saved."""
        question = said.splitlines()[-1] if said else ""
        if question.startswith("Your initials?"):
            return "dt"
        if question.startswith("Is phase "):
            return "yes"
        if question.startswith("Its reference there?"):
            self.references.append(f"T-{len(self.references) + 1:04d}")
            self._waiting = self._crime(said)
            return self.references[-1]
        if question.startswith("Saved at?"):
            self._key_in()
        return ""

    def _key_in(self) -> None:
        if self._waiting is None:
            return
        self._count += 1
        event, self._waiting = self._waiting, None
        envelope = CloudEvent(
            specversion="1.0",
            id=f"test-crime-system-{self._count}",
            source="test-crime-system",
            type=type(event).__name__,
            time=wall_now(),
            data=msgspec.Raw(msgspec.json.encode(event)),
        )
        delivery = Delivery(f"d-{self._count}", [msgspec.json.encode(envelope)])
        assert self._driver.deliver(delivery) == 202

    def _crime(self, said: str) -> CrimeRecorded:
        """Read a crime from the instruction to the tester."""
        told = said[said.rindex("KEY IN: Record") :]
        offence = re.search(r"test crime system: (.+)\.\n", told)
        force = re.search(r"Force: (.+)\n", told)
        code = re.search(r"Offence code and subgroup: (\S*), (.+)\n", told)
        assert offence, told
        assert code, told
        assert force, told
        victims = [self._victim(each) for each in re.split(r"\nOf [^:\n]+:\n", told)[1:]]
        return CrimeRecorded(
            crime_reference=self.references[-1],
            force=force[1].lower().replace(" ", "_"),
            offence_code=code[1],
            offence_subgroup=code[2],
            offence=offence[1],
            recorded_at=wall_now(),
            victims=tuple(victims),
        )

    def _victim(self, told: str) -> VictimRecord:
        facts = dict(re.findall(r"^  ([^:\n]+): (.*)$", told, re.MULTILINE))
        given = {name: "" if said == "leave empty" else said for name, said in facts.items()}
        self._count += 1
        record = VictimRecord(
            person_id=f"theirs-{self.references[-1]}-{self._count}",
            given_name=given["Given name"],
            family_name=given["Family name"],
            born=_date(given["Born"]),
            mobile_phone=given["Mobile phone"],
            other_phone=given["Other phone"],
            email=given["Email"],
            preferred_channels=tuple(given["Preferred channels"].split(" and ")),  # type: ignore[arg-type]
            safe_to_contact=_SAFE[given["Safe to contact"]],
        )
        return self._identity.written_down(record, given["Proof of identity"])


def environment() -> Mapping[str, str]:
    """Make the environment of the run."""
    return {**os.environ, "PORTAL_GATEWAY_KEY": _SECRETS.gateway}


def accept_by_hand(*arguments: str | Path, answers: Answers) -> Said:
    """Run the command line in a process of its own, and answer its questions."""
    process = subprocess.Popen(
        [sys.executable, "-m", "simulator.cli", "accept", *map(str, arguments)],
        cwd=ROOT,
        env=environment(),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    assert process.stdin
    assert process.stdout
    assert process.stderr
    told: list[str] = []
    said = ""
    while chunk := os.read(process.stdout.fileno(), 65_536):
        said += chunk.decode()
        if said.endswith("> "):
            told.append(said)
            answer = answers(said.removesuffix("> ").rstrip("\n"))
            process.stdin.write(f"{answer}\n".encode())
            process.stdin.flush()
            said = ""
    told.append(said)
    words = process.stderr.read().decode()
    for each in (process.stdin, process.stdout, process.stderr):
        each.close()
    return Said(process.wait(), "".join(told), words)


def _date(words: str) -> date:
    return datetime.strptime(words, "%d %B %Y").date()  # noqa: DTZ007  a day has no time
