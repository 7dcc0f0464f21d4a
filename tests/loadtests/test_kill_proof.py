"""The proof can fail: it finds portals that lose or repeat, and says when it proved nothing."""

from pathlib import Path

import pytest
from msgspec import structs

from loadtests.arrivals import Patience
from loadtests.exactly_once import Compared, compare
from loadtests.kill_proof import Proof, prove
from loadtests.kill_rounds import Killed
from loadtests.kills import TARGET
from loadtests.slow_gateway import Counts
from simulator.inputs.order import Order, read_order
from simulator.inputs.target import Target, read_target

ROOT = Path(__file__).parents[2]
#: These portals do their harm soon.
PATIENCE = Patience(recovery=5.0, silence=6.0)


@pytest.fixture
def target() -> Target:
    """The reference as a process."""
    return read_target(TARGET)


@pytest.fixture
def order(target: Target) -> Order:
    """What it is to do, in phase 1."""
    return read_order(ROOT / target.order).staying_in(1)


def careless(target: Target, name: str) -> Target:
    """Start one of the careless portals in its place."""
    command = [
        each.replace("reference.operations.service:create_app", name)
        for each in target.access.command
    ]
    assert any(name in each for each in command)
    return structs.replace(target, access=structs.replace(target.access, command=tuple(command)))


def test_a_portal_that_does_not_ask_is_caught(target: Target, order: Order) -> None:
    """Sending again what may have gone tells some victims twice, and loses nothing."""
    portal = careless(target, "tests.loadtests.careless_portals:never_unsure")
    proof = prove(portal, order, store="sqlite", kills=4, seed=3, patience=PATIENCE)

    assert proof.verdict == "FAIL"
    assert proof.hits
    assert proof.compared.duplicated
    assert not proof.compared.lost
    assert not proof.compared.strayed


def test_a_portal_that_answers_before_it_keeps_is_caught(target: Target, order: Order) -> None:
    """An answer 202 that does not survive a kill is a promise broken: its victim hears nothing."""
    portal = careless(target, "tests.loadtests.careless_portals:answers_first")
    proof = prove(portal, order, store="sqlite", kills=4, seed=3, patience=PATIENCE)

    assert proof.verdict == "FAIL"
    assert proof.compared.lost
    assert not proof.compared.duplicated
    assert not proof.compared.strayed


def proof_of(compared: Compared, *under_way: int) -> Proof:
    """Make a proof of so many kills with so much under way."""
    killed = tuple(
        Killed(after="nothing", seconds=0.1, portal=0, under_way=each) for each in under_way
    )
    return Proof(store="sqlite", killed=killed, compared=compared, redelivered=0, gateway=Counts())


@pytest.mark.parametrize(
    ("under_way", "verdict"),
    [((0, 0, 0), "INCONCLUSIVE"), ((1, 0, 0), "PASS"), ((9, 0, 0, 0), "INCONCLUSIVE")],
)
def test_kills_that_could_do_no_harm_prove_nothing(
    under_way: tuple[int, ...], verdict: str
) -> None:
    """One kill in three at least must have hit messages under way, however many at each."""
    assert proof_of(compare({"e": "a"}, [("e", "a")]), *under_way).verdict == verdict


def test_harm_is_harm_however_few_kills_hit() -> None:
    """What was lost or repeated needs no more proof."""
    assert proof_of(compare({"e": "a"}, []), 0, 0, 0).verdict == "FAIL"
    assert proof_of(compare({}, [("e", "a")]), 0, 0, 0).verdict == "FAIL"


def test_the_report_gives_every_count() -> None:
    """Whoever reads it sees how often, at which moments, and what came of it."""
    proof = proof_of(compare({"e": "a", "f": "b"}, [("e", "a"), ("e", "a")]), 2, 0)
    words = "\n".join(proof.lines())

    assert "nothing in particular (2)" in words
    assert "2 kills, 1 of them with messages under way" in words
    assert "2 events accepted, 2 messages: 1 lost, 1 twice, 0 to nobody" in words
    assert "FAIL" in words
