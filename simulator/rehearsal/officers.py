"""What officers do with a portal's tasks: answer, correct contact details, speak to victims.

Update calls leave them some more: to try to ring a victim back.

A task is done by who has the crime in the force's records then, or by a colleague while they are
away. It takes its turn among the work of their crimes, as `OfficersTime` has it. They write notes
to each other that no victim may see. Where a share of the crimes is followed, so is that share of
officers.
"""

from collections import Counter
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial

from msgspec import structs

from reference.contract.events import OfficerReplied, VictimDetailsChanged, VictimRecord
from reference.contract.messages import Task
from simulator.files.checked_toml import Amount, Share
from simulator.rehearsal.officer_behaviour import CALL_BACK, CallBackTasks, OfficerBehaviour
from simulator.rehearsal.officers_time import OfficersTime
from simulator.rehearsal.postings import Postings
from simulator.rehearsal.simulated_victims import SimulatedVictims
from simulator.rehearsal.task_ledger import TaskLedger
from simulator.streams import Occasions
from simulator.world.world import World

#: The tasks on which an officer spends time here.
OFFICER_TASKS = ("victim_question", "contact_details", "sensitive_contact")
_RIGHT_ALREADY = "right already"


class Officers:
    """The officers who take the tasks of one portal."""

    def __init__(
        self,
        world: World,
        victims: SimulatedVictims,
        postings: Postings,
        time: OfficersTime,
        *,
        behaviour: OfficerBehaviour,
        draws: Occasions,
        call_backs: CallBackTasks | None = None,
    ) -> None:
        self._world = world
        self._victims = victims
        self._postings = postings
        self._time = time
        self._behaviour = behaviour
        self._draws = draws
        self._minutes = behaviour.task_minutes.value
        self._tasks: Counter[tuple[int, str]] = Counter()
        self._replies = 0
        self._corrected: dict[str, VictimRecord] = {}
        self._calls: Counter[int] = Counter()
        self.ledger = TaskLedger()
        world.on_task(self._take)
        if call_backs is not None:
            victims.rings = partial(self._take_call, call_backs)

    def _take(self, task: Task) -> None:
        behaviour = self._behaviour
        if task.kind == "victim_question":
            done = self._spend(self._victims.row_of(task.crime_reference), self._minutes)
            self.ledger.take(task.key, task.kind, done.timestamp())
            self._act_at(done, lambda: self._end(task, self._answer))
        elif task.kind == "contact_details":
            self._reach(
                task, behaviour.mend_hours_median, self._correct_details, behaviour.mends_details
            )
        elif task.kind == "sensitive_contact":
            self._reach(task, behaviour.speak_hours_median, self._speak, behaviour.speaks_to_victim)
        else:
            self.ledger.take(task.key, task.kind, self._world.now.timestamp())
            self.ledger.end(task.key, "handed over")

    def _take_call(self, call_backs: CallBackTasks, row: int) -> None:
        """Have an update call: of some the handler leaves a task, to try to ring the victim back.

        It takes its turn and time among the officer's tasks. The victim has spoken to the handler,
        so it tells them nothing here.
        """
        self._calls[row] += 1
        occasion = (row, CALL_BACK, self._calls[row])
        if self._draws.uniform(*occasion, "leaves a task") >= call_backs.share:
            return
        self.ledger.left_by_calls += 1
        self.ledger.take(occasion, CALL_BACK, self._world.now.timestamp())
        self._ring_back(occasion, call_backs, 1)

    def _ring_back(
        self, call_back: tuple[int, str, int], call_backs: CallBackTasks, number: int
    ) -> None:
        """Try to ring a victim back, in turn; where nobody picks up, again later, or give up."""
        drawn = self._draws.uniform(*call_back, f"picks up try {number}")
        is_picked_up = drawn < call_backs.picked_up
        minutes = call_backs.minutes_of(is_picked_up=is_picked_up)
        done = self._spend(call_back[0], minutes)
        self.ledger.tries += 1
        if is_picked_up or number == call_backs.tries:
            how = "reached" if is_picked_up else "given up"
            self.ledger.go_on(call_back, done.timestamp())
            self._act_at(done, lambda: self.ledger.end(call_back, how))
        else:
            again = done + timedelta(seconds=int(3600 * call_backs.again_hours))
            self.ledger.go_on(call_back, again.timestamp())
            self._act_at(again, lambda: self._ring_back(call_back, call_backs, number + 1))

    def _reach(
        self, task: Task, hours_median: Amount, act: Callable[[Task], str], succeeds: Share
    ) -> None:
        """Wait until the victim can be reached; then do the task in turn, and perhaps succeed."""
        row = self._victims.row_of(task.crime_reference)
        self._tasks[row, task.kind] += 1
        occasion = (row, task.kind, self._tasks[row, task.kind])
        normal = self._draws.normal(*occasion, "is reached")
        hours = self._behaviour.hours_until_reached(hours_median, normal)
        when = self._world.now + timedelta(seconds=int(3600 * hours))
        is_done = self._draws.uniform(*occasion, "succeeds") < succeeds.value
        self.ledger.take(task.key, task.kind, when.timestamp())
        self._act_at(when, lambda: self._work_on(task, row, act if is_done else _is_not_reached))

    def _work_on(self, task: Task, row: int, act: Callable[[Task], str]) -> None:
        done = self._spend(row, self._minutes)
        self.ledger.go_on(task.key, done.timestamp())
        self._act_at(done, lambda: self._end(task, act))

    def _end(self, task: Task, act: Callable[[Task], str]) -> None:
        self.ledger.end(task.key, act(task))

    def _spend(self, row: int, minutes: float) -> datetime:
        """Work for so many minutes once what came before is done; give when this is done."""
        now = self._seconds()
        done = self._time.done_at(self._postings.works(row, now), now, minutes)
        return self._world.clock.start + timedelta(seconds=done)

    def _seconds(self) -> int:
        return self._world.clock.seconds(self._world.now)

    def _act_at(self, when: datetime, act: Callable[[], None]) -> None:
        self._world.clock.at(when, lambda: None if self._world.is_over else act())

    def _answer(self, task: Task) -> str:
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
                officer=self._postings.replies(row, self._seconds()),
                replied_at=self._world.now,
            )
        )
        self._victims.note_news(row, event_id, "OfficerReplied")
        return "answered"

    def _correct_details(self, task: Task) -> str:
        """Write down the victim's real phone number and email address, if they have changed.

        Where the victim has another record that is right, the officer leaves it at that.
        """
        row = self._victims.row_of(task.crime_reference)
        victim = self._victims.records.recorded_as(task.person_id)
        if self._victims.records.is_right_elsewhere(task.person_id):
            return _RIGHT_ALREADY
        corrected = structs.replace(
            victim.record,
            mobile_phone=victim.known.mobile_phone,
            other_phone="",
            email=victim.known.email,
        )
        if corrected == self._corrected.get(victim.person_id, victim.record):
            return _RIGHT_ALREADY
        self._corrected[victim.person_id] = corrected
        self._victims.records.note_corrected(corrected)
        event_id = self._world.crime_system.record(
            VictimDetailsChanged(crime_reference=task.crime_reference, victim=corrected)
        )
        self._victims.note_news(row, event_id, "VictimDetailsChanged")
        return "put right"

    def _speak(self, task: Task) -> str:
        """Tell a victim in person how their case ended, and record the contact."""
        event_id = self._world.crime_system.note_contact(task.crime_reference, task.person_id)
        row = self._victims.row_of(task.crime_reference)
        self._victims.note_news(row, event_id, "VictimContacted")
        return "told"


def _is_not_reached(_task: Task) -> str:
    return "not reached"
