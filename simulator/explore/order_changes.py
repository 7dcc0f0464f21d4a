"""Draws another order: other limits, hours, deadlines, offences and markers than the force's own.

A portal that has a value of the order built in works until the value is another one.
"""

from collections.abc import Callable, Iterable, Sequence
from datetime import date, timedelta
from random import Random
from typing import Any

import msgspec

from simulator.explore.story import OrderChange
from simulator.inputs.order import BANK_HOLIDAYS, Order

#: A team whose questions have supervisors of their own.
TEAM_WITH_SUPERVISORS = "Priority Crime Team"
#: How often a story keeps the force's own order, apart from its dates.
_OWN_SHARE = 0.3
#: How many fields another order has otherwise, each as often as the others.
_CHANGES = (1, 2, 3, 5, 8)


def draw_changes(draw: Random, order: Order) -> tuple[OrderChange, ...]:
    """Draw what a story's order has otherwise: nothing, or some fields.

    `order` is the force's, with the go-live days of the story.
    """
    if draw.random() < _OWN_SHARE:
        return ()
    names = draw.sample(list(_VALUES), draw.choice(_CHANGES))
    return tuple(
        OrderChange(field=field, value=value)
        for name in names
        for field, value in _VALUES[name](draw, order)
    )


def changed(order: Order, changes: Iterable[OrderChange]) -> Order:
    """Return the order with these fields; raises msgspec.ValidationError for an impossible one."""
    plain: dict[str, Any] = msgspec.to_builtins(order)
    for change in changes:
        *tables, name = change.field.split(".")
        table = plain
        for each in tables:
            table = table[each]
        table[name] = change.value
    return msgspec.convert(plain, Order)


_Drawn = Sequence[tuple[str, Any]]


def _one_of(field: str, *values: Any) -> Callable[[Random, Order], _Drawn]:
    def drawn(draw: Random, _order: Order) -> _Drawn:
        return [(field, draw.choice(values))]

    return drawn


def _quiet_hours(draw: Random, _order: Order) -> _Drawn:
    hours = ((None, None), ("20:00:00", "09:00:00"), ("22:30:00", "07:30:00"))
    quiet_from, quiet_until = draw.choice(hours)
    return [("messages.quiet_from", quiet_from), ("messages.quiet_until", quiet_until)]


def _working_days(draw: Random, _order: Order) -> _Drawn:
    enhanced, usual = draw.choice(((1, 3), (2, 5), (1, 10), (3, 3)))
    return [("deadlines.working_days_enhanced", enhanced), ("deadlines.working_days", usual)]


def _code_versions(draw: Random, order: Order) -> _Drawn:
    enhanced, usual = draw.choice(((1, 2), (2, 8), (3, 4)))
    live: date = getattr(order.go_live, f"phase_{draw.choice((1, 2, 3))}")
    soon = live + timedelta(days=draw.randrange(2, 15))
    since = draw.choice(("2001-01-01", soon.isoformat(), soon.isoformat()))
    periods = (("2000-01-01", 9, 9), (since, usual, enhanced))
    versions = [
        {
            "version": f"in force from {since}",
            "in_force_from": since,
            "working_days": standard,
            "working_days_enhanced": days,
        }
        for since, standard, days in periods
    ]
    return [("deadlines.code", versions)]


def _offences(draw: Random, order: Order) -> _Drawn:
    ordered = order.eligibility.offence_subgroups
    kept = draw.sample(ordered, max(1, len(ordered) // 2))
    return [("eligibility.offence_subgroups", [each for each in ordered if each in kept])]


def _markers(draw: Random, order: Order) -> _Drawn:
    ordered = order.eligibility.safeguarding_exclusions
    left_out = draw.choice(ordered)
    of_the_person = order.eligibility.safeguarding_of_the_person
    return [
        ("eligibility.safeguarding_exclusions", [e for e in ordered if e != left_out]),
        ("eligibility.safeguarding_of_the_person", [e for e in of_the_person if e != left_out]),
        (
            "eligibility.through_a_person",
            [e for e in draw.choice((["sexual"], ["honour_based_abuse"])) if e != left_out],
        ),
    ]


def _bank_holidays(draw: Random, order: Order) -> _Drawn:
    named = set(order.working_days.bank_holidays)
    middles = {
        date(year, month, 15) for year in {each.year for each in named} for month in range(1, 13)
    }
    days = draw.choice((set(), named | middles))
    return [(BANK_HOLIDAYS, [each.isoformat() for each in sorted(days)])]


def _advice(draw: Random, order: Order) -> _Drawn:
    advice = order.journey.advice_for
    kept = draw.sample(list(advice), len(advice) // 2)
    return [("journey.advice_for", {each: advice[each] for each in advice if each in kept})]


def _supervisors(_draw: Random, order: Order) -> _Drawn:
    known = {*order.supervisors, TEAM_WITH_SUPERVISORS}
    return [("supervisors", {each: f"Supervisors' desk of {each}" for each in sorted(known)})]


def _of_each_force(field: str, *values: str) -> Callable[[Random, Order], _Drawn]:
    def drawn(draw: Random, order: Order) -> _Drawn:
        value = draw.choice(values)
        return [
            (f"forces.{key}.{field}", value.format(force=force.name))
            for key, force in order.forces.items()
        ]

    return drawn


def _sensitive(draw: Random, order: Order) -> _Drawn:
    subgroup = draw.choice(order.eligibility.offence_subgroups)
    return [
        ("sensitive_closures.outcomes", sorted(draw.sample((5, 8, 13, 16, 18), 2))),
        ("sensitive_closures.offence_subgroups", [subgroup]),
    ]


#: What is drawn for each field, with the fields that belong to it.
_VALUES: dict[str, Callable[[Random, Order], _Drawn]] = {
    **{
        field: _one_of(field, *values)
        for field, values in {
            "messages.bundle_minutes": (0, 20, 120),
            "messages.per_week_max": (2, 3, 8),
            "messages.week": ("calendar",),
            "messages.minutes_max": (5, 30),
            "journey.still_with_us_days": (14, 40),
            "journey.advice_after_days": (1, 5),
            "sign_in.proof": ("date_of_birth",),
            "sign_in.invitation_days": (2, 30),
            "sign_in.code_minutes": (5, 8),
            "sign_in.attempts_max": (3, 8),
            "sign_in.session_minutes": (10, 60),
            "sign_in.session_hours_max": (2, 24),
            "two_way.reply_working_days": (2, 10),
            "two_way.closed_case_days": (7, 60),
            "two_way.review_days": (0, 35),
            "contact.people_per_address_max": (2, 6),
            "contact.falls_back": (True,),
            "sensitive_milestones.enhanced_rights": (
                [],
                ["suspect_arrested", "suspect_released", "bail_changed"],
            ),
            "rights_check.markers": ([], ["repeat_victim"]),
            "rights_check.under_years": (0, 20),
            "deadlines.bail_views_hours": (None, 4, 72),
            "eligibility.approved_channels": (False,),
            "eligibility.age_min_years": (16,),
            "eligibility.blank_safe_to_contact": ("safe",),
            "eligibility.unmarked_police_employee": ("not_restricted",),
            "closures.supervisor_confirms": ([], [15], [14, 18]),
            "two_way.danger_minutes": (15, 240),
            "deadlines.breach_hours": (24, 120),
            "rights_check.bereaved": (False,),
            "catalogue.switched_off": ([], ["file_with_cps", "hearing_listed"]),
        }.items()
    },
    "messages.quiet_from": _quiet_hours,
    "deadlines.working_days": _working_days,
    "deadlines.code": _code_versions,
    "eligibility.offence_subgroups": _offences,
    "eligibility.safeguarding_exclusions": _markers,
    "sensitive_closures.outcomes": _sensitive,
    BANK_HOLIDAYS: _bank_holidays,
    "journey.advice_for": _advice,
    "supervisors": _supervisors,
    "forces.witness_care": _of_each_force("witness_care", "Witness and Victim Unit of {force}"),
    "forces.control_room": _of_each_force("control_room", "", "Night desk of {force}"),
    "forces.non_emergency": _of_each_force("non_emergency", "01632 960301", "01632960302"),
}
