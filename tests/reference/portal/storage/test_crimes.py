"""Crimes and people are kept as they were received, and through a restart."""

from pathlib import Path

from reference.portal.rules.recipients import decode_record
from tests.reference.portal.crimes import CRIME, MOBILE, alex, recorded
from tests.reference.portal.databases import Storage
from tests.reference.portal.scene import Scene


def test_what_was_kept_is_there_after_a_restart(tmp_path: Path, storage: Storage) -> None:
    """A portal that was stopped and started again goes on where it was."""
    Scene(tmp_path, storage=storage).deliver(recorded())
    again = Scene(tmp_path, storage=storage)
    session = again.session(address=MOBILE)

    assert [
        each["crime_reference"]
        for each in again.api("GET", "/crimes", session=session).json["crimes"]
    ] == [CRIME]


def test_a_person_s_record_is_kept_as_it_came(scene: Scene) -> None:
    """What the force wrote down is not put right by the portal, only what it uses of it."""
    record = alex(mobile_phone=" 07700-900 123 ", given_name="Sian\u0302", email="N/A")
    scene.deliver(recorded(record))
    [row] = scene.rows()["person"]

    assert decode_record(row[1]) == record
    assert row[3:5] == (MOBILE, "")
