"""Draws scenes in which one field of an event decides what a victim may be told or shown.

Most fields decide only together with what happens around them: who decided an ending, where it is
read; when something happened, where its message waits. Each story that has such a scene draws it
apart: the rest of the story stays as it is drawn.
"""

from typing import Any

from msgspec import structs

from reference.contract.events import ClosingOutcome, Milestone
from simulator.explore import steps as told
from simulator.explore.force_drawing import BODY, BODY_CONTACT, TAKEN_OVER
from simulator.explore.scene_steps import SceneSteps, scene_about
from simulator.explore.words import REPLIES
from simulator.judge.text.data_about_others import holds_others_data

_HOUR, _DAY = 3_600, 86_400
#: After these the police may review a decision of their own (Victims' Right to Review).
_REVIEWED: tuple[ClosingOutcome, ...] = (9, 10, 11, 12, 13, 15, 15, 17)
#: After these nobody reviews it, or another body deals with the case.
_NOT_REVIEWED: tuple[ClosingOutcome, ...] = (14, 18, 20, 20, 21)


class FieldScenes(SceneSteps):
    """Draws scenes that one field decides."""

    @scene_about(SceneSteps.told_of_a_crime)
    def checked_reply(self, victim: str, crime: str) -> None:
        """Have an officer send what may be another's data as checked: at first, or again."""
        record = self.force.records[victim]
        text = self.draw.choice([each for each in REPLIES if holds_others_data(each, record)])
        if self.draw.random() < 0.5:
            self.add(told.Reply(person=victim, text=text, **self._event(crime)))
            self.wait(_HOUR)
        self.add(told.Reply(person=victim, text=text, checked=True, **self._event(crime)))
        self._reads(victim, 2 * _HOUR)

    @scene_about(SceneSteps.told_of_a_crime)
    def rights_at_the_end(self, victim: str, crime: str) -> None:
        """Have a case end by a known decision about a suspect, and its victim read of it."""
        outcome = self.draw.choice((*_REVIEWED, *_NOT_REVIEWED))
        is_taken_over = outcome == TAKEN_OVER
        self.add(
            told.Close(
                outcome=outcome,
                decided_by=self.draw.choice(("police", "police", "police", "CPS")),
                interviewed=self.draw.choice((True, True, True, False)),
                to_body=BODY if is_taken_over else "",
                to_body_contact=BODY_CONTACT if is_taken_over else "",
                **self._event(crime),
            )
        )
        self.wait(2 * _HOUR)
        self.add(told.NoteContact(person=victim, **self._event(crime)))
        self._reads(victim, 2 * _HOUR)

    @scene_about(SceneSteps.told_as_standard)
    def recorded_late_in_a_full_week(self, victim: str, crime: str) -> None:
        """Have news wait in a full week that happened days before it was recorded."""
        self.come_in(victim)
        self._fills_the_week(crime)
        event = {**self._event(crime), "happened_seconds_ago": self.draw.choice((3, 4)) * _DAY}
        milestone: Milestone = self.draw.choice(("suspect_arrested", "suspect_interviewed"))
        is_charge = self.phase < 2 or self.draw.random() < 0.5
        reached = told.ReachMilestone(milestone=milestone, **event)
        self.add(told.Charge(**event) if is_charge else reached)
        self.wait(10 * _DAY)

    def merged_again(self) -> None:
        """Have a merger of a victim's crimes taken back, or made again, with one recorded late.

        Whether one who joins a crime by a merger is told so again, nobody has decided.
        """
        chosen = self._to_merge(self._likely_told()[:1])
        if not chosen:
            return
        victim, crime, into = chosen
        is_again = self.draw.random() < 0.5
        self.wait(2 * _HOUR)
        if is_again:
            self.add(told.Merge(into=into, **self._event(crime)))
        self.wait(3 * _DAY)
        turns: list[told.Merge | told.Unmerge] = [
            told.Merge(into=into, **self._event(crime)),
            told.Unmerge(**self._event(crime)),
        ]
        for ago, turn in zip((2, 1), reversed(turns) if is_again else turns, strict=True):
            self.add(structs.replace(turn, happened_seconds_ago=ago * _DAY))
            self.wait(_HOUR)
        self._deploys(into if is_again else crime, 2 * _HOUR)
        self._reads(victim)

    @scene_about(SceneSteps.told_of_a_crime)
    def forbidden_by_details(self, victim: str, crime: str) -> None:
        """Have the force write of a victim who was told what forbids to tell them, and go on."""
        changes: dict[str, Any] = self.draw.choice(
            (
                {"is_police_employee": True, "is_restricted": None},
                {"role": "witness"},
                {"role": "reporter"},
            )
        )
        self.wait(_HOUR)
        self._writes(crime, victim, **changes)
        # Their part in one crime says nothing of the others.
        record = self.force.records[victim]
        self.force.records[victim] = structs.replace(record, role="victim")
        self.wait(2 * _HOUR)
        self._deploys(crime, _DAY)
        self._reads(victim)

    @scene_about(SceneSteps.told_of_a_crime)
    def reported_how_often(self, victim: str, crime: str) -> None:
        """Have a report say how often a victim is told, and, after news, none come for as long."""
        self.come_in(victim)
        days = self.draw.choice((2, 7))
        self._reports(victim, crime, update_frequency_days=days)
        # Whether a report alone begins the time anew is not looked at.
        self.wait(_HOUR)
        self._deploys(crime, (days + 9) * _DAY)
        self._reads(victim)

    def recorded_before_it_was_live(self) -> None:
        """Have a crime come that was recorded just before the portal went live, or just after."""
        likely = self._likely_told()
        step = self.force.record_crime()
        if not likely or not isinstance(step, told.RecordCrime):
            return
        ago = int((self.now - self.order.go_live_at(1)).total_seconds())
        ago += self.draw.choice((1, _HOUR, _DAY, -1))
        if ago <= 0:
            return
        self._records(step, likely[0], happened_seconds_ago=ago)
        self.wait(2 * _HOUR)
        self._deploys(step.crime, _DAY)
        self._reads(likely[0])

    def _reports(self, victim: str, crime: str, **changes: Any) -> None:
        """Have a record of a victim come first with a report, and by itself never."""
        record = structs.replace(self.force.records[victim], **changes)
        changed = self.force.details(crime, victim, record)
        if not self.so_far.allows(changed):
            return
        self.force.records[victim] = record
        self.add(structs.replace(changed, carriage="held back", happened_seconds_ago=0))
        self.wait(60)
        self._now(structs.replace(self.force.report(), person=victim, safeguarding=()))
