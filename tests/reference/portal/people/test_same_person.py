"""A victim with two records reads the crimes of both; two people at one phone stay two."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest

from reference.contract.events import VictimRecord
from reference.portal.storage.crimes import NEWEST_CRIME
from reference.portal.storage.people import CANDIDATE, CANDIDATES_AT
from tests.reference.portal.crimes import (
    CRIME,
    MOBILE,
    NOON,
    PHASE_3,
    SAMS_MOBILE,
    WORD,
    alex,
    allocated,
    details,
    merged,
    recorded,
)
from tests.reference.portal.databases import Storage, rows_read
from tests.reference.portal.reading import News, status_of_page, tasks
from tests.reference.portal.scene import Scene

NEWER = "43260000002"
LATER = NOON + timedelta(hours=1)


@pytest.fixture
def scene(scene: Scene) -> Scene:
    """A portal that has two crimes of Alex, each with a record of its own."""
    scene.deliver(recorded(), recorded(alex("alex2"), crime=NEWER, recorded_at=LATER))
    return scene


def listed(scene: Scene, session: str) -> list[str]:
    """List the crimes that a victim sees."""
    found = scene.api("GET", "/crimes", session=session).json["crimes"]
    return [each["crime_reference"] for each in found]


@pytest.mark.parametrize("address", [MOBILE, ""])
def test_both_crimes_are_read_in_one_session(scene: Scene, address: str) -> None:
    """By the number, and by an invitation to either: a victim who is texted about one finds it."""
    scene.deliver(allocated())
    session = scene.session(address=address)
    page = scene.page("/crimes", cookies={"session": session}).body.decode()

    assert listed(scene, session) == [NEWER, CRIME]
    for crime in (CRIME, NEWER):
        assert status_of_page(scene, session, crime) == 200
        assert scene.page(f"/crimes/{crime}", cookies={"session": session}).status == 200
        assert crime in page


@pytest.mark.parametrize(("one", "into"), [(CRIME, NEWER), (NEWER, CRIME)])
def test_of_two_crimes_that_merged_each_reference_opens(scene: Scene, one: str, into: str) -> None:
    """Each is known by another record of the victim's."""
    scene.deliver(merged(one, into, at=LATER))
    session = scene.session(address=MOBILE)

    assert [status_of_page(scene, session, crime) for crime in (one, into)] == [200, 200]


def test_a_question_is_of_the_record_whose_crime_it_is(scene_with: Callable[..., Scene]) -> None:
    """The officer of the older crime gets it in the name that they know."""
    scene = scene_with(start=PHASE_3)
    scene.deliver(recorded(recorded_at=PHASE_3))
    scene.deliver(recorded(alex("alex2"), crime=NEWER, recorded_at=PHASE_3))
    session = scene.session(address=MOBILE)
    for crime in (CRIME, NEWER):
        scene.api("POST", f"/crimes/{crime}/questions", {"text": "Hello"}, session=session)
    scene.advance(minutes=1)
    written = {(row[1], row[2]) for row in scene.rows()["post"]}

    assert written == {(CRIME, "alex"), (NEWER, "alex2")}


def test_signing_out_signs_out_of_both(scene: Scene) -> None:
    """Nothing is left of the session."""
    session = scene.session(address=MOBILE)
    scene.api("POST", "/sign-out", session=session)

    assert scene.api("GET", "/crimes", session=session).status == 401
    assert scene.rows()["also_theirs"] == []


@pytest.mark.parametrize(
    "other",
    [
        alex("other", given_name="Robin", word="heron"),
        alex("other", word="heron"),
        alex("other", born=date(2000, 1, 1), word="heron"),
        alex("other", mobile_phone=SAMS_MOBILE),
    ],
    ids=["mother and daughter", "another word", "father and son", "reached elsewhere"],
)
def test_anybody_else_stays_apart(scene_with: Callable[..., Scene], other: VictimRecord) -> None:
    """One phone, name or birthday is not enough: likeness, word and address make one person."""
    scene = scene_with()
    scene.deliver(recorded(), recorded(other, crime=NEWER, recorded_at=LATER))
    session = scene.session(address=MOBILE)
    scene.api("PUT", "/contact", {"channels": []}, session=session)

    assert listed(scene, session) == [CRIME]
    assert status_of_page(scene, session, NEWER) == 404
    assert scene.page(f"/crimes/{NEWER}", cookies={"session": session}).status == 404
    assert next(row[5] for row in scene.rows()["person"] if row[0] == "other") is None
    assert {each["person_id"] for each in scene.neighbours.tasks} <= {"alex"}


def test_mother_and_daughter_each_read_their_own(scene_with: Callable[..., Scene]) -> None:
    """At one phone each has a word of her own, and sees nothing of the other's."""
    scene = scene_with()
    daughter = alex("daughter", given_name="Robin", born=date(2000, 1, 1), word="heron")
    scene.deliver(recorded(), recorded(daughter, crime=NEWER))

    assert listed(scene, scene.session(address=MOBILE, word=WORD)) == [CRIME]
    assert listed(scene, scene.session(address=MOBILE, word="heron")) == [NEWER]


def test_a_record_that_is_proved_otherwise_since_is_theirs_no_more(scene: Scene) -> None:
    """A change to one record ends that it is read with the other."""
    session = scene.session(address=MOBILE)
    [first] = {"alex", "alex2"} - {row[1] for row in scene.rows()["also_theirs"]}
    crime, other = (CRIME, "alex") if first == "alex2" else (NEWER, "alex2")
    scene.deliver(details(alex(other, given_name="Robin", word="heron"), crime=crime))

    assert len(listed(scene, session)) == 1
    assert status_of_page(scene, session, crime) == 404


def test_a_choice_is_for_every_record(scene: Scene) -> None:
    """Who wants no more texts gets none of the other crime either; both officers know."""
    session = scene.session(address=MOBILE)
    scene.api("PUT", "/contact", {"channels": []}, session=session)
    news = News(scene)
    scene.deliver(allocated(), allocated(NEWER))

    assert news.messages == []
    assert {each["person_id"] for each in tasks(scene, "contact_ended")} == {"alex", "alex2"}


def test_a_victim_recorded_twice_asks_about_one_of_their_crimes(scene: Scene) -> None:
    """Only the officer of that crime is asked to speak to them, under the record it is in."""
    session = scene.session(address=MOBILE)
    for crime, person in ((CRIME, "alex"), (NEWER, "alex2")):
        path = f"/crimes/{crime}/withdrawal"
        scene.api("POST", path, {"confirmed": True}, session=session)
        scene.advance(minutes=1)
        task = tasks(scene, "withdrawal_discussion")[-1]

        assert (task["crime_reference"], task["person_id"]) == (crime, person)


def test_what_ran_out_is_not_kept(scene: Scene) -> None:
    """A day later nothing says any more whose records were one person's."""
    scene.session(address=MOBILE)
    scene.advance(days=1)

    assert scene.rows()["also_theirs"] == []


@pytest.mark.parametrize(("sql", "values"), [(CANDIDATE, 1), (CANDIDATES_AT, 3), (NEWEST_CRIME, 2)])
def test_a_sign_in_finds_people_by_an_index(sqlite_storage: Storage, sql: str, values: int) -> None:
    """A sign-in never reads every person: the query plan searches by index and scans no table."""
    database = sqlite_storage.open()
    rows = sqlite_storage.run(database.all(f"EXPLAIN QUERY PLAN {sql}", ("",) * values))
    plan = [str(row[3]) for row in rows]
    scanned = [step for step in plan if step.startswith("SCAN")]

    assert any(step.startswith("SEARCH") for step in plan), plan
    # The record itself and those merged into it, which are few.
    assert not [step for step in scanned if step not in ("SCAN CONSTANT ROW", "SCAN own")], plan


@pytest.mark.parametrize("analysed", ["", "ANALYZE"])
@pytest.mark.parametrize(
    ("sql", "values"),
    [
        (CANDIDATE, ("p19997",)),
        (CANDIDATES_AT, ("p19997", "phone", "phone")),
        (NEWEST_CRIME, ("p19997", "p19997")),
    ],
)
def test_a_sign_in_reads_few_rows_of_many(
    empty_postgres_storage: Storage, sql: str, values: tuple[str, ...], analysed: str
) -> None:
    """With 20,000 victims, five of them at one phone, PostgreSQL reads dozens of rows at most.

    So it is with the planner's statistics and without, as in the first minute of a burst. The
    schema is new: statistics of an earlier test's rows, all of one person, would mislead.
    """
    database = empty_postgres_storage.open()
    for table in MANY:
        # Otherwise the server counts rows when it likes: in the middle of this, on a busy machine.
        name = table.split()[2]
        alone = f"ALTER TABLE {name} SET (autovacuum_enabled = false)"
        empty_postgres_storage.run(database.run(alone))
        empty_postgres_storage.run(database.run(table))
    if analysed:
        empty_postgres_storage.run(database.run(analysed))
    explained = f"EXPLAIN (ANALYZE, FORMAT JSON) {sql}"
    [(plan,)] = empty_postgres_storage.run(database.all(explained, values))

    assert empty_postgres_storage.run(database.all(sql, values))
    assert 0 < rows_read(plan) < 100


WORDS = dict.fromkeys(("force", "offence", "offence_subgroup", "safeguarding"), "''")
WORDS |= dict.fromkeys(("status", "officer", "collar_number", "team"), "''")
TIMES = dict.fromkeys(("updated_at", "allocated_at", "ended_at"), "0")
#: What fills the tables of people, crimes and their victims.
MANY = tuple(
    f"INSERT INTO {table} SELECT {values} FROM generate_series(1, 20000) g"  # noqa: S608  ours
    for table, values in (
        (
            "person (person_id, record, written_at, text_address, email_address, usable_text)",
            "'p' || g, '', 0, '', '', CASE WHEN g > 19995 THEN 'phone' ELSE 'phone ' || g END",
        ),
        (
            f"crime (reference, recorded_at, {', '.join((*WORDS, *TIMES))})",
            f"'c' || g, g, {', '.join((*WORDS.values(), *TIMES.values()))}",
        ),
        (
            "victim (crime_reference, person_id, exclusion, invited_at, last_news_at)",
            "'c' || g, 'p' || g, '', 1, 0",
        ),
    )
)
