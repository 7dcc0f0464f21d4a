"""The reference's operator: turns the force's order into the portal's settings.

A vendor's operator configures their portal from the same order in their own way.
"""

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from msgspec import structs

from simulator.inputs.order import Order
from simulator.neighbours.gateway.notify_templates import EMAIL_TEMPLATE_ID, TEXT_TEMPLATE_ID

_PER_CLIENT = ("wrong_proofs_per_client_max", "wrong_proofs_per_hour_max")


def reference_settings(
    order: Order,
    *,
    public_url: str,
    gateway_url: str,
    crime_system_url: str,
    database: str,
    test_clock_start: datetime | None,
) -> dict[str, Any]:
    """Return the reference portal's settings as plain values, fit for TOML."""
    settings: dict[str, Any] = {
        "public_url": public_url,
        "gateway_url": gateway_url,
        "crime_system_url": crime_system_url,
        "text_template_id": TEXT_TEMPLATE_ID,
        "email_template_id": EMAIL_TEMPLATE_ID,
        "database": database,
        "forces": {
            key: {
                "name": force.name,
                "non_emergency": force.non_emergency,
                "website": force.website,
                "witness_care": force.witness_care,
                **({"support": structs.asdict(force.support)} if force.support else {}),
                "control_room": force.control_room,
            }
            for key, force in order.forces.items()
        },
        "go_live": [order.go_live_at(phase) for phase in (1, 2, 3)],
        "eligible_subgroups": list(order.eligibility.offence_subgroups),
        "safeguarding_exclusions": list(order.eligibility.safeguarding_exclusions),
        "safeguarding_of_the_person": list(order.eligibility.safeguarding_of_the_person),
        "age_min_years": order.eligibility.age_min_years,
        "blank_safe_to_contact": order.eligibility.blank_safe_to_contact,
        "unmarked_police_employee": order.eligibility.unmarked_police_employee,
        "announcements": {
            trigger.event: {"notice": trigger.announces, "phase": trigger.phase}
            for trigger in order.triggers
        },
        "milestones_switched_off": list(order.catalogue.switched_off),
        "bundle_minutes": order.messages.bundle_minutes,
        "per_week_max": order.messages.per_week_max,
        "week": order.messages.week,
        "still_with_us_days": order.journey.still_with_us_days,
        "advice_after_days": order.journey.advice_after_days,
        "advice_for": dict(order.journey.advice_for),
        "proof": order.sign_in.proof,
        "invitation_days": order.sign_in.invitation_days,
        "code_minutes": min(order.sign_in.code_minutes, 10),  # it keeps no code for longer
        "attempts_max": order.sign_in.attempts_max,
        "session_minutes": order.sign_in.session_minutes,
        "session_hours_max": order.sign_in.session_hours_max,
        **_what_a_person_decides(order),
    }
    if order.messages.quiet_from and order.messages.quiet_until:
        settings["quiet_from"] = order.messages.quiet_from
        settings["quiet_until"] = order.messages.quiet_until
    if test_clock_start is not None:
        settings["test_clock_start"] = test_clock_start
    return settings


def write_settings(folder: Path, values: Mapping[str, Any]) -> Path:
    """Write a portal's settings as TOML; return the file."""
    import tomli_w  # only a portal in a process of its own reads a file

    path = folder / "portal.toml"
    path.write_text(tomli_w.dumps(values), encoding="utf-8")
    return path


def _code_periods(order: Order) -> dict[str, dict[str, int]]:
    """Return the periods of each version of the Victims' Code, by the day it is in force from."""
    versions = order.deadlines.code
    return {
        each.in_force_from.isoformat(): {
            "working_days": order.deadlines.periods_of(each)[0],
            "working_days_enhanced": order.deadlines.periods_of(each)[1],
        }
        for each in versions
    }


def _what_a_person_decides(order: Order) -> dict[str, Any]:
    """Return the settings about what people do and by when, and about addresses."""
    settings: dict[str, Any] = {
        "sensitive_outcomes": list(order.sensitive_closures.outcomes),
        "sensitive_subgroups": list(order.sensitive_closures.offence_subgroups),
        "sensitive_if_enhanced": list(order.sensitive_milestones.enhanced_rights),
        "rights_check": {
            "markers": list(order.rights_check.markers),
            "under_years": order.rights_check.under_years,
            "bereaved": order.rights_check.bereaved,
        },
        "through_a_person": list(order.eligibility.through_a_person),
        "approved_channels": order.eligibility.approved_channels,
        "supervisor_confirms": list(order.closures.supervisor_confirms),
        "answer_working_days": order.two_way.reply_working_days,
        "danger_minutes": order.two_way.danger_minutes,
        "working_days": order.deadlines.working_days,
        "working_days_enhanced": order.deadlines.working_days_enhanced,
        "code": _code_periods(order),
        "breach_hours": order.deadlines.breach_hours,
        "bank_holidays": list(order.working_days.bank_holidays),
        "closed_case_days": order.two_way.closed_case_days,
        "review_days": order.two_way.review_days,
        "not_a_victims": [each.replace(" ", "") for each in order.contact.not_a_victims],
        "not_for_me_per_client_max": order.contact.not_for_me_per_client_max,
        "not_for_me_per_hour_max": order.contact.not_for_me_per_hour_max,
        # Every victim of a run comes from this machine, and gets much wrong on purpose.
        **dict.fromkeys(_PER_CLIENT, 1_000_000),
        "falls_back": order.contact.falls_back,
        "retention_days": order.records.retention_days,
        "supervisors": dict(order.supervisors),
    }
    if order.deadlines.bail_views_hours is not None:
        settings["bail_views_hours"] = order.deadlines.bail_views_hours
    if order.contact.people_per_address_max is not None:
        settings["people_per_address_max"] = order.contact.people_per_address_max
    return settings
