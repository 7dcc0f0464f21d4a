"""Draws a scene of records that the force merges: one person's, or two people's by mistake.

There is news before, in the time of the merger, and after it is taken back. A draw of its own
chooses the few stories with such a scene, so all others stay as they were drawn.
"""

from typing import Any

from msgspec import structs

from reference.contract.events import Channel
from simulator.explore import steps as told
from simulator.explore.scene_steps import SceneSteps
from simulator.explore.words import QUESTIONS

_DAY = 86_400
#: What may happen to the crime of one of the two.
_NEWS = ("_deploy", "_allocate", "milestone", "_make_appointment", "_close", "_charge", "reply_in")
#: What may be said of one of the two before they are merged.
_SAID = ("nothing", "nothing", "nothing", "STOP", "choice", "disowned", "unsafe")
_CHANNELS: tuple[tuple[Channel, ...], ...] = ((), ("email",), ("text",))
_CARRIAGES: tuple[told.Carriage, ...] = ("at once", "at once", "at once", "held back", "twice")


class PersonMergerScenes(SceneSteps):
    """Draws one such scene."""

    def merged(self, person: str, survivor: str, third: str = "") -> None:
        """Have two records with a crime each be merged, and mostly taken apart again.

        A `third` may have been merged into the first of them before: what is taken apart is a
        chain then, and it goes with that.
        """
        crimes = [self._crime_of(each) for each in (survivor, person, third) if each]
        if "" in crimes:
            return
        if self.draw.random() < 0.25:
            self._record([survivor, person])
        self._pause(3_600, _DAY)
        for label in (survivor, person):
            if self.draw.random() < 0.6:
                self._comes_in(label, "link")
        self._says_no(person, survivor)
        self._news(crimes)
        if third:
            self._merge(third, person, crimes[2])
            self._news(crimes)
        self._merge(person, survivor, crimes[1])
        self._news(crimes)
        if self.draw.random() < 0.4:
            # The force knows of both by now.
            self._write(survivor, crimes[0])
            self._pause(1, 3_600)
            self._news(crimes)
        self._read_and_write(survivor, person, crimes[-1])
        self._news(crimes)
        if self.draw.random() < 0.6:
            self._take_back(person, survivor, crimes, crimes[1])
            if third and self.draw.random() < 0.5:
                self._take_back(third, person, crimes, crimes[2])

    def _merge(self, person: str, survivor: str, crime: str) -> None:
        merge = told.MergePersons(person=person, survivor=survivor, **self._carried(crime))
        self.add(merge)
        self._pause(1, 60, 3_600)
        self._send(merge.event)

    def _take_back(self, person: str, survivor: str, crimes: list[str], crime: str) -> None:
        self._pause(1, 3_600, _DAY)
        unmerge = told.UnmergePersons(person=person, **self._carried(crime))
        self.add(unmerge)
        self._pause(1, 60, 3_600)
        self._send(unmerge.event)
        for label in (survivor, person):
            if self.draw.random() < 0.5:
                self.add(told.UseSession(person=label))
        self._news(crimes)
        self._read_and_write(survivor, person, crime)
        self._comes_in(person, "text")

    def _read_and_write(self, survivor: str, person: str, crime: str) -> None:
        self._pause(3_600, _DAY)
        if self.draw.random() < 0.8:
            self._comes_in(survivor, self.draw.choice(("link", "text", "email")))
            if self.draw.random() < 0.5:
                words = self.draw.choice(QUESTIONS)
                self.add(told.Ask(person=survivor, crime=crime, text=words))
            if self.draw.random() < 0.3:
                self.add(told.WithdrawSupport(person=survivor, crime=crime))
        if self.draw.random() < 0.5:
            self.add(told.UseSession(person=person))
            self.add(told.FollowLink(person=person))
        if self.draw.random() < 0.3:
            self._comes_in(person, "text")

    def _says_no(self, person: str, survivor: str) -> None:
        label = self.draw.choice((person, survivor))
        match self.draw.choice(_SAID):
            case "STOP":
                self.add(told.TextBack(person=label, words="STOP"))
            case "choice":
                channels = self.draw.choice(_CHANNELS)
                self.add(told.ChooseChannels(person=label, channels=channels))
            case "disowned":
                self.add(told.SayNotForMe(person=label, channel="text"))
            case "unsafe":
                self._write(label, self._crime_of(label), safe_to_contact=False)
        self._pause(60, 3_600)

    def _write(self, label: str, crime: str, **changes: Any) -> None:
        record = structs.replace(self.force.records[label], **changes)
        self.force.records[label] = record
        self.add(told.ChangeDetails(person=label, record=record, **self._event(crime)))

    def _news(self, crimes: list[str]) -> None:
        for _news in range(self.draw.choice((0, 1, 1, 2))):
            self.add(self.force.step_of(self.draw.choice(_NEWS), self.draw.choice(crimes)))
            self._pause(1, 60, 3_600, _DAY)

    def _crime_of(self, label: str) -> str:
        so_far = self.so_far
        own = [
            each
            for each in so_far.crimes_of(label)
            if label in so_far.crimes[each].own_victims and not so_far.crimes[each].gone
        ]
        if not own:
            self._record([label])
            own = [each for each in so_far.crimes_of(label) if not so_far.crimes[each].gone]
        return own[-1] if own else ""

    def _record(self, labels: list[str]) -> None:
        crime = self.force.record_crime()
        if isinstance(crime, told.RecordCrime):
            roles = ("victim",) * len(labels)
            these = {"people": tuple(labels), "roles": roles, "safeguarding": ()}
            self.add(structs.replace(crime, carriage="at once", **these))

    def _carried(self, crime: str) -> dict[str, Any]:
        carriage, ago = self.draw.choice(_CARRIAGES), self.draw.choice((0, 0, 0, 60))
        return {**self._event(crime), "carriage": carriage, "happened_seconds_ago": ago}

    def _send(self, event: str) -> None:
        if event in self.so_far.held_back and self.draw.random() < 0.7:
            self.add(told.SendHeldBack(event=event))
            self._pause(1, 3_600)
