"""The last page a victim was shown: whose it was, and what stands against showing it to them."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Literal, NamedTuple

from msgspec import structs

from simulator.evidence.records import Seen
from simulator.judge.facts.crime_register import CrimeRegister
from simulator.judge.facts.exclusions import NO_VICTIM, OF_AGE, SAME_PERSON
from simulator.judge.facts.known_crime import KnownCrime
from simulator.judge.facts.withheld_news import WithheldNews
from simulator.judge.text.disclosure import name_in

#: The reader's own page, or why it is not theirs to see: it is of another person's crime, of a
#: crime that theirs is merged with no longer, of a person with whom they were merged by mistake, of
#: the record that theirs was merged into, of a crime they are not to be told of, of an end that an
#: officer tells them first, or it has names from another person's crime merged with theirs.
Access = Literal[
    "own",
    "another_person",
    "parted",
    "parted_person",
    "survivors",
    "excluded",
    "withheld",
    "merged_names",
]


class PageView(NamedTuple):
    """One page as it was read; `seen` has the person whose record the crime is in."""

    seen: Seen
    access: Access
    exclusion: str = ""


@dataclass
class PageViews:
    """Reads each page as it is shown; `latest` is the last one."""

    register: CrimeRegister
    withheld: WithheldNews
    latest: PageView = field(init=False)

    def shown(self, record: Seen) -> None:
        """Read one page.

        A victim who was recorded twice may read the other record's crimes in either.
        """
        whose = self._whose(record)
        seen = structs.replace(record, person_id=whose)
        # The reference of a merged crime answers its victim as the crime that goes on.
        answers = structs.replace(record, crime_reference=self._answers_as(seen))
        shown = structs.replace(answers, person_id=self._whose(answers))
        exclusion = self._exclusion(shown)
        self.latest = PageView(seen, self._access(shown, exclusion, record), exclusion)

    def _answers_as(self, seen: Seen) -> str:
        """Give the crime whose page is read by a reference: for its own victims, where it goes on.

        They may know the reference of the other by a merger that was taken back. Of a chain whose
        end is not known yet it is the last crime that is.
        """
        crime = self.register.crimes.get(seen.crime_reference)
        into = self.register.last_known(seen.crime_reference)
        is_merged = crime is not None and crime.gone == "merged"
        was_theirs = crime is not None and seen.person_id in crime.victims
        if not is_merged or not was_theirs or into is None or seen.person_id not in into.victims:
            return seen.crime_reference
        return into.recorded.crime_reference

    def _whose(self, seen: Seen) -> str:
        """Give the record in which a crime is the reader's: that in which they are its victim."""
        register, crime = self.register, self.register.crimes.get(seen.crime_reference)
        whose = register.as_theirs(seen.person_id, seen.crime_reference)
        own = crime.victims.get(whose) if crime is not None else None
        if crime is None or own is None or not own.exclusion.startswith(NO_VICTIM):
            return whose
        merged = (each for each in register.persons.read_by(whose)[1:] if each in crime.victims)
        return next((each for each in merged if not crime.victims[each].exclusion), whose)

    def _whose_of(self, record: Seen, reference: str) -> str:
        return self._whose(structs.replace(record, crime_reference=reference))

    def _access(self, seen: Seen, exclusion: str, record: Seen) -> Access:
        if not self._is_of_own_crime(seen):
            is_parted = self.register.was_parted_from(seen.person_id, seen.crime_reference)
            if self.register.were_parted(seen.person_id, seen.crime_reference):
                return "parted_person"
            if self.register.is_survivors(seen.person_id, seen.crime_reference):
                return "survivors"
            return "parted" if is_parted else "another_person"
        if seen.texts and exclusion:
            return "excluded"
        if self.withheld.shown_on(seen, partial(self._whose_of, record)):
            return "withheld"
        return "merged_names" if self._has_names_of_another(seen) else "own"

    def _is_of_own_crime(self, seen: Seen) -> bool:
        reference = seen.crime_reference
        return not reference or self.register.owns(seen.person_id, reference)

    def _exclusion(self, seen: Seen) -> str:
        crime = self.register.crimes.get(seen.crime_reference)
        victim = crime.victims.get(seen.person_id) if crime is not None else None
        return victim.exclusion if victim is not None else ""

    def _has_names_of_another(self, seen: Seen) -> bool:
        """Say whether a page has names and places that only a crime merged with this one has.

        A victim of the merged crime may see the surviving one, as far as they may be told of it;
        its own victim sees nothing of the merged one.
        """
        crime = self.register.crimes.get(seen.crime_reference)
        if crime is None:
            return False
        others = self.register.parts_of(seen.crime_reference)
        into = self.register.crimes.get(self.register.current(seen.crime_reference))
        others += [into] if into is not None and into is not crime else []
        records = self.register.persons.read_by(seen.person_id)
        theirs = set[str]().union(*(_names(e) for e in others if not _may_see(e, records)))
        # One officer may have several of the crimes that were merged, the victim's own among them.
        mine = [crime, *(each for each in others if _may_see(each, records))]
        shown = "\n".join(seen.texts)
        # Both may be of one offence, by which theirs was called before it became another.
        own = set[str]().union(*(_names(each) | {each.recorded.offence} for each in mine))
        for name in sorted(own - {""}, key=len, reverse=True):
            # A longer name of its own may hold a shorter one of theirs.
            shown = shown.replace(name, " ")
        return bool(name_in(shown, theirs - own))


def _may_see(crime: KnownCrime, records: Sequence[str]) -> bool:
    victims = (crime.victims[each] for each in records if each in crime.victims)
    # The person who is told for a victim could read it until that one came of age.
    return any(each.exclusion in ("", OF_AGE, SAME_PERSON) for each in victims)


def _names(crime: KnownCrime) -> set[str]:
    """Give the names and places of a crime that a message must not have: no numbers."""
    said = crime.secrets - {crime.recorded.crime_reference, crime.recorded.offence}
    return {each for each in said if any(letter.isalpha() for letter in each)}
