"""The whole judgement: pure, in order, and never a pass when there was nothing to judge."""

from datetime import timedelta

from simulator.judge.fold import judge
from tests.simulator.judge.force_story import BEGINS, ORDER
from tests.simulator.judge.story import Story, either_way


def eventful(*, correlates: bool = True) -> Story:
    """Tell of a portal that does almost everything wrong."""
    story = Story(correlates=correlates)
    story.stranger(mobile_phone="07700900555")
    alex, sam = story.person(), story.person("Sam", mobile_phone="07700900555")
    crime = story.crime(alex, sam)
    story.invite(alex, crime)
    story.invite(sam, crime)
    story.invite(sam, crime, by=("email",))
    story.note(crime, "The neighbour is known")
    story.wait(hours=1)
    news = story.deployed(crime)
    story.message(alex, "text", news, body="You have an update on the theft")
    story.wait(hours=1)
    story.tell(sam, news)
    story.sees(sam, crime, "The neighbour is known")
    story.deployed(crime, deliver=False)
    story.until(story.now.replace(hour=22))
    story.tell(alex, news, by=("email",))
    return story


def test_no_evidence_is_inconclusive() -> None:
    """There was nothing to judge."""
    judgement = judge(ORDER, [], correlates=True, end=BEGINS[1])

    assert judgement.kind == "INCONCLUSIVE"
    assert (judgement.findings, judgement.obligations, judgement.messages) == ([], [], [])


@either_way
def test_a_portal_that_told_what_it_owed_passes(*, correlates: bool) -> None:
    """PASS, with what there was to judge."""
    story = Story(correlates=correlates)
    alex = story.person()
    crime = story.crime(alex)
    story.invite(alex, crime)
    judgement = story.judged()

    assert judgement.kind == "PASS"
    assert [each.channel for each in judgement.obligations] == ["text", "email"]
    assert [each.fate for each in judgement.messages] == ["reached", "reached"]


def test_silence_that_was_right_proves_no_portal() -> None:
    """When no victim was to be told the run is hollow: a portal switched off would do as well."""
    story = Story()
    story.crime(story.person(safe_to_contact=False))

    assert story.judged().kind == "INCONCLUSIVE"


def test_a_run_that_ends_before_anything_is_due_is_inconclusive() -> None:
    """No message was ever delivered and none was due: that is no pass."""
    story = Story()
    story.crime(story.person())

    assert story.harms(end=story.now) == []
    assert story.judged(end=story.now).kind == "INCONCLUSIVE"


def test_a_run_in_which_nothing_reached_the_portal_is_inconclusive() -> None:
    """The environment failed: a WARNING alone would let the portal conform."""
    story = Story()
    story.crime(story.person(), deliver=False)

    assert story.judged().kind == "INCONCLUSIVE"


@either_way
def test_the_same_evidence_is_judged_the_same(*, correlates: bool) -> None:
    """The judge keeps nothing from one judgement to the next, and leaves the evidence as it is."""
    story = eventful(correlates=correlates)
    before = list(story.records)
    first, second = story.judged(), story.judged()

    assert first.findings
    assert first == second
    assert story.records == before


@either_way
def test_findings_are_in_the_order_of_time(*, correlates: bool) -> None:
    """A harm found at the end stands where it fell due."""
    findings = eventful(correlates=correlates).judged().findings
    times = [each.at for each in findings]

    assert len(set(times)) > 2
    assert times == sorted(times)


def test_harms_are_counted_by_kind_and_owner() -> None:
    """The count has what the findings have, without their words."""
    judgement = eventful().judged()
    count = judgement.count()

    assert sum(count.values()) == len(judgement.findings)
    assert count["WARNING", "misdirected", "contact data", False] == 2
    assert count["FAIL", "late", "portal", True] == 3
    assert count["FAIL", "duplicated", "portal", True] == 1


def test_what_time_alone_forbids_by_the_end_is_owed_no_more() -> None:
    """An approval runs out before the news is due, and nothing else happens until the end."""
    found = []
    for minutes in (10, 60):
        story = Story()
        until = story.now + timedelta(hours=1, minutes=minutes)
        alex = story.person(
            channels=("text",), safe_to_contact=False, safe_channel="text", safe_until=until
        )
        crime = story.crime(alex)
        story.invite(alex, crime)
        story.until(until - timedelta(minutes=minutes))
        story.deployed(crime)
        lost = [each for each in story.harms() if each[3] == "MSG-01"]
        found.append(bool(lost))

    assert found == [False, True]
