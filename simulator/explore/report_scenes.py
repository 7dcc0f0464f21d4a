"""Draws reports that are no crime yet, of people about whom something is particular.

Before any crime of theirs is recorded, with or without a crime that follows, or with news of them
that the portal hears by the report alone. Each scene has a draw of its own.
"""

from datetime import datetime, timedelta
from typing import Any

from msgspec import structs

from simulator.explore import steps as told
from simulator.explore.cast import differently
from simulator.explore.contract_limits import LIMITS
from simulator.explore.force_drawing import OTHER_MARKERS
from simulator.explore.scene_steps import SceneSteps, scene_about

_DAY, _HOUR = 86_400, 3_600
_LATE = (0, 0, 0, 60, _DAY, 3 * _DAY)
#: How many reports that come first have a marker.
_MARKED = 0.3
#: How often the portal is told later, by an event of its own, what the report brought.
_TOLD_LATER = 0.6
#: Fields that a report may lack, each by itself.
_BLANK: tuple[dict[str, Any], ...] = (
    {"given_name": ""},
    {"family_name": ""},
    {"born": None},
    {"mobile_phone": ""},
    {"email": ""},
    {"safe_to_contact": None},
)


class ReportScenes(SceneSteps):
    """Draws scenes of reports."""

    def first(self, person: str) -> None:
        """Have a person report something before any crime; of some reports none is recorded."""
        known = (*self.order.eligibility.safeguarding_exclusions, *OTHER_MARKERS)
        markers = (self.draw.choice(known),) if self.draw.random() < _MARKED else ()
        self._reports(person, safeguarding=markers, happened_seconds_ago=self.draw.choice(_LATE))

    @scene_about(SceneSteps.a_crime)
    def brings_news(self, crime: str) -> None:
        """Have a report bring what is new of a person, which comes by itself later or never."""
        people = self.so_far.crimes[crime].people
        able = [each for each in people if not self.force.is_taken_for_another(each)]
        if not able:
            return
        person = self.draw.choice(able)
        record = structs.replace(self.force.records[person], **self._news(person))
        self._pause(60, _HOUR)
        changed = told.ChangeDetails(
            person=person, record=record, carriage="held back", **self._event(crime)
        )
        if not self.so_far.allows(changed):
            return
        self.force.records[person] = record
        self.add(changed)
        self._pause(1, 60)
        self._reports(person)
        self.add(self.force.step())
        self._pause(2 * _HOUR, _DAY, 10 * _DAY)
        if changed.event in self.so_far.held_back and self.draw.random() < _TOLD_LATER:
            self._sends(changed.event)

    def _reports(self, person: str, **changes: Any) -> None:
        usual = {"safeguarding": (), "carriage": "at once", "happened_seconds_ago": 0}
        report = structs.replace(self.force.report(), person=person, **{**usual, **changes})
        self.add(report)
        self._pause(60, _HOUR, _DAY)
        becomes = self.draw.choice(("nothing yet", "no crime", "a crime", "another crime"))
        if becomes == "no crime":
            self.add(self.force.close_report(report))
        crime = self.force.record_crime()
        if "crime" in becomes and becomes != "no crime" and isinstance(crime, told.RecordCrime):
            reference = report.crime if becomes == "a crime" else crime.crime
            one = {"people": (person,), "roles": ("victim",), "crime": reference}
            self.add(structs.replace(crime, force=report.force, **one))
        self._pause(60, _HOUR)

    def _news(self, person: str) -> dict[str, Any]:
        record, own = self.force.records[person], self.force.people[person]
        days = LIMITS["update_frequency_days"]
        kinds: list[dict[str, Any]] = [
            *_BLANK,
            {"safe_to_contact": record.safe_to_contact is not True},
            {"preferred_channels": self.draw.choice((("text",), ("email",), ("email", "text")))},
            {"safe_channel": self.draw.choice(("text", "email")), "safe_until": None},
            {"safe_channel": self.draw.choice(("text", "email")), "safe_until": self._soon()},
            {"enhanced_rights": not record.enhanced_rights},
            {"update_frequency_days": self.draw.choice((None, days.least, days.most))},
            {"has_died": not record.has_died},
            {"is_suspect_in_linked_crime": not record.is_suspect_in_linked_crime},
            {"is_police_employee": True, "is_restricted": self.draw.choice((None, True, False))},
            {"is_restricted": record.is_restricted is not True},
        ]
        if record.told_instead is None:
            kinds += [{"who_is_told": "nobody"}, {"other_phone": own.phone, "mobile_phone": ""}]
        else:
            kinds += [{"told_instead": differently(record.told_instead, self.draw)}] * 8
        return self.draw.choice(kinds)

    def _soon(self) -> datetime:
        return self.now + timedelta(seconds=self.draw.choice((_HOUR, 2 * _DAY)))
