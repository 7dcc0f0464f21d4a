"""A portal as a model: what it sends, to whom and when, and what it asks of officers.

It keeps to the order alone and to one victim at a time, without a database or pages. On the same
events the reference portal sends the same at the same second: `against_portal.py` shows it.
"""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple

from simulator.inputs.order import Order
from simulator.planning.agenda import AUTOMATIC, PEOPLE, SENDING, Agenda
from simulator.planning.cases import NEVER, Case, CaseEvent, Message, Planned
from simulator.planning.contact_routes import EMAIL, NOBODYS, OTHERS, OWN, TEXT
from simulator.planning.message_times import DAY, WEEK, MessageTimes

_PACED_FROM_PHASE = 2
_COUNTED = frozenset({"update", "advice", "still_with_us"})
_STALE_SECONDS = 7 * DAY
#: Some seconds after a message that nobody gets, the gateway says so: 2 to 59, here the mean.
_RECEIPT_SECONDS = 30
_RETRY_SECONDS = (5, 60, 300, 900, 3600)
_NO_LIMIT = 2**62
#: The record was cancelled, or its victim may not be told any longer; or the victim has died.
ENDS = "CrimeCancelled"
DIED = "the victim dies"
_GONE = frozenset({"CrimeMerged", ENDS, DIED})


class Outage(NamedTuple):
    """From and until when the portal is down, in seconds."""

    begins: int
    ends: int


@dataclass
class Sent:
    """When each message was sent, and how many of each kind.

    `queued` are the messages that were to go, and `raised` the tasks, by kind. After the warm-up
    also how many texts, and whose messages went to other people, by row.
    """

    at: list[int] = field(default_factory=list)
    notices: Counter[str] = field(default_factory=Counter)
    astray: set[int] = field(default_factory=set)
    texts: int = 0
    queued: int = 0
    raised: Counter[str] = field(default_factory=Counter)


class ModelledPortal:
    """One portal. It raises tasks by `asks_officer`, and `reads` is called with what a victim gets.

    Times are seconds after `start`.
    """

    def __init__(
        self,
        order: Order,
        times: MessageTimes,
        agenda: Agenda,
        *,
        start: datetime,
        outages: Sequence[Outage] = (),
    ) -> None:
        self._order = order
        self._times = times
        self._agenda = agenda
        self._go_live = [
            int((order.go_live_at(each) - start).total_seconds()) for each in (1, 2, 3)
        ]
        self._told = {each.event: each for each in reversed(order.triggers)}
        self._outages = outages
        #: How long the link of an invitation leads in.
        self.invitation_seconds = order.sign_in.invitation_days * DAY
        self.sent = Sent()
        self.asks_officer: Callable[[Case, str], None] = lambda _case, _kind: None
        self.reads: Callable[[Case, Message], None] = lambda _case, _message: None

    # What the portal is told and asked.

    def phase_at(self, at: int) -> int:
        """Find the phase that is live; 0 before the first."""
        first, second, third = self._go_live
        # Asked for so often that it asks nobody, the last phase first: plans are mostly in it.
        return 3 if at >= third else 2 if at >= second else 1 if at >= first else 0

    def is_down(self) -> bool:
        """Say whether the portal is down now."""
        return any(each.begins <= self._agenda.now < each.ends for each in self._outages)

    def receive(self, case: Case, event: CaseEvent, occasion: str, attempt: int = 0) -> None:
        """Take an event; one that comes before its crime waits for it.

        `occasion` is what it is told as, the same in every scenario.
        """
        if self._outages and self.is_down():
            wait = _RETRY_SECONDS[min(attempt, len(_RETRY_SECONDS) - 1)]
            again = (case, event, occasion, attempt + 1)
            self._agenda.at(self._agenda.now + wait, self.receive, again)
        elif event.type == "CrimeRecorded":
            self._open(case, occasion)
            early, case.early = case.early, []
            for each in early:
                self._take(case, *each)
        elif case.is_known:
            self._take(case, event, occasion)
        else:
            case.early.append((event, occasion))

    def takes_question(self, case: Case) -> bool:
        """Say whether a question about this case is taken now, by an officer or by the court."""
        status = case.status
        if case.held_closure != NEVER and status == "closed":
            status = case.told_status
        if status in {"open", "charged"}:
            return not case.is_merged
        limits = self._order.two_way
        days = limits.takes_questions_days(may_review=case.may_review)
        return status == "closed" and self._agenda.now < case.decided_at + days * DAY

    def take_question(self, case: Case) -> None:
        """Take a question: it is a task for an officer."""
        self._ask_officer(case, "victim_question")

    def _ask_officer(self, case: Case, kind: str) -> None:
        self.sent.raised[kind] += 1
        self.asks_officer(case, kind)

    # What the portal makes of an event.

    def _open(self, case: Case, occasion: str) -> None:
        case.is_known = True
        if case.is_blank:
            self._ask_officer(case, "contact_details")
            return
        self._ask_for_details(case)
        self._invite(case, occasion)

    def _take(self, case: Case, event: CaseEvent, occasion: str) -> None:
        if case.is_blank:
            self._take_untold(case, event)
        elif (
            event.type == "MilestoneReached" and event.what in self._order.catalogue.switched_off
        ) or case.is_merged:
            pass
        elif event.type == "VictimDetailsChanged":
            self._change_details(case, occasion)
        elif event.type == "VictimContacted":
            self._release(case, event, occasion)
        elif event.type in _GONE:
            was_told = case.invited_at != NEVER or any(e.state == "sent" for e in case.messages)
            self._end(case)
            # Who was told nothing needs not hear that it is over.
            if event.type == ENDS and was_told:
                self._ask_officer(case, "sensitive_contact")
        elif event.type == "CrimeClosed" and case.is_told_ends_in_person:
            self._close_in_person(case, event, occasion)
        else:
            self._progress(case, event, occasion)

    def _take_untold(self, case: Case, event: CaseEvent) -> None:
        """Ask an officer to tell an end to a victim whom it may not be safe to contact."""
        _change(case, event)
        is_end = event.type == "CrimeClosed" and case.status == "closed"
        if event.type == "VictimContacted":
            case.contacted_at = max(case.contacted_at, event.at)
        elif is_end and self._announces(event) is not None and case.contacted_at < event.at:
            self._ask_officer(case, "sensitive_contact")

    def _end(self, case: Case) -> None:
        """End a case that is cancelled, or goes on as another crime, where none follows it."""
        case.is_merged, case.status, case.planned = True, "merged", None
        for each in case.messages:
            if each.state == "waiting":
                each.state = "gone"

    def _progress(self, case: Case, event: CaseEvent, occasion: str) -> None:
        was_live, decision = case.is_live, case.decision
        _change(case, event)
        is_held = case.is_live and self._holds(case, event)
        is_unaware = False
        if case.decision != decision:
            # A victim who never heard that the case ended is not told that it goes on.
            is_unaware = (
                event.type == "CrimeReopened"
                and case.held_closure != NEVER
                and not case.is_told_an_end
            )
            case.held_closure = NEVER
        if not is_unaware:
            _show(case, event)
        if is_unaware:
            self._plan_from(case, self._agenda.now)
        elif (was_live or case.is_live) and not is_held:
            self._tell(case, event, occasion)

    def _holds(self, case: Case, event: CaseEvent) -> bool:
        """Hold back a milestone that an officer tells first, and ask for it."""
        if (
            event.type == "MilestoneReached"
            and case.has_enhanced_rights
            and event.what in self._order.sensitive_milestones.enhanced_rights
            and self._announces(event) is not None
            and case.contacted_at < event.at
        ):
            case.held_milestones.append(event)
            self._ask_officer(case, "sensitive_contact")
            return True
        return False

    def _close_in_person(self, case: Case, event: CaseEvent, occasion: str) -> None:
        decision = case.decision
        _change(case, event)
        if case.decision != decision:
            case.held_closure = NEVER
        if case.contacted_at >= event.at:
            _show(case, event)
            if case.is_live:
                self._tell(case, event, occasion)
        elif case.decision == ("closed", event.at):
            case.held_closure = event.at
            if case.status == "closed":
                self._ask_officer(case, "sensitive_contact")
                self._overtake(case, is_over=True)

    def _release(self, case: Case, event: CaseEvent, occasion: str) -> None:
        """Tell what was held back until an officer had spoken to the victim."""
        case.contacted_at = max(case.contacted_at, event.at)
        told = [each for each in case.held_milestones if each.at <= case.contacted_at]
        case.held_milestones = [
            each for each in case.held_milestones if each.at > case.contacted_at
        ]
        if case.held_closure == NEVER or case.held_closure > event.at:
            if told and case.is_live:
                self._tell(case, told[-1], occasion)
            return
        closed = CaseEvent("CrimeClosed", "CrimeClosed", case.held_closure)
        case.held_closure = NEVER
        _show(case, closed)
        self._tell(case, closed, occasion)
        self._plan(case, self._agenda.now, occasion)

    def _change_details(self, case: Case, occasion: str) -> None:
        """Take the true details, and invite a victim there who has not signed in."""
        had = {(each, case.route(each)) for each in case.channels}
        case.mend()
        has = {(each, case.route(each)) for each in case.channels}
        moved: list[int] = []
        if case.registered_at == NEVER and not (had and had <= has):
            moved = [each for each in case.channels if (each, OWN) not in case.invited_to]
        if case.is_live:
            self._ask_for_details(case)
            self._plan_from(case, case.last_news_at)
            if case.invited_at == NEVER:
                self._invite(case, occasion)
            else:
                for channel in moved:
                    self._announce_on(case, channel, "invitation", occasion, self._agenda.now)
        if self.phase_at(self._agenda.now) >= _PACED_FROM_PHASE:
            self._use_free_places(case)

    def _ask_for_details(self, case: Case) -> None:
        for _problem in range(case.problems()):
            self._ask_officer(case, "contact_details")

    # What the portal tells.

    def _announces(self, event: CaseEvent) -> str | None:
        """Find how an event is announced in this phase, if at all."""
        trigger = self._told.get(event.type)
        if trigger is None or trigger.phase > self.phase_at(self._agenda.now):
            return None
        return trigger.announces

    def _invite(self, case: Case, occasion: str) -> None:
        if case.invited_at != NEVER or "CrimeRecorded" not in self._told:
            return
        if not (case.is_live and case.channels):
            return
        now = self._agenda.now
        notice = "invitation" if case.registered_at == NEVER else "update"
        self._announce(case, notice, occasion, now)
        case.invited_at = now
        # Advice that they had they may have had at addresses that are not theirs.
        case.was_advised = False
        self._plan(case, now, occasion)

    def _tell(self, case: Case, event: CaseEvent, occasion: str) -> None:
        notice = self._announces(event)
        if notice is None:
            return
        if case.invited_at == NEVER:
            self._invite(case, occasion)
            # To a crime that has left the portal nobody is invited: they are told that.
            if case.invited_at != NEVER or case.is_live:
                return
        now = self._agenda.now
        if self.phase_at(now) >= _PACED_FROM_PHASE:
            self._overtake(case, is_over=case.status != "open")
        # An appointment is news from when it is told, not from when it was made.
        happened_at = now if event.type == "AppointmentMade" else min(event.at, now)
        self._announce(case, notice, occasion, happened_at)
        self._plan(case, now, occasion)

    def _announce(self, case: Case, notice: str, occasion: str, happened_at: int) -> None:
        for channel in case.channels:
            self._announce_on(case, channel, notice, occasion, happened_at)

    def _announce_on(
        self, case: Case, channel: int, notice: str, occasion: str, happened_at: int
    ) -> None:
        """Queue a message, or let one that waits tell of this too."""
        now = self._agenda.now
        due, is_held = now, False
        is_paced = notice in _COUNTED and self.phase_at(now) >= _PACED_FROM_PHASE
        if is_paced:
            due, is_held = self._paced(case, channel, notice, happened_at)
        goes_at = self._times.send_at(due)
        waiting = _waiting(case, channel, notice)
        if waiting is None:
            counts = notice in _COUNTED
            waiting = Message(notice, channel, occasion, goes_at, happened_at, is_held, counts)
            case.messages.append(waiting)
            self.sent.queued += 1
            self._agenda.at(goes_at, self._send, (case, waiting), SENDING)
        else:
            waiting.occasion = occasion
            waiting.happened_at = min(waiting.happened_at, happened_at)
            if notice == "update" and is_paced and waiting.due > goes_at:
                self._send_at(case, waiting, goes_at)
        if is_held and notice == "update":
            self._put_off(case, channel)

    def _paced(self, case: Case, channel: int, notice: str, happened_at: int) -> tuple[int, bool]:
        """Find when a message of phase 2 may go, and whether the weekly limit holds it back."""
        now, times = self._agenda.now, self._times
        due = now + times.bundle_seconds
        is_held, goes_at = False, due
        if len(case.messages) >= times.per_week_max:
            goes_at = times.with_room(due, _counted(case, channel, now))
            is_held = goes_at > due
        if notice == "update":
            told_by = times.told_by(happened_at, is_enhanced=case.has_enhanced_rights)
            goes_at = max(now, min(goes_at, told_by))
        return goes_at, is_held

    def _put_off(self, case: Case, channel: int) -> None:
        """Let what waits, with a place in the week or without, wait longer: news went above it.

        News waits no longer than until it must be told.
        """
        now, times = self._agenda.now, self._times
        for each in _in_order(case, channel):
            counted = _counted(case, channel, now)
            counted.remove(each.due)
            before = [at for at in counted if at <= each.due]
            wanted = times.with_room(each.due, before)
            if each.notice == "update":
                told_by = times.told_by(each.happened_at, is_enhanced=case.has_enhanced_rights)
                wanted = min(wanted, told_by)
            self._send_at(case, each, max(each.due, times.send_at(wanted)))

    def _overtake(self, case: Case, *, is_over: bool) -> None:
        """Take back a waiting "still with us" as there is news, and advice when a case ends."""
        kinds = {"still_with_us", "advice"} if is_over else {"still_with_us"}
        found = [each for each in case.messages if each.state == "waiting" and each.notice in kinds]
        for each in found:
            each.state = "gone"
        if found:
            self._use_free_places(case)

    def _use_free_places(self, case: Case) -> None:
        """Send earlier what the weekly limit holds back, if what was to go before it will not."""
        now, times = self._agenda.now, self._times
        earliest = now + times.bundle_seconds
        for channel in (TEXT, EMAIL):
            held_back = [each for each in _in_order(case, channel) if each.is_held]
            # What comes later takes no place from what waits longer.
            counted = _counted(case, channel, now, but=held_back)
            for each in held_back:
                goes_at = times.send_at(times.with_room(earliest, counted))
                if goes_at < each.due:
                    self._send_at(case, each, goes_at)
                counted.append(each.due)

    def _send_at(self, case: Case, message: Message, at: int) -> None:
        if at != message.due:
            message.due = at
            self._agenda.at(at, self._send, (case, message), SENDING)

    # What is due.

    def _plan(self, case: Case, news_at: int, occasion: str) -> None:
        """Note when a victim last had news, and plan the next automatic message."""
        case.last_news_at, case.last_occasion = news_at, occasion
        self._plan_next(case, news_at)

    def _plan_from(self, case: Case, since: int) -> None:
        if case.invited_at != NEVER:
            self._plan_next(case, since)

    def _plan_next(self, case: Case, news_at: int) -> None:
        case.planned = None
        if case.status != "open":
            return
        journey = self._order.journey
        at, kind = news_at + journey.still_with_us_days * DAY, "still_with_us"
        if case.has_advice and not case.was_advised:
            advice_at = case.recorded_at + journey.advice_after_days * DAY
            if advice_at <= at:
                at, kind = advice_at, "advice"
        agenda, when = self._agenda, max(at, self._go_live[1])
        case.planned = planned = Planned(at, kind, when)
        watched = case.watched
        if watched is None or not agenda.now < watched.when <= when:
            case.watched = planned
            agenda.at(when, self._send_automatic, (case, planned), AUTOMATIC)
        # Most of the others are overtaken by news: each takes a place among what is due only when
        # the one before it comes up.

    def _send_automatic(self, case: Case, planned: Planned) -> None:
        follows = case.planned
        if case.watched is planned:
            case.watched = None
            if follows is not planned and follows is not None:
                case.watched = follows
                self._agenda.at(follows.when, self._send_automatic, (case, follows), AUTOMATIC)
        if follows is not planned:
            return
        now = self._agenda.now
        if self._outages and self.is_down():
            self._agenda.at(self._is_back(), self._send_automatic, (case, planned), AUTOMATIC)
            return
        if case.status != "open":
            case.planned = None
            return
        case.was_advised |= planned.kind == "advice"
        news_at = case.last_news_at
        # Advice that is a week late is of no use.
        if not (planned.kind == "advice" and now - planned.at > _STALE_SECONDS):
            self._announce(case, planned.kind, case.last_occasion, now)
            news_at = now
        self._plan(case, news_at, case.last_occasion)

    def _is_back(self) -> int:
        now = self._agenda.now
        return max(each.ends for each in self._outages if each.begins <= now < each.ends)

    def _send(self, case: Case, message: Message) -> None:
        """Send a message that is due; one to an address that nobody has comes back."""
        now = self._agenda.now
        if message.state != "waiting" or message.due != now:
            return
        if self._outages and self.is_down():
            # It was due at a time at which it may go; when the portal is back it may not.
            self._send_at(case, message, self._times.send_at(self._is_back()))
            return
        route = case.route(message.channel)
        if route < OWN:
            message.state = "gone"
            return
        message.state = "sent"
        self.sent.at.append(now)
        self.sent.notices[message.notice] += 1
        self.sent.texts += message.channel == TEXT and self._agenda.is_counted
        if message.notice == "invitation":
            case.invited_to.add((message.channel, route))
        if route == OWN:
            if not case.has_died:
                self.reads(case, message)
        elif route == OTHERS:
            if self._agenda.is_counted:
                self.sent.astray.add(case.row)
        elif route == NOBODYS:
            after = now + _RECEIPT_SECONDS
            self._agenda.at(after, self._come_back, (case, message), PEOPLE)

    def _come_back(self, case: Case, message: Message) -> None:
        """Stop an address that does not work, and ask an officer for another.

        The gateway says so again and again until the portal is there to hear it.
        """
        if self._outages and self.is_down():
            self._agenda.at(self._is_back(), self._come_back, (case, message), PEOPLE)
            return
        if case.routes[EMAIL] == NOBODYS and not case.is_email_stopped:
            case.is_email_stopped = True
            self._ask_for_details(case)
        is_unreachable = case.registered_at == NEVER and not case.channels
        if message.notice == "invitation" and is_unreachable:
            case.invited_at = NEVER


def _change(case: Case, event: CaseEvent) -> None:
    """Note what begins or ends a case. A late, older fact undoes no newer one."""
    kind, at = event.type, event.at
    if kind in {"OutcomeRecorded", "CrimeClosed"}:
        if at >= case.decided_at:
            case.decided = "closed" if kind == "CrimeClosed" else "charged"
            case.decided_at = at
    elif kind == "CrimeReopened":
        case.reopened_at = max(case.reopened_at, at)
    elif kind == "CrimeTransferred":
        case.transferred_at = max(case.transferred_at, at)
    else:
        return
    if case.transferred_at > case.reopened_at:
        case.status = "transferred"
    else:
        case.status = case.decision[0] or "open"


def _show(case: Case, event: CaseEvent) -> None:
    """Note what the victim can read of how the case stands."""
    if event.type in {"OutcomeRecorded", "CrimeClosed", "CrimeReopened"}:
        case.told_status = {"OutcomeRecorded": "charged", "CrimeClosed": "closed"}.get(
            event.type, "open"
        )
        case.is_told_an_end |= event.type != "CrimeReopened"


def _waiting(case: Case, channel: int, notice: str) -> Message | None:
    """Find the last such message that waits."""
    for each in reversed(case.messages):
        if each.state == "waiting" and each.notice == notice and each.channel == channel:
            return each
    return None


def _counted(case: Case, channel: int, now: int, but: Sequence[Message] = ()) -> list[int]:
    """List when the messages that count to the weekly limit, `but` some, went or will go."""
    return [
        each.due
        for each in case.messages
        if each.counts
        and each.channel == channel
        and each.state != "gone"
        and each.due > now - WEEK
        and each not in but
    ]


def _in_order(case: Case, channel: int) -> list[Message]:
    """List what waits and counts to the weekly limit, in order."""
    waiting = [
        each
        for each in case.messages
        if each.state == "waiting" and each.counts and each.channel == channel
    ]
    return sorted(waiting, key=lambda each: each.due)
