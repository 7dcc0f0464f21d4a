"""Rules of a target's own people: each mistake is named with its field, its value and the mend."""

from pathlib import Path

import msgspec
import pytest

from simulator.errors import BadInput
from simulator.inputs.own_people import NAMES_MIN, OwnPeople
from simulator.inputs.target import read_target
from simulator.world.recipient_guard import check_recipients
from tests.simulator.real_files import TARGET

NAMES = [f"Na{letter}ra" for letter in "bcdfghjklmnp"]


def with_people(folder: Path, table: str) -> Path:
    """Write the reference's target with a table of people."""
    path = folder / "target.toml"
    path.write_text(f"{TARGET.read_text(encoding='utf-8')}\n[people]\n{table}\n", encoding="utf-8")
    return path


def test_a_target_without_the_table_leaves_all_to_the_seed() -> None:
    """That is the default."""
    assert read_target(TARGET).people == OwnPeople()


def test_a_target_may_give_some_of_it(tmp_path: Path) -> None:
    """What is left out is drawn."""
    path = with_people(tmp_path, 'mail_domains = ["post.forces.test"]\nperson_id = "N{number}"')

    people = read_target(path).people

    assert (people.mail_domains, people.person_id) == (("post.forces.test",), "N{number}")
    assert people.given_names == ()
    check_recipients(read_target(path), path)


@pytest.mark.parametrize("domain", ["gmail.com", "example.co.uk", "Post.TEST", "@a.test", ""])
def test_a_domain_that_a_person_could_own_is_refused(tmp_path: Path, domain: str) -> None:
    """The sentence names file, field and value, and says which domains are nobody's."""
    path = with_people(tmp_path, f'mail_domains = ["one.example", "{domain}"]')

    with pytest.raises(BadInput) as raised:
        check_recipients(read_target(path), path)

    said = str(raised.value)
    assert said.startswith(f"{path}: people.mail_domains has {domain!r}, which a person could own")
    assert "under .example or .test" in said


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"person_id": "NOM"}, "person_id is 'NOM'; give letters, digits and {number} once"),
        ({"person_id": "{number}{number}"}, "person_id is '{number}{number}'"),
        ({"person_id": "a:{number}"}, "person_id is 'a:{number}'"),
        ({"crime_reference": "{number}"}, "give {prefix} and {number} once each"),
        (
            {"crime_reference": "{prefix}{number}{day}"},
            "crime_reference is '{prefix}{number}{day}'",
        ),
        ({"crime_reference": "{prefix}/{number}"}, "crime_reference is '{prefix}/{number}'"),
        ({"given_names": NAMES[1:]}, f"given_names has {NAMES_MIN - 1} different names; give 12"),
        ({"family_names": [*NAMES, "R2D2"]}, "family_names has 'R2D2', which is not a name"),
    ],
    ids=str,
)
def test_a_mistake_is_named(fields: dict[str, object], said: str) -> None:
    """Each sentence has the field, the value, and what to give."""
    with pytest.raises(msgspec.ValidationError) as raised:
        msgspec.convert(fields, OwnPeople)

    assert said in str(raised.value)
