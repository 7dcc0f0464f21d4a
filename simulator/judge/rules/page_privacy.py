"""What victims were shown: only their own crimes, and none of the force's notes."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from simulator.evidence.records import Seen, Stamped
from simulator.judge import sentences
from simulator.judge.case_book import CaseBook
from simulator.judge.facts.exclusions import requirement_of
from simulator.judge.facts.page_views import PageView
from simulator.judge.findings import failure
from simulator.judge.rule import Rule
from simulator.verdicts import Finding

_THEIR_OWN = "a victim sees only their own crime"
#: The access of a page that is wrong: requirement, expected, observed, what it rests on.
_WRONG: Mapping[str, tuple[str, str, str, str]] = {
    "another_person": (
        "PRIV-03", _THEIR_OWN, "they were shown the {where} of somebody else's", ""
    ),
    "survivors": (
        "PERS-02", "nobody reads by a merged record the crimes of the one that survives",
        "they were shown the {where} of its", "contract: PersonsMerged",
    ),
    "parted_person": (
        "PERS-05", "after a merger of persons is taken back each reads their own crimes",
        "they were shown the {where} of the other's", "contract: PersonsUnmerged",
    ),
    "parted": (
        "CASE-21", "after a merger is taken back a victim sees nothing of the other crime",
        "they were shown its {where}", "contract: CrimeUnmerged",
    ),
    "withheld": (
        "SENS-01", "an officer tells the victim first that the case has ended, and why",
        "the {where} showed it before anybody had spoken to them", "order: sensitive_closures",
    ),
    "merged_names": (
        "PRIV-03", _THEIR_OWN,
        "they were shown what belongs to a crime that was merged with theirs", "",
    ),
}  # fmt: skip


@dataclass
class PagePrivacy(Rule):
    """Judges whose page it was and what stood on it, and whose crime words were filed under."""

    requirements = frozenset(
        {"PRIV-02", "PRIV-03", "SENS-01", "CASE-05", "CASE-21", "SAFE-02", "SAFE-03", "SAFE-04"}
        | {"SAFE-05", "SAFE-06", "WHO-01", "WHO-03", "WHO-04", "PERS-02", "PERS-05"}
    )
    hears = (Seen, Stamped)

    def hear(self, record: Seen | Stamped, book: CaseBook) -> Iterable[Finding]:
        """Judge one page, or one stamp."""
        if isinstance(record, Seen):
            return self._seen(book.page_views.latest, book)
        return self._stamped(record, book)

    def _seen(self, view: PageView, book: CaseBook) -> Iterator[Finding]:
        seen = view.seen
        own = book.register.crimes_of(seen.person_id)
        shown = [seen.crime_reference] if seen.crime_reference else own
        if note := book.notes.quoted_in(shown, seen.texts):
            yield failure(
                "disclosed", "PRIV-02", seen, "only what the officer marked as a reply", note
            )
        if view.access == "excluded":
            expected = "nothing is shown of a crime nobody is to be told of"
            observed = f"they were shown its {seen.where}"
            cited = _broken_by(view, book)
            rests_on = sentences.about_exclusion(view.exclusion, cited)
            yield failure("disclosed", cited, seen, expected, observed, rests_on=rests_on)
        elif wrong := _WRONG.get(view.access):
            cited, expected, observed, rests_on = wrong
            observed = observed.format(where=seen.where)
            yield failure("disclosed", cited, seen, expected, observed, rests_on=rests_on)

    def _stamped(self, record: Stamped, book: CaseBook) -> Iterator[Finding]:
        register = book.register
        filed = register.current(record.crime_reference)
        whose = register.as_theirs(record.person_id, record.crime_reference)
        if filed not in {register.current(each) for each in register.crimes_of(whose)}:
            expected = "a victim writes about only their own crime"
            observed = "their words were stamped on somebody else's"
            yield failure("disclosed", "PRIV-03", record, expected, observed)


def _broken_by(view: PageView, book: CaseBook) -> str:
    """Name the requirement that a page breaks when its reader is excluded from the crime."""
    crime = book.register.crimes[view.seen.crime_reference]
    is_another_offence = crime.is_reclassified and view.exclusion.startswith("offence")
    return requirement_of(view.exclusion) or ("CASE-05" if is_another_offence else "SAFE-02")
