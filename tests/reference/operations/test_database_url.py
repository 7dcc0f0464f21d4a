"""PORTAL_DATABASE_URL: refused in one sentence, and never shown."""

from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reference.operations.database_url import check_database_url, shown_database_url

_SECRET = "tops3cret"


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("postgresql://portal@db.example/cases", "PostgreSQL at db.example, database cases"),
        ("postgres://u:p@db.example:6432/cases", "PostgreSQL at db.example:6432, database cases"),
        ("postgresql://u:p@[::1]:5432/a%20b", "PostgreSQL at [::1]:5432, database a b"),
        ("postgresql://u:p%40%2F@h1.example,h2.example/cases", "h1.example,h2.example, database"),
        ("postgresql:///cases?host=/run/postgresql", "PostgreSQL at /run/postgresql, database"),
        ("postgresql://u@h1.example:5432,[::1]:5433/cases", "at h1.example:5432,[::1]:5433, data"),
        ("postgresql:///cases?host=/a,/b&port=5432,5433", "PostgreSQL at /a,/b, database cases"),
        ("postgresql:///cases", "PostgreSQL at this machine, database cases"),
        ("postgresql://db.example/cases?sslmode=require&password=p", "at db.example, database cas"),
    ],
)
def test_a_database_is_shown_by_where_it_is(url: str, shown: str) -> None:
    """Host and name tell an operator which it is."""
    check_database_url(url)

    assert shown in shown_database_url(url)


@pytest.mark.parametrize(
    "url",
    [
        "portal.db",
        "sqlite:///portal.db",
        f"mysql://portal:{_SECRET}@db.example/cases",
        f"postgresql+asyncpg://portal:{_SECRET}@db.example/cases",
        f"postgresql:portal:{_SECRET}@db.example/cases",
        f" postgresql://portal:{_SECRET}@db.example/cases",
        f"postgresql://portal:{_SECRET}@db.example",
        f"postgresql://portal:{_SECRET}@db.example/",
        f"postgresql://portal:{_SECRET}@db.example/cases/more",
        f"postgresql://portal:{_SECRET}@db.example:port/cases",
        f"postgresql://portal:{_SECRET}@db.example:99999/cases",
        f"postgresql://portal:{_SECRET}@h1.example:5432,h2.example:port/cases",
        f"postgresql://portal:{_SECRET}@db.example/cases?port=54,x",
        f"postgresql://portal:{_SECRET}@[db.example/cases",
        f"postgresql://portal:{_SECRET}@db.example/cases?sslmode",
        f"postgresql://portal:{_SECRET}@db.example/cases\n",
        f"postgresql://portal@db.example/cases#{_SECRET}",
        f"postgresql://portal:at@{_SECRET}@db.example/cases",
        f"postgresql://portal:12/{_SECRET}@db.example/cases",
        f"postgresql://portal:12#{_SECRET}@db.example/cases",
        f"postgresql://portal:12?{_SECRET}=@db.example/cases",
        f"postgresql://portal:12/34?{_SECRET}=1@db.example/cases",
    ],
)
def test_what_is_no_such_url_is_refused_without_showing_it(url: str) -> None:
    """One sentence names the variable and gives an example, and nothing of what was given."""
    with pytest.raises(ValueError, match=r"^PORTAL_DATABASE_URL .*postgresql://user") as refused:
        check_database_url(url)

    assert _SECRET not in str(refused.value)
    assert "\n" not in str(refused.value)
    assert refused.value.__suppress_context__ or refused.value.__context__ is None


@given(st.text(min_size=4))
def test_a_password_may_hold_anything_and_is_not_shown(password: str) -> None:
    """Written as the sentence says, every password is taken."""
    secret = f"<{password}>"
    try:
        written = quote(secret, safe="")
    except UnicodeEncodeError:
        return
    url = f"postgresql://portal:{written}@db.example/cases"
    check_database_url(url)

    assert shown_database_url(url) == "PostgreSQL at db.example, database cases"


@given(st.text(), st.sampled_from(["", "postgresql:", "postgresql://", "postgresql://a:b@c/"]))
def test_whatever_is_given_is_taken_or_refused(rest: str, beginning: str) -> None:
    """No text makes a trace; what is taken can be shown."""
    url = beginning + rest
    said = ""
    try:
        check_database_url(url)
    except ValueError as refused:
        said = str(refused)

    assert said.startswith("PORTAL_DATABASE_URL ") or shown_database_url(url)
