"""Who the people are: their channels, age and name, and what they agreed."""

from datetime import date, timedelta

from pytest_bdd import given, parsers

from features.people import born_so_that, channels_of
from features.running_scenario import Scene
from simulator.clock import LONDON


@given(parsers.parse("{name} wants to hear by {channels}"))
def wants_to_hear(scene: Scene, name: str, channels: str) -> None:
    scene.add(name, channels_of(channels))


@given(parsers.parse("{name}'s safe to contact flag is blank"))
def safety_is_blank(scene: Scene, name: str) -> None:
    scene.change(scene.actor(name), safe_to_contact=None)


@given(parsers.parse("{name} is {years:d} years old"))
def is_years_old(scene: Scene, name: str, years: int) -> None:
    born = born_so_that(scene.world.now.date(), is_years_old=years)
    scene.change(scene.actor(name), born=born)


@given(parsers.parse("{name} turns {years:d} on the last day of the year"))
def turns_at_the_end_of_the_year(scene: Scene, name: str, years: int) -> None:
    # On the last days of a year use the next one, or the birthday comes during the scenario.
    soon = scene.world.now.date() + timedelta(days=3)
    scene.change(scene.actor(name), born=date(soon.year - years, 12, 31))


@given(parsers.parse("{name} turns {years:d} tomorrow"))
def turns_tomorrow(scene: Scene, name: str, years: int) -> None:
    day = scene.world.now.astimezone(LONDON).date() + timedelta(days=1)
    scene.change(scene.actor(name), born=date(day.year - years, day.month, day.day))


@given(parsers.re(r"(?P<name>\w+) has (?P<rights>standard|enhanced) rights"))
def has_rights(scene: Scene, name: str, rights: str) -> None:
    scene.change(scene.actor(name), enhanced_rights=rights == "enhanced")


@given(parsers.parse("{name} agreed to an update every {days:d} days"))
def agreed_frequency(scene: Scene, name: str, days: int) -> None:
    scene.change(scene.actor(name), update_frequency_days=days)


@given(parsers.parse('{name}\'s name was written as "{given_name}" "{family_name}"'))
def name_written_as(scene: Scene, name: str, given_name: str, family_name: str) -> None:
    scene.change(scene.actor(name), given_name=given_name, family_name=family_name)
