"""The suite from its wheel, called from an empty folder: it needs no checkout.

It runs every `portal-suite` command of README and docs, and accepts the reference in phase 3 in
process. `make proof` accepts it in phase 2 and by URL as well.
"""

import re
import shutil
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any, TypeAlias

import msgspec
import pytest

from simulator.inputs.target import read_target
from simulator.pack.contents import gather_run
from simulator.results.values import AcceptanceResult, RehearsalResult
from tests.golden import FRACTION, GOLDEN, GOLDEN_OF_WEEKS, ROLLOUT, SEED, counts
from tests.installed_suite import PACKAGES, InstalledSuite, files_of, install
from tests.reference.portal.browser import chromium
from tests.simulator.planning.small_plans import write_plan
from tests.simulator.real_files import ROOT, parsed
from tests.simulator.rehearsal.small import write_small
from tests.test_docs import COMMANDS, PAGES, lines_of

#: Accepts once with a command, and gives the folder in which that was done.
Accepted: TypeAlias = Callable[[str], Path]


def whole_run(target: str, phase: int) -> str:
    """Give the command that accepts a target in a phase; the last one is not named."""
    path = f"scenarios/targets/{target}.toml"
    return f"portal-suite accept --target {path}" + (f" --phase {phase}" if phase < 3 else "")


#: `make test` has one whole run, of phase 3; `make proof` has those of the other phases. What is
#: tried before phase 3 alone tests/fixtures/test_every_broken_portal.py has, and
#: tests/simulator/accept/test_edge_stories.py the stories of phase 1.
WHOLE_RUNS = [("reference", 2), ("reference", 3), ("reference-by-url", 1)]
#: The made-up stories of phase 3 take three quarters of a minute, in `make proof`. A command of the
#: docs that explores the reference plays some in every test run.
WITHOUT_STORIES = " --edges off"
CONFORMING = [
    ("reference", 3, WITHOUT_STORIES),
    pytest.param("reference", 2, "", marks=pytest.mark.proof),
    pytest.param("reference", 3, "", marks=pytest.mark.proof),
    pytest.param("reference-by-url", 1, "", marks=pytest.mark.proof),
]
#: What nobody has looked at is waived, so that there are papers and a pack.
WAIVED = " --reviews scenarios/reviews/reference.toml"
RUN_OF_PHASE_2 = whole_run("reference", 2) + WAIVED
RUN_OF_PHASE_3 = whole_run("reference", 3)
REHEARSAL = "portal-suite rehearse scenarios/phased-rollout.toml --seed 7 --fraction 0.01"
PLAN = "portal-suite plan scenarios/plans/half-the-officers.toml"
PLAN_ON_ONE_PAGE = "portal-suite plan scenarios/plans/as-today.toml --one-page"
FOR_FIVE_MINUTES = (
    "portal-suite explore --target scenarios/targets/reference.toml --phase 2 --minutes 5 --seed 7"
)
FOR_A_MINUTE = "portal-suite explore --target scenarios/targets/reference.toml --focus sign-in"
MANY = "portal-suite explore --target scenarios/targets/reference.toml --stories 100"
NIGHT = "No message is sent at night"
ONE_SCENARIO = f'portal-suite accept --target scenarios/targets/reference.toml --only "{NIGHT}"'
#: Needs a browser, as the tests of pages do.
BY_PAGES = "reference-pages.toml"
ONE_SCENARIO_BY_PAGES = (
    f"portal-suite accept --target scenarios/targets/{BY_PAGES} "
    '--only "A victim signs in again without the invitation"'
)
TEN_THOUSAND = (
    "portal-suite load scenarios/bursts/bulk-closure-10000.toml "
    "--database postgresql --portal-workers 2"
)
CHECK = "portal-suite check-data fixtures/contacts/extract.csv"
CHECK_BY_MAP = f"{CHECK} --map fixtures/contacts/columns.toml"
CHECK_TABLES = "portal-suite check-data " + " ".join(
    f"fixtures/contacts/{each}.csv" for each in ("crimes", "links", "persons", "phones")
)
#: tests/simulator/rehearsal/test_unmended_data.py rehearses a smaller extract.
REHEARSED_CHECK = (
    f"{CHECK_BY_MAP} --rehearse --audit-results fixtures/contacts/call-backs.csv "
    "--out out/data-check-rehearsed"
)
#: Takes three quarters of a minute: tests/fixtures/test_every_broken_portal.py does it in process.
IN_PROOF_ALONE = (
    REHEARSED_CHECK,
    "portal-suite prove",
    "portal-suite prove --exploring 20",
    # Another command explores a few stories.
    FOR_FIVE_MINUTES,
    MANY,
    # Minutes of load: tests/loadtests runs small bursts, and looks for a knee without a portal.
    "portal-suite load scenarios/bursts/bulk-closure.toml",
    "portal-suite load scenarios/bursts/bulk-closure.toml --find-capacity",
    TEN_THOUSAND,
    "portal-suite load scenarios/bursts/smoke.toml --repeats 5 --out out/before",
    # By two workers: tests/loadtests/test_burst_run.py, which is shorter.
    "portal-suite load scenarios/bursts/smoke.toml",
    "portal-suite load scenarios/bursts/smoke.toml --workers 2",
    "portal-suite load scenarios/bursts/portal-killed.toml",
    "portal-suite load scenarios/bursts/soak.toml --soak 30",
    # Half a minute each, for a year: every test run makes a smaller plan, below.
    PLAN,
    PLAN_ON_ONE_PAGE,
    # Another command runs the same scenario by URL, and tests/simulator/test_cli.py in process.
    ONE_SCENARIO,
    f"{ONE_SCENARIO} --out out/just-this",
    # tests/fixtures/test_broken_pages.py meets more of the pages' scenarios in a browser.
    ONE_SCENARIO_BY_PAGES,
    # A whole run has every scenario of it, and tests/fixtures/drivers/test_contract_portal.py a
    # quick look at another portal.
    "portal-suite accept --target scenarios/targets/reference.toml --quick",
    # Another command checks this extract. In process tests/simulator/contact_data asks what tables,
    # a map, a call-back list and an earlier check change, and checks made-up people.
    f"{CHECK} --out out/data-check",
    f"{CHECK_TABLES} --out out/data-check-tables",
    f"{CHECK_BY_MAP} --audit-results fixtures/contacts/call-backs.csv --limit 0.2",
    CHECK_BY_MAP,
    f"{CHECK_BY_MAP} --audit-sample 40 --out out/call-backs",
    f"{CHECK_BY_MAP} --earlier fixtures/contacts/readiness-earlier.json",
    f"{CHECK_TABLES} --map fixtures/contacts/tables.toml --out out/data-check-mapped",
    # tests/simulator/rehearsal/test_window.py has smaller windows.
    f"{whole_run('reference', 2)} --window",
)
#: These commands run on less here. What is left out of each is run by a test of its own.
SHORTER = {
    "portal-suite prove": "portal-suite prove --only never_starts_messages_again",
    f"{whole_run('reference', 2)} --window": (
        f'{whole_run("reference", 2)} --window --only "{NIGHT}"'
    ),
    FOR_A_MINUTE: f"{FOR_A_MINUTE} --stories 2",
    MANY: MANY.replace("100", "2"),
    "portal-suite prove --exploring 20": "portal-suite prove --exploring 2 --only sends_twice",
    whole_run("reference-by-url", 3): f'{whole_run("reference-by-url", 3)} --only "{NIGHT}"',
    FOR_FIVE_MINUTES: FOR_FIVE_MINUTES.replace("--minutes 5", "--stories 10"),
    #: The stories of phase 3 and of phase 1 have tests of their own.
    RUN_OF_PHASE_2: f"{RUN_OF_PHASE_2}{WITHOUT_STORIES}",
    REHEARSAL: REHEARSAL.replace(
        "--seed 7 --fraction 0.01", f"--seed {SEED} --fraction {FRACTION}"
    ),
    PLAN: f"{PLAN} --brief --replications 2 --fraction 0.001",
    PLAN_ON_ONE_PAGE: f"{PLAN_ON_ONE_PAGE} --brief --replications 2 --fraction 0.001",
    "portal-suite load scenarios/bursts/bulk-closure.toml --find-capacity": (
        "portal-suite load scenarios/bursts/smoke.toml --find-capacity --rate-max 50"
    ),
    "portal-suite load scenarios/bursts/smoke.toml --repeats 5 --out out/before": (
        "portal-suite load scenarios/bursts/smoke.toml --repeats 2 --soak 0.05 --out out/before"
    ),
    TEN_THOUSAND: f"{TEN_THOUSAND} --scale 0.05",
    "portal-suite load scenarios/bursts/soak.toml --soak 30": (
        "portal-suite load scenarios/bursts/soak.toml --soak 0.5"
    ),
}
#: Go on until they are stopped: tests/simulator/serve, doubles and integration run them.
ENDLESS = ("portal-suite serve", "portal-suite neighbours", "portal-suite integrate")
#: Read what was made before, in tests of their own.
OF_EARLIER_RUNS = ("portal-suite load compare", "portal-suite judge")
#: Are run in turn, as a vendor does: tests/test_for_vendors_page.py.
OF_A_VENDOR = "our_portal"
#: Need what `accept` left: they are run in turn after it.
AFTER_A_RUN = ("portal-suite papers", "portal-suite pack", "portal-suite verify")
#: Checks the people that the command before it made.
OF_MADE_UP_PEOPLE = "portal-suite check-data people.csv"
#: Commands that no page shows, and that must work from an empty folder too.
BEYOND_THE_DOCS = ["portal-suite --help", "portal-suite new-driver x"]


@pytest.fixture(scope="module")
def suite(tmp_path_factory: pytest.TempPathFactory) -> Iterator[InstalledSuite]:
    """The installed suite, into which no run writes anything."""
    installed = install(tmp_path_factory.mktemp("installed"))
    before = installed.files()
    yield installed
    assert installed.files() == before


@pytest.fixture(scope="module")
def accepted(suite: InstalledSuite, tmp_path_factory: pytest.TempPathFactory) -> Accepted:
    """Give the folder of a whole run, which is run once for all tests that are about it."""

    @cache
    def run(command: str) -> Path:
        folder = tmp_path_factory.mktemp("accepted")
        said = suite.run(SHORTER.get(command, command), within=folder)
        assert said.code == 0, said.words
        return folder

    return run


@pytest.mark.slow(seconds=5)
def test_what_is_run_on_less_is_in_the_docs() -> None:
    """A command that the docs show no more needs no shorter one, and is not left to proof."""
    assert SHORTER.keys() <= set(COMMANDS)
    assert set(IN_PROOF_ALONE) <= set(COMMANDS)


def test_the_wheel_is_whole(suite: InstalledSuite, tmp_path: Path) -> None:
    """Whatever our packages hold is in the wheel; with types, and no word of the checkout."""
    assert suite.files() == files_of(ROOT)
    assert {Path(each, "py.typed") for each in PACKAGES[:-1]} <= suite.files()
    names = PACKAGES[:-1]
    places = "".join(f"; print({each}.__file__)" for each in names)
    said = suite.run(f"python -c 'import {', '.join(names)}{places}'", within=tmp_path)
    found = [Path(each) for each in said.out.split()]
    assert found == [suite.packages / each / "__init__.py" for each in names], said.words


@pytest.mark.slow(seconds=15)
@pytest.mark.parametrize(("target", "phase", "options"), CONFORMING)
def test_the_reference_conforms(accepted: Accepted, target: str, phase: int, options: str) -> None:
    """No scenario fails the reference, called in process or reached by URL.

    Nor does a made-up story in the last phase, with four in five edges judged. The judge
    comes to the same by the evidence alone, so the run may be packed.
    """
    out = accepted(whole_run(target, phase) + options + WAIVED) / "out" / "acceptance"
    result = msgspec.json.decode((out / "acceptance.json").read_bytes(), type=AcceptanceResult)

    assert result.verdict == "PASS"
    assert result.phase == phase
    # A portal that the suite did not start gets no second worker.
    tried = [each for each in result.scenarios if each.reason != "not claimed: workers"]
    assert not [each.name for each in tried if each.verdict != "PASS"]
    assert not [each.id for each in result.requirements if each.verdict == "SKIP"]
    assert result.messages > 50
    assert (result.edges is not None) == ((target, phase, options) == ("reference", 3, ""))
    assert result.edges is None or result.edges.judged > 0.8 * result.edges.every
    path = ROOT / "scenarios" / "targets" / f"{target}.toml"
    assert gather_run(out, read_target(path), number=1).run.verdict == "PASS"


@pytest.mark.slow(seconds=6)
@pytest.mark.parametrize(
    "command",
    [
        *BEYOND_THE_DOCS,
        *(
            pytest.param(each, marks=[pytest.mark.proof] if each in IN_PROOF_ALONE else [])
            for each in COMMANDS
            if each.startswith("portal-suite")
            and each.removesuffix(WAIVED) not in {whole_run(*run) for run in WHOLE_RUNS}
            and not each.startswith(ENDLESS)
            and not each.startswith(OF_EARLIER_RUNS)
            and not each.startswith((*AFTER_A_RUN, OF_MADE_UP_PEOPLE))
            and each != REHEARSAL
            and OF_A_VENDOR not in each
        ),
    ],
)
def test_a_command_in_the_docs_does_what_it_says(
    suite: InstalledSuite, command: str, tmp_path: Path
) -> None:
    """The command runs from an empty folder and exits by its verdict."""
    if BY_PAGES in command:
        chromium()

    said = suite.run(SHORTER.get(command, command), within=tmp_path)

    # A quick look is never a verdict, nor is a check of data before anybody was rung.
    is_unjudged = "--quick" in command or ("check-data" in command and "--limit" not in command)
    assert said.code == (3 if is_unjudged else 0), said.words
    assert "check-data" not in command or "Written:" in said.words
    assert "Traceback" not in said.words


@pytest.mark.slow(seconds=6)
def test_a_small_plan_is_made_on_one_page(
    suite: InstalledSuite, tmp_path: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """As the command of the docs makes the plan of a year, which `make proof` runs."""
    path = "scenarios/plans/as-today.toml"
    small = write_plan(
        tmp_path_factory.mktemp("plan"),
        parsed(ROOT / path),
        lambda raw: raw.update(warm_up_weeks=1, weeks=2),
    )
    command = SHORTER[PLAN_ON_ONE_PAGE].replace(path, str(small))

    said = suite.run(command, within=tmp_path)

    assert str(small) in command
    assert said.code == 0, said.words
    assert "Traceback" not in said.words
    assert "This plan, in 2 weeks" in said.out
    assert "Update calls saved, net" in said.out


# Each of their many stations has a page with plots. In process test_detection.py checks some.
@pytest.mark.proof
@pytest.mark.slow(seconds=10)
def test_made_up_people_are_checked_as_the_readme_says(
    suite: InstalledSuite, tmp_path: Path
) -> None:
    """The worklist is full of the faults that were made, and the report says how well it does."""
    made, checked = lines_of(ROOT / "README.md", ("portal-suite generate", OF_MADE_UP_PEOPLE))

    assert suite.run(made, within=tmp_path).code == 0
    said = suite.run(checked, within=tmp_path)

    assert said.code == 1, said.words
    assert "Not ready: " in said.words
    out = tmp_path / "out" / "people-check"
    assert len((out / "worklist.csv").read_text(encoding="utf-8").splitlines()) > 100
    assert "How well the check finds faults" in (out / "report.html").read_text(encoding="utf-8")


def counted(suite: InstalledSuite, command: str, folder: Path) -> dict[str, Any]:
    """Rehearse with a command, in an empty folder; give what was counted."""
    said = suite.run(command, within=folder)

    assert said.code == 0, said.words
    assert "Traceback" not in said.words
    written = (folder / "out" / "rehearsal" / "rehearsal.json").read_bytes()
    return counts(msgspec.json.decode(written, type=RehearsalResult))


@pytest.mark.slow(seconds=12)
def test_a_small_rehearsal_counts_what_it_counted_before(
    suite: InstalledSuite, tmp_path: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """A change in the model or the portal shows in the golden counts (`make golden`)."""
    rollout = write_small(tmp_path_factory.mktemp("thirteen-weeks"))
    command = SHORTER[REHEARSAL].replace(str(ROLLOUT.relative_to(ROOT)), str(rollout))

    assert str(rollout) in command
    assert counted(suite, command, tmp_path) == msgspec.json.decode(GOLDEN_OF_WEEKS.read_bytes())


@pytest.mark.proof
@pytest.mark.slow(seconds=100)
def test_the_real_rollout_counts_what_it_counted_before(
    suite: InstalledSuite, tmp_path: Path
) -> None:
    """So it does over a year and more, with the numbers of the real calendar."""
    assert REHEARSAL in COMMANDS
    found = counted(suite, SHORTER[REHEARSAL], tmp_path)

    assert found == msgspec.json.decode(GOLDEN.read_bytes())


#: The commands on a run that a page has in turn; pages with the same ones are one case.
ON_A_RUN = sorted({tuple(lines_of(each, AFTER_A_RUN)) for each in PAGES} - {()})


@pytest.mark.slow(seconds=6)
@pytest.mark.parametrize("phase", [3, pytest.param(2, marks=pytest.mark.proof)])
@pytest.mark.parametrize("commands", ON_A_RUN, ids=range(len(ON_A_RUN)))
def test_commands_on_a_run_do_what_they_say_in_turn(
    suite: InstalledSuite, accepted: Accepted, phase: int, commands: tuple[str, ...], tmp_path: Path
) -> None:
    """After a whole run, each command of a page finds what the one before it left.

    The pages have a run of phase 2. So has `make proof`; one of phase 3 is there in any case.
    """
    run = RUN_OF_PHASE_2 if phase == 2 else RUN_OF_PHASE_3 + WITHOUT_STORIES + WAIVED
    shutil.copytree(accepted(run), tmp_path, dirs_exist_ok=True)
    for command in commands:
        # A day that a document names will have passed at last.
        dated = re.sub(r"\d{4}-\d\d-\d\d", "2100-01-01", command)
        said = suite.run(dated.replace("--phase 2", f"--phase {phase}"), within=tmp_path)

        assert said.code == 0, (command, said.words)
