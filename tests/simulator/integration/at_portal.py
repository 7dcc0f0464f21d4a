"""An officer's story in Dynamics, and what victims were told of it by the reference portal."""

import re
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from msgspec import structs

from simulator.integration.faults import NO_FAULTS, FaultPlan
from simulator.integration.map_file import IntegrationMap, Retries
from tests.reference.portal.scene import Scene
from tests.simulator.integration.forces import RULES, Force

#: Wednesday at noon in London, phase 1 is live.
NOON = datetime(2026, 6, 3, 11, 0, tzinfo=UTC)
#: Longer than any planned fault, and than the portal bundles news.
A_WHILE = timedelta(hours=2)
MANY_TRIES = structs.replace(RULES, retries=Retries(tries_max=30, first_seconds=5))
_SECRETS = re.compile(r"/invitation/\S+|\b\d{6}\b")


class ReferencePortal:
    """The reference portal as the integration reaches it; each delivery is one request."""

    def __init__(self, folder: Path, **changes: Any) -> None:
        self.scene = Scene(folder, start=NOON, **changes)
        self.deliveries = 0

    def close(self) -> None:
        """Nothing is open."""

    def deliver(self, events: list[bytes], *, correlation_id: str) -> tuple[int | None, str]:
        """Deliver a batch; the portal may take it or refuse it."""
        assert correlation_id
        self.deliveries += 1
        answer = self.scene.post_events(b"[" + b",".join(events) + b"]")
        return answer.status, answer.body.decode() if answer.status != 202 else ""


class Told:
    """A force, an integration with its faults, a portal, and the victims' phones."""

    def __init__(
        self, folder: Path, plan: FaultPlan = NO_FAULTS, rules: IntegrationMap = MANY_TRIES
    ) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.portal = ReferencePortal(folder)
        self.force = Force(self.portal, rules=rules, plan=plan, now=NOON)

    def later(self, by: timedelta = A_WHILE) -> None:
        """Let time pass: the integration works each half minute, and the portal with it."""
        end = self.force.now + by
        while self.force.now < end:
            self.force.step(seconds=min(30.0, (end - self.force.now).total_seconds()))
            self.portal.scene.advance(to=self.force.now)

    def crime(self, number: int, **values: Any) -> str:
        """Record a crime with a victim of its own."""
        victim = self.force.make(
            "contact",
            firstname="Sam",
            lastname="Hill",
            mobilephone=f"07700900{number:03d}",
            csp_personid=f"p-{number}",
            csp_safetocontact=1,
        )
        return self.force.crime(victim, number, csp_offencegroup="Bicycle theft", **values)

    def officer(self) -> dict[str, str]:
        """Make an officer; return what binds a crime to them."""
        made = self.force.make("systemuser", fullname="PC Moss", employeeid="1234")
        return {"ownerid@odata.bind": f"/systemusers({made})"}

    @property
    def texts(self) -> Counter[tuple[str, str]]:
        """How often each number got each text, without its link and code."""
        return Counter(
            (each.to, _SECRETS.sub("…", each.words)) for each in self.portal.scene.messages
        )

    def told_of(self, number: int) -> int:
        """How many texts a victim got."""
        return sum(
            times for (to, _), times in self.texts.items() if to.endswith(f"900{number:03d}")
        )


def usual_story(told: Told) -> None:
    """Three crimes are recorded, allocated together, and closed together."""
    crimes = [told.crime(number) for number in (1, 2, 3)]
    told.later()
    owner = told.officer()
    with told.force.rows.caused_by("allocate-1"):
        for each in crimes:
            told.force.change("incident", each, **owner)
    told.later()
    with told.force.rows.caused_by("close-1"):
        for each in crimes:
            told.force.change("incident", each, statecode=1, csp_outcome="18")
    told.later()
