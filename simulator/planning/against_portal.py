"""Whether the model does what the portal does: the same crimes through both, compared.

The portal is a real one in process, with everything around it as in a rehearsal. Each case is one
victim: when they were invited, every message that reached them, whether they registered, and which
of their worries became calls. In an outage the real portal is stopped, and started again.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import NamedTuple, NoReturn, cast

import numpy as np
from msgspec import structs
from numpy.typing import NDArray

from reference.contract.messages import DeliveryReceipt, Task
from simulator.clock import WorldClock
from simulator.drivers.base import Delivery, Driver, Refused
from simulator.drivers.in_process import InProcessDriver
from simulator.evidence.records import MessageAccepted
from simulator.inputs.target import Target
from simulator.neighbours.gateway.inbox import Accepted
from simulator.planning.cases import Case
from simulator.planning.contact_routes import NOBODYS
from simulator.planning.message_words import MessageWords
from simulator.planning.model_run import (
    LEFT_OUT,
    LEFT_OUT_CHANGES,
    ROUGHLY,
    ModelInput,
    Prepared,
    prepare,
    run_model,
)
from simulator.planning.modelled_portal import Outage
from simulator.population.drama_numbers import NONE
from simulator.rehearsal.full_volume import Told
from simulator.rehearsal.officer_behaviour import CALL_BACK, call_back_tasks
from simulator.rehearsal.officers import OFFICER_TASKS
from simulator.rehearsal.plan import Plan, london_midnight, make_plan, seconds_until
from simulator.rehearsal.portal_run import start_portal
from simulator.rehearsal.preconditions import check_addresses
from simulator.rehearsal.rollout import read_rollout
from simulator.rehearsal.tester_crimes import FollowedCrimes
from simulator.world.world import World, advance_together

_STOPPED = 503
_CHANNELS = ("text", "email")
#: What comes of a receipt, which comes up to a minute after its message: all else is to the second.
SECONDS_APART_MAX = 60


class SentMessage(NamedTuple):
    """One message that a portal sent about a crime: when, how, which, and of what news it tells.

    `names` are those of its words; several where a portal says several things in the same words.
    """

    at: int
    channel: str
    about: str
    names: tuple[str, ...]


class ComparedCase(NamedTuple):
    """One victim: what was sent, to whomever; what reached them; which worries became calls.

    What reached them is when, whether they were new, and whether they rang.
    """

    sent: list[SentMessage]
    reached: list[tuple[int, bool, bool]]
    calls: tuple[bool, ...]


@dataclass(frozen=True)
class Comparison:
    """How many cases were compared, with so many messages and worries, and what differed.

    `messages` reached victims. `kinds` are all that were sent, by channel and words, and
    `to_the_second` are those that both sent at the same second.

    `left_out` names what of the journey is not compared, with why.
    `tasks` are those of officers, by kind: what the portal asked of them, and calls to ring back.
    `refused` counts what was asked of the portal while it was stopped.
    """

    cases: int
    told: int
    messages: int
    kinds: Counter[str]
    to_the_second: int
    worries: int
    rang: int
    tasks: Counter[str]
    refused: int
    differing: list[str]
    left_out: dict[str, str]


class _Sums(NamedTuple):
    """What is compared of all cases together: sign-ups, tasks by kind, codes by channel, tries.

    Those are of officers to ring back.
    """

    registered: int
    tasks: Counter[str]
    codes: Counter[str]
    tries: int


class StoppedPortal:
    """What stands before a portal that is stopped: it refuses, until the portal is back at `ends`.

    The gateway tries a receipt again until somebody takes it: the portal has those on its return.
    """

    def __init__(self, portal: InProcessDriver, ends: datetime) -> None:
        self.capabilities = portal.capabilities
        self.receipts: list[DeliveryReceipt] = []
        self.refused = 0
        self._ends = ends

    def deliver(self, _delivery: Delivery) -> int:
        """Refuse events: the integration tries again."""
        self.refused += 1
        return _STOPPED

    def deliver_receipt(self, receipt: DeliveryReceipt) -> None:
        """Keep a receipt for later."""
        self.receipts.append(receipt)

    def open_invitation(self, _link: str) -> NoReturn:
        """Refuse a victim who follows an invitation."""
        self.refused += 1
        raise Refused(_STOPPED, "Service Unavailable")

    def begin_sign_in(self, _address: str) -> NoReturn:
        """Refuse a victim who signs in."""
        self.refused += 1
        raise Refused(_STOPPED, "Service Unavailable")

    def advance_to(self, _now: datetime) -> datetime:
        """Do nothing, and say when there is something to do again."""
        return self._ends


def compare(path: Path, *, seed: int, cases: int, outages: Sequence[Outage] = ()) -> Comparison:
    """Put so many crimes of a rollout through the portal and through the model.

    `outages` are in seconds after phase 1 goes live.

    No two have a mobile in common: many victims share each of Ofcom's numbers, and at a shared
    number a portal may have to refuse both. The rollout's journey must have no mergers, which the
    model ends.
    """
    rollout = read_rollout(path)
    # Nobody is followed but those compared, whose addresses are checked as in a rehearsal.
    plan = make_plan(rollout, path, seed=seed, fraction=0.0)
    plan.target = _without_incidents(plan.target)
    rows = _apart(plan, cases)
    check_addresses(plan.target, plan.population.casework, rows.tolist())
    followed = np.zeros(len(plan.population.followed), dtype=np.bool_)
    followed[rows] = True
    plan.population = replace(plan.population, followed=followed)
    plan.followed_worries = np.flatnonzero(followed[plan.worries.row])
    live_at = seconds_until(plan.order.go_live.phase_1, plan.population.crimes.start)
    stops = [Outage(live_at + each.begins, live_at + each.ends) for each in outages]
    told, rang, portal, sent, refused = _by_portal(plan, rows, stops)
    modelled: dict[int, list[SentMessage]] = {}
    given = model_input(plan, rows, stops)
    use = run_model(given, ended=partial(_note_sent, modelled))
    model = _Sums(
        use.registered,
        use.tasks,
        +Counter(text=use.codes_by_text, email=use.visits - use.codes_by_text),
        use.call_back_tries,
    )
    apart = _may_differ(given.prepared)
    by_portal = _cases(plan, rows, told, rang, sent)
    by_model = _cases(plan, rows, use.told, use.rang, modelled)
    return Comparison(
        cases=len(rows),
        told=sum(bool(each.reached) for each in by_portal.values()),
        messages=len(told.at_seconds),
        kinds=Counter(
            f"{message.channel} {'/'.join(message.names)}"
            for each in by_portal.values()
            for message in each.sent
        ),
        to_the_second=_same_second(by_portal, by_model),
        worries=len(rang),
        rang=int(rang.sum()),
        tasks=portal.tasks,
        refused=refused,
        left_out=LEFT_OUT | LEFT_OUT_CHANGES | ROUGHLY,
        differing=[
            *(
                f"row {row}: portal {by_portal[row]}, model {by_model[row]}"
                for row in rows.tolist()
                if not is_same(by_portal[row], by_model[row], apart.get(row, 0))
            ),
            *([f"in all: portal {portal}, model {model}"] if portal != model else []),
        ],
    )


def model_input(plan: Plan, rows: NDArray[np.intp], outages: Sequence[Outage] = ()) -> ModelInput:
    """Give the model what a rehearsal's live portal gets."""
    population = plan.population
    start = population.crimes.start
    begins = seconds_until(plan.order.go_live.phase_1, start)
    return ModelInput(
        rollout=plan.rollout,
        order=plan.order,
        prepared=prepare(population, rows, begins, plan.streams),
        registers=population.registers,
        needs=population.access_needs,
        worries=plan.worries[plan.followed_worries],
        start=start,
        begins=begins,
        ends=seconds_until(plan.periods[-1].ends, start),
        streams=plan.streams,
        outages=outages,
        call_backs=call_back_tasks(plan.costs) if plan.costs else None,
    )


def _without_incidents(target: Target) -> Target:
    """Claim no reports of what is no crime yet: the model leaves them out."""
    claimed = tuple(each for each in target.claims.capabilities if each != "incidents")
    return structs.replace(target, claims=structs.replace(target.claims, capabilities=claimed))


def _apart(plan: Plan, cases: int) -> NDArray[np.intp]:
    """Choose crimes recorded once the portal is live, no two of whose victims share a mobile.

    The model tells a victim who was recorded twice once: they are left out.
    """
    population = plan.population
    start = population.crimes.start
    recorded = population.crimes.seconds["CrimeRecorded"]
    first = seconds_until(plan.order.go_live.phase_1, start)
    there = population.crimes.has_individual_victim & (recorded >= first)
    there[list(population.casework.recorded.twice)] = False
    rows = plan.streams.for_("compared").permutation(np.flatnonzero(there))
    mobiles = population.casework.people.mobile[rows]
    has_none = mobiles == NONE
    _numbers, firsts = np.unique(mobiles, return_index=True)
    is_first = np.zeros(len(rows), dtype=np.bool_)
    is_first[firsts] = True
    return np.sort(rows[is_first | has_none][:cases])


def _by_portal(
    plan: Plan, rows: NDArray[np.intp], outages: Sequence[Outage]
) -> tuple[Told, NDArray[np.bool_], _Sums, dict[int, list[SentMessage]], int]:
    clock = WorldClock(plan.population.crimes.start)
    clock.run_to(london_midnight(plan.order.go_live.phase_1))
    with ExitStack() as stack:
        worries = plan.worries[plan.followed_worries]
        followed = FollowedCrimes(rows)
        run = start_portal(plan, "live", plan.order, followed, clock, stack, worries)
        stopped = [_stop_for(run.world, each) for each in outages]
        tasks, codes = Counter[str](), Counter[str]()

        def note_task(task: Task) -> None:
            tasks[task.kind] += task.kind in OFFICER_TASKS

        words, sent = MessageWords(), dict[int, list[SentMessage]]()

        def note_message(message: MessageAccepted, _accepted: Accepted) -> None:
            codes[message.channel] += message.carries == "one_time_code"
            if message.carries == "one_time_code":
                return
            sent.setdefault(run.victims.row_of(message.reference), []).append(
                SentMessage(
                    run.world.clock.seconds(message.at),
                    message.channel,
                    run.victims.news_of(message.reference),
                    words.names(message),
                )
            )

        run.world.on_task(note_task)
        run.world.on_message(note_message)
        advance_together([run.world], london_midnight(plan.periods[-1].ends))
        did = run.victims.what_they_did
        refused = sum(each.refused for each in stopped)
        tasks[CALL_BACK] = run.officers.ledger.left_by_calls
        return (
            did.told,
            did.rang,
            _Sums(did.registered, +tasks, +codes, run.officers.ledger.tries),
            sent,
            refused,
        )


def _note_sent(sent: dict[int, list[SentMessage]], cases: Iterable[Case]) -> None:
    """Note what the model sent about cases that are over."""
    for case in cases:
        sent[case.row] = [
            SentMessage(each.due, _CHANNELS[each.channel], each.occasion, (each.notice,))
            for each in case.messages
            if each.state == "sent"
        ]


def _same_second(portal: Mapping[int, ComparedCase], model: Mapping[int, ComparedCase]) -> int:
    """Count the messages that both sent at the same second."""
    return sum((_times(mine) & _times(model[row])).total() for row, mine in portal.items())


def _times(case: ComparedCase) -> Counter[tuple[int, str, str]]:
    return Counter((each.at, each.channel, each.about) for each in case.sent)


def _stop_for(world: World, outage: Outage) -> StoppedPortal:
    """Stop the portal of a world for an outage, as a process is stopped; it keeps its database.

    Returns what is to stand before it meanwhile.
    """
    clock, portal = world.clock, cast("InProcessDriver", world.messages.portal.driver)
    begins, ends = (clock.start + timedelta(seconds=each) for each in outage)
    stopped = StoppedPortal(portal, ends)

    def stop() -> None:
        _reach(world, cast("Driver", stopped))

    def start_again() -> None:
        portal.restart(ends)
        _reach(world, portal)
        for each in stopped.receipts:
            world.portal.deliver_receipt(each)

    clock.at(begins, stop)
    clock.at(ends, start_again)
    return stopped


def _reach(world: World, driver: Driver) -> None:
    """Have all that is around a portal reach it by this driver."""
    world.messages.portal.driver = world.integration.driver = driver


def _may_differ(prepared: Prepared) -> dict[int, int]:
    """Give how many seconds cases may be apart, by row: those with an address that fails.

    The gateway says so up to a minute after the message, drawn in the order of all messages, and an
    officer puts it right that much sooner or later.
    """
    return {
        row: SECONDS_APART_MAX
        for row, written in zip(prepared.rows, prepared.routes.written, strict=True)
        if NOBODYS in written
    }


def _cases(
    plan: Plan,
    rows: NDArray[np.intp],
    told: Told,
    rang: NDArray[np.bool_],
    sent: Mapping[int, list[SentMessage]],
) -> dict[int, ComparedCase]:
    reached: dict[int, list[tuple[int, bool, bool]]] = {row: [] for row in rows.tolist()}
    columns = (told.at_seconds, told.row, told.is_new, told.rang)
    for at, row, is_new, rings in zip(*(each.tolist() for each in columns), strict=True):
        reached[row].append((at, is_new, rings))
    calls: dict[int, list[bool]] = {row: [] for row in rows.tolist()}
    owners = plan.worries.row[plan.followed_worries].tolist()
    for row, rings in zip(owners, rang.tolist(), strict=True):
        calls[row].append(rings)
    return {
        row: ComparedCase(sorted(sent.get(row, [])), sorted(reached[row]), tuple(calls[row]))
        for row in reached
    }


def is_same(portal: ComparedCase, model: ComparedCase, seconds_apart_max: int = 0) -> bool:
    """Say whether two cases are the same: every message, its words, channel, news and time."""
    mine, theirs = by_news(portal), by_news(model)
    return (
        portal.calls == model.calls
        and [each[1:] for each in portal.reached] == [each[1:] for each in model.reached]
        and _are_near(
            [each[0] for each in portal.reached],
            [each[0] for each in model.reached],
            seconds_apart_max,
        )
        and len(mine) == len(theirs)
        and all(
            (one.channel, one.about) == (other.channel, other.about)
            and set(other.names) <= set(one.names)
            for one, other in zip(mine, theirs, strict=True)
        )
        and _are_near([each.at for each in mine], [each.at for each in theirs], seconds_apart_max)
    )


def by_news(case: ComparedCase) -> list[SentMessage]:
    """Order messages by channel and news: two within a minute may go the other way round."""
    return sorted(case.sent, key=lambda each: (each.channel, each.about, each.at))


def _are_near(one: Sequence[int], other: Sequence[int], seconds: int) -> bool:
    return all(abs(a - b) <= seconds for a, b in zip(one, other, strict=True))
