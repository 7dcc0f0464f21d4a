"""What happened while a portal was live, as a rehearsal of 1 crime in 20 might give it."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import msgspec

from simulator.results.portal_life import (
    FewerCalls,
    FunnelStep,
    Headline,
    HourOfDay,
    JourneyOfGroup,
    JourneyStep,
    MessagesAWeek,
    OwnedHarm,
    PortalLife,
    PortalRequests,
    Scaled,
    SpreadOfWeek,
    TasksOfWeek,
    TimeToNews,
    ToldLate,
    ToldWithin,
)

_STEPS = ("Victims of crimes recorded", "Eligible", "Invited", "Registered", "Asked an officer")


def scaled(counted: int) -> Scaled:
    """Take a count to full volume, with round numbers for an interval."""
    return Scaled(
        counted=counted, full_volume=20.0 * counted, low=15.0 * counted, high=30.0 * counted + 60
    )


def headline(**changes: Any) -> Headline:
    """Make the headline of a quarter of 12 weeks."""
    made = Headline(
        period="Phase 3",
        weeks=12,
        forces=[
            FewerCalls(
                force="hampshire",
                without=100_000,
                with_portal=99_000,
                fewer=1000,
                low=800,
                high=1200,
            ),
            FewerCalls(
                force="thames_valley",
                without=120_000,
                with_portal=120_300,
                fewer=-300,
                low=-700,
                high=100,
            ),
        ],
        wrongly_told=scaled(14),
        portal_harms=scaled(0),
        licence_a_year=0.0,
    )
    return msgspec.structs.replace(made, **changes)


def life(starts: date, weeks: int, **changes: Any) -> PortalLife:
    """Make everything that the plots show, for so many weeks."""
    days = [starts + timedelta(weeks=each) for each in range(weeks)]
    made = PortalLife(
        headline=headline(),
        spread=[
            SpreadOfWeek(
                starts=day,
                calls_101_low=19_700,
                calls_101_high=20_600,
                update_calls_low=3_876,
                update_calls_high=4_124,
            )
            for day in days
        ],
        funnel=[
            FunnelStep(
                name=name,
                since_go_live=None if name == _STEPS[-1] else scaled(1000 // (place + 1)),
                since_phase_3=scaled(400 // (place + 1)),
            )
            for place, name in enumerate(_STEPS)
        ],
        time_to_news=time_to_news(),
        hours=hours(),
        messages=[
            MessagesAWeek(phase=phase, weeks=[60, 20, 10, 5, 3, 1, 1]) for phase in (1, 2, 3)
        ],
        per_week_max=5,
        tasks=[
            TasksOfWeek(
                starts=day,
                tasks={"contact_details": 800.0, "victim_question": 40.0 * place},
                hours=133.3 + place,
            )
            for place, day in enumerate(days)
        ],
        harms=harms(),
        told_late=[told_late()],
        requests=PortalRequests(mean=0.312, busiest_hour=8, in_busiest_hour=1.41),
        journey=[
            JourneyStep(
                name="Officer deployed",
                after="Crime recorded",
                share=1.0,
                soon="4 minutes to 16 hours",
            ),
            JourneyStep(name="an arrest", after="a suspect identified", share=0.35, soon="2 days"),
        ],
        journeys_by_group=journeys_by_group(),
    )
    return msgspec.structs.replace(made, **changes)


def journeys_by_group() -> list[JourneyOfGroup]:
    """Make two offence groups, with one step each."""
    return [
        JourneyOfGroup(
            group=group,
            steps=[
                JourneyStep(
                    name="Crime closed", after="Crime recorded", share=share, soon="4 days"
                ),
            ],
        )
        for group, share in (("Robbery", 0.85), ("Theft offences", 0.9))
    ]


def hours() -> list[HourOfDay]:
    """Make both lines of two forces by hour; nobody answered on one of them at three."""
    return [
        HourOfDay(
            force=force,
            line=line,
            hour=hour,
            offered_without=1_360,
            offered_with=1_340,
            abandoned_without=0.064,
            abandoned_with=0.06,
            wait_seconds_without=48.8 - hour,
            wait_seconds_with=None if hour == 3 else 47.5 - hour,
        )
        for force in ("hampshire", "thames_valley")
        for line in ("101", "999")
        for hour in range(24)
    ]


def harms() -> list[OwnedHarm]:
    """Make a harm of the portal and one of the force's contact data."""
    return [
        OwnedHarm(owner="portal", harm="late", kind="FAIL", avoidable=True, count=scaled(9)),
        OwnedHarm(
            owner="contact data",
            harm="misdirected",
            kind="WARNING",
            avoidable=False,
            count=scaled(61),
        ),
    ]


def time_to_news() -> TimeToNews:
    """Make a curve with the limits of one and five working days."""
    return TimeToNews(
        standard_news=537,
        enhanced_news=79,
        standard_days=5,
        enhanced_days=1,
        told=[
            ToldWithin(
                within=within, working_days=days, standard=told, enhanced=told, of_portal=told
            )
            for within, days, told in (
                ("1 hour", 0, 0.13),
                ("4 hours", 0, 0.88),
                ("1 working day", 1, 0.98),
                ("5 working days", 5, 0.998),
            )
        ],
    )


def told_late(**changes: Any) -> ToldLate:
    """Make a closure that waited for an address."""
    made = ToldLate(
        portal="live",
        crime_reference="43260000017",
        person_id="person-17",
        event_id="event-9",
        what="CrimeClosed",
        told_by=datetime(2026, 7, 30, 23, tzinfo=UTC),
        told_at=datetime(2026, 8, 7, 7, 40, tzinfo=UTC),
        is_failure=False,
        reason="the force had recorded no address that can be used",
    )
    return msgspec.structs.replace(made, **changes)
