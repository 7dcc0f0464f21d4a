"""Some made-up stories have a scene whose parts hardly come together by themselves."""

from functools import partial

from simulator.explore.steps import (
    Ask,
    ChangeDetails,
    CloseIncident,
    Deploy,
    ForceStep,
    Guess,
    Merge,
    ReachMilestone,
    Read,
    Reclassify,
    RecordCrime,
    ReportIncident,
    SendHeldBack,
    Step,
    Unmerge,
)
from simulator.explore.story import Story
from simulator.judge.text.danger_sentences import danger_sentences
from tests.simulator.explore.stories import drawn_stories, order, since

stories = partial(drawn_stories, 700, phase=3, seed=8)


def comes_after_another(held: ForceStep, later: list[Step]) -> bool:
    """Say whether a step comes after a newer one of another kind about its crime, and is read."""
    sent = [place for place, e in enumerate(later) if e == SendHeldBack(event=held.event)]
    if not sent:
        return False
    before, after = later[: sent[0]], later[sent[0] :]
    is_passed = any(
        isinstance(each, ForceStep) and each.crime == held.crime and type(each) is not type(held)
        for each in before
    )
    return is_passed and any(isinstance(each, Read) for each in after)


def is_of_another(merger: Merge, story: Story) -> bool:
    """Say whether a crime is merged into one with none of its victims."""
    people = {e.crime: {*e.people} for e in story.steps if isinstance(e, RecordCrime)}
    return not people[merger.crime] & people[merger.into]


def test_a_step_comes_after_newer_ones_of_other_kinds() -> None:
    """A page shows it before them: it was recorded before."""
    found = [
        story
        for story in stories()
        for held, later in since(story, ForceStep)
        if held.carriage == "held back" and comes_after_another(held, later)
    ]

    assert len(found) > 60


def test_a_victim_follows_the_crime_of_another_for_a_time() -> None:
    """There is news after the merger was taken back, and the victim reads what is still theirs."""
    parted = [
        later
        for story in stories()
        for merger, after in since(story, Merge)
        if is_of_another(merger, story)
        for parting, later in since(story, Unmerge)
        if parting in after and parting.crime == merger.crime
    ]
    with_news = [
        later
        for later in parted
        if any(isinstance(each, ForceStep) for each in later)
        and any(isinstance(each, Read) for each in later)
    ]

    assert len(with_news) > 6


def test_rights_are_recorded_late_while_news_waits_in_a_full_week() -> None:
    """The victim had as many messages as a week may have, and one more was recorded then."""
    found = 0
    for story in stories():
        standard = {e.record.person_id for e in story.people if not e.record.enhanced_rights}
        for place, step in enumerate(story.steps):
            if isinstance(step, ChangeDetails) and step.record.enhanced_rights:
                before = [
                    type(each)
                    for each in story.steps[:place]
                    if isinstance(each, ForceStep) and each.crime == step.crime
                ]
                news = [*[Deploy] * order().messages.per_week_max, ReachMilestone]
                is_full = before[-len(news) :] == news
                found += is_full and step.record.person_id in standard

    assert found > 8


def test_another_code_is_asked_for_between_as_many_wrong_ones_as_are_allowed() -> None:
    """The right one comes after them, and too late."""
    guesses = [
        guess for story in stories() for guess, _later in since(story, Guess) if guess.another_code
    ]

    assert len(guesses) > 10
    assert {each.wrong for each in guesses} == {"code"}
    assert all(each.then_right for each in guesses)


def recorded(story: Story) -> dict[str, RecordCrime]:
    """Give how each crime of a story was recorded first."""
    return {e.crime: e for e in reversed(story.steps) if isinstance(e, RecordCrime)}


def is_portals(offence_subgroup: str) -> bool:
    """Say whether the portal is for an offence."""
    return offence_subgroup in order().eligibility.offence_subgroups


def test_two_crimes_of_one_victim_are_merged_and_parted_while_news_waits() -> None:
    """What waits must then go once, about the crime that it is of."""
    found = 0
    for story in stories():
        people = {name: each.people for name, each in recorded(story).items()}
        found += any(
            isinstance(news, ForceStep)
            and (news.crime, people[merger.crime]) == (merger.crime, people[merger.into])
            and any(
                isinstance(each, Unmerge) and each.crime == merger.crime for each in story.steps
            )
            for news, merger in zip(story.steps, story.steps[2:], strict=False)
            if isinstance(merger, Merge) and merger.into in people
        )

    assert found > 6


def test_a_victim_asks_something_urgent_in_a_merger_that_is_taken_back() -> None:
    """The officer of the victim's own crime must see it as urgent too."""
    urgent = {*danger_sentences().certain}
    asked = [
        ask
        for story in stories()
        for ask, later in since(story, Ask)
        if ask.text in urgent and any(isinstance(each, Unmerge) for each in later[1:2])
    ]

    assert len(asked) > 6


def test_a_crime_is_merged_into_one_that_is_not_for_the_portal() -> None:
    """Its victim followed it until then; that one may become one of which they are told."""
    found = [
        later
        for story in stories()
        for merger, later in since(story, Merge)
        if merger.into in recorded(story)
        and is_portals(recorded(story)[merger.crime].offence_subgroup)
        and not is_portals(recorded(story)[merger.into].offence_subgroup)
    ]
    let_in = [
        each
        for later in found
        for each in later
        if isinstance(each, Reclassify) and is_portals(each.offence_subgroup)
    ]

    assert len(found) > 10
    assert len(let_in) > 3


def test_another_offence_from_before_a_merger_comes_after_it() -> None:
    """It says who may still read what the merged crime brought."""
    found = [
        reclassified
        for story in stories()
        for reclassified, later in since(story, Reclassify)
        if reclassified.carriage == "held back"
        and any(isinstance(e, Merge) and e.crime == reclassified.crime for e in later[:2])
        and SendHeldBack(event=reclassified.event) in later
    ]

    assert len(found) > 3


def test_a_marker_keeps_a_victim_from_two_crimes_until_it_goes() -> None:
    """The other crime was recorded meanwhile: its victim was told of neither."""
    markers = {*order().eligibility.safeguarding_of_the_person}
    found = 0
    for story in stories():
        for marked, later in since(story, RecordCrime):
            others = [e for e in later[:2] if isinstance(e, RecordCrime)]
            lifted = [e for e in later if isinstance(e, Reclassify) and e.crime == marked.crime]
            is_for_both = any(each.people == marked.people for each in others)
            found += bool(markers & {*marked.safeguarding} and is_for_both and lifted)

    assert found > 6


def test_crimes_are_recorded_of_a_victim_whose_details_come_later() -> None:
    """By the details they are invited to all of them at once."""
    found = 0
    for story in stories():
        for blank, later in since(story, ChangeDetails):
            if not blank.record.mobile_phone and not blank.record.email:
                alone = [e for e in later[:4] if isinstance(e, RecordCrime)]
                alone = [each for each in alone if each.people == (blank.person,)]
                corrected = [e for e in later[2:6] if isinstance(e, ChangeDetails)]
                found += bool(alone and [e for e in corrected if e.person == blank.person])

    assert found > 2


def test_a_report_comes_after_it_came_that_no_crime_is_recorded_of_it() -> None:
    """The end has nothing yet that it could end."""
    found = [
        report
        for story in stories()
        for report, later in since(story, ReportIncident)
        if report.carriage == "held back"
        and any(isinstance(e, CloseIncident) and e.crime == report.crime for e in later[:2])
    ]

    assert len(found) > 4
