"""What each victim should be told: opened when the portal has the event, met by a message.

The order sets the due time: quiet hours, bundling and the weekly limit all move it. Only quiet
hours move it past the deadline of the Victims' Code.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from reference.contract.events import Channel
from simulator.inputs.order import Order
from simulator.judge.facts.deadlines import Announces, due, informed_by
from simulator.judge.facts.outages import Outages
from simulator.judge.facts.weekly_limit import CHANNELS, Key, WeeklyLimit

_NOT_YET = datetime.max.replace(tzinfo=UTC)


class CodeClock(NamedTuple):
    """From when the Victims' Code's working days run for one piece of news.

    They run from `happened_at` where the Code names the news (`is_named`), and otherwise from when
    the portal had it: `runs_from`. A portal may count from `happened_at` either way.
    """

    happened_at: datetime
    recorded_at: datetime
    runs_from: datetime
    is_named: bool


@dataclass
class Obligation:
    """One thing one victim should be told on one channel.

    `told_at` is when a message first told it; one that `is_answered` is met. One that is not
    `is_owed` may be told all the same, and so may one that `is_void`, which need not be told any
    more. The first word of a crime is an invitation, or news to a victim who is registered. It is
    not `is_usable` if the address was in the wrong field or in doubt when it was opened.

    The Victims' Code has it told `no_later_than`, by its `clock`. If enhanced rights were recorded
    late, what the weekly limit holds back may still go until `hastened_until`. Its `place` is its
    number in the order in which obligations were opened.
    """

    person_id: str
    crime_reference: str
    channel: Channel
    announces: Announces
    event_id: str
    received_at: datetime
    due_at: datetime
    told_at: datetime | None = None
    is_answered: bool = False
    is_void: bool = False
    is_owed: bool = True
    is_first_word: bool = False
    is_usable: bool = True
    clock: CodeClock | None = None
    no_later_than: datetime | None = None
    hastened_until: datetime | None = None
    place: int = 0

    @property
    def happened_at(self) -> datetime:
        """When it happened, or the portal had it where nothing says so."""
        return self.clock.happened_at if self.clock is not None else self.received_at


@dataclass
class Ledger:
    """All obligations of a run, by victim and channel; `outages` are the gateway's."""

    order: Order
    opened: list[Obligation] = field(default_factory=list)
    outages: Outages = field(init=False)
    week: WeeklyLimit = field(init=False)
    _open: dict[Key, list[Obligation]] = field(default_factory=dict)
    _ever: dict[Key, list[Obligation]] = field(default_factory=dict)
    _owed: dict[tuple[str, Channel, str], Announces] = field(default_factory=dict)
    _released: dict[str, str] = field(default_factory=dict)
    _opened_before: dict[str, int] = field(default_factory=dict)
    _opened_by_sign_in: dict[str, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Keep quiet hours for messages that waited for the gateway, and count those of a week."""
        self.week = WeeklyLimit(self.order)
        self.outages = Outages(self.order, opens=self.order.quiet_until)

    def owe(
        self,
        person_id: str,
        crime_reference: str,
        channel: Channel,
        announces: Announces,
        event_id: str,
        received_at: datetime,
        *,
        is_owed: bool = True,
        is_first_word: bool = False,
        is_usable: bool = True,
        clock: CodeClock | None = None,
        is_enhanced: bool = False,
    ) -> None:
        """Open an obligation, due as the order says.

        Neither bundling nor the weekly limit holds it back past the deadline by its `clock`.
        """
        obligation = Obligation(
            person_id,
            crime_reference,
            channel,
            announces,
            event_id,
            received_at,
            due(self.order, received_at, announces),
            is_owed=is_owed,
            is_first_word=is_first_word,
            is_usable=is_usable,
            clock=clock,
            place=len(self.opened),
        )
        self._count_working_days(obligation, received_at, is_enhanced=is_enhanced)
        self.opened.append(obligation)
        self._ever.setdefault((person_id, channel), []).append(obligation)
        if announces != "invitation":
            self._owed[person_id, channel, event_id] = announces
        # An invitation that need not be sent does not replace the news of the same event.
        self._owed.setdefault((person_id, channel, event_id), announces)
        self._open.setdefault((person_id, channel), []).append(obligation)

    def count_anew(self, person_id: str, at: datetime, *, is_enhanced: bool) -> None:
        """Count the Code's working days anew for all that a victim is still owed.

        What is overdue by that is due at the next moment after `at` outside quiet hours.
        """
        for each in self._open_to(person_id):
            if each.told_at is None:
                each.hastened_until = due(self.order, at, "reply")
                self._count_working_days(each, at, is_enhanced=is_enhanced)

    def _count_working_days(
        self, obligation: Obligation, at: datetime, *, is_enhanced: bool
    ) -> None:
        """Set the Code's deadline; news whose bundle would go after it is due by it instead."""
        if obligation.clock is None:
            return
        by = informed_by(self.order, obligation.clock.runs_from, is_enhanced=is_enhanced)
        obligation.no_later_than = by
        if obligation.announces == "update":
            usual = due(self.order, obligation.received_at, "update")
            obligation.due_at = min(usual, max(by, due(self.order, at, "reply")))

    def release(self, event_id: str, by_event_id: str) -> None:
        """Write down which event released some news: a message may name either."""
        self._released[by_event_id] = event_id
        self._opened_before[by_event_id] = len(self.opened)

    def was_open_at_release(self, each: Obligation, by_event_id: str) -> bool:
        """Say whether news was open when an event released other news, which may tell it too."""
        return each.place < self._opened_before.get(by_event_id, 0)

    def came_in(self, people: Collection[str]) -> None:
        """Write down that these people sign in for the first time."""
        self._opened_by_sign_in.update(dict.fromkeys(people, len(self.opened)))

    def was_open_at_sign_in(self, each: Obligation) -> bool:
        """Say whether news, or by any channel that of its crime, waited at its reader's sign-in."""
        before = self._opened_by_sign_in.get(each.person_id, 0)
        return each.place < before or any(
            one.is_first_word and one.crime_reference == each.crime_reference and one.place < before
            for one in self._ever_to(each.person_id)
        )

    def news_of(self, event_id: str) -> str:
        """Give the event whose news a message tells when it names `event_id`."""
        return self._released.get(event_id, event_id)

    def is_waited_for(
        self,
        person_id: str,
        channel: Channel,
        event_id: str,
        *,
        invites: bool,
        is_owed: bool = False,
        due_by: datetime | None = None,
    ) -> bool:
        """Say whether a person waits for news of an event; with no event, for any such news.

        If `is_owed`, only what is owed counts, and not what may be told; with `due_by`, only what
        no message has told and is due by then. Who was told by one invitation of what they are
        invited to waits for no other words about it.
        """
        waiting = [
            each
            for each in self.open_for(person_id, channel)
            if not each.is_answered
            and not each.is_void
            and (each.is_owed or not is_owed)
            and (due_by is None or (each.told_at is None and each.due_at <= due_by))
            and (invites or each.announces != "invitation" or each.told_at is None)
        ]
        if event_id:
            return any(each.event_id == self.news_of(event_id) for each in waiting)
        return any((each.announces == "invitation") == invites for each in waiting)

    def untold_due_at(self, person_id: str, channel: Channel, *, invites: bool) -> datetime | None:
        """Find when the first news that no message told is due, or the first invitation."""
        return min(
            (
                each.due_at
                for each in self.open_for(person_id, channel)
                if each.told_at is None
                and not each.is_void
                and (each.announces == "invitation") == invites
            ),
            default=None,
        )

    def open_for(self, person_id: str, channel: Channel) -> list[Obligation]:
        """List what a victim has not been told on a channel, or not been answered for."""
        return self._open.get((person_id, channel), [])

    def _open_to(self, person_id: str) -> list[Obligation]:
        return [each for channel in CHANNELS for each in self.open_for(person_id, channel)]

    def _ever_for(self, person_id: str, channel: Channel) -> list[Obligation]:
        """List all that was ever opened for a victim on a channel: a long run has many others."""
        return self._ever.get((person_id, channel), [])

    def _ever_to(self, person_id: str) -> list[Obligation]:
        return [each for channel in CHANNELS for each in self._ever_for(person_id, channel)]

    def was_invited(self, person_id: str, channel: Channel) -> bool:
        """Say whether a message on a channel invited a person, or is to invite them."""
        return any(
            each.announces == "invitation" and (each.told_at is not None or not each.is_void)
            for each in self._ever_for(person_id, channel)
        )

    def is_invited_on_all(self, person_id: str, crime_reference: str) -> bool:
        """Say whether no invitation of a person to a crime waits on any channel."""
        return not any(
            each.announces == "invitation"
            and each.told_at is None
            and each.crime_reference == crime_reference
            for each in self._open_to(person_id)
        )

    def told_at(self, person_id: str, channel: Channel, event_id: str) -> datetime | None:
        """Give when a message on a channel last told a person of an event; None if none did."""
        told = (
            each.told_at
            for each in self._ever_for(person_id, channel)
            if each.event_id == event_id and each.told_at is not None
        )
        return max(told, default=None)

    def last_told_at(self, person_id: str, crime_reference: str) -> datetime | None:
        """Give when the portal had the last news of a crime that a message told a person."""
        ever = self._ever_to(person_id)
        told = (e.received_at for e in ever if e.crime_reference == crime_reference and e.told_at)
        return max(told, default=None)

    def was_told_of(
        self,
        person_id: str,
        channel: Channel,
        crime_reference: str,
        *,
        since: datetime | None = None,
        before: datetime | None = None,
    ) -> bool:
        """Say whether a message on a channel told a person of a crime, between two times."""
        return any(
            each.crime_reference == crime_reference
            and each.told_at is not None
            and (since is None or each.told_at >= since)
            and (before is None or each.told_at < before)
            for each in self._ever_for(person_id, channel)
        )

    def announced_by(self, person_id: str, channel: Channel, event_id: str) -> Announces | None:
        """Say how an event was ever to be announced to a victim; None when it was not."""
        return self._owed.get((person_id, channel, event_id))

    def crime_opened_by(self, person_id: str, event_id: str) -> str:
        """Name the crime of which an event ever let a person be told ("" for none)."""
        ever = self._ever_to(person_id)
        return next((each.crime_reference for each in ever if each.event_id == event_id), "")

    def untold(self, end: datetime) -> list[Obligation]:
        """List what was owed and due by the end, and never told."""
        return [
            each
            for each in self.opened
            if each.told_at is None
            and each.is_owed
            and not each.is_void
            and self.allowed_until(each) <= end
        ]

    def forget(
        self, person_id: str, crime_reference: str, at: datetime, *, for_good: bool = False
    ) -> list[Channel]:
        """Owe a person nothing more about a crime: from now on they must not be told of it.

        What was overdue by then is lost all the same. Unless it is `for_good`, the news may be told
        if they are told of the crime again. Gives the channels on which no first word had come.
        """
        uninvited: list[Channel] = []
        for channel in CHANNELS:
            kept = []
            of_it = (e for e in self._ever_for(person_id, channel) if e.is_first_word and e.told_at)
            had_first_word = any(each.crime_reference == crime_reference for each in of_it)
            for obligation in self._open.pop((person_id, channel), []):
                if obligation.crime_reference != crime_reference:
                    kept.append(obligation)
                    continue
                is_overdue = not obligation.is_void and self.allowed_until(obligation) < at
                obligation.is_void = obligation.told_at is None and not is_overdue
                if obligation.is_void and obligation.is_first_word:
                    if obligation.is_owed or not had_first_word:
                        uninvited.append(channel)
                elif obligation.is_void and not for_good:
                    kept.append(obligation)
            self._open[person_id, channel] = kept
        return uninvited

    def may_have_first_word(self, person_id: str, crime_reference: str) -> bool:
        """Say whether the first word of a crime came, or is owed; who needed none may have it."""
        first_words = [
            each
            for each in self._ever_to(person_id)
            if each.is_first_word and each.crime_reference == crime_reference
        ]
        is_due = any(each.is_owed and not each.is_void for each in first_words)
        return not first_words or is_due or any(each.told_at for each in first_words)

    def let_tell_after_all(
        self, person_id: str, crime_reference: str, at: datetime, *, invitations: bool = False
    ) -> None:
        """Let news of a crime be told, or `invitations` go, that a merger had ended.

        It is taken back, and none of it is owed.
        """
        for channel in CHANNELS:
            ever = self._ever_for(person_id, channel)
            open_now = {each.event_id for each in self.open_for(person_id, channel)}
            lost = {
                each.event_id: each.announces
                for each in ever
                if each.crime_reference == crime_reference and each.is_void and not each.told_at
            }
            for event_id, announces in lost.items():
                if event_id not in open_now and (announces == "invitation") == invitations:
                    about = (crime_reference, channel, announces, event_id)
                    self.owe(person_id, *about, at, is_owed=False, is_first_word=invitations)

    def excuse(self, person_id: str, channel: Channel) -> None:
        """Owe nothing of what is open on a channel; it may be told all the same."""
        for each in self.open_for(person_id, channel):
            each.is_owed &= each.told_at is not None

    def excuse_news(self, person_id: str, event_id: str) -> None:
        """Owe a person the news of one event no more; it may still come."""
        for each in self._open_to(person_id):
            each.is_owed &= each.event_id != event_id

    def excuse_all_of(self, person_id: str, crime_reference: str) -> None:
        """Owe a person no news of a crime that waits; it may still come."""
        for each in self._open_to(person_id):
            is_news = each.announces != "invitation" and each.told_at is None
            each.is_owed &= not (is_news and each.crime_reference == crime_reference)

    def excuse_updates_in_time(self, person_id: str, crime_reference: str, at: datetime) -> None:
        """Owe a person no update on a crime that waits and is not late yet; it may still come."""
        for each in self._open_to(person_id):
            is_news = each.announces == "update" and not each.is_first_word
            waits = is_news and each.told_at is None and at <= self.allowed_until(each)
            each.is_owed &= not (waits and each.crime_reference == crime_reference)

    def excuse_first_word(self, person_id: str, crime_reference: str) -> None:
        """Owe no invitation to a crime; it may come all the same."""
        for each in self._open_to(person_id):
            each.is_owed &= not (each.is_first_word and each.crime_reference == crime_reference)

    def hand_over(self, person_id: str, crimes: Collection[str], at: datetime) -> None:
        """Owe nothing that waited in a long outage: an officer was asked to tell it instead.

        News that came later and waits with it goes with it, and so does what one event lets the
        victim be told of another crime: one message invites to all of them.
        """
        untold = [each for each in self._open_to(person_id) if each.told_at is None]
        events = {each.event_id for each in untold if each.crime_reference in crimes}
        waiting = [e for e in untold if e.crime_reference in crimes or e.event_id in events]
        if any(self.outages.is_long(at, each.received_at) for each in waiting):
            for each in waiting:
                each.is_owed = False

    def close_channel(self, person_id: str, channel: Channel) -> None:
        """Owe nothing more on a channel that does not work."""
        for obligation in self._open.pop((person_id, channel), []):
            obligation.is_void = obligation.told_at is None

    def let_others_tell(
        self, person_id: str, closed: Channel, channels: Collection[Channel], at: datetime
    ) -> None:
        """Let other channels tell the news that waits on one; it is not owed there."""
        for each in list(self.open_for(person_id, closed)):
            if each.told_at is None and not each.is_void and each.announces != "invitation":
                for channel in channels:
                    about = (each.crime_reference, channel, each.announces, each.event_id)
                    self.owe(person_id, *about, at, is_owed=False, is_first_word=each.is_first_word)

    def let_more_channels_tell(
        self,
        person_id: str,
        channels: Collection[Channel],
        at: datetime,
        *,
        first_words: bool = False,
    ) -> None:
        """Let channels that can be used from now on tell the news that waits on another.

        Nothing of it is owed there. With `first_words` that is so of the first word of a crime too,
        and of what a reply may have gone without: a new record owes that anew, and a choice does
        not.
        """
        waiting = [
            each
            for each in self._open_to(person_id)
            # An invitation to one crime may have told the first word of another, which waits still.
            if (each.told_at is None or (first_words and each.is_first_word))
            and not each.is_void
            and (first_words or not (each.is_first_word or each.announces == "invitation"))
        ]
        waiting += self._left_by_replies(person_id, at) if first_words else []
        ever = self._ever_to(person_id)
        known = {(each.channel, each.event_id) for each in ever if not each.is_void}
        for each in waiting:
            for channel in channels:
                if (channel, each.event_id) not in known:
                    about = (each.crime_reference, channel, each.announces, each.event_id)
                    self.owe(person_id, *about, at, is_owed=False, is_first_word=each.is_first_word)

    def let_first_word_wait(
        self, person_id: str, crime_reference: str, channels: Collection[Channel], at: datetime
    ) -> None:
        """Let channels chosen anew tell the first word of a crime that went by none."""
        first_words = [
            each
            for each in self._ever_to(person_id)
            if each.crime_reference == crime_reference
            and (each.is_first_word or each.announces == "invitation")
        ]
        if any(each.told_at is not None or not each.is_void for each in first_words):
            return
        for event_id, announces in {each.event_id: each.announces for each in first_words}.items():
            for channel in channels:
                about = (crime_reference, channel, announces, event_id)
                self.owe(person_id, *about, at, is_owed=False, is_first_word=True)

    def _left_by_replies(self, person_id: str, at: datetime) -> list[Obligation]:
        """List the updates that are not due yet and that a reply went with, or left for later."""
        found = []
        for channel in CHANNELS:
            ever = self._ever_for(person_id, channel)
            replies = [each for each in ever if each.announces == "reply" and each.told_at]
            found += [
                each
                for each in ever
                if each.announces == "update"
                and not each.is_void
                and each.due_at > at
                and any(r.told_at == each.told_at and r.place > each.place for r in replies)
            ]
        return found

    def move(
        self, person_id: str, old: Channel, channel: Channel, sent_at: datetime | None, at: datetime
    ) -> None:
        """Let another channel tell what an old one did not, and invite anew if none of it counts.

        It is not owed there, nor is what went last by `sent_at`, when what was lost was sent. None
        of it counts if that is None.
        """
        ever = list(self._ever_for(person_id, old))
        went = (e.told_at for e in ever if e.told_at and sent_at and e.told_at <= sent_at)
        last = max(went, default=None)
        for each in ever:
            was_anothers = sent_at is None and each.announces == "invitation"
            if was_anothers or each.told_at in (None, last):
                about = (each.crime_reference, channel, each.announces, each.event_id)
                self.owe(person_id, *about, at, is_owed=False)

    def tell(
        self, person_id: str, channel: Channel, told: Sequence[Obligation], at: datetime
    ) -> None:
        """Write down that a message told a victim some of what was open on a channel.

        Who came in while an invitation waited, by another record, hears of its crime without one.
        """
        words = {e.crime_reference for e in told if e.is_first_word and e.announces == "update"}
        key = (person_id, channel)
        invites = [e for e in self._open.get(key, []) if e.announces == "invitation"]
        for obligation in (*told, *(e for e in invites if e.crime_reference in words)):
            obligation.told_at = obligation.told_at or at
        self._open[key] = [
            each for each in self._open.get(key, []) if not (each.told_at and each.is_answered)
        ]

    def last_told(self, person_id: str, channel: Channel, crime_reference: str) -> set[str]:
        """Find the last event that a person was told of on a channel, and the last of a crime."""
        told = [each for each in self._ever_for(person_id, channel) if each.told_at]
        of_it = [each for each in told if each.crime_reference == crime_reference]
        return {each.event_id for each in (*told[-1:], *of_it[-1:])}

    def oldest_told(self, person_id: str, channel: Channel, at: datetime) -> datetime | None:
        """Find when the oldest news happened that a message sent at `at` told."""
        happened = [
            each.happened_at for each in self._ever_for(person_id, channel) if each.told_at == at
        ]
        return min(happened, default=None)

    def dropped(self, person_id: str, channel: Channel, crime_reference: str) -> list[datetime]:
        """List when news of a crime happened that went untold, with no way to a person."""
        ever = [each for each in self._ever_for(person_id, channel) if each.is_void]
        about = [each for each in ever if each.crime_reference == crime_reference]
        return [each.happened_at for each in about if each.told_at is None]

    def came_before(self, obligation: Obligation, event_id: str) -> bool:
        """Say whether what is owed was owed before that of another event to the same person."""
        ever = self._ever_for(obligation.person_id, obligation.channel)
        return any(each.event_id == event_id and each.place > obligation.place for each in ever)

    def happened_at(self, person_id: str, channel: Channel, event_id: str) -> datetime | None:
        """Find when something happened of which a person was to be told on a channel."""
        news = self.news_of(event_id)
        happened = (
            each.happened_at for each in self._ever_for(person_id, channel) if each.event_id == news
        )
        return next(happened, None)

    def allowed_until(self, obligation: Obligation, *, is_alone: bool = False) -> datetime:
        """Find when an obligation is late: never in an outage of the gateway, nor soon after it.

        A reply may wait for other news as news does. One that `is_alone` in its message may not.
        """
        allowed = self._allowed_by_limit(obligation)
        if obligation.announces == "reply" and not is_alone:
            allowed = due(self.order, obligation.received_at, "update")
        return self.outages.put_off(obligation.received_at, allowed) or _NOT_YET

    def _allowed_by_limit(self, obligation: Obligation) -> datetime:
        due_at = obligation.due_at
        if self.order.phase_at(due_at) < 2 or obligation.announces != "update":
            return due_at
        # A place that only comes free within the last minutes leaves as many minutes from then.
        ready = due_at - timedelta(minutes=self.order.messages.minutes_max)
        waited = self._waited_before(obligation)
        opens = self.week.has_room(obligation.person_id, ready, waited, due_at)
        if opens == ready:
            return due_at
        allowed = due(self.order, opens, "reply")
        if obligation.no_later_than is None or obligation.is_first_word:
            # That there is a crime is none of the steps which the Code has told in time.
            return allowed
        by = max(obligation.no_later_than, obligation.hastened_until or obligation.no_later_than)
        return max(due_at, min(allowed, by))

    def has_no_room_in_time(self, obligation: Obligation) -> bool:
        """Say whether the Victims' Code asks for news before the week has room for it."""
        if obligation.no_later_than is None or obligation.announces != "update":
            return False
        about = (obligation.person_id, obligation.due_at, self._waited_before(obligation))
        return self.week.has_room(*about) > obligation.no_later_than

    def _waited_before(self, obligation: Obligation) -> set[datetime]:
        return {
            each.told_at
            for each in self._ever_for(obligation.person_id, obligation.channel)
            if each.told_at not in {None, obligation.told_at}
            and each.received_at < obligation.received_at
        }
