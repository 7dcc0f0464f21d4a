"""Values in a database: each comes back as it was, and both databases order and add them alike."""

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from reference.portal.storage.database import Database
from tests.reference.portal.crimes import PHASE_3
from tests.reference.portal.databases import Storage, add_many
from tests.reference.portal.scene import Scene
from tests.reference.portal.web.test_hostile_words import answers, with_hostile_crime

texts = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"))
wholes = st.integers(-(2**63), 2**63 - 1)


async def _add(database: Database, *words: str | None) -> None:
    await add_many(database, "INSERT INTO thing (words) VALUES (?)", [(each,) for each in words])


@given(whole=st.none() | wholes, words=st.none() | texts, raw=st.none() | st.binary())
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_value_comes_back_as_it_was(
    empty_storage: Storage,
    things: Database,
    whole: int | None,
    words: str | None,
    raw: bytes | None,
) -> None:
    """Numbers, text and bytes are kept to the last bit, and nothing is nothing."""

    async def keep() -> Any:
        sql = "INSERT INTO thing (whole, words, raw) VALUES (?, ?, ?) RETURNING id"
        row = await things.one(sql, (whole, words, raw))
        assert row is not None
        return await things.one("SELECT whole, words, raw FROM thing WHERE id = ?", row)

    assert empty_storage.run(keep()) == (whole, words, raw)


def test_yes_and_no_are_kept_as_numbers(empty_storage: Storage, things: Database) -> None:
    """A flag may be given as True; it counts as 1."""

    async def keep() -> Any:
        sql = "INSERT INTO thing (whole) VALUES (?)"
        await add_many(things, sql, [(True,), (False,), (True,)])
        return await things.one("SELECT sum(whole) FROM thing WHERE whole = ?", (True,))

    assert empty_storage.run(keep()) == (2,)


def test_a_text_with_a_nul_in_it_is_no_error(empty_storage: Storage, things: Database) -> None:
    """A person who types what no keyboard has gets the usual answer."""

    async def keep() -> list[Any]:
        await _add(things, "a\0b")
        found = await things.one("SELECT words FROM thing WHERE words = ?", ("a\0b",))
        assert found is not None
        return list(found)

    assert empty_storage.run(keep()) in (["a\0b"], ["a\N{REPLACEMENT CHARACTER}b"])


def test_a_name_with_a_nul_in_it_can_be_locked(empty_storage: Storage, things: Database) -> None:
    """A lock that is named after a person's words works like any other."""

    async def keep() -> Any:
        async with things.transaction():
            await things.lock(["a\0b", "c"])
            await _add(things, "kept")
        return await things.all("SELECT words FROM thing")

    assert empty_storage.run(keep()) == [("kept",)]


@pytest.mark.parametrize("words", ["a\0b", "a\0b@mail.example", "07700\x0000900123"])
def test_what_no_keyboard_has_breaks_no_page(scene_with: Callable[..., Scene], words: str) -> None:
    """Wherever a person can write a NUL, they are answered."""
    scene = with_hostile_crime(scene_with(start=PHASE_3))

    assert {name for name, each in answers(scene, words) if each.status >= 500} == set()


def test_a_question_mark_is_a_value_only_where_one_stands(
    empty_storage: Storage, things: Database
) -> None:
    """Marks in quotes, names and comments are left alone."""
    sql = """SELECT 'it''s ?', words AS "who?" FROM thing -- really?
             WHERE words = ? AND words <> '?'"""

    async def ask() -> Any:
        await _add(things, "me", "?")
        return await things.one(sql, ("me",))

    assert empty_storage.run(ask()) == ("it's ?", "me")


def test_text_is_in_one_order_everywhere(empty_storage: Storage, things: Database) -> None:
    """By the numbers of its characters, whatever language a server was set up for."""
    words = ["a", "Z", "ä", "_", "", "aa", "9", "\N{LATIN SMALL LETTER A WITH DIAERESIS}a"]

    async def ordered() -> list[Any]:
        await _add(things, *words)
        return await things.all("SELECT words FROM thing ORDER BY words")

    assert empty_storage.run(ordered()) == [(each,) for each in sorted(words)]


def test_sums_and_means_are_plain_numbers(empty_storage: Storage, things: Database) -> None:
    """What is computed from rows can be computed with further."""

    async def reckon() -> Any:
        await add_many(things, "INSERT INTO thing (whole) VALUES (?)", [(1,), (2,)])
        return await things.one("SELECT sum(whole), avg(whole), count(*), max(raw) FROM thing")

    found = empty_storage.run(reckon())

    assert found == (3, 1.5, 2, None)
    assert [type(each) for each in found] == [int, float, int, type(None)]
