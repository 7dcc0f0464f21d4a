"""Which crimes were told late by a portal under the Victims' Code, and why that is no failure."""

from simulator.report.amounts import kind, moment, several
from simulator.results.portal_life import ToldLate
from simulator.results.values import RehearsalResult


def late_sentences(result: RehearsalResult) -> list[str]:
    """Name each crime of which a victim was told late, with the reason; the others are counted."""
    named = result.life.told_late if result.life else []
    found = [_sentence(each) for each in named]
    late = result.victims_code.late_by_portal + result.victims_code.late_by_contact_data
    if named and late > len(named):
        found.append(f"And {several(late - len(named), 'other')}.")
    return found


def _sentence(each: ToldLate) -> str:
    told = f"told on {moment(each.told_at)}" if each.told_at else "not told"
    what = kind(each.what).capitalize() if each.what else "News"
    return (
        f"{what}, crime {each.crime_reference} ({each.portal} portal): due by "
        f"{moment(each.told_by)}, {told}. "
        f"{'A failure' if each.is_failure else 'No failure of the portal'}: {each.reason}."
    )
