"""Looks at a sample of victims' pages in a browser, without the portal's driver.

A driver may be all that there is of a portal. So after some scenarios the link in a victim's
message is opened, and they sign in by the form that the page shows. What the driver says to them
must stand there. No link to another host is followed.
"""

import re
from collections.abc import Iterable
from datetime import timedelta

from msgspec import Struct, structs

from simulator.drivers.base import Refused
from simulator.drivers.browser import Chromium
from simulator.drivers.plain_pages import NoForm, PlainPages, TurnedAway
from simulator.errors import SuiteError
from simulator.evidence.records import (
    PageSampled,
    QuestionAsked,
    SigningIn,
    Stamped,
    TaskRaised,
)
from simulator.world.victims import (
    Victim,
    await_code,
    code_for_it,
    messages_of,
    sign_in_again,
)
from simulator.world.world import World

#: Some scenarios have nobody whose page can be compared.
TRIED_MAX = 30
_TWO_WAY_PHASE = 3
#: What a page says of a crime that is not open, in whatever words.
_STATUSES: dict[str, str] = {
    "closed": r"clos|finish|ended|no further|complete",
    "charged": r"charg|court",
    "transferred": r"transfer|another|passed",
}


class Sampled(Struct, frozen=True):
    """A victim whose page may be looked at, and the address by which they sign in."""

    victim: Victim
    address: str


class SampledPages:
    """Looks at pages after the first scenario, the second, the fourth, and so on."""

    def __init__(self, world: World, portal_url: str, *, wait_seconds_max: float) -> None:
        self._world = world
        self._portal_url = portal_url
        self._wait_seconds_max = wait_seconds_max
        self._offered = self._tried = 0
        self._due = 1
        self._has_stamped = self._has_no_browser = self._is_open = False

    def look(self, people: Iterable[Sampled]) -> None:
        """Look at the page of one of these people, where it is time; nothing is raised."""
        offered = list(people)
        self._offered += bool(offered)
        is_wanted = self._offered >= self._due or self._wants_stamp
        if not is_wanted or self._tried >= TRIED_MAX or self._has_no_browser:
            return
        for each in offered:
            self._tried += 1
            sample = self._sample(each)
            if sample.differs:
                # Time may have gone on between the two.
                sample = self._sample(each)
            self._world.evidence.append(sample)
            self._has_stamped |= sample.stamped is not None
            if sample.agreed or sample.differs:
                self._due = 2 * self._offered
                return

    def close(self) -> None:
        """Close the browser."""
        if self._is_open:
            Chromium.leave()

    def _open(self) -> None:
        """Keep the browser from one look to the next."""
        if not self._is_open:
            Chromium.enter()
            self._is_open = True

    @property
    def _wants_stamp(self) -> bool:
        phase = self._world.order.phase_at(self._world.now)
        is_two_way = "two_way" in self._world.messages.portal.driver.capabilities
        return phase >= _TWO_WAY_PHASE and is_two_way and not self._has_stamped

    def _sample(self, of: Sampled) -> PageSampled:
        world, link = self._world, self._link(of.victim)
        none = PageSampled(
            at=world.now, status=0, is_page=False, fetched=world.integration.is_read_later
        )
        if not link:
            return structs.replace(none, said="no link came to our own gateway")
        try:
            self._open()
            pages = PlainPages(self._portal_url, wait_seconds_max=self._wait_seconds_max)
        except SuiteError as error:
            self._has_no_browser = True
            return structs.replace(none, said=str(error))
        try:
            return self._looked_at(pages, of, link, none)
        except (SuiteError, Refused) as error:
            return structs.replace(
                none, status=pages.link_status, is_page=pages.is_page, said=str(error)
            )
        finally:
            pages.close()

    def _looked_at(
        self, pages: PlainPages, of: Sampled, link: str, none: PageSampled
    ) -> PageSampled:
        """Have the driver say what it says, and then look whether it is on the pages."""
        said, turned_away = self._said(of), ""
        try:
            self._sign_in(pages, of, link)
        except TurnedAway as error:
            # They may have signed in too often: then the driver is turned away too.
            self._said(of)
            turned_away = str(error)
        except NoForm as error:
            return self._seen(none, pages, said=str(error))
        if turned_away:
            said_so = f"the driver signed in, and the page refused: {turned_away}"
            return self._seen(none, pages, differs=(said_so,))
        listed = pages.list_of(list(said))
        stood, missing, stamped = 0, [], None
        for reference, sentences in said.items():
            words = _plain(f"{listed}\n{pages.crime(reference)}")
            lacking = [each for each in sentences if not _stands(each, words)]
            missing += [f"{reference}: {each}" for each in lacking]
            stood += len(sentences) - len(lacking)
            if stamped is None and self._wants_stamp:
                stamped = self._is_stamped(pages, of.victim, reference)
            pages.list_of([reference])
        return self._seen(none, pages, agreed=stood, differs=tuple(missing), stamped=stamped)

    def _seen(self, none: PageSampled, pages: PlainPages, **found: object) -> PageSampled:
        return structs.replace(none, status=pages.link_status, is_page=pages.is_page, **found)

    def _said(self, of: Sampled) -> dict[str, list[str]]:
        """Give what the driver says to a victim, by the reference of each crime."""
        session = sign_in_again(self._world, of.victim, of.address)
        portal = self._world.portal
        return {
            crime.crime_reference: [
                crime.crime_reference,
                crime.offence,
                *([f"status: {crime.status}"] if crime.status in _STATUSES else []),
                *(
                    sentence
                    for entry in portal.timeline(session, crime.crime_reference)
                    for sentence in _sentences(f"{entry.title}\n{entry.text}")
                ),
            ]
            for crime in portal.crimes(session)
        }

    def _sign_in(self, pages: PlainPages, of: Sampled, link: str) -> None:
        world, victim = self._world, of.victim
        before = {each.message_id for each in messages_of(world, victim)}

        def code() -> str:
            await_code(world, victim, before)
            return code_for_it(world, victim, before)

        world.evidence.append(SigningIn(at=world.now, person_id=victim.person_id))
        pages.sign_in(link, of.address, victim.proof, code)

    def _link(self, victim: Victim) -> str:
        """Find the newest link that came to our own gateway, or to a test handset."""
        messages = messages_of(self._world, victim)
        links = [self._world.link_in(e) for e in messages if e.how != "vendor's own record"]
        return next((each for each in reversed(links) if each), "")

    def _is_stamped(self, pages: PlainPages, victim: Victim, reference: str) -> bool | None:
        """Write on the page, and say whether the words and their task come to the crime system."""
        text = f"Is there any news of my report? I ask on its page, number {self._tried}."
        if not pages.write(text):
            return None
        world = self._world
        records, begun = world.evidence.records, len(world.evidence.records)
        asked = QuestionAsked(
            at=world.now, person_id=victim.person_id, crime_reference=reference, text=text
        )
        world.evidence.append(asked)

        def came() -> bool:
            new = [e for e in records[begun:] if isinstance(e, Stamped | TaskRaised)]
            new = [each for each in new if each.how == "intercepted"]
            return any(isinstance(e, Stamped) and e.text == text for e in new) and any(
                isinstance(e, TaskRaised) and e.person_id == victim.person_id for e in new
            )

        return world.wait_for(came, timedelta(minutes=world.order.messages.minutes_max))


def _sentences(words: str) -> list[str]:
    found = re.split(r"(?<=[.!?])\s+|\n", words)
    return [each.strip() for each in found if any(e.isalnum() for e in each)]


def _stands(sentence: str, words: str) -> bool:
    kind, _, status = sentence.partition("status: ")
    if not kind and status in _STATUSES:
        return re.search(_STATUSES[status], words) is not None
    return _plain(sentence) in words


def _plain(words: str) -> str:
    """Leave out what a browser shows otherwise: white space, capitals, curly quotes."""
    straight = words.translate(str.maketrans("‘’“”", "''\"\""))
    return " ".join(straight.casefold().split())
