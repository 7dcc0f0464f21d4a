"""What the portal remembers: times and persons as they were kept, after a restart too."""

from datetime import UTC, datetime
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from reference.portal.rules.recipients import decode_record
from reference.portal.timestamps import instant, moment, moment_of, seconds
from tests.reference.portal.crimes import CRIME, MOBILE, alex, recorded
from tests.reference.portal.databases import Storage
from tests.reference.portal.scene import Scene

moments = st.datetimes(
    datetime(1950, 1, 1),  # noqa: DTZ001  Hypothesis adds the zone
    datetime(2150, 1, 1),  # noqa: DTZ001
    timezones=st.timezones(),
    allow_imaginary=False,
)
whole_seconds = moments.map(lambda at: at.replace(microsecond=0))


@given(whole_seconds)
def test_a_moment_comes_back_as_it_was(at: datetime) -> None:
    """Whatever zone a time was said in, the same moment comes back, in UTC."""
    assert moment(seconds(at)) == at.astimezone(UTC)
    assert moment(seconds(at)).tzinfo == UTC


@given(moments)
def test_an_instant_comes_back_as_it_was(at: datetime) -> None:
    """What orders facts is kept to the microsecond."""
    assert moment_of(instant(at)) == at.astimezone(UTC)


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
