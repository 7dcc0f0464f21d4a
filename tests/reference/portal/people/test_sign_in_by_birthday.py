"""Where the force orders the date of birth: the same limits, answers and work as by the word."""

from datetime import date
from pathlib import Path

import pytest

from reference.contract.events import VictimRecord
from reference.contract.identity import date_of_birth_digest
from tests.reference.portal.crimes import IDENTITY_KEY, MOBILE, WORD, alex, details, recorded
from tests.reference.portal.reading import tasks
from tests.reference.portal.scene import Scene, problem
from tests.reference.portal.storage.test_same_work import Work, counted
from tests.reference.portal.web.test_pages import hidden
from tests.simulator.asgi import Answer

BORN, UNKNOWN = date(1984, 5, 1), "07700900999"
PATH = "/sign-in/date-of-birth"


@pytest.fixture
def scene(tmp_path: Path) -> Scene:
    """A portal that is told to ask for the date of birth."""
    return Scene(tmp_path, proof="date_of_birth")


def born(on: date = BORN, person_id: str = "alex") -> VictimRecord:
    """A victim whose record has the digest of their birthday, and neither word nor birthday."""
    digest = date_of_birth_digest(IDENTITY_KEY, person_id, on)
    return alex(person_id, born=None, agreed_word_digest="", date_of_birth_digest=digest)


def prove(scene: Scene, step: str, given: str = BORN.isoformat()) -> Answer:
    """Give a date of birth."""
    return scene.api("POST", PATH, {"step": step, "date_of_birth": given})


def test_the_birthday_and_then_the_code_lead_in(scene: Scene) -> None:
    """Each step says what it asks next, by the invitation and by the number."""
    scene.deliver(recorded(born()))
    opened = scene.open_invitation(scene.messages[0].link).json

    assert opened["asks"] == "date_of_birth"
    assert prove(scene, opened["step"]).json["asks"] == "one_time_code"
    assert scene.enter_code(opened["step"], scene.last_code()).json["session"]

    begun = scene.api("POST", "/sign-in", {"address": MOBILE}).json

    assert begun["asks"] == "date_of_birth"
    assert prove(scene, begun["step"]).status == 200


def test_the_other_proof_is_not_asked_for(scene: Scene, tmp_path: Path) -> None:
    """A force has ordered one; the other opens nothing, though the record holds its digest."""
    both = alex(date_of_birth_digest=date_of_birth_digest(IDENTITY_KEY, "alex", BORN))
    (tmp_path / "word").mkdir()
    by_word = Scene(tmp_path / "word")
    for each in (scene, by_word):
        each.deliver(recorded(both))

    assert problem(scene.prove(scene.begin(MOBILE), WORD))["status"] == 404
    assert problem(prove(by_word, by_word.begin(MOBILE)))["status"] == 404
    assert len(scene.messages) == len(by_word.messages) == 1


def test_a_record_without_the_digest_is_an_officers_to_mend(scene: Scene) -> None:
    """Nobody passes, the failures are counted, an officer is asked, and what they mend opens."""
    scene.deliver(recorded(alex(born=BORN)))
    step = scene.begin(MOBILE)
    refused = [prove(scene, step).status for _ in range(6)]
    scene.advance()

    assert refused == [403] * 5 + [429]
    assert [each["reason"] for each in tasks(scene, "identity_not_proved")] == [
        "could not prove who they are; check the date of birth and contact details"
    ]

    scene.deliver(details(born()))

    assert prove(scene, scene.begin(MOBILE)).status == 200


def test_a_date_that_is_nobodys_costs_no_attempt(scene: Scene) -> None:
    """Twenty slips, and the right date still opens: by the API and by the page."""
    scene.deliver(recorded(born()))
    step = scene.begin(MOBILE)
    for _ in range(10):
        assert problem(prove(scene, step, "1984-02-30"))["field"] == "date_of_birth"
        assert scene.form(PATH, step=step, day="30", month="2", year="1984").status == 422

    assert prove(scene, step).status == 200


def test_a_slip_is_the_same_to_anybody(scene: Scene) -> None:
    """It says nothing of whether a step, an address or a person is known."""
    scene.deliver(recorded(born()))
    steps = (scene.begin(MOBILE), scene.begin(UNKNOWN), "no step at all")

    assert len({prove(scene, step, "1984-02-30").body for step in steps}) == 1


@pytest.mark.parametrize(
    ("day", "month", "year"), [("1", "5", "1984"), (" 01", "05 ", "1984"), ("1", "may", "1984")]
)
def test_the_page_takes_it_as_people_write_it(
    scene: Scene, day: str, month: str, year: str
) -> None:
    """Three fields lead to the page that asks for the code."""
    scene.deliver(recorded(born()))
    asks = scene.form("/sign-in", address=MOBILE)
    answer = scene.form(PATH, step=hidden(asks, "step"), day=day, month=month, year=year)

    assert b"Enter your date of birth" in asks.body
    assert answer.status == 200
    assert b"Enter the code we sent you" in answer.body


def test_the_page_keeps_a_slip_and_no_wrong_birthday(scene: Scene) -> None:
    """What is to be mended is shown again with the step; what did not match is not."""
    scene.deliver(recorded(born()))
    step = hidden(scene.form("/sign-in", address=MOBILE), "step")
    slip = scene.form(PATH, step=step, day="1", month="13", year="1984")
    wrong = scene.form(PATH, step=step, day="2", month="5", year="1984")

    assert (slip.status, wrong.status) == (422, 403)
    assert hidden(slip, "step") == hidden(wrong, "step") == step
    assert b'value="13"' in slip.body
    assert b'<a href="#month">Your date of birth must be a real date</a>' in slip.body
    assert b'<a href="#day">Those details do not match our records</a>' in wrong.body
    assert b'value="1984"' not in wrong.body


def test_two_at_one_number_are_told_apart_by_their_birthdays(scene: Scene) -> None:
    """Each opens their own; of two who share a birthday nobody knows which it is."""
    other = date(1986, 11, 30)
    scene.deliver(recorded(born()), recorded(born(other, "sam"), crime="43260000002"))

    assert prove(scene, scene.begin(MOBILE), other.isoformat()).status == 200

    scene.deliver(recorded(born(person_id="twin"), crime="43260000003"))

    assert prove(scene, scene.begin(MOBILE)).status == 403


def test_the_store_holds_no_birthday(scene: Scene) -> None:
    """A thief who copies the database finds only its digest."""
    scene.deliver(recorded(born()))
    step = scene.begin(MOBILE)
    prove(scene, step, "1983-12-24")
    prove(scene, step)
    kept = repr(scene.rows())

    assert "1984" not in kept.replace(date_of_birth_digest(IDENTITY_KEY, "alex", BORN), "")
    assert "1983-12-24" not in kept
    assert date_of_birth_digest(IDENTITY_KEY, "alex", BORN) in kept


def test_a_wrong_birthday_costs_the_same_for_somebody_and_for_nobody(scene: Scene) -> None:
    """Statements and digests are as many at each attempt, up to the limit and beyond."""
    scene.deliver(recorded(born()))

    def tried(address: str) -> list[tuple[Work, int, bytes]]:
        done = []
        for _ in range(5):
            step = scene.begin(address)
            for n in range(7):
                with counted(scene) as work:
                    answer = prove(scene, step, f"1990-01-0{n + 1}")
                done.append((work, answer.status, answer.body.replace(step.encode(), b"step")))
        return done

    theirs = tried(MOBILE)

    assert theirs == tried(UNKNOWN)
    assert {status for _, status, _ in theirs} == {200, 403, 429}
    assert all(work["digest"] for work, _, _ in theirs)
