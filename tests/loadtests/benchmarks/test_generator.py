"""The generator is measured beside Locust alone, on a portal that has every answer ready."""

import re
from pathlib import Path

import pytest

from loadtests.benchmarks.generator import CANNED, measure
from loadtests.visitor import finish_sign_in, read_everything
from simulator.clock import wall_now
from simulator.drivers.exchange import HttpExchange
from simulator.drivers.http import HttpDriver
from simulator.evidence.records import EvidenceLog
from simulator.inputs.target import rehearsal_secrets
from simulator.processes.server_process import ServerProcess
from tests.loadtests.test_load_result import CROWD


def test_the_canned_portal_answers_a_whole_visit(tmp_path: Path) -> None:
    """Every answer is one that the suite's driver takes."""
    with ServerProcess(CANNED, words=tmp_path / "portal.txt") as portal:
        portal.start()
        exchange = HttpExchange(portal.url, wait_seconds_max=5.0)
        driver = HttpDriver(
            exchange,
            secrets=rehearsal_secrets(),
            capabilities=frozenset(),
            security_now=wall_now,
        )
        step = driver.begin_sign_in("07700900123")
        session = finish_sign_in(
            driver,
            step,
            "kingfisher",
            lambda _since: exchange.send("GET", "/codes/1", {}).body.decode(),
        )
        evidence = EvidenceLog()
        references = read_everything(driver, session, "person", evidence, crowd=CROWD)
        driver.sign_out(session)
        driver.close()

    assert references == ["43000001"]
    assert len(evidence.records) == 2


@pytest.mark.proof
@pytest.mark.slow(seconds=25)
def test_every_number_has_a_line_of_its_own() -> None:
    """Two rates, their ratio, and the lateness."""
    lines = list(measure(seconds=2.0, runs=1))

    assert [line.split()[:2] for line in lines] == [
        ["rate", "fast_http_user_on_a_bare_route"],
        ["rate", "generator_journeys"],
        ["ratio", "generator_journeys_to_fast_http_user"],
        ["rate", "generator_late_p99_at_half_of_it"],
    ]
    assert all(re.search(r" \d+(\.\d+)?( requests/s| ms)?$", line) for line in lines)
    assert float(lines[2].split()[2]) > 0.3
