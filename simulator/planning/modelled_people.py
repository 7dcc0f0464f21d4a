"""Victims and officers around the modelled portal: they do what those of a rehearsal do.

Every draw is the same function of the person, what they do and what it follows from, so the same
victim with the same message acts at the same second in both.
"""

from collections import Counter
from collections.abc import Callable
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from simulator.planning import modelled_portal
from simulator.planning.agenda import DELIVERY, Agenda
from simulator.planning.cases import NEVER, Case, CaseEvent, Message, Question
from simulator.planning.contact_routes import OWN, TEXT
from simulator.planning.message_times import DAY, WEEK
from simulator.planning.modelled_portal import DIED, ModelledPortal
from simulator.population.access_needs import AccessNeeds
from simulator.rehearsal.full_volume import (
    ToldRow,
    call_chance,
    is_too_many,
    messages_of_week,
    refusal,
)
from simulator.rehearsal.officer_behaviour import CALL_BACK, CallBackTasks, OfficerBehaviour
from simulator.rehearsal.officers_time import OfficersTime
from simulator.rehearsal.postings import Postings
from simulator.rehearsal.simulated_victims import VictimBehaviour
from simulator.rehearsal.task_ledger import TaskLedger
from simulator.rehearsal.trust import Trust
from simulator.rehearsal.worries import (
    ENDS,
    OF_SILENCE,
    TOO_MANY,
    UNTOLD,
    Worries,
    WorryParameters,
    may_be_calmed,
)
from simulator.streams import PART, Occasions
from simulator.world.integration import IntegrationFaults

_CHANNELS = ("text", "email")
#: What the portal does not show a victim.
_NO_NEWS = frozenset({"OfficerUnavailable", modelled_portal.ENDS, DIED})
#: A task: of which row, which kind, and which of them it is.
Occasion: TypeAlias = tuple[int, str, int]
_OPENS_SECONDS_MAX = 14 * DAY
_WRITES_FROM_PHASE = 3


class CrimeSystem:
    """Records what happens, and hands it over: at once, or late where the rollout says so.

    `note_news` is called with each event's crime, type and occasion.
    """

    def __init__(
        self,
        agenda: Agenda,
        portal: ModelledPortal,
        faults: IntegrationFaults,
        draws: Occasions,
        *,
        note_news: Callable[[Case, str, str], None],
    ) -> None:
        self._agenda = agenda
        self._portal = portal
        self._note_news = note_news
        self._late = faults.late.value
        self._late_minutes = faults.late_minutes_mean.value
        self._draws = draws

    def record(self, case: Case, event: CaseEvent) -> None:
        """Record an event now. It is news, unless an officer must tell it first, or is away."""
        kind, what, _at = event
        number = case.count(what)
        occasion = f"{what} {number}"
        now = self._agenda.now
        is_told_first = kind == "CrimeClosed" and case.is_told_ends_in_person
        if not (is_told_first or kind in _NO_NEWS):
            case.news_at = now
        if kind == DIED:
            case.has_died = True
        self._note_news(case, kind, occasion)
        # Milestones alone are news of something else than their type.
        delivered = case.count(f"delivered {kind}") if kind == "MilestoneReached" else number
        about = f"{case.reference}{PART}{kind}{PART}{delivered}"
        # An event that comes twice changes nothing.
        if self._draws.uniform_of(f"late{PART}{about}") < self._late:
            minutes = self._draws.exponential(self._late_minutes, f"minutes late{PART}{about}")
            self._agenda.at(
                now + int(60 * minutes) + 1, self._portal.receive, (case, event, occasion)
            )
        else:
            self._agenda.last_of_all(self._portal.receive, (case, event, occasion), DELIVERY)


class ModelledVictims:
    """Who registers, reads, worries, asks and rings. `rang` has one entry a worry.

    `of_too_many` has the moments at which too many messages may worry, by row: when, and which of
    `worries`. The others are planned by the run.

    `registered`, `visits` and `codes_by_text` count after the warm-up. Without `trust` everybody
    trusts every message.
    """

    def __init__(
        self,
        agenda: Agenda,
        portal: ModelledPortal,
        worries: Worries,
        of_too_many: dict[int, list[tuple[int, int]]],
        behaviour: VictimBehaviour,
        worry: WorryParameters,
        needs: AccessNeeds,
        draws: Occasions,
        *,
        trust: Callable[[], Trust] | None,
    ) -> None:
        self._agenda = agenda
        self._portal = portal
        self._behaviour = behaviour
        self._new_trust = trust
        self._trust: Trust | None = None
        self._reads_update = (behaviour.reads_update.value * needs.reads()).tolist()
        self._asks_help = needs.rings().tolist()
        self._worry = worry
        self._draws = draws
        self._may_be_calmed = may_be_calmed(worries, worry).tolist()
        self._looks = (worries.looks < worry.looks_at_portal_first.value).tolist()
        self._finds = (worries.answered < worry.finds_answer.value).tolist()
        self._is_content = (worries.answered < worry.content_without_news.value).tolist()
        self._asks = (worries.asks < worry.asks_officer_instead.value).tolist()
        self._cause: list[int] = worries.cause.tolist()
        self._needs: list[float] = worries.needs.tolist()
        self._of_too_many = of_too_many
        self._arises: list[bool] = worries.arises.tolist()
        self.rang: NDArray[np.bool_] = worries.arises.copy()
        self.told: list[ToldRow] = []
        self.registered = 0
        self.visits = 0
        self.codes_by_text = 0
        self.questions: list[Question] = []
        #: Called with the row of a victim who rings.
        self.rings: Callable[[int], None] = lambda _row: None
        portal.reads = self.get

    def meet_new_people(self) -> None:
        """Forget what those who are done with were told: the next have nothing to do with them."""
        if self._new_trust is not None:
            self._trust = self._new_trust()

    def note_news(self, case: Case, event_type: str, occasion: str) -> None:
        """Note that an event was recorded, which the portal may tell of as `occasion`.

        A victim whom an officer has told has heard; one without the portal hears anyway.
        """
        if event_type == "VictimContacted" and case.heard_at != NEVER:
            case.heard_at = self._agenda.now
        if self._trust is not None:
            is_answer = event_type == "OfficerReplied"
            news = (case.row, occasion)
            self._trust.note_news(case.row, news, self._agenda.now, is_answer=is_answer)

    def get(self, case: Case, message: Message) -> None:
        """Get a message: act on it later, or ring because of it."""
        notice, row, trust = message.notice, case.row, self._trust
        sender = _CHANNELS[message.channel]
        is_invitation = notice == "invitation"
        told = f"{'invitation' if is_invitation else ''} {message.occasion} {sender}"
        occasion = f"{told} {case.count(told)}"
        is_new, now = case.registered_at == NEVER, self._agenda.now
        if not is_new:
            case.heard_at = now
        if notice == "reply":
            _note_answer(case, now)
        surplus = is_too_many(case.told_at, now, self._worry)
        if surplus:
            self._plan_worries(case, now)
        # A victim who trusts it too little does not follow its link.
        if trust is not None and not trust.see(
            row, (row, message.occasion), sender, now, is_too_many=surplus
        ):
            pass
        elif is_invitation:
            if case.would_register and is_new:
                self._act_later(case, occasion, is_first=True)
        elif not is_new and (
            self._draws.uniform_of(f"{row}{PART}reads{PART}{occasion}") < self._reads_update[row]
        ):
            self._act_later(case, occasion, is_first=False)
        is_exposed = is_new and not is_invitation
        other = self._asks_help[row]
        if trust is not None:
            other += trust.chance_of_call(row)
        # As a rule nothing makes them ring: then there is no chance to reckon.
        chance = other
        if is_exposed:
            chance = call_chance(self._worry, is_new=True, other_chance=other)
        rings = (
            bool(chance) and self._draws.uniform_of(f"{row}{PART}rings{PART}{occasion}") < chance
        )
        if rings:
            self.rings(row)
            if trust is not None:
                trust.hear_that_it_is_genuine(row)
        self.told.append((now, row, is_exposed, rings, surplus, other, is_invitation, False))

    def _plan_worries(self, case: Case, now: int) -> None:
        """Plan what too many messages may make of the next week: before them it makes nothing."""
        waiting = self._of_too_many.get(case.row, [])
        while waiting and waiting[0][0] <= now + WEEK:
            at, index = waiting.pop(0)
            if at >= now:
                self._agenda.at(at, self.worry_once, (case, index))

    def worry_once(self, case: Case, index: int) -> None:
        """Worry, if there is cause, and perhaps ring; of who has died the family does."""
        if case.has_died:
            return
        self._worry_once(case, index)
        if self.rang[index]:
            self.rings(case.row)

    def _worry_once(self, case: Case, index: int) -> None:
        """Worry, if there is cause. A victim who has registered may look before ringing."""
        now = self._agenda.now
        if not self._is_cause(case, index):
            self.rang[index] = False
            return
        self.rang[index] = True
        if self._may_be_calmed[index] and self._has_read_news(case):
            self.rang[index] = False
            return
        if (
            not self._would_look(case, index)
            or case.registered_at == NEVER
            or not self._comes_in(case)
        ):
            return
        has_news = _has_news(case)
        self._read(case)
        if self._finds[index] if has_news else self._is_content[index]:
            self.rang[index] = False
        elif self._portal.phase_at(now) >= _WRITES_FROM_PHASE and self._asks[index]:
            self._ask(case)
            self.rang[index] = False

    def _is_cause(self, case: Case, index: int) -> bool:
        """Say whether a worry arises, as `arises_with_portal` does of one of a rehearsal's."""
        cause, needs = self._cause[index], self._needs[index]
        if cause == TOO_MANY:
            told_at = case.told_at
            return len(told_at) > needs and messages_of_week(told_at, self._agenda.now) > needs
        if cause == UNTOLD and not any(each in case.times for each in ENDS):
            return False
        if cause in OF_SILENCE and case.heard_at != NEVER:
            return self._agenda.now - case.heard_at > needs
        return self._arises[index]

    def _would_look(self, case: Case, index: int) -> bool:
        """Say whether a worried victim would look at the portal before they ring."""
        looks: bool = self._looks[index]
        if self._trust is not None:
            if self._cause[index] in OF_SILENCE:
                self._trust.wait_in_vain(case.row)
            looks = looks and not self._trust.is_low(case.row)
        return looks

    def _has_read_news(self, case: Case) -> bool:
        """Return whether the victim has read news lately: there is nothing to worry about yet."""
        since = self._agenda.now - case.read_news_at
        return case.read_news_at != NEVER and since < self._worry.calm_days.value * DAY

    def _act_later(self, case: Case, occasion: str, *, is_first: bool) -> None:
        hours = self._draws.exponential(
            self._behaviour.opens_hours_mean.value, f"{case.row}{PART}opens{PART}{occasion}"
        )
        wait = min(int(3600 * hours) + 30, _OPENS_SECONDS_MAX)
        when = self._agenda.now + wait
        if is_first:
            is_in_time = wait < self._portal.invitation_seconds
            self._agenda.at(when, self._register, (case, occasion, is_in_time))
        else:
            self._agenda.at(when, self._visit, (case, occasion))

    def _register(self, case: Case, occasion: str, is_in_time: bool) -> None:  # noqa: FBT001
        if case.registered_at != NEVER or case.has_died:
            return
        # The link of an invitation leads nowhere once it has run out. The code may go to another
        # person, whose phone the force wrote down.
        leads_in = is_in_time and self._comes_in(case)
        if not leads_in or case.routes[case.code_channel] != OWN:
            self._is_refused(case, occasion)
        else:
            case.registered_at = self._agenda.now
            self.registered += self._agenda.is_counted
            self._read(case)

    def _visit(self, case: Case, occasion: str) -> None:
        if case.has_died:
            return
        if not self._comes_in(case):
            self._is_refused(case, occasion)
            return
        self._read(case)
        if self._portal.phase_at(self._agenda.now) >= _WRITES_FROM_PHASE and (
            self._draws.uniform(case.row, "asks", occasion) < self._behaviour.asks_on_visit.value
        ):
            self._ask(case)

    def _is_refused(self, case: Case, occasion: str) -> None:
        """Have a sign-in refused: some ring because of it."""
        drawn = self._draws.uniform(case.row, "cannot sign in", occasion)
        rings = drawn < self._worry.refused_sign_in_makes_call.value
        self.told.append(refusal(self._agenda.now, case.row, rings=rings))

    def _comes_in(self, case: Case) -> bool:
        """Sign in, by a code that is one more message; nobody can while the portal is down."""
        if case.is_merged or self._portal.is_down():
            return False
        if self._agenda.is_counted:
            self.visits += 1
            self.codes_by_text += case.code_channel == TEXT
        return True

    def _read(self, case: Case) -> None:
        now = self._agenda.now
        if self._portal.phase_at(now) >= _WRITES_FROM_PHASE:
            _note_answer(case, now)
        if _has_news(case):
            case.read_news_at = now
        case.looked_at = case.heard_at = now

    def _ask(self, case: Case) -> None:
        if self._portal.takes_question(case):
            question = Question(self._agenda.now)
            case.questions.append(question)
            self.questions.append(question)
            if self._trust is not None:
                self._trust.note_question(case.row, self._agenda.now)
            self._portal.take_question(case)


class ModelledOfficers:
    """Officers who take the portal's tasks in turn, in their shifts, among their other work."""

    def __init__(
        self,
        agenda: Agenda,
        portal: ModelledPortal,
        crime_system: CrimeSystem,
        behaviour: OfficerBehaviour,
        postings: Postings,
        time: OfficersTime,
        *,
        draws: Occasions,
    ) -> None:
        self._agenda = agenda
        self._crime_system = crime_system
        self._behaviour = behaviour
        self._postings = postings
        self._time = time
        self._draws = draws
        self._calls: Counter[int] = Counter()
        self.tasks: Counter[str] = Counter()
        self.call_back_tries = 0
        self.call_back_minutes = 0.0
        self.ledger = TaskLedger()
        portal.asks_officer = self.take

    def take(self, case: Case, kind: str) -> None:
        """Do a task in turn; one for which the victim must be reached then, and if it succeeds."""
        self.tasks[kind] += self._agenda.is_counted
        occasion = (case.row, kind, case.count(f"asked for {kind}"))
        if kind == "victim_question":
            done = self._spend(case.row, self._behaviour.task_minutes.value)
            self.ledger.take(occasion, kind, done)
            self._agenda.at(done, self._do, (case, occasion))
            return
        behaviour = self._behaviour
        hours_median, succeeds = {
            "contact_details": (behaviour.mend_hours_median, behaviour.mends_details),
            "sensitive_contact": (behaviour.speak_hours_median, behaviour.speaks_to_victim),
        }[kind]
        normal = self._draws.normal(*occasion, "is reached")
        when = self._agenda.now + int(3600 * behaviour.hours_until_reached(hours_median, normal))
        is_done = self._draws.uniform(*occasion, "succeeds") < succeeds.value
        self.ledger.take(occasion, kind, when)
        self._agenda.at(when, self._work_on, (case, occasion, is_done))

    def taking_calls(self, call_backs: CallBackTasks | None) -> Callable[[int], None]:
        """Give what is to be done about a victim who rings, by row: nothing where it is no task."""
        if call_backs is None:
            return lambda _row: None
        return lambda row: self.take_call(row, call_backs)

    def take_call(self, row: int, call_backs: CallBackTasks) -> None:
        """Have an update call: of some the handler leaves a task, to try to ring the victim back.

        It takes the officer's time as a question does. The victim has spoken to the handler, so it
        tells them nothing here.
        """
        self._calls[row] += 1
        occasion = (row, CALL_BACK, self._calls[row])
        if self._draws.uniform(*occasion, "leaves a task") >= call_backs.share:
            return
        self.tasks[CALL_BACK] += self._agenda.is_counted
        self.ledger.left_by_calls += 1
        self.ledger.take(occasion, CALL_BACK, self._agenda.now)
        self._ring_back(occasion, call_backs, 1)

    def _ring_back(self, call_back: Occasion, call_backs: CallBackTasks, number: int) -> None:
        """Try to ring a victim back, in turn; where nobody picks up, again later, or give up."""
        row, agenda = call_back[0], self._agenda
        drawn = self._draws.uniform(*call_back, f"picks up try {number}")
        is_picked_up = drawn < call_backs.picked_up
        minutes = call_backs.minutes_of(is_picked_up=is_picked_up)
        done = self._spend(row, minutes)
        self.ledger.tries += 1
        if agenda.is_counted:
            self.call_back_tries += 1
            self.call_back_minutes += minutes
        if is_picked_up or number == call_backs.tries:
            self.ledger.go_on(call_back, done)
            agenda.at(done, self.ledger.end, (call_back, "reached" if is_picked_up else "given up"))
        else:
            again = done + int(3600 * call_backs.again_hours)
            self.ledger.go_on(call_back, again)
            agenda.at(again, self._ring_back, (call_back, call_backs, number + 1))

    def _work_on(self, case: Case, task: Occasion, is_done: bool) -> None:  # noqa: FBT001  from the agenda
        """Do a task in turn, now that its victim was reached or could not be."""
        done = self._spend(case.row, self._behaviour.task_minutes.value)
        self.ledger.go_on(task, done)
        if is_done:
            self._agenda.at(done, self._do, (case, task))
        else:
            self._agenda.at(done, self.ledger.end, (task, "not reached"))

    def _spend(self, row: int, minutes: float) -> int:
        """Work on a task of so many minutes in turn; give when it is done."""
        now = self._agenda.now
        return self._time.done_at(self._postings.works(row, now), now, minutes)

    def _do(self, case: Case, task: Occasion) -> None:
        now, kind = self._agenda.now, task[1]
        if kind == "victim_question":
            self.ledger.end(task, "answered")
            waiting = next((each for each in case.questions if each.replied_at == NEVER), None)
            if waiting is not None:
                waiting.replied_at = now
            self._crime_system.record(case, CaseEvent("OfficerReplied", "OfficerReplied", now))
        elif kind == "sensitive_contact":
            self.ledger.end(task, "told")
            self._crime_system.record(case, CaseEvent("VictimContacted", "VictimContacted", now))
        elif case.details_differ:
            self.ledger.end(task, "put right")
            case.details_differ = False
            changed = CaseEvent("VictimDetailsChanged", "VictimDetailsChanged", now)
            self._crime_system.record(case, changed)
        else:
            self.ledger.end(task, "right already")


def _has_news(case: Case) -> bool:
    """Return whether something was shown since the victim last looked."""
    return case.looked_at == NEVER or case.news_at > case.looked_at


def _note_answer(case: Case, now: int) -> None:
    """Note which questions the victim has a reply to now: told of it, or reading it."""
    for each in case.questions:
        if each.replied_at != NEVER and each.answered_at == NEVER:
            each.answered_at = now
