"""The truth about a crowd, batch by batch: people, their households, and how to reach them.

A batch holds a fixed number of people in whole columns, made from streams of its own, so that any
process can make any batch. Batch 0 of a seed is always the same, whatever the number of people.
"""

from dataclasses import dataclass, fields
from datetime import date

import numpy as np
from numpy.typing import NDArray

from simulator.crowd.names import SEXES, Names
from simulator.crowd.notes import made_notes
from simulator.errors import BadInput
from simulator.files import checked_toml
from simulator.files.checked_toml import Share, Sourced, Strict
from simulator.force.figures import FIGURES
from simulator.population.drama_numbers import ORDINARY_MOBILES
from simulator.population.faults.drawing import Stream
from simulator.population.faults.kinds import Has
from simulator.streams import Streams

BATCH = 100_000
ROLES = ("victim", "witness", "suspect", "household member")
LANGUAGES: dict[str, tuple[str, ...]] = {
    "white_other": ("Polish", "Romanian", "Portuguese", "Spanish", "Italian", "French"),
    "indian": ("Panjabi", "Hindi", "Gujarati", "Tamil"),
    "pakistani": ("Urdu", "Panjabi"),
    "bangladeshi": ("Bengali",),
    "chinese": ("Chinese",),
    "asian_other": ("Nepalese", "Tagalog", "Vietnamese"),
    "black_african": ("Yoruba", "Somali", "Shona", "French"),
    "arab": ("Arabic",),
    "other": ("Turkish", "Arabic", "Persian", "Kurdish"),
}
OTHER_LANGUAGE = "Other"
FORMATS = ("", "large print", "easy read", "British Sign Language", "screen reader", "text relay")
VULNERABILITIES = (
    *("", "mental ill health", "learning disability", "physical disability"),
    *("domestic abuse", "under 18", "repeat victim"),
)
ENHANCED = ("", "vulnerable", "intimidated", "persistently targeted", "victim of serious crime")
SAFE_HOW = ("", "text", "email", "phone call", "letter", "in person")
SAFE_WHEN = ("", "weekdays 09:00-17:00", "evenings", "weekends", "not after 18:00")
MAIL_DOMAINS = ("post.example", "webmail.example", "inbox.example", "mailbox.test", "example.com")
_DAYS_PER_YEAR = 365.25


class Sizes(Sourced, frozen=True, kw_only=True):
    """How many households have one, two and more people."""

    value: list[float]


class Ages(Sourced, frozen=True, kw_only=True):
    """How many first people of a household are of each age from one of `edges` to the next."""

    value: list[float]
    edges: list[float]

    def __post_init__(self) -> None:
        if len(self.edges) != len(self.value) + 1 or self.edges != sorted(self.edges):
            raise ValueError("edges: give one more than there are values, the youngest first")
        if self.edges[0] < 18 or min(self.value) < 0 or not sum(self.value):
            raise ValueError("value: give the share of each age, of adults alone")


class Channels(Sourced, frozen=True, kw_only=True):
    """How many choose each channel of SAFE_HOW."""

    value: list[float]

    def __post_init__(self) -> None:
        if len(self.value) != len(SAFE_HOW) - 1 or min(self.value) < 0 or not sum(self.value):
            raise ValueError(f"value: give a share for each of {', '.join(SAFE_HOW[1:])}")


class Households(Strict, frozen=True, kw_only=True):
    """What `fixtures/figures/households.toml` holds."""

    ages_on: date
    sizes: Sizes
    partner: Share
    child: Share
    partner_has_same_name: Share
    same_group: Share
    landline: Share
    shared_mailbox: Share
    shared_mobile: Share
    has_mobile: Share
    has_email: Share
    suspect_at_home: Share
    witness: Share
    own_occurrence: Share
    not_safe: Share
    safety_not_asked: Share
    vulnerable: Share
    needs_a_format: Share
    ages: Ages
    channels: Channels
    set_hours: Share
    victim_too: Share
    noted: Share
    note_of_limits: Share
    note_of_danger: Share

    def __post_init__(self) -> None:
        if not self.sizes.value or min(self.sizes.value) < 0 or not sum(self.sizes.value):
            raise ValueError("sizes: give the share of households of one, two and more people")


def read_households() -> Households:
    """Read the rates; raises BadInput naming the field."""
    return checked_toml.read(FIGURES / "households.toml", Households)


@dataclass(frozen=True)
class Truth:
    """People as columns, one row a person. Words are places in the lists above and in `Names`.

    `household`, `mobile`, `mailbox` and `occurrence` are numbers that hold for the whole crowd, -1
    for none; `first` is the row of the first person of the household. `safe` is 1 safe, 0 not, -1
    not asked. `born` counts days from 1970. `partners_mobile` and `suspects_mobile` are what can be
    written down instead of the person's own: of a partner at home who is no suspect, and of the
    suspect of the same crime.
    """

    first_person: int
    group: NDArray[np.int64]
    sex: NDArray[np.int8]
    given: NDArray[np.int32]
    family: NDArray[np.int32]
    born: NDArray[np.int32]
    adult: NDArray[np.bool_]
    role: NDArray[np.int8]
    language: NDArray[np.int16]
    format: NDArray[np.int8]
    vulnerability: NDArray[np.int8]
    enhanced: NDArray[np.int8]
    safe: NDArray[np.int8]
    safe_how: NDArray[np.int8]
    safe_when: NDArray[np.int8]
    note: NDArray[np.int16]
    household: NDArray[np.int64]
    first: NDArray[np.int64]
    size: NDArray[np.int64]
    lives_with_suspect: NDArray[np.bool_]
    occurrence: NDArray[np.int64]
    mobile: NDArray[np.int64]
    landline: NDArray[np.int64]
    mailbox: NDArray[np.int64]
    partners_mobile: NDArray[np.int64]
    suspects_mobile: NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.given)

    def take(self, rows: NDArray[np.intp]) -> "Truth":
        """Return some rows, in this order."""
        columns = {
            each.name: getattr(self, each.name)[rows]
            for each in fields(self)
            if each.name != "first_person"
        }
        return Truth(first_person=self.first_person, **columns)

    def has(self, names: Names) -> NDArray[np.uint16]:
        """Say what each record has that a fault can spoil."""
        has = names.given_has[self.given] | names.family_has[self.family]
        for flag, there in (
            (Has.MOBILE, self.mobile >= 0),
            (Has.EMAIL, self.mailbox >= 0),
            (Has.MARRIED, (self.sex == 1) & self.adult),
            (Has.SWAPPABLE_BIRTH, _SWAPPABLE[self.born - _FIRST_BIRTH]),
            (Has.PARTNERS_MOBILE, self.partners_mobile >= 0),
            (Has.SUSPECTS_MOBILE, self.suspects_mobile >= 0),
        ):
            has |= there.astype(np.uint16) * np.uint16(flag)
        return has


def languages() -> tuple[str, ...]:
    """List every main language of a crowd, English first."""
    every = {each for some in LANGUAGES.values() for each in some}
    return ("English", *sorted(every), OTHER_LANGUAGE)


def batch_stream(seed: int, batch: int) -> Stream:
    """Return the streams of one batch, each named after its purpose."""
    streams = Streams(seed)
    return lambda purpose: streams.for_(f"crowd.{batch}.{purpose}")


def make_truth(batch: int, names: Names, rates: Households, *, force: str, seed: int) -> Truth:
    """Make all people of one batch."""
    if force not in names.shares:
        raise BadInput(f"force: there is no {force!r}; one of {', '.join(names.shares)}")
    return _Maker(batch, names, rates, force, batch_stream(seed, batch)).truth()


def birth_decades(born: NDArray[np.int32], names: Names) -> NDArray[np.int64]:
    """Return the place in `names.decades` nearest to each day of birth."""
    return np.clip(
        (_YEARS[born - _FIRST_BIRTH] - names.decades[0] + 5) // 10, 0, len(names.decades) - 1
    )


def _calendar(first: int, count: int) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
    """Return of each day its year, and whether its day and month can be swapped."""
    days = (first + np.arange(count)).astype("datetime64[D]")
    months = days.astype("datetime64[M]")
    day, month = (days - months).astype(np.int64) + 1, months.astype(np.int64) % 12 + 1
    return months.astype("datetime64[Y]").astype(np.int64) + 1970, (day <= 12) & (day != month)


#: 1900-01-01 and so many days more, counted from 1970: nobody is born before or after.
_FIRST_BIRTH = -25_567
_YEARS, _SWAPPABLE = _calendar(_FIRST_BIRTH, 73_000)


def _differ(other: NDArray[np.int64], own: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Say where another mobile is there and is not the person's own, written as drama too."""
    count = len(ORDINARY_MOBILES)
    return np.asarray((other >= 0) & (other % count != own % count))


class _Maker:
    """Makes one batch; each draw has a stream of its own."""

    def __init__(
        self, batch: int, names: Names, rates: Households, force: str, stream: Stream
    ) -> None:
        self._names, self._rates, self._force, self._stream = names, rates, force, stream
        self._start = batch * BATCH
        self._first, self._size = self._homes()
        self._place = np.arange(BATCH) - self._first
        self._second = np.minimum(self._first + 1, BATCH - 1)

    def truth(self) -> Truth:
        rates, first, place = self._rates, self._first, self._place
        is_partner = (place == 1) & self._happens("partner", rates.partner)
        is_child = (place >= 1) & ~is_partner & self._happens("child", rates.child)
        years = self._years(is_partner, is_child)
        born = self._born(years)
        sex = self._sex(is_partner)
        group = self._group(is_partner)
        given, family = self._name_words(group, sex, born, is_partner)
        suspect_home = (self._size >= 2) & self._happens("suspect", rates.suspect_at_home)[first]
        suspect = suspect_home & (place == 1) & (years >= 14)
        lives_with = (suspect_home & (place != 1)) & suspect[self._second]
        role = np.where(suspect, 2, self._happens("witness", rates.witness) & (place > 0))
        mobile, mailbox, landline = self._contacts(years, is_child)
        # Who saw a crime saw the household's: no crime is without a victim.
        own = (place > 0) & (role == 0) & self._happens("own_occurrence", rates.own_occurrence)
        bystander = (place > 0) & (role == 0) & ~own & ~self._happens("too", rates.victim_too)
        role = np.where(bystander, ROLES.index("household member"), role)
        occurrence = self._start + np.where(own, np.arange(BATCH), first)
        partners = self._partners_mobile(is_partner, suspect, mobile)
        suspects = self._suspects_mobile(suspect, occurrence, mobile)
        vulnerability = self._vulnerability(years, lives_with)
        safe, how, when = self._safety(lives_with, mobile, mailbox)
        return Truth(
            first_person=self._start,
            group=group,
            sex=sex,
            given=given,
            family=family,
            born=born,
            adult=years >= 18,
            role=role.astype(np.int8),
            language=self._language(group),
            format=self._one_of("format", len(FORMATS), rates.needs_a_format.value),
            vulnerability=vulnerability,
            enhanced=self._enhanced(vulnerability, lives_with),
            safe=safe,
            safe_how=how,
            safe_when=when,
            note=self._note(safe),
            household=self._start + first,
            first=first,
            size=self._size,
            lives_with_suspect=lives_with,
            occurrence=occurrence,
            mobile=mobile,
            landline=landline,
            mailbox=mailbox,
            partners_mobile=partners,
            suspects_mobile=suspects,
        )

    def _lots(self, purpose: str) -> NDArray[np.float64]:
        return self._stream(purpose).random(BATCH)

    def _happens(self, purpose: str, share: Share) -> NDArray[np.bool_]:
        return self._lots(purpose) < share.value

    def _one_of(self, purpose: str, count: int, share: float) -> NDArray[np.int8]:
        """Draw one of the words after the first, or the first, "", for the rest."""
        lots = self._lots(purpose)
        return np.where(lots < share, 1 + lots / share * (count - 1), 0).astype(np.int8)

    def _homes(self) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Put the people of the batch into households: the first's row, and how many they are."""
        shares = np.cumsum(self._rates.sizes.value)
        lots = self._stream("household").random(BATCH) * shares[-1]
        sizes = 1 + np.searchsorted(shares, lots, side="right")
        ends = np.cumsum(sizes)
        count = int(np.searchsorted(ends, BATCH)) + 1
        sizes = sizes[:count]
        sizes[-1] -= ends[count - 1] - BATCH
        starts = np.cumsum(sizes) - sizes
        return np.repeat(starts, sizes), np.repeat(sizes, sizes)

    def _years(
        self, is_partner: NDArray[np.bool_], is_child: NDArray[np.bool_]
    ) -> NDArray[np.float64]:
        lots = self._lots("age")
        ages = self._rates.ages
        adult = np.interp(lots, np.cumsum([0, *ages.value]) / sum(ages.value), ages.edges)
        near = np.maximum(adult[self._first] + (lots - 0.5) * 14, 18)
        return np.where(is_partner, near, np.where(is_child, lots * 17.99, adult))

    def _born(self, years: NDArray[np.float64]) -> NDArray[np.int32]:
        on = np.datetime64(self._rates.ages_on, "D").astype(np.int64)
        return (on - np.ceil(years * _DAYS_PER_YEAR)).astype(np.int32)

    def _sex(self, is_partner: NDArray[np.bool_]) -> NDArray[np.int8]:
        sex = (self._lots("sex") < 0.5).astype(np.int8)
        other = 1 - sex[self._first]
        return np.where(is_partner & (self._lots("same sex") > 0.03), other, sex)

    def _group(self, is_partner: NDArray[np.bool_]) -> NDArray[np.int64]:
        own = np.searchsorted(self._names.shares[self._force], self._lots("group"), side="right")
        own = np.minimum(own, len(self._names.groups) - 1)
        differs = is_partner & ~self._happens("same group", self._rates.same_group)
        return np.where(differs, own, own[self._first])

    def _name_words(
        self,
        group: NDArray[np.int64],
        sex: NDArray[np.int8],
        born: NDArray[np.int32],
        is_partner: NDArray[np.bool_],
    ) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
        names = self._names
        decade = birth_decades(born, names)
        british = self._lots("british") < names.british_given[group]
        after = len(names.decades) * len(SEXES)
        table = np.where(british, decade * len(SEXES), after + group * len(SEXES))
        table += sex
        given = names.given_tables.draw(table, self._lots("given"))
        family = names.family_tables.draw(group, self._lots("family"))
        keeps = is_partner & ~self._happens("same name", self._rates.partner_has_same_name)
        return given, np.where(keeps, family, family[self._first])

    def _contacts(
        self, years: NDArray[np.float64], is_child: NDArray[np.bool_]
    ) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
        rates, first = self._rates, self._first
        own = self._start + np.arange(BATCH)
        many = self._size >= 2
        has_mobile = (years >= 10) & self._happens("has mobile", rates.has_mobile)
        mobile = np.where(has_mobile, own, -1)
        shares = many & self._happens("shared mobile", rates.shared_mobile)[first]
        mobile = np.where(shares & ((years >= 10) | is_child), mobile[first], mobile)
        has_email = (years >= 14) & self._happens("has email", rates.has_email)
        mailbox = np.where(has_email, own, -1)
        shares = many & self._happens("shared mailbox", rates.shared_mailbox)[first]
        mailbox = np.where(shares, mailbox[first], mailbox)
        landline = np.where(self._happens("landline", rates.landline)[first], own[first], -1)
        return mobile, mailbox, landline

    def _partners_mobile(
        self,
        is_partner: NDArray[np.bool_],
        suspect: NDArray[np.bool_],
        mobile: NDArray[np.int64],
    ) -> NDArray[np.int64]:
        """Find each partner's mobile, where it is another; a suspect's is the suspect's."""
        first, second = self._first, self._second
        # Only the second person of a household is marked as a partner, and as a suspect.
        couple = (is_partner & ~suspect)[second] & (self._place <= 1)
        other = mobile[np.where(self._place == 0, second, first)]
        return np.where(couple & _differ(other, mobile), other, -1)

    def _suspects_mobile(
        self,
        suspect: NDArray[np.bool_],
        occurrence: NDArray[np.int64],
        mobile: NDArray[np.int64],
    ) -> NDArray[np.int64]:
        """Find the mobile of the suspect of each person's crime, where it is another."""
        same_crime = occurrence == occurrence[self._second]
        there = suspect[self._second] & (self._place != 1) & same_crime
        other = mobile[self._second]
        return np.where(there & _differ(other, mobile), other, -1)

    def _language(self, group: NDArray[np.int64]) -> NDArray[np.int16]:
        known = languages()
        width = max(map(len, LANGUAGES.values()))
        other = known.index(OTHER_LANGUAGE)
        table = np.full((len(self._names.groups), width), other, np.int16)
        for i, each in enumerate(self._names.groups):
            spoken = LANGUAGES.get(each, (OTHER_LANGUAGE,))
            table[i] = [known.index(spoken[k % len(spoken)]) for k in range(width)]
        lots = self._lots("language")
        share = self._names.other_language[group]
        which = np.minimum((lots / np.maximum(share, 1e-9) * width).astype(np.int64), width - 1)
        return np.where(lots < share, table[group, which], 0).astype(np.int16)

    def _vulnerability(
        self, years: NDArray[np.float64], lives_with: NDArray[np.bool_]
    ) -> NDArray[np.int8]:
        drawn = self._one_of("vulnerability", 4, self._rates.vulnerable.value)
        drawn = np.where(lives_with, VULNERABILITIES.index("domestic abuse"), drawn)
        drawn = np.where(years < 18, VULNERABILITIES.index("under 18"), drawn)
        repeats = (drawn == 0) & (self._lots("repeat") < 0.02)
        return np.where(repeats, VULNERABILITIES.index("repeat victim"), drawn).astype(np.int8)

    def _enhanced(
        self, vulnerability: NDArray[np.int8], lives_with: NDArray[np.bool_]
    ) -> NDArray[np.int8]:
        serious = self._lots("serious") < 0.02
        chosen = np.select(
            [
                serious,
                lives_with,
                vulnerability == VULNERABILITIES.index("repeat victim"),
                vulnerability > 0,
            ],
            [4, 2, 3, 1],
            default=0,
        )
        return chosen.astype(np.int8)

    def _safety(
        self,
        lives_with: NDArray[np.bool_],
        mobile: NDArray[np.int64],
        mailbox: NDArray[np.int64],
    ) -> tuple[NDArray[np.int8], NDArray[np.int8], NDArray[np.int8]]:
        lots = self._lots("safe")
        unsafe = np.where(lives_with, lots < 0.6, lots < self._rates.not_safe.value)
        unasked = ~unsafe & self._happens("not asked", self._rates.safety_not_asked)
        safe = np.select([unsafe, unasked], [0, -1], default=1).astype(np.int8)
        shares = np.cumsum(self._rates.channels.value)
        how = 1 + np.searchsorted(shares, self._lots("how") * shares[-1], side="right")
        how = np.where((how == 1) & (mobile < 0), 3, how)
        how = np.where((how == 2) & (mailbox < 0), 3, how)
        # An officer meets or calls a victim who is not safe to contact.
        how = np.where(unsafe, np.where(how > 3, 5, 3), how)
        when = self._one_of("when", len(SAFE_WHEN), self._rates.set_hours.value)
        return safe, np.where(unasked, 0, how).astype(np.int8), np.where(unasked, 0, when)

    def _note(self, safe: NDArray[np.int8]) -> NDArray[np.int16]:
        """Write notes: of danger to most who are not safe, and to a few whom nobody marked so."""
        rates, (_notes, ends) = self._rates, made_notes()
        noted = self._happens("noted", rates.noted)
        lots = self._lots("note of")
        danger = (safe == 0) | (lots < rates.note_of_danger.value)
        limits = lots > 1 - rates.note_of_limits.value
        truth = np.select([~noted, danger, limits], [0, 3, 2], default=1)
        first = np.array(ends[:-1])[truth]
        count = np.diff(ends)[truth]
        return np.asarray(first + self._lots("note") * count, np.int16)
