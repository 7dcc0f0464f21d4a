"""How an owning module says which personal data is in a table of its own."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class PersonalRows:
    """The personal data of one table, whose rows have a `person_id` unless `is_of_person` is False.

    `exported` names the columns that a person is given ("" for none); `runs_out` names the column
    that says when a row is of no use any more.
    """

    table: str
    exported: str = ""
    runs_out: str = ""
    is_of_person: bool = True
    is_of_crime: bool = False

    @property
    def names(self) -> list[str]:
        """The names of the exported columns."""
        return [each.rpartition(" AS ")[2] for each in self.exported.split(", ")]
