"""What the law lets a page say of an ending and of a milestone, and what it must say."""

from pytest_bdd import parsers, then, when

from features.running_scenario import Scene, Unmet, refuse_any
from features.steps.messages import is_told
from features.steps.pages import has_something_new
from reference.contract.closing_words import Said, WordsFault, faults
from reference.contract.events import CrimeClosed
from reference.contract.lawful_words import Ending, Say

#: Who takes a case over in the scenarios, and how to reach them: an Ofcom drama number.
_OTHER_BODY, _ITS_CONTACT = "Borsetshire Harbour Authority", "01632 960321"
_IF_NOT_OFF = '{name} is told of "{milestone}" unless the force has switched it off'


@when(parsers.parse("another body takes over the case {name} reported"))
def taken_over(scene: Scene, name: str) -> None:
    scene.happens(
        CrimeClosed(
            crime_reference=scene.actor(name).crime_reference,
            outcome=20,
            closed_at=scene.world.now,
            decided_by="police",
            to_body=_OTHER_BODY,
            to_body_contact=_ITS_CONTACT,
        )
    )


@then(parsers.parse("{name} reads which body now deals with it"))
def reads_the_body(scene: Scene, name: str) -> None:
    actor = scene.actor(name)
    if not scene.comes_true(lambda: _OTHER_BODY in " ".join(scene.new_on_page(actor))):
        raise Unmet(f"the page names {_OTHER_BODY}", f"{scene.new_on_page(actor)}")


@then(parsers.parse("{name} is offered no police review"))
def no_review(scene: Scene, name: str) -> None:
    """Check what is new, sentence by sentence: to say that there is none is true."""
    for what in ("police_review", "cps_review"):
        if found := _found(scene, name, what, "must not"):
            raise Unmet("a right to review is offered only where there is one", found)


@then(parsers.parse("{name} is offered a police review"))
def a_review(scene: Scene, name: str) -> None:
    """Accept any words for it: forces call it by several names."""
    if found := _comes_to_be_said(scene, name, "police_review", "must"):
        raise Unmet("the page says that there is a right to review", found)


@then(parsers.parse("{name} reads that the CPS can review its decision"))
def the_cps_route(scene: Scene, name: str) -> None:
    if found := _comes_to_be_said(scene, name, "cps_review", "must"):
        raise Unmet("the page says that the victim can ask the CPS to review its decision", found)


@then(parsers.parse("{name} reads how soon to ask the CPS"))
def how_soon(scene: Scene, name: str) -> None:
    if found := _comes_to_be_said(scene, name, "cps_time", "should"):
        raise Unmet("the page says how soon to ask the CPS", found)


@then(parsers.parse("{name}'s page calls nobody guilty"))
def nobody_is_guilty(scene: Scene, name: str) -> None:
    if found := _found(scene, name, "guilt", "must not"):
        raise Unmet("nobody is called guilty who was not convicted and admitted nothing", found)


@then(parsers.parse(_IF_NOT_OFF))
def told_unless_switched_off(scene: Scene, name: str, milestone: str) -> None:
    """By the order: a milestone that is on is announced and shown, one that is off is neither."""
    actor, order = scene.actor(name), scene.world.order
    if milestone.replace(" ", "_") not in order.catalogue.switched_off:
        is_told(scene, name, " and ".join(actor.record.preferred_channels))
        has_something_new(scene, name)
        return
    scene.world.advance(scene.world.now + scene.patience())
    refuse_any(scene.heard(actor), actor)
    if new := scene.new_on_page(actor):
        raise Unmet("a milestone that the force switched off is not shown", f"{new}")


def _comes_to_be_said(scene: Scene, name: str, what: Said, say: Say) -> str:
    """Wait until the page says it; return what it says instead, "" when it does."""
    scene.comes_true(lambda: not _found(scene, name, what, say))
    return _found(scene, name, what, say)


def _found(scene: Scene, name: str, what: Said, say: Say) -> str:
    """Hold what is new on a page against the law; return what is wrong, "" for nothing."""
    actor = scene.actor(name)
    scene.comes_true(lambda: bool(scene.new_on_page(actor)))
    words = "\n".join(scene.new_on_page(actor))
    found: list[WordsFault] = list(faults(words, scene.ending))
    return next((each.observed for each in found if (each.what, each.say) == (what, say)), "")


def ending_of(closed: CrimeClosed) -> Ending:
    """Give the ending of a closure, for the table of the law."""
    return Ending(closed.outcome, closed.decided_by, closed.interviewed_under_caution)
