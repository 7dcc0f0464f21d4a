"""Phase 2: which messages may come without any news, and when.

Advice may come once, where the order has some for the offence, and once more where the order has
other advice for an offence that the crime became. "Still with us" may come after the agreed days
without news, from the day on which they are over, while the case is open.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from msgspec import structs

from simulator.evidence.records import MessageAccepted
from simulator.inputs.order import Order
from simulator.judge.facts.crime_register import CrimeRegister
from simulator.judge.facts.deadlines import day_of, due
from simulator.judge.facts.known_crime import KnownCrime
from simulator.judge.facts.news_history import NewsHistory
from simulator.judge.facts.sent_message import Meant

#: So long what is due may wait for a place in the week.
_WEEK = timedelta(days=7)
#: A person, a crime and a channel.
_Key = tuple[str, str, str]
#: For whom and of which crime a message without news is, and which advice ("" for none).
_Due = tuple[_Key, str]


@dataclass
class AutomaticMessages:
    """What came without news on each channel."""

    order: Order
    register: CrimeRegister
    history: NewsHistory
    _sent_at: dict[_Key, list[datetime]] = field(default_factory=dict)
    _advised: dict[_Key, set[str]] = field(default_factory=dict)
    _advised_at: dict[_Key, datetime] = field(default_factory=dict)
    #: When the last one came, which advice it was, and what else it may have been.
    _taken: dict[_Key, tuple[datetime, str, list[_Due]]] = field(default_factory=dict)

    def take(self, meant: Meant, message: MessageAccepted, others: Sequence[Meant] = ()) -> bool:
        """Take a message as one that comes without news; return False when none is due.

        It may have been for `others` at its address: a later one then takes its place.
        """
        due = self._all_due(meant, message)
        is_of_another = bool(meant.event_id) and self.is_of_another_crime(meant, message)
        if (not due or is_of_another) and self._was_another(meant, message):
            due = self._all_due(meant, message)
        if not due:
            return False
        self._write(due[0], message.at)
        may_be = [*due[1:], *(one for each in others for one in self._all_due(each, message))]
        self._taken[due[0][0]] = message.at, due[0][1], may_be
        return True

    def _write(self, due: _Due, at: datetime) -> None:
        key, advice = due
        if advice:
            self._advised.setdefault(key, set()).add(advice)
            self._advised_at[key] = at
        else:
            self._sent_at.setdefault(key, []).append(at)

    def _was_another(self, meant: Meant, message: MessageAccepted) -> bool:
        """Take the message before for one of another crime or person, if it may have been that.

        It may have named an event of them all, and this one names an event of the one crime. The
        weekly limit may keep this one until that counts no more.
        """
        for crime_reference in self._crimes_of(meant):
            key = (meant.person_id, crime_reference, message.channel)
            at, was, others = self._taken.get(key, (message.at, "", []))
            unused = [each for each in others if self._is_unused(each, at)]
            if not unused or message.at > due(self.order, self.order.counts_until(at), "reply"):
                continue
            if was:
                self._advised.get(key, set()).discard(was)
            else:
                self._sent_at[key].remove(at)
            self._write(unused[0], at)
            del self._taken[key]
            # It may have been yet another, if this one turns out to have a message of its own.
            self._taken[unused[0][0]] = at, unused[0][1], unused[1:]
            return True
        return False

    def _is_unused(self, due: _Due, at: datetime) -> bool:
        key, advice = due
        if advice:
            return advice not in self._advised.get(key, ())
        return all(each < at for each in self._sent_at.get(key, ()))

    def is_due(self, meant: Meant, message: MessageAccepted) -> bool:
        """Say whether a message may be one that comes without news."""
        return self._due(meant, message) is not None

    def is_still_due(self, meant: Meant, message: MessageAccepted) -> bool:
        """Say whether a message may be "still with us", rather than advice."""
        due = self._due(meant, message)
        return due is not None and not due[1]

    def is_of_another_crime(self, meant: Meant, message: MessageAccepted) -> bool:
        """Say whether such a message is due, but only of another crime than the one it names."""
        due = self._due(meant, message)
        return due is not None and self.register.current(due[0][1]) != self.register.current(
            meant.crime_reference
        )

    def is_early(self, meant: Meant, message: MessageAccepted) -> bool:
        """Say whether such a message is due, but not yet if the days count from all that came."""
        key, advice = self._due(meant, message) or (None, "")
        if key is None:
            return False
        crime = self.register.crimes[key[1]]
        if advice or self._unsent_advice(key, crime, message.at):
            return False
        victim = crime.victims[key[0]]
        days = victim.record.update_frequency_days or self.order.journey.still_with_us_days
        came = [*self._sent_at.get(key, [])[-1:], self._advised_at.get(key)]
        return any(each and message.at < each + timedelta(days=days) for each in came)

    def fell_due(self, meant: Meant, message: MessageAccepted, since: datetime) -> bool:
        """Say whether a message that comes without news is due, and was not before `since`."""
        due = self._due(meant, message)
        if due is None:
            return False
        (_person_id, crime_reference, _channel), _advice = due
        turned_at = self.register.crimes[crime_reference].turned_at
        # Of a case that was over until then nothing was due.
        is_open_anew = turned_at is not None and turned_at > since
        return is_open_anew or self._due(meant, structs.replace(message, at=since)) is None

    def moved(self, person_id: str, crime_reference: str, channel: str) -> None:
        """Let advice go once more: the victim has another address for this channel."""
        self._advised.pop((person_id, crime_reference, channel), None)

    def _due(self, meant: Meant, message: MessageAccepted) -> _Due | None:
        """Find what a message without news most likely is; None when none is due."""
        return next(iter(self._all_due(meant, message)), None)

    def _all_due(self, meant: Meant, message: MessageAccepted) -> list[_Due]:
        """List what a message without news may be, the most likely first.

        It is for the person, or for one whose record was merged into theirs.
        """
        due: list[_Due] = []
        for person_id in self.register.persons.read_by(meant.person_id):
            reader = structs.replace(meant, person_id=person_id)
            for crime_reference in self._crimes_of(reader):
                key = (person_id, crime_reference, message.channel)
                if (advice := self._advice_if_due(key, message.at)) is not None:
                    due.append((key, advice))
        return due

    def _crimes_of(self, meant: Meant) -> list[str]:
        """List the crimes of a person that a message may be about, the most likely first.

        What is due first is most likely sent first, and of the crime in which another goes on.
        """
        about = sorted(
            self.register.crimes_of(meant.person_id),
            key=lambda each: (
                self.register.crimes[each].gone == "merged",
                self.register.crimes[each].recorded.recorded_at,
            ),
        )
        is_of_all = self.register.recorded.is_of_a_person(meant.event_id)
        # A new crime may bring details by which a person is invited to their other crimes too.
        may_be_others = self.register.recorded.may_open_others(
            meant.event_id
        ) or self.register.recorded.may_bring_details(meant.event_id, meant.person_id)
        if meant.event_id and not (is_of_all or may_be_others):
            *chain, goes_on = self.register.goes_on_as(meant.crime_reference)
            # An event of a crime that was merged for a time was told where it went on; one of the
            # crime that it goes on as again may be about either.
            was_parted = any(
                self.register.crimes[each].unmerged_at is not None
                for each in (meant.crime_reference, *about)
                if each in self.register.crimes and self.register.current(each) == goes_on
            )
            others = about if was_parted else []
            if goes_on not in self.register.crimes:
                # Until the portal knows that one, the case goes on as the one before.
                others = [*reversed(chain), *others]
            about = [meant.crime_reference, goes_on, *others]
        elif meant.event_id and not is_of_all:
            about = [meant.crime_reference, *about]
        return list(dict.fromkeys(about))

    def _advice_if_due(self, key: _Key, at: datetime) -> str | None:
        """Give the advice that is due in one crime, "" for "still with us"; None for nothing."""
        person_id, crime_reference, _channel = key
        crime = self.register.crimes.get(crime_reference)
        if crime is None or self.order.phase_at(at) < 2 or person_id not in crime.victims:
            return None
        if not self._goes_on(crime) or crime.victims[person_id].exclusion:
            return None
        if self._still_with_us(key, crime, at):
            return ""
        return self._unsent_advice(key, crime, at) or None

    def _goes_on(self, crime: KnownCrime) -> bool:
        """Say whether a case is open; a merged one is, while the crime it goes on as is."""
        if crime.gone != "merged":
            return not crime.is_over
        into = self.register.crimes.get(self.register.current(crime.recorded.crime_reference))
        return into is None or (into.gone != "merged" and self._goes_on(into))

    def _still_with_us(self, key: _Key, crime: KnownCrime, at: datetime) -> bool:
        """Say whether "still with us" is due: the agreed days after the last word.

        The weekly limit or an outage may have delayed the last. The next may then come sooner after
        it, as long as no more came than the agreed days since the news allow, or since they were
        agreed.
        """
        person_id, crime_reference, _channel = key
        recorded_at = crime.recorded.recorded_at
        news_at = self.history.news_at.get((person_id, crime_reference), recorded_at)
        sent = [each for each in self._sent_at.get(key, []) if each > news_at]
        victim = crime.victims[person_id]
        agreed_all, before = [victim.record.update_frequency_days], victim.frequency_before
        agreed_at = before[1] if before is not None else None
        # What was on its way as another was agreed waits for a place in the week, and the morning.
        until = self.history.planned_by(person_id, agreed_at) if agreed_at is not None else None
        if before is not None and (until is None or at <= until):
            agreed_all.append(before[0])
        records = self.register.persons.whole(person_id)
        if len(records) > 1:
            # What was agreed in one record of a person may hold for all of theirs.
            agreed_all += [self.register.record_of(e).update_frequency_days for e in records]
        for agreed in agreed_all:
            days = timedelta(days=agreed or self.order.journey.still_with_us_days)
            earliest = min(max([news_at, *sent]) + days, news_at + days * (len(sent) + 1))
            if agreed_at is not None:
                # What was on its way then belongs to what had been agreed before.
                later = [each for each in sent if until is not None and each > until]
                # The last that waited for a place may have been due up to a week before.
                has_room = self.history.ledger.week.has_room(person_id, agreed_at, ()) == agreed_at
                last = max([news_at, *(each for each in sent if each <= agreed_at)])
                since = max(news_at, last if has_room else min(last, agreed_at - _WEEK))
                earliest = min(earliest, since + days * (len(later) + 1))
            if at >= day_of(earliest)[0]:
                return True
        return False

    def _unsent_advice(self, key: _Key, crime: KnownCrime, at: datetime) -> str:
        advice = self.order.journey.advice_for.get(crime.recorded.offence_subgroup, "")
        is_new = advice not in self._advised.get(key, ())
        return advice if is_new and at >= self.history.advice_due_at(crime) else ""
