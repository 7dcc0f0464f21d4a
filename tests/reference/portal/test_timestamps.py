"""Times come back from the database as they were, in UTC."""

from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from reference.portal.timestamps import instant, moment, moment_of, seconds

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
