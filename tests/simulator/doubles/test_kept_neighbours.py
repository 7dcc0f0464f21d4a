"""What the doubles know after a restart is what they knew before it."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

from reference.contract.events import CrimeReopened, MilestoneReached
from simulator.doubles.journal import open_journal
from simulator.doubles.kept_crime_system import KeptCrimeSystem
from simulator.doubles.kept_neighbours import (
    KeptInbox,
    kept_records,
    kept_rows,
    kept_subscriptions,
    restore,
)
from simulator.neighbours.crime_system.occurrence import Filed
from simulator.neighbours.dataverse.tables import TABLES
from simulator.neighbours.force_api.fields import read_fields
from simulator.neighbours.gateway.inbox import Accepted
from simulator.neighbours.salesforce.objects import OBJECTS
from tests.simulator.doubles.crimes import NOW, REFERENCE, allocated, stamp, task


class _Started:
    """The neighbours as they are after a start with a journal."""

    def __init__(self, path: Path, now: datetime = NOW) -> None:
        self.journal, entries = open_journal(path)
        self.inbox = KeptInbox(lambda: now, self.journal)
        self.rows = kept_rows(lambda: now, self.journal)
        self.crime_system = KeptCrimeSystem(lambda: now, self.journal, self.rows)
        self.subscriptions = kept_subscriptions(read_fields(), self.rows, lambda: now, self.journal)
        restore(entries, self.inbox, self.crime_system, self.rows, self.subscriptions)

    def take(self, to: str) -> Accepted:
        """Take an email."""
        return self.inbox.accept(
            channel="email",
            to=to,
            to_given=to,
            subject="An update",
            body="Sign in.",
            sender="portal@force.example",
            reference="event-1",
            template_id="",
            source=b"From: portal@force.example\r\n\r\nSign in.",
        )


def test_messages_and_their_statuses_are_kept(tmp_path: Path) -> None:
    """A message, its status, its source and a text sent back are there after a restart."""
    before = _Started(tmp_path / "state")
    sent = before.take("alex@example.com")
    before.inbox.receipt(sent.message_id, "delivered", NOW)
    text = before.inbox.take_text("07700900123", "STOP")
    before.journal.close()
    after = _Started(tmp_path / "state")
    another = after.take("sam@example.com")
    after.journal.close()

    assert after.inbox.message(sent.message_id) == sent
    assert after.inbox.status_of(sent.message_id) == "delivered"
    assert after.inbox.received.page() == [text]
    assert another.message_id != sent.message_id
    assert list(after.inbox.sent_to("alex@example.com")) == [sent]


def test_the_records_of_the_force_are_kept(tmp_path: Path) -> None:
    """Who is in charge, what was stamped and every task are there; keys are still used once."""
    before = _Started(tmp_path / "state")
    before.crime_system.record(allocated())
    before.crime_system.stamp(REFERENCE, stamp())
    before.crime_system.raise_task(task())
    shown = before.crime_system.occurrence(REFERENCE)
    before.journal.close()
    after = _Started(tmp_path / "state")
    again = after.crime_system.stamp(REFERENCE, stamp())
    other = after.crime_system.stamp(REFERENCE, stamp(text="Something else"))
    after.journal.close()

    assert after.crime_system.occurrence(REFERENCE) == shown
    assert after.crime_system.tasks == [task()]
    assert (again, other) == (Filed.known, Filed.different)


def test_what_a_journal_of_before_holds_is_brought_into_the_rows_once(tmp_path: Path) -> None:
    """It had events, stamps and tasks beside the rows, and nothing is told or written twice."""
    path = tmp_path / "state"
    before = _Started(path)
    before.crime_system.record(allocated())
    before.crime_system.stamp(REFERENCE, stamp())
    before.crime_system.raise_task(task())
    before.journal.close()
    lines = [
        line.replace(b',"is_in_rows":true', b"")
        for line in path.read_bytes().splitlines(keepends=True)
        if b'"RowKept"' not in line
    ]
    path.write_bytes(b"".join(lines))
    started = []
    for _ in range(2):
        after = _Started(path)
        after.journal.close()
        tables = ("incident", "annotation", "task", "systemuser")
        started.append(
            (
                [len(list(after.rows.all(TABLES[each]))) for each in tables],
                len(after.crime_system.untaken),
                after.crime_system.tasks,
            )
        )

    assert started == [([1, 1, 1, 1], 1, [task()])] * 2


def test_an_event_that_the_portal_has_not_taken_waits(tmp_path: Path) -> None:
    """After a restart only what was not taken is sent, and new events have new ids."""
    before = _Started(tmp_path / "state")
    taken, waiting = (before.crime_system.record(allocated(each)) for each in ("A", "B"))
    before.crime_system.taken(taken)
    before.journal.close()
    after = _Started(tmp_path / "state")
    new = after.crime_system.record(CrimeReopened(crime_reference=REFERENCE, reopened_at=NOW))
    after.journal.close()

    assert [each.event_id for each in after.crime_system.untaken] == [waiting, new]
    assert new not in {taken, waiting}
    assert len(after.crime_system.records.changes_since("").changes) == 2


def test_an_event_that_was_lost_keeps_no_later_one(tmp_path: Path) -> None:
    """An integration delivers in its own order: what came does not wait."""
    started = _Started(tmp_path / "state")
    lost, came = (started.crime_system.record(allocated(each)) for each in ("A", "B"))
    started.crime_system.taken(came, "theirs")
    started.journal.close()

    assert started.crime_system.waiting == [lost]


def test_what_an_earlier_run_recorded_is_as_old_as_it_was(tmp_path: Path) -> None:
    """What waits, and what came by which id of an integration or was seen with another."""
    before = _Started(tmp_path / "state")
    seen, came, waits = (before.crime_system.record(allocated(each)) for each in "ABC")
    before.crime_system.taken(seen)
    before.crime_system.taken(came, "theirs")
    before.journal.close()
    later = NOW + timedelta(hours=2)
    after = _Started(tmp_path / "state", now=later)
    after.journal.close()

    assert [(each.event_id, each.at, each.is_taken) for each in after.crime_system.earlier()] == [
        (seen, NOW, True),
        (came, NOW, True),
        (waits, NOW, False),
    ]
    assert after.crime_system.delivered_as == {"theirs": came}


def test_what_an_officer_corrected_before_a_restart_is_known_after_it(tmp_path: Path) -> None:
    """It is of the event that was made of the record, and not of another of its kind."""
    path, crimes = tmp_path / "state", TABLES["incident"]
    before = _Started(path)
    before.crime_system.tell_corrections(lambda _event: None)
    row_id = before.rows.create(
        crimes,
        {
            "ticketnumber": REFERENCE,
            "title": "Burglary",
            "csp_force": "thames_valley",
            "csp_offencecode": "28A",
            "csp_offencegroup": "Residential burglary",
        },
    )
    slip = {"csp_milestone": "scene_examined", "csp_milestoneat": "2026-05-13T08:00:00Z"}
    before.rows.update(crimes, row_id, slip)
    before.rows.update(crimes, row_id, {"csp_milestoneat": "2026-05-31T08:00:00Z"})
    before.journal.close()
    after = _Started(path)
    after.journal.close()

    corrected = {type(each.event): each.corrected for each in after.crime_system.earlier()}
    [milestone] = corrected.pop(MilestoneReached)
    assert isinstance(milestone, MilestoneReached)
    assert milestone.reached_at == datetime(2026, 5, 31, 8, tzinfo=UTC)
    assert set(corrected.values()) == {()}


def test_when_a_crime_was_deleted_is_known_after_a_restart(tmp_path: Path) -> None:
    """What was not read before may then be told as withdrawn."""
    path, crimes = tmp_path / "state", TABLES["incident"]
    before = _Started(path)
    case = {"ticketnumber": REFERENCE, "title": "Burglary", "csp_force": "thames_valley"}
    before.rows.delete(crimes, before.rows.create(crimes, case))
    before.journal.close()
    after = _Started(path)
    after.journal.close()

    assert after.crime_system.deleted == {REFERENCE: NOW}


def test_the_rows_of_a_dynamics_are_kept(tmp_path: Path) -> None:
    """Rows, keys and versions are there after a restart, and what was deleted is not."""
    contacts = TABLES["contact"]
    before = _Started(tmp_path / "state")
    kept = before.rows.create(contacts, {"lastname": "Hill", "csp_personid": "p-1"})
    gone = before.rows.create(contacts, {"lastname": "Moss"})
    before.rows.update(contacts, kept, {"mobilephone": "07700900123"})
    before.rows.delete(contacts, gone)
    row, version = before.rows.get(contacts, kept), before.rows.version
    before.journal.close()
    after = _Started(tmp_path / "state")
    changed = after.rows.changes_since(contacts, version - 2)
    new = after.rows.create(contacts, {"lastname": "New"})
    after.journal.close()

    assert (after.rows.get(contacts, kept), after.rows.has(contacts, gone)) == (row, False)
    assert after.rows.id_by_key(contacts, {"csp_personid": "p-1"}) == kept
    assert [each.name for each in changed] == ["Update", "Delete"]
    assert (after.rows.version, new not in {kept, gone}) == (version + 1, True)


def test_a_subscription_goes_on_where_it_stopped(tmp_path: Path) -> None:
    """After a restart only what was not taken is pushed, signed with the same secret."""
    before = _Started(tmp_path / "state")
    made = before.subscriptions.add("http://127.0.0.1:9000/changes", ["person.created"])
    ended = before.subscriptions.add("http://127.0.0.1:9000/others", [])
    before.subscriptions.remove(ended.id)
    for name in ("Hill", "Moss"):
        before.rows.create(TABLES["contact"], {"lastname": name})
    [taken] = before.subscriptions.due()
    before.subscriptions.answered(taken, 202)
    before.journal.close()
    after = _Started(tmp_path / "state")
    [due] = after.subscriptions.due()
    after.journal.close()

    assert b"Hill" in taken.body
    assert b"Moss" in due.body
    assert [each.secret for each in after.subscriptions.all()] == [made.secret]


def test_salesforce_knows_at_the_next_start_what_it_knew(tmp_path: Path) -> None:
    """Deleted records too; new ones get ids of their own."""
    journal, entries = open_journal(tmp_path / "state")
    records = kept_records(lambda: NOW, journal, entries)
    case, gone = (records.create(OBJECTS["case"], {"Subject": each}) for each in ("a", "b"))
    records.update(OBJECTS["case"], case, {"Crime_Number__c": "1"})
    records.delete(OBJECTS["case"], gone)
    journal.close()

    journal, entries = open_journal(tmp_path / "state")
    again = kept_records(lambda: NOW, journal, entries)
    assert list(again.all("Case")) == list(records.all("Case"))
    assert [each["Id"] for each in again.living("Case", "Crime_Number__c", "1")] == [case]
    assert again.create(OBJECTS["case"], {}) not in {case, gone}
    journal.close()
