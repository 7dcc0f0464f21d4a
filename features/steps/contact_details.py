"""Contact details that are wrong: how they were written, who is asked, when they are corrected."""

from datetime import timedelta

from msgspec import structs
from pytest_bdd import given, parsers, then, when

from features.people import FAMILY_NAMES, Actor
from features.running_scenario import Scene, Unmet
from reference.contract.events import Channel, VictimDetailsChanged
from simulator.errors import CannotVerify
from simulator.evidence.records import MessageAccepted, TaskRaised
from simulator.judge.facts.contact_fields import as_email, as_mobile
from simulator.judge.facts.sent_message import one
from simulator.population.faults.contacts import Contacts, contacts_moved

_FIELDS = {"other phone": "other_phone", "email": "email", "mobile phone": "mobile_phone"}
_OWN = {
    "mobile number": "mobile_phone",
    "email address": "email",
    "number": "mobile_phone",
    "mailbox": "email",
}
_IN_THE_WRONG_FIELD = {
    ("mobile number", "other phone"): "mobile_in_landline_field",
    ("mobile number", "email"): "phone_in_email",
    ("email address", "mobile phone"): "email_in_mobile_field",
}
_SOMEBODY_ELSE = "{other} is a stranger whose number was written in the {field} field for {name}"
_TOO_MANY = "more people than may share a number all gave the number of {other}, a stranger"
_ONE_OF_MANY = "victim"
_SIGNIFICANT = 9
_OLD_NUMBER = "the crime system holds back that the number of {other}, a stranger, is {name}'s"
_TOLD_OR_ASKED = (
    "either {name} is told by {channel} or the force is asked to look at {same}'s details"
)


@given(parsers.parse("{name}'s {detail} was written in the {field} field"))
def in_the_wrong_field(scene: Scene, name: str, detail: str, field: str) -> None:
    """Write the details as rehearsals and made-up crowds do: by the fault of this kind."""
    actor = scene.actor(name)
    known, record = actor.known, actor.record
    true = Contacts(known.mobile_phone, record.other_phone, known.email)
    written = contacts_moved(_IN_THE_WRONG_FIELD[detail, field], true, another="", how=0)
    scene.change(
        actor,
        mobile_phone=written.mobile,
        other_phone=written.landline,
        email=written.email,
    )


@given(parsers.parse(_SOMEBODY_ELSE))
def somebody_elses_number(scene: Scene, other: str, field: str, name: str) -> None:
    number = meet_stranger(scene, other).known.mobile_phone
    scene.change(scene.actor(name), **{"mobile_phone": "", _FIELDS[field]: number})


@given(parsers.parse('"{written}" was written as {name}\'s mobile number'))
def written_as_mobile(scene: Scene, written: str, name: str) -> None:
    scene.change(scene.actor(name), mobile_phone=written)


@given(parsers.parse("07 followed by nothing but sevens was written as {name}'s mobile number"))
def filled_with_sevens(scene: Scene, name: str) -> None:
    scene.change(scene.actor(name), mobile_phone="07" + 9 * "7")


@given(parsers.parse(_TOO_MANY))
def given_by_too_many(scene: Scene, other: str) -> None:
    """People made one after another have different family names, as long as there are enough."""
    people_max = scene.world.order.contact.people_per_address_max
    if people_max is None or people_max >= len(FAMILY_NAMES):
        raise CannotVerify(f"the order lets {people_max or 'all'} people share a number")
    many = [scene.add(f"{_ONE_OF_MANY} {number}", ("text",)) for number in range(people_max + 1)]
    stranger = meet_stranger(scene, other)
    for actor in many:
        scene.change(
            actor,
            given_name=scene.register.called("Robin"),
            mobile_phone=stranger.known.mobile_phone,
        )


@given(parsers.parse("{name}'s recorded {detail} is no longer in use"))
def given_up(scene: Scene, name: str, detail: str) -> None:
    if "receipts" not in scene.world.portal.capabilities:
        raise CannotVerify("without receipts no portal hears what did not arrive: not verified")
    actor = scene.actor(name)
    actor.known = structs.replace(actor.known, **{_OWN[detail]: ""})


@when(parsers.parse("a {crime} with all of them as victims is recorded"))
def recorded_of_all(scene: Scene, crime: str) -> None:
    scene.record_crime(_too_many(scene), crime)


@when(parsers.parse("the force corrects {name}'s details"))
def mends(scene: Scene, name: str) -> None:
    known = scene.actor(name).known
    scene.mend(scene.actor(name), mobile_phone=known.mobile_phone, other_phone="")


@when(parsers.parse("the force records that {name} has enhanced rights"))
def rights_are_written_down(scene: Scene, name: str) -> None:
    """Late: what is still owed happened before."""
    actor, took_place_at = scene.actor(name), scene.took_place_at
    happened_at = scene.happened_at
    scene.mend(actor, enhanced_rights=True)
    scene.happened_at, scene.took_place_at = happened_at, took_place_at


@when(parsers.parse("the force records that {name} wants an update every {days:d} days"))
def writes_frequency(scene: Scene, name: str, days: int) -> None:
    scene.mend(scene.actor(name), update_frequency_days=days)


@given(parsers.parse("{other} is a stranger whose number was written beside {name}'s own"))
def written_beside_own(scene: Scene, other: str, name: str) -> None:
    number = meet_stranger(scene, other).known.mobile_phone
    scene.change(scene.actor(name), other_phone=number)


@given(parsers.parse(_OLD_NUMBER))
def number_held_back(scene: Scene, other: str, name: str) -> None:
    actor = scene.actor(name)
    number = meet_stranger(scene, other).known.mobile_phone
    scene.held_event_id = scene.world.crime_system.record(
        VictimDetailsChanged(
            crime_reference=actor.crime_reference,
            victim=structs.replace(actor.record, mobile_phone=number),
        )
    )
    scene.world.integration.hold_back(scene.held_event_id)


@when(parsers.parse("the force records that {name} is safe to contact again"))
def records_safe(scene: Scene, name: str) -> None:
    scene.mend(scene.actor(name), safe_to_contact=True)


@when(parsers.parse("the force records that {name} is not safe to contact"))
def records_unsafe(scene: Scene, name: str) -> None:
    scene.take_note(scene.actor(name))
    scene.mend(scene.actor(name), safe_to_contact=False)


@then(parsers.parse("nothing more was sent to the old {detail}"))
def nothing_to_the_old(scene: Scene, detail: str) -> None:
    written = getattr(scene.first.record, _OWN[detail])
    sent = scene.world.messages_at(as_mobile(written) or as_email(written))
    if len(sent) != 1:
        raise Unmet(f"only the invitation went to the {detail} that does not work", f"{len(sent)}")


@then(parsers.parse("the force is asked to look at {name}'s details"))
def is_asked_to_look(scene: Scene, name: str) -> None:
    if not scene.comes_true(lambda: _somebody_is_asked(scene, scene.actor(name))):
        raise Unmet(f"a task to look at {name}'s contact details", "no such task")


@then("the force is asked to look at the details of each of them")
def asked_about_each(scene: Scene) -> None:
    left_out = [each.name for each in _too_many(scene) if not _somebody_is_asked(scene, each)]
    if left_out:
        raise Unmet("a task to look at the details of each", f"none for {len(left_out)} of them")


@then(parsers.parse("nothing is sent to what was written for {name}"))
def nothing_sent_to_written(scene: Scene, name: str) -> None:
    """Compare digits from the end: a country's code may have taken the place of the nought.

    A person of an earlier scenario may truly have the number, and still gets messages there.
    """
    written = scene.actor(name).record.mobile_phone
    sent = [each for each in scene.own_evidence() if isinstance(each, MessageAccepted)]
    for record in sent:
        same = _significant(record.to) == _significant(written) != ""
        if same or record.to == written:
            raise Unmet(f"nothing is sent to {written!r}", f"{one(record.channel)} was sent")


@then(parsers.parse(_TOLD_OR_ASKED))
def told_or_asked(scene: Scene, name: str, channel: str, same: str) -> None:
    actor = scene.actor(name)
    if not scene.heard(actor, channel) and not _somebody_is_asked(scene, scene.actor(same)):
        raise Unmet(
            f"{one(channel)} that reaches {name}, or a task to look at the details",
            "neither: the victim is silently lost",
        )


def _somebody_is_asked(scene: Scene, actor: Actor) -> bool:
    return any(
        record.task_kind == "contact_details" and record.person_id == actor.record.person_id
        for record in scene.written(TaskRaised)
    )


def meet_stranger(scene: Scene, name: str) -> Actor:
    """Add a person to the world who is not a victim, with a phone of their own."""
    stranger = scene.add(name, ("text",))
    stranger.known = structs.replace(stranger.known, role="stranger")
    scene.meet(stranger.known)
    return stranger


def _too_many(scene: Scene) -> list[Actor]:
    return [each for each in scene.actors.values() if each.name.startswith(_ONE_OF_MANY)]


def _significant(written: str) -> str:
    """Give the last nine digits, or nothing where there are fewer."""
    digits = "".join(each for each in written if each.isdigit())
    return digits[-_SIGNIFICANT:] if len(digits) >= _SIGNIFICANT else ""


@given(
    parsers.parse(
        "contact with {name} is not safe, but an officer approved {channel} for {days:d} days"
    )
)
def is_approved(scene: Scene, name: str, channel: Channel, days: int) -> None:
    if not scene.world.order.eligibility.approved_channels:
        raise CannotVerify("the order has no officer approve a safe channel: not verified")
    until = scene.world.now + timedelta(days=days)
    actor = scene.actor(name)
    scene.change(actor, safe_to_contact=False, safe_channel=channel, safe_until=until)


@when(parsers.parse("an officer approves {channel} for {name} for {days:d} more days"))
def is_approved_again(scene: Scene, name: str, channel: Channel, days: int) -> None:
    until = scene.world.now + timedelta(days=days)
    scene.mend(scene.actor(name), safe_channel=channel, safe_until=until)


@then(parsers.parse("{name} has had no email"))
def has_had_no_email(scene: Scene, name: str) -> None:
    count = len(scene.heard(scene.actor(name), "email"))
    if count:
        raise Unmet(f"nothing goes to the mailbox of {name}", f"{count} emails")
