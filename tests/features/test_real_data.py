"""Rules of real data: each value is dealt in every phase, where the order asks for the same."""

from collections.abc import Iterable
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from msgspec import structs

from features.offences import OFFENCES
from features.people import OFFICERS, OKAFOR, Register
from features.real_data import (
    BORN,
    BYSTANDER,
    FAMILY,
    GIVEN,
    NAMES,
    NO_NAME,
    ORGANISATION,
    PHONE,
    QUESTION,
    REPLY,
    Deal,
    is_alike,
    kinds_of,
    offences,
)
from features.real_words import ONE_CHARACTER, WRITINGS
from features.scenario_data import ScenarioData
from reference.contract.events import VictimRecord
from reference.contract.messages import QUESTION_CHARACTERS_MAX
from simulator.files.paths import ROOT
from simulator.inputs.order import read_order
from simulator.inputs.target import read_target
from simulator.inputs.written_scenarios import WrittenScenario, is_claimed, is_run_in, read_written
from simulator.judge.text.danger_sentences import danger_sentences
from simulator.judge.text.data_about_others import holds_others_data
from simulator.population.identity import Identity
from simulator.prove.run import REFERENCE
from simulator.results.real_data import data_share
from simulator.world.recipient_guard import Recipients

ORDER = read_order(ROOT / "scenarios/orders/two-forces.toml")
CLAIMED = read_target(REFERENCE).claims.capabilities
MOST = {QUESTION: QUESTION_CHARACTERS_MAX, REPLY: 4000}
WRITTEN = read_written()


def scenarios_of(phase: int) -> list[WrittenScenario]:
    """List the scenarios that the reference runs in a phase."""
    return [e for e in WRITTEN if is_run_in(phase, e.tags, e.phase) and is_claimed(e.tags, CLAIMED)]


def dealt(deal: Deal, kind: str, scenarios: Iterable[WrittenScenario]) -> set[str]:
    """List the values of a kind that some scenario is dealt."""
    return {deal.value(kind, each.id) for each in scenarios} - {""}


@pytest.mark.parametrize("phase", [1, 2, 3])
@pytest.mark.parametrize("seed", [0, 7])
def test_every_value_is_dealt_in_a_run_of_a_phase(phase: int, seed: int) -> None:
    """Values are dealt round, not drawn: none is left out by chance, before phase 3 but words."""
    kinds, scenarios = kinds_of(ORDER), scenarios_of(phase)
    deal = Deal(kinds, scenarios, seed)
    left = {kind.name for kind in kinds if dealt(deal, kind.name, scenarios) != {*kind.values}}

    assert left <= ({QUESTION, REPLY} if phase < 3 else set())


def test_a_seed_deals_the_same_and_another_seed_otherwise() -> None:
    """What failed can be played again by itself, and is not all that a portal ever meets."""
    scenarios = scenarios_of(3)
    deals = [Deal(kinds_of(ORDER), scenarios, seed) for seed in (5, 5, 6)]
    values = [[deal.value(GIVEN, each.id) for each in scenarios] for deal in deals]

    assert values[0] == values[1] != values[2]


def test_a_name_that_is_none_and_one_character_go_where_nothing_rests_on_them() -> None:
    """A greeting needs a name, and "never sees" more than a character."""
    kinds = {each.name: each for each in kinds_of(ORDER)}

    assert not kinds[NO_NAME].may("And the last email to Alex greets by name", "Unknown")
    asked = 'Alex has asked "Please do not" / '
    assert kinds[QUESTION].may(asked, ONE_CHARACTER)
    assert not kinds[QUESTION].may(f'{asked}Sam never sees "Please do not" / ', ONE_CHARACTER)
    assert not kinds[QUESTION].may(f"{asked}TWO-16 / ", "an emoji")


def test_what_the_target_or_the_order_settles_is_not_dealt() -> None:
    """A vendor's own names stay, and a date of birth that proves who somebody is."""
    by_birthday = structs.replace(ORDER.sign_in, proof="date_of_birth")
    order = structs.replace(ORDER, sign_in=by_birthday)
    deal = Deal(kinds_of(order, own_given=True), scenarios_of(1))
    why = {each.edge: each.why_not for each in deal.table if not each.can_be_met}

    assert why[GIVEN] == "the target gives the given names"
    assert why[BORN] == "the order has the date of birth prove who a victim is"
    assert PHONE not in why


def test_an_offence_is_another_of_which_the_order_asks_the_same() -> None:
    """A robbery, whose end an officer tells first, is no bicycle theft; two crimes are two."""
    scenarios = scenarios_of(3)
    deal = Deal(kinds_of(ORDER), scenarios, 3)
    met = [ScenarioData(deal, each.id, ORDER) for each in scenarios]
    both = [(data.offence("bicycle theft"), data.offence("robbery")) for data in met]

    assert len({one.code for one, _other in both}) > 30
    assert all(one.subgroup != other.subgroup for one, other in both)
    assert all(is_alike(ORDER, other, OFFENCES["robbery"]) for _one, other in both)
    assert not {each.code for each in offences(ORDER)[1]} & {one.code for one, _ in both}


def test_a_bystanders_crime_is_one_of_which_nothing_may_be_told() -> None:
    """It is not ordered, or has a marker that the order excludes."""
    kind = next(each for each in kinds_of(ORDER) if each.name == BYSTANDER)
    codes = {each.code for each in offences(ORDER)[1]}

    assert {*kind.values} - codes == {*ORDER.eligibility.safeguarding_exclusions}


@pytest.mark.parametrize("kind", [QUESTION, REPLY])
@pytest.mark.parametrize("how", WRITINGS)
def test_words_are_as_long_as_is_taken_and_speak_of_nothing_new(kind: str, how: str) -> None:
    """They neither hold another person's data nor danger, and keep the words where they can."""
    plain = "Has anybody looked at the cameras?"
    words = WRITINGS[how](plain, MOST[kind])
    danger = danger_sentences().certain

    assert 0 < len(words) <= MOST[kind]
    assert how == ONE_CHARACTER or plain in words
    assert ("the most" in how) == (len(words) == MOST[kind])
    assert not holds_others_data(words, VictimRecord(person_id="1"))
    assert not any(each in words for each in danger)


@pytest.mark.parametrize("phase", [1, 2, 3])
def test_nobody_has_the_name_of_another_person_of_the_scenario(phase: int) -> None:
    """Nor is one's family name another's given name: a message that has it would name both."""
    scenarios = scenarios_of(phase)
    deal = Deal(kinds_of(ORDER), scenarios)
    register = Register(Identity("agreed_word", "a key"), Recipients())
    for scenario in scenarios[:60]:
        data, names = ScenarioData(deal, scenario.id, ORDER), list[str]()
        for place in range(4):
            person = register.person(f"P{place}", ("text",), datetime(2026, 6, 1, 9, tzinfo=UTC))
            data.write_down(person, place, date(2026, 6, 1), names)
            names += [person.known.given_name, person.known.family_name]

        assert len({*filter(None, names)}) == len([*filter(None, names)])


@pytest.mark.parametrize("seed", range(9))
def test_no_two_scenarios_are_about_one_full_name(seed: int) -> None:
    """Of one name and birthday, the people of two scenarios would be one person to any portal."""
    deal, scenarios = Deal(kinds_of(ORDER), scenarios_of(3), seed), scenarios_of(3)
    both = [(deal.value(GIVEN, each.id), deal.value(FAMILY, each.id)) for each in scenarios]
    full = [tuple(NAMES[name].strip().casefold() for name in pair) for pair in both if all(pair)]

    assert len({*full}) == len(full)


def test_plain_data_are_those_of_the_features() -> None:
    """Without a deal nothing is written otherwise."""
    data = ScenarioData(Deal(), "S-070", ORDER)
    register = Register(Identity("agreed_word", "a key"), Recipients())
    actor = register.person("Alex", ("text",), datetime(2026, 6, 1, 9, tzinfo=UTC))
    record, known = actor.record, actor.known

    data.write_down(actor, 0, date(2026, 6, 1), ())

    assert (actor.record, actor.known) == (record, known)
    assert data.offence("robbery") == OFFENCES["robbery"]
    assert data.words(QUESTION, "Is there news?") == "Is there news?"
    assert data.organisation("Kiln Lane Stores") == "Kiln Lane Stores"
    assert data.officer(OKAFOR, OFFICERS[OKAFOR]) == OFFICERS[OKAFOR]
    assert data.typed(known.mobile_phone) == known.mobile_phone


def test_the_table_says_who_met_a_value_and_why_nobody_did(tmp_path: Path) -> None:
    """A value that is dealt and not met lowers the share; one that cannot be met does not."""
    deal = Deal(kinds_of(ORDER), scenarios_of(1))
    scenario = next(each.id for each in scenarios_of(1) if deal.value(ORGANISATION, each.id))
    deal.meet(ORGANISATION, deal.value(ORGANISATION, scenario), scenario)
    rows = {(each.edge, each.value): each for each in deal.table}

    met = rows[ORGANISATION, deal.value(ORGANISATION, scenario)]
    assert (met.scenarios, met.can_be_met, met.why_not) == ((scenario,), True, "")
    assert rows[QUESTION, ONE_CHARACTER].why_not.startswith("no scenario of this phase")
    assert rows[PHONE, "0044"].why_not.startswith("dealt to S-")
    assert data_share(tmp_path) is None
