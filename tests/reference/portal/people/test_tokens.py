"""Invitations: each link works once, for a time, and only when a person uses it."""

import pytest

from tests.reference.portal.crimes import EMAIL, MOBILE, alex, details, recorded
from tests.reference.portal.scene import Scene


def test_an_invitation_works_once(scene: Scene) -> None:
    """A second use, and a link that never was, get the same answer."""
    scene.deliver(recorded())
    link = scene.messages[0].link

    assert scene.open_invitation(link).status == 200
    assert scene.open_invitation(link).status == 410
    assert scene.open_invitation(link).body == scene.open_invitation("made-up").body


def test_an_invitation_runs_out(scene: Scene) -> None:
    """A link found in a mailbox a fortnight later opens nothing."""
    scene.deliver(recorded())
    link = scene.messages[0].link
    scene.advance(days=14)

    assert scene.open_invitation(link).status == 410


def test_an_invitation_works_until_it_runs_out(scene: Scene) -> None:
    """Nobody has to hurry: the last minute of the fortnight is as good as the first."""
    scene.deliver(recorded())
    link = scene.messages[0].link
    scene.advance(days=13, hours=23, minutes=59)

    assert scene.open_invitation(link).status == 200


@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_following_a_link_uses_nothing_up(scene: Scene, method: str) -> None:
    """Mail scanners follow links before people do; only sending the form uses one up."""
    scene.deliver(recorded())
    link = scene.messages[0].link
    before = scene.rows()

    assert scene.page(f"/invitation/{link}", method=method).status == 200
    assert scene.page(f"/invitation/{link}", method=method).status == 200
    assert scene.rows() == before
    assert scene.open_invitation(link).status == 200


@pytest.mark.parametrize("used", [0, 1])
def test_text_and_email_of_one_cause_both_work_until_one_is_used(scene: Scene, used: int) -> None:
    """A victim may follow either, and using one uses both."""
    scene.deliver(recorded(alex(email=EMAIL)))
    links = [each.link for each in scene.messages]

    assert len(set(links)) == 2
    assert scene.open_invitation(links[used]).status == 200
    assert scene.open_invitation(links[1 - used]).status == 410


@pytest.mark.parametrize("used", [0, 1])
def test_the_first_link_used_ends_all_links(scene: Scene, used: int) -> None:
    """An older link opens the portal too: the newer message may still be on its way."""
    scene.deliver(recorded())
    scene.deliver(recorded(crime="43260000002"))
    links = [each.link for each in scene.messages]

    assert scene.open_invitation(links[used]).status == 200
    assert [scene.open_invitation(each).status for each in links] == [410, 410]


def test_links_codes_and_sessions_cannot_be_guessed(scene: Scene) -> None:
    """No two are alike, and each is long enough that trying is hopeless."""
    for n in range(20):
        scene.deliver(recorded(alex(f"person-{n}"), crime=f"4326{n:07}"))
    links = {each.link for each in scene.messages}

    assert len(links) == 20
    assert all(len(link) >= 32 for link in links)


def test_a_link_is_the_only_thing_in_a_message_that_is_somebodys_own(scene: Scene) -> None:
    """An invitation's text has the token and no name, number, reference or offence."""
    scene.deliver(recorded())
    words = scene.messages[0].words

    assert not any(each in words for each in ("Alex", "Marsh", MOBILE, "43260000001", "cycle"))


def test_changed_details_leave_an_unused_invitation(scene: Scene) -> None:
    """Putting an email address right does not make the link in a phone useless."""
    scene.deliver(recorded())
    scene.deliver(details(alex(email=EMAIL)))

    assert scene.open_invitation(scene.messages[0].link).status == 200
