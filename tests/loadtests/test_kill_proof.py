"""The proof can fail: it finds portals that lose or repeat, and says when it proved nothing."""

import pytest
from msgspec import structs

from loadtests.arrivals import Patience
from loadtests.exactly_once import DeliveryComparison, compare
from loadtests.kill_proof import Proof, prove
from loadtests.kill_rounds import Kill
from loadtests.kills import TARGET
from loadtests.slow_gateway import Counts
from simulator.inputs.order import Order, read_order
from simulator.inputs.target import Target, read_target
from tests.simulator.real_files import ROOT

#: These portals do their harm soon.
PATIENCE = Patience(recovery=5.0, silence=6.0)


@pytest.fixture
def target() -> Target:
    """The reference as a process."""
    return read_target(TARGET)


@pytest.fixture
def order(target: Target) -> Order:
    """The order, in phase 1."""
    return read_order(ROOT / target.order).staying_in(1)


def careless(target: Target, name: str) -> Target:
    """Start one of the careless portals instead."""
    command = [
        each.replace("reference.operations.service:create_app", name)
        for each in target.access.command
    ]
    assert any(name in each for each in command)
    return structs.replace(target, access=structs.replace(target.access, command=tuple(command)))


@pytest.mark.proof
@pytest.mark.slow(seconds=13, waits=True)
def test_a_portal_that_does_not_ask_is_caught(target: Target, order: Order) -> None:
    """Sending again without asking tells some victims twice, and loses nothing."""
    portal = careless(target, "tests.loadtests.careless_portals:never_unsure")
    proof = prove(portal, order, store="sqlite", kills=4, seed=3, patience=PATIENCE)

    assert proof.verdict == "FAIL"
    assert proof.hits
    assert proof.compared.duplicated
    assert not proof.compared.lost
    assert not proof.compared.strayed


@pytest.mark.proof
@pytest.mark.slow(seconds=13, waits=True)
def test_a_portal_that_answers_before_it_stores_is_caught(target: Target, order: Order) -> None:
    """An answer 202 that does not survive a kill loses its message."""
    portal = careless(target, "tests.loadtests.careless_portals:answers_first")
    proof = prove(portal, order, store="sqlite", kills=4, seed=3, patience=PATIENCE)

    assert proof.verdict == "FAIL"
    assert proof.compared.lost
    assert not proof.compared.duplicated
    assert not proof.compared.strayed


def proof_of(compared: DeliveryComparison, *under_way: int) -> Proof:
    """Make a proof with so many kills, and so many messages on their way at each."""
    killed = tuple(
        Kill(after="nothing", seconds=0.1, portal=0, under_way=each) for each in under_way
    )
    return Proof(store="sqlite", killed=killed, compared=compared, redelivered=0, gateway=Counts())


@pytest.mark.parametrize(
    ("under_way", "verdict"),
    [((0, 0, 0), "INCONCLUSIVE"), ((1, 0, 0), "PASS"), ((9, 0, 0, 0), "INCONCLUSIVE")],
)
def test_kills_that_could_do_no_harm_prove_nothing(
    under_way: tuple[int, ...], verdict: str
) -> None:
    """At least one kill in three must hit messages on their way, however many at each."""
    assert proof_of(compare({"e": "a"}, [("e", "a")]), *under_way).verdict == verdict


def test_harm_is_harm_however_few_kills_hit() -> None:
    """A loss or a duplicate fails at once."""
    assert proof_of(compare({"e": "a"}, []), 0, 0, 0).verdict == "FAIL"
    assert proof_of(compare({}, [("e", "a")]), 0, 0, 0).verdict == "FAIL"


def test_the_report_gives_every_count() -> None:
    """It gives the number of kills, their moments and the result."""
    proof = proof_of(compare({"e": "a", "f": "b"}, [("e", "a"), ("e", "a")]), 2, 0)
    words = "\n".join(proof.lines())

    assert "nothing in particular (2)" in words
    assert "2 kills, 1 of them with messages on their way" in words
    assert "2 events accepted, 2 messages: 1 lost, 1 duplicated, 0 not due" in words
    assert "FAIL" in words
