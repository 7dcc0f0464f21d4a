"""What officers do with a portal's tasks: answer, correct contact details, speak to victims.

Each officer does one task at a time, in their shifts, beside other work. They write notes to each
other that no victim may see. Where a share of the crimes is followed, so is that share of officers.
"""

from collections import Counter
from collections.abc import Callable
from datetime import datetime, timedelta
from math import exp

from msgspec import structs

from reference.contract.events import OfficerReplied, VictimDetailsChanged, VictimRecord
from reference.contract.messages import Task
from simulator.files.checked_toml import Amount, Share, Strict
from simulator.rehearsal.casework import Casework
from simulator.rehearsal.rosters import LEAVE_SHARE_MAX, Roster, Shifts
from simulator.rehearsal.simulated_victims import SimulatedVictims
from simulator.streams import Streams
from simulator.world.world import World

HOURS_MAX = 24 * 60
_DAYS_A_YEAR = 365.25
_CASELOAD_MIN = 1
#: The tasks on which an officer spends time here.
OFFICER_TASKS = ("victim_question", "contact_details", "sensitive_contact")


class OfficerBehaviour(Strict, frozen=True, kw_only=True):
    """How long officers take, how much they can do, and how often they succeed.

    `caseload` is the crimes that one is given in a year. A task takes `task_minutes` of the
    `share_of_shift` that is left for victims' tasks. `shifts` and `leave` say when they work.
    """

    answer_hours_median: Amount
    answer_spread: Amount
    mends_details: Share
    mend_hours_median: Amount
    speaks_to_victim: Share
    speak_hours_median: Amount
    named: Share
    caseload: Amount
    task_minutes: Amount
    share_of_shift: Share
    leave: Share
    shifts: Shifts

    def __post_init__(self) -> None:
        if self.caseload.value < _CASELOAD_MIN:
            raise ValueError(f"caseload is {self.caseload.value}; give {_CASELOAD_MIN} or more")
        if not self.share_of_shift.value:
            raise ValueError("share_of_shift is 0: nobody would be answered; give more than 0")
        if self.leave.value > LEAVE_SHARE_MAX:
            raise ValueError(f"leave is {self.leave.value}; give at most {LEAVE_SHARE_MAX}")

    def number_of_officers(self, crimes: int, days: float) -> int:
        """Say how many officers so many crimes, recorded in so many days, are shared out among."""
        return max(1, round(crimes / max(days, 1) * _DAYS_A_YEAR / self.caseload.value))

    def share_used(self, tasks: float, officers: int, weeks: float) -> float:
        """Give the share that tasks take of the time that so many officers have for them."""
        cycle = self.shifts.cycle
        hours_a_day = sum(ends - begins for begins, ends in filter(None, cycle)) / len(cycle)
        hours = officers * 7 * weeks * hours_a_day * (1 - self.leave.value)
        return tasks * self.task_minutes.value / 60 / (hours * self.share_of_shift.value)


class Officers:
    """The officers who take the tasks of one portal: `number` of them, by their crimes' rows."""

    def __init__(
        self,
        world: World,
        casework: Casework,
        victims: SimulatedVictims,
        *,
        name: str,
        behaviour: OfficerBehaviour,
        number: int,
        streams: Streams,
    ) -> None:
        self._world = world
        self._casework = casework
        self._victims = victims
        self._behaviour = behaviour
        self._number = number
        self._draws = streams.of_occasions(f"{name}: officers")
        self._roster = Roster(behaviour.shifts, behaviour.leave, self._draws)
        self._free_at: dict[int, datetime] = {}
        self._tasks: Counter[tuple[int, str]] = Counter()
        self._replies = 0
        self._corrected: dict[str, VictimRecord] = {}
        world.on_task(self._take)

    def _take(self, task: Task) -> None:
        behaviour = self._behaviour
        if task.kind == "victim_question":
            self._turn_to(task, behaviour.answer_hours_median, self._answer)
        elif task.kind == "contact_details":
            self._turn_to(
                task, behaviour.mend_hours_median, self._correct_details, behaviour.mends_details
            )
        elif task.kind == "sensitive_contact":
            self._turn_to(
                task, behaviour.speak_hours_median, self._speak, behaviour.speaks_to_victim
            )

    def _turn_to(
        self,
        task: Task,
        hours_median: Amount,
        act: Callable[[Task], None],
        succeeds: Share | None = None,
    ) -> None:
        """Let the officer come to a task after other work, do it in turn, and perhaps succeed."""
        row = self._victims.row_of(task.crime_reference)
        self._tasks[row, task.kind] += 1
        occasion = (row, task.kind, self._tasks[row, task.kind])
        spread = self._behaviour.answer_spread.value * self._draws.normal(*occasion, "comes to it")
        hours = min(exp(spread) * hours_median.value, HOURS_MAX)
        is_done = succeeds is None or self._draws.uniform(*occasion, "succeeds") < succeeds.value
        when = self._world.now + timedelta(seconds=int(3600 * hours))
        self._act_at(when, lambda: self._work_on(task, row, act if is_done else None))

    def _work_on(self, task: Task, row: int, act: Callable[[Task], None] | None) -> None:
        """Do a task once the tasks before it are done: an officer does one at a time."""
        officer = row % self._number
        begins = max(self._world.now, self._free_at.get(officer, self._world.now))
        minutes = self._behaviour.task_minutes.value / self._behaviour.share_of_shift.value
        done = self._roster.done_at(officer, begins, timedelta(seconds=int(60 * minutes)))
        self._free_at[officer] = done
        if act is not None:
            self._act_at(done, lambda: act(task))

    def _act_at(self, when: datetime, act: Callable[[], None]) -> None:
        self._world.clock.at(when, lambda: None if self._world.is_over else act())

    def _answer(self, task: Task) -> None:
        """Read what the victim wrote, write a note for colleagues, and reply."""
        self._replies += 1
        reference = task.crime_reference
        row = self._victims.row_of(reference)
        note = f"Reply {self._replies} drafted; named suspect not yet spoken to, do not disclose"
        self._world.crime_system.write_note(reference, note, author="the officer in charge")
        event_id = self._world.crime_system.record(
            OfficerReplied(
                crime_reference=reference,
                person_id=task.person_id,
                reply_id=f"reply-{self._replies:06d}",
                in_reply_to=task.key,
                text=f"Thank you for writing. We are still looking into it. ({self._replies})",
                officer=self._casework.officer(row),
                replied_at=self._world.now,
            )
        )
        self._victims.note_news(row, event_id, "OfficerReplied")

    def _correct_details(self, task: Task) -> None:
        """Write down the victim's real phone number and email address, if they have changed.

        Where the victim has another record that is right, the officer leaves it at that.
        """
        row = self._victims.row_of(task.crime_reference)
        victim = self._victims.records.recorded_as(task.person_id)
        if self._victims.records.is_right_elsewhere(task.person_id):
            return
        corrected = structs.replace(
            victim.record,
            mobile_phone=victim.known.mobile_phone,
            other_phone="",
            email=victim.known.email,
        )
        if corrected == self._corrected.get(victim.person_id, victim.record):
            return
        self._corrected[victim.person_id] = corrected
        self._victims.records.note_corrected(corrected)
        event_id = self._world.crime_system.record(
            VictimDetailsChanged(crime_reference=task.crime_reference, victim=corrected)
        )
        self._victims.note_news(row, event_id, "VictimDetailsChanged")

    def _speak(self, task: Task) -> None:
        """Tell a victim in person how their case ended, and record the contact."""
        event_id = self._world.crime_system.note_contact(task.crime_reference, task.person_id)
        row = self._victims.row_of(task.crime_reference)
        self._victims.note_news(row, event_id, "VictimContacted")
