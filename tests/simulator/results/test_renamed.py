"""Rules of what was written before scenarios had ids: it is still read, compared and verified.

The files in `tests/fixtures/before_ids` were written by the version before, under names that most
scenarios and several findings no longer have.
"""

from datetime import UTC, date, datetime
from pathlib import Path

import msgspec
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import load_pem_public_key
from msgspec import structs

from features.people import Actor
from features.running_scenario import Unmet, refuse_any
from reference.contract.events import VictimRecord
from simulator.accept.known_gaps import read_known_gaps, with_known_gaps
from simulator.by_hand.journal import Journal, finished_scenarios
from simulator.inputs.permanent_ids import read_names
from simulator.inputs.requirements import read_requirements
from simulator.inputs.written_scenarios import is_asked_for, read_written
from simulator.neighbours.gateway.inbox import Accepted
from simulator.pack.verify import verify_pack
from simulator.papers.defects import find_defects
from simulator.papers.register import read_register
from simulator.papers.runs import Run, read_runs
from simulator.report.causes import causes_of
from simulator.results.renamed import renamed, same_scenario, with_names_of_today
from simulator.results.values import AcceptanceResult, ScenarioResult
from tests.simulator.papers.made_up import REQUIREMENTS, TODAY
from tests.simulator.worlds import START, person

BEFORE = Path(__file__).parents[2] / "fixtures" / "before_ids"
OLD_NAME = "A cancelled record is for a person to explain"
ID = read_names().scenario_id(OLD_NAME)
TEXT = Accepted(
    message_id="1",
    channel="text",
    to="07700900001",
    to_given="07700900001",
    subject="",
    body="You have an update.",
    sender="The force",
    reference="",
    template_id="",
    accepted_at=START,
)


def old_run() -> Run:
    """Read the run of before."""
    return read_runs(BEFORE / "results", [], phase=3)[0]


def test_a_result_of_before_has_the_names_of_today() -> None:
    """The scenario has its id and its new name, wherever the result names it."""
    raw = (BEFORE / "results" / "acceptance.json").read_bytes()
    stored = msgspec.json.decode(raw, type=AcceptanceResult)
    [before] = stored.scenarios

    [now] = old_run().result.scenarios

    assert (before.name, before.id) == (OLD_NAME, "")
    assert (now.id, now.name) == (ID, read_names().scenario_name(ID))
    assert now.name != OLD_NAME
    assert structs.replace(now, id="", name=OLD_NAME) == before
    assert {
        name for each in with_names_of_today(stored).requirements for name in each.scenarios
    } == {now.name}


def test_a_scenario_nobody_knows_keeps_its_name() -> None:
    """A page, or a scenario of somebody's own, is nothing of ours."""
    page = ScenarioResult(
        name="Every page says which language it is in",
        feature="Pages",
        phase=1,
        requirements=("A11Y-02",),
        verdict="PASS",
    )

    assert renamed(page) == page
    assert same_scenario(page.name) == page.name


def test_a_defect_of_before_is_retested_under_the_new_name() -> None:
    """The scenario that showed it then passes now, under another name: the retest passed."""
    before = old_run()
    [scenario] = before.result.scenarios
    passed = structs.replace(scenario, verdict="PASS", findings=(), failed_step="", expected="")
    later = structs.replace(
        before,
        result=structs.replace(before.result, scenarios=[passed]),
        ended_at=before.ended_at.replace(year=2027),
    )

    found = find_defects(
        [before, later], read_register(BEFORE / "register.toml"), REQUIREMENTS, today=TODAY
    )

    assert found
    assert {each.retest for each in found} == {"passed"}


def test_a_register_of_before_fits_what_is_found_today() -> None:
    """Each defect that was decided on then is still found, and what was decided stands by it."""
    register = read_register(BEFORE / "register.toml")

    found = find_defects([old_run()], register, REQUIREMENTS, today=TODAY)

    assert {each.id for each in found} == {each.id for each in register.defect}
    assert {(each.owner, each.disposition) for each in found} == {("Vendor", "accepted")}


def test_the_same_failure_in_words_of_today_is_the_same_defect() -> None:
    """What a step says is said otherwise now; the fingerprint is that of the words of before."""
    run = old_run()
    [scenario] = run.result.scenarios
    with pytest.raises(Unmet) as unmet:
        refuse_any([TEXT], Actor("Alex", person(), VictimRecord(person_id="p"), ""))
    today = structs.replace(
        scenario, expected=unmet.value.expected, observed=unmet.value.observed, findings=()
    )
    before = structs.replace(scenario, findings=())
    harms = {each.id: each.harm for each in read_requirements()}

    [now], [then] = (causes_of(each, harms, []) for each in (today, before))

    assert now.fault != then.fault
    assert now.fingerprint == then.fingerprint
    assert now.fingerprint in {each.id for each in read_register(BEFORE / "register.toml").defect}


@pytest.mark.parametrize(
    ("where", "now", "then"),
    [
        (
            "POST http://portal.example:8080/api/sign-in/code: {}",
            "session cannot be sent in a header; use printable ASCII",
            "session is not what a header can hold",
        ),
        (
            "{}",
            "the invitation link is not one that a browser can follow",
            "an invitation's link is none that a browser could follow",
        ),
        (
            "access.program 'node': crimes was answered by line 3, which {}; see docs/drivers.md",
            "is not an answer of the protocol (?); print everything meant for people to stderr",
            "is no answer of the protocol (?); print what is for people to stderr",
        ),
        (
            "access.driver ours:Ours: crimes was refused with 409, though {}; see docs/drivers.md",
            "this method may not be refused",
            "there is no no to it",
        ),
        (
            "access.driver ours:Ours: prove gives {}, where Step is expected (asks)",
            "an invalid Step",
            "a Step that is none",
        ),
        (
            "ours.toml: step.at, 'time', reads 'soon', which is {} the selector, or the page",
            "not a time, on /crimes (200); fix",
            "no time, on /crimes (200); mend",
        ),
        (
            "ours.toml: code.code, '#otp', matches nothing on /code (200); {}; it is in code.png",
            "fix the selector, or the page",
            "mend the selector, or the page",
        ),
    ],
)
def test_a_reworded_error_of_a_driver_is_the_same_defect(where: str, now: str, then: str) -> None:
    """Without an expectation the error itself is the fault: its first wording is fingerprinted."""
    [scenario] = old_run().result.scenarios
    harms = {each.id: each.harm for each in read_requirements()}

    [today], [before] = (
        causes_of(
            structs.replace(
                scenario, expected="", observed="", reason=where.format(reason), findings=()
            ),
            harms,
            [],
        )
        for reason in (now, then)
    )

    assert today.fault != before.fault
    assert today.fingerprint == before.fingerprint


def test_known_gaps_of_before_are_applied() -> None:
    """They name requirements, whose ids are permanent already."""
    gaps = read_known_gaps(
        BEFORE / "known-gaps.toml",
        [each.id for each in read_requirements()],
        today=date(2026, 11, 30),
    )

    result = with_known_gaps(old_run().result, gaps)

    assert [each.id for each in result.requirements if each.known_gap] == ["SENS-01"]


def test_a_journal_of_before_is_gone_on_with() -> None:
    """What was finished by hand under an old name is not done again under the new one."""
    done = [
        same_scenario(each.result.name)
        for each in finished_scenarios(Journal(BEFORE / "journal.ndjson").read())
    ]

    written = {each.id for each in read_written()}
    assert len(done) == len(set(done)) == 2
    assert set(done) <= written


def test_a_pack_of_before_is_verified() -> None:
    """Its signature holds over the names as they were."""
    key = load_pem_public_key((BEFORE / "signing.key.pub").read_bytes())
    assert isinstance(key, Ed25519PublicKey)

    checked = verify_pack(
        BEFORE / "evidence-pack.zip", expected=key, now=datetime(2026, 12, 1, tzinfo=UTC)
    )

    assert checked.is_expected
    assert [each.verdict for each in checked.manifest.runs] == ["FAIL"]


def test_a_scenario_is_asked_for_by_any_name_it_had() -> None:
    """A command copied from a report of before runs the same scenario."""
    [scenario] = [each for each in read_written() if each.id == ID]

    for only in ("", OLD_NAME, ID, scenario.name):
        assert is_asked_for(only, id=scenario.id, name=scenario.name)
    assert not is_asked_for("Never heard of", id=scenario.id, name=scenario.name)
