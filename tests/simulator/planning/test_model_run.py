"""Nothing is lost or made up in the model: messages, tasks, worries, draws and time."""

from collections import Counter
from datetime import date, timedelta
from functools import cache
from typing import Any

import numpy as np
import pytest
from msgspec import structs

from simulator.files.paths import ROOT
from simulator.inputs.order import GoLive, Order, read_order
from simulator.planning import modelled_people, modelled_portal
from simulator.planning.agenda import Agenda
from simulator.planning.cases import Case, Message
from simulator.planning.message_times import DAY
from simulator.planning.model_run import ModelInput, ModelUse, prepare, run_model
from simulator.planning.modelled_portal import ModelledPortal, Outage
from simulator.rehearsal.population import Population, make_population
from simulator.rehearsal.rollout import Rollout, read_rollout
from simulator.rehearsal.worries import (
    ENDS,
    SILENCE,
    TOO_MANY,
    UNTOLD,
    WorryParameters,
    crime_courses,
    make_worries,
)
from simulator.streams import PART, Occasions, Streams
from tests.simulator.real_files import ROLLOUT

STARTS, WEEKS = date(2027, 1, 4), 8
STREAMS = Streams(3)


@cache
def order() -> Order:
    """Give the order with all phases live from the first days."""
    days = [STARTS + timedelta(days=each) for each in range(3)]
    live = GoLive(phase_1=days[0], phase_2=days[1], phase_3=days[2])
    found = read_order(ROOT / read_rollout(ROLLOUT).order)
    return structs.replace(found, go_live=live)


@cache
def population() -> Population:
    """Make eight weeks of crimes."""
    return make_population(
        read_rollout(ROLLOUT),
        order(),
        root=ROOT,
        start=STARTS,
        end=STARTS + timedelta(weeks=WEEKS),
        fraction=0.02,
        identity_key="",
        streams=STREAMS,
    )


def given(
    rows: Any = None,
    *,
    rollout: Rollout | None = None,
    orders: Order | None = None,
    **more: Any,
) -> ModelInput:
    """Give the model some of those crimes."""
    rollout, people = rollout or read_rollout(ROLLOUT), population()
    if rows is None:
        rows = np.flatnonzero(people.followed & people.crimes.has_individual_victim)
    worries = make_worries(crime_courses(people.crimes, rollout.worry), rollout.worry, STREAMS)
    return ModelInput(
        rollout=rollout,
        order=orders or order(),
        prepared=prepare(people, rows, 0, STREAMS),
        registers=people.registers,
        needs=people.access_needs,
        worries=worries[np.isin(worries.row, rows)],
        start=people.crimes.start,
        begins=0,
        ends=WEEKS * 7 * DAY,
        streams=STREAMS,
        **more,
    )


@cache
def ordinary() -> ModelUse:
    """Run the model once for all tests that only look at it."""
    return run_model(given())


def test_every_message_is_sent_once_or_not_at_all(monkeypatch: pytest.MonkeyPatch) -> None:
    """What was queued was sent, taken back, or waits at the end; nothing is sent twice."""
    queued: list[Message] = []

    class Noted(Message):
        def __init__(self, *values: Any) -> None:
            super().__init__(*values)
            queued.append(self)

    monkeypatch.setattr(modelled_portal, "Message", Noted)

    use = run_model(given())

    states = Counter(each.state for each in queued)
    assert states["sent"] == len(use.sent.at) == use.sent.notices.total() > 500
    assert set(states) <= {"sent", "gone", "waiting"}


def test_every_task_is_done_at_most_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Officers do each task once, and no more than they took."""
    done = Counter[tuple[int, str, int]]()
    taken = Counter[tuple[int, str]]()
    real = modelled_people.ModelledOfficers

    class Watched(real):  # type: ignore[misc,valid-type]
        def take(self, case: Case, kind: str) -> None:
            taken[case.row, kind] += 1
            super().take(case, kind)

        def _do(self, case: Case, task: tuple[int, str, int]) -> None:
            done[task] += 1
            super()._do(case, task)

    monkeypatch.setattr("simulator.planning.model_run.ModelledOfficers", Watched)

    use = run_model(given())

    assert taken.total() == use.tasks.total() > 50
    assert max(done.values()) == 1
    assert Counter((row, kind) for row, kind, _number in done) <= taken


def test_every_question_is_answered_once_and_never_before_it_was_asked() -> None:
    """A reply comes after the question, and is read after that."""
    for each in ordinary().questions:
        if each.answered_at >= 0:
            assert each.asked_at <= each.replied_at <= each.answered_at
    assert any(each.answered_at >= 0 for each in ordinary().questions)


def test_time_never_goes_back(monkeypatch: pytest.MonkeyPatch) -> None:
    """Within an officer's year, what is done next is never earlier."""
    seen: list[int] = []
    real = ModelledPortal.receive

    def receive(self: ModelledPortal, *about: Any) -> None:
        seen.append(self._agenda.now)
        real(self, *about)

    def run(self: Agenda) -> None:
        before = len(seen)
        whole(self)
        assert seen[before:] == sorted(seen[before:])

    whole = Agenda.run
    monkeypatch.setattr(ModelledPortal, "receive", receive)
    monkeypatch.setattr(Agenda, "run", run)

    run_model(given())

    assert len(seen) > 500


def test_no_draw_is_shared(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every draw of a run is by an occasion of its own."""
    drawn: Counter[tuple[bytes, str]] = Counter()
    real = Occasions.uniform_of

    def uniform_of(self: Occasions, occasion: str) -> float:
        # An officer's week of leave is the same draw each time that it is looked at.
        if "leave" not in occasion.split(PART):
            drawn[self.key, occasion] += 1
        return real(self, occasion)

    # All draws come from this one.
    monkeypatch.setattr(Occasions, "uniform_of", uniform_of)

    run_model(given())

    assert len(drawn) > 2000
    assert max(drawn.values()) == 1


def test_the_same_run_comes_to_the_same() -> None:
    """Nothing is left over from one run to the next."""
    assert run_model(given()).told.at_seconds.tolist() == ordinary().told.at_seconds.tolist()


def test_without_crimes_nothing_happens() -> None:
    """No rows: no message, no task, no call."""
    use = run_model(given(np.empty(0, dtype=np.intp)))

    assert (len(use.sent.at), use.tasks.total(), use.registered, use.recorded) == (0, 0, 0, 0)


def test_during_an_outage_nothing_is_sent_and_nobody_comes_in() -> None:
    """What was due goes when the portal is back, by day; nothing is lost."""
    outage = Outage(20 * DAY, 22 * DAY)

    use = run_model(given(outages=[outage]))

    assert not [at for at in use.sent.at if outage.begins <= at < outage.ends]
    assert [at for at in ordinary().sent.at if outage.begins <= at < outage.ends]
    assert len(use.sent.at) > 0.9 * len(ordinary().sent.at)


def test_a_silent_portal_makes_worry_and_one_that_tells_spares_it() -> None:
    """Of who signed in, more worry of silence without updates than with none of it, and fewer with.

    So they ring: 60% of the victims of all those crimes, in the run's eight weeks.
    """
    rows = np.flatnonzero(population().crimes.has_individual_victim)[::4]
    usual = order()
    invitation = tuple(each for each in usual.triggers if each.announces == "invitation")
    journey = structs.replace(usual.journey, advice_for={}, still_with_us_days=36_500)
    silent = structs.replace(usual, triggers=invitation, journey=journey)
    calm = unread(read_rollout(ROLLOUT))
    asked = [given(rows, rollout=calm, orders=each) for each in (usual, silent)]

    rang = [run_model(each).rang for each in asked]

    worries = asked[0].worries
    of_silence = worries.cause == SILENCE
    by_order = [int(each[of_silence].sum()) for each in rang]
    assert by_order[0] < worries.arises[of_silence].sum() < by_order[1]


def test_who_is_not_told_of_the_end_still_worries() -> None:
    """A portal that tells of no end makes more worry after it; one that does makes hardly any.

    Then the few are those whom it does not reach. Without a portal nobody worries of that.
    """
    rows = np.flatnonzero(population().crimes.has_individual_victim)[::4]
    usual = order()
    of_others = tuple(each for each in usual.triggers if each.event not in ENDS)
    journey = structs.replace(usual.journey, advice_for={}, still_with_us_days=36_500)
    silent = structs.replace(usual, triggers=of_others, journey=journey)
    calm = unread(read_rollout(ROLLOUT))
    asked = [given(rows, rollout=calm, orders=each) for each in (usual, silent)]

    rang = [run_model(each).rang for each in asked]

    untold = asked[0].worries.cause == UNTOLD
    told, never_told = (int(each[untold].sum()) for each in rang)
    assert not asked[0].worries.arises[untold].any()
    assert never_told > 100
    assert told < never_told / 5


def test_who_cannot_sign_in_rings() -> None:
    """In an outage of a week sign-ins are refused: the rollout's share of those victims ring."""
    outage = Outage(20 * DAY, 27 * DAY)
    always = structs.replace(read_rollout(ROLLOUT), worry=worry_of(refused_sign_in_makes_call=1.0))

    use = run_model(given(rollout=always, outages=[outage]))

    refused = use.told.of_rows(use.told.is_refusal)
    there = (refused.at_seconds >= outage.begins) & (refused.at_seconds < outage.ends)
    assert there.sum() > 5
    assert refused.rang.all()
    # At other times only those whose code goes to another person.
    assert there.mean() > 0.5


def test_too_many_messages_make_worry() -> None:
    """Where one in a week is enough, some ring of that; where a hundred are, nobody does."""
    few, many = (
        structs.replace(
            read_rollout(ROLLOUT),
            worry=worry_of(too_many_in_week=each, too_many_worries=0.5, too_many_most=2),
        )
        for each in (1, 100)
    )
    asked = [given(rollout=each) for each in (few, many)]

    rang = [int(run_model(each).rang[each.worries.cause == TOO_MANY].sum()) for each in asked]

    assert rang[0] > 20
    assert rang[1] == 0


def worry_of(**values: float) -> WorryParameters:
    """Change some numbers of how victims worry."""
    worry = read_rollout(ROLLOUT).worry
    return structs.replace(
        worry,
        **{
            name: structs.replace(getattr(worry, name), value=value)
            for name, value in values.items()
        },
    )


def unread(rollout: Rollout) -> Rollout:
    """Give a rollout in which everybody registers and trusts, and nobody looks again or is calm."""
    worry = worry_of(looks_at_portal_first=0.0, news_calms=0.0)
    victims = rollout.victims
    changes = {"reads_update": 0.0}
    victims = structs.replace(
        victims,
        **{n: structs.replace(getattr(victims, n), value=v) for n, v in changes.items()},
    )
    return structs.replace(rollout, worry=worry, victims=victims, trust=None)


def trusting(share: float) -> Rollout:
    """Give the rollout with a trust that begins at so much for everybody, and is not won back."""
    rollout = read_rollout(ROLLOUT)
    assert rollout.trust is not None
    changed = {"starts_mean": share, "starts_spread": 0.0, "on_time": 0.0, "answered": 0.0}
    trust = structs.replace(
        rollout.trust,
        **{
            name: structs.replace(getattr(rollout.trust, name), value=value)
            for name, value in (changed | {"reassured": 0.0}).items()
        },
    )
    return structs.replace(rollout, trust=trust)


def test_nobody_follows_a_link_that_they_do_not_trust() -> None:
    """Victims without trust do not register, and ring more because of messages."""
    use = run_model(given(rollout=trusting(0.0)))

    assert use.registered == use.visits == len(use.questions) == 0
    assert use.told.rang.sum() > 2 * ordinary().told.rang.sum()


def test_trust_decides_what_people_do_and_not_what_is_sent_first() -> None:
    """With trust and without, the same victims are invited; fewer register with less of it."""
    most, none = (
        run_model(given(rollout=structs.replace(trusting(1.0), trust=trust)))
        for trust in (trusting(1.0).trust, None)
    )

    assert most.sent.notices["invitation"] == none.sent.notices["invitation"] > 0
    assert ordinary().registered <= most.registered == none.registered
