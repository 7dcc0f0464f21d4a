"""Keys are derived: one for each purpose, of the one that the crime system has too."""

from reference.portal.people.tokens import key_for

KEY = "identity-key-of-tests"


def test_each_purpose_has_a_key_of_its_own() -> None:
    """A form's key makes no link; none is the key that was given."""
    keys = {key_for(purpose, KEY) for purpose in ("code", "form", "link", "browser")}

    assert len(keys) == 4
    assert KEY.encode() not in keys


def test_a_key_is_derived_as_rfc_5869_has_it() -> None:
    """Its third case: no salt and no information; the first 32 bytes."""
    assert key_for("", "\x0b" * 22).hex() == (
        "8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d"
    )
