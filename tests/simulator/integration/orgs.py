"""A force whose portal lives in an org: the double of Salesforce in its portal's place."""

from collections.abc import Callable, Mapping
from typing import Any

from msgspec import structs

from simulator.files.paths import ROOT
from simulator.integration.faults import NO_FAULTS, FaultPlan
from simulator.integration.filing import Filing
from simulator.integration.map_file import Retries, read_org_map
from simulator.integration.org_delivery import OrgDelivery
from simulator.integration.salesforce_system import NAME, SalesforceSystem, words_of
from simulator.integration.source import SourceUnreachable
from simulator.integration.system_client import SystemClient
from simulator.integration.victim_words import VictimWords
from simulator.neighbours.dataverse.tables import TABLES
from tests.simulator.asgi import call
from tests.simulator.integration.forces import RULES, START, Force
from tests.simulator.neighbours.salesforce.double import APP, Org

ORG_RULES = read_org_map(ROOT / "scenarios" / "integration" / "salesforce.toml")
KEY = structs.replace(ORG_RULES.org, consumer_key=APP.key)
MANY_TRIES = structs.replace(RULES, retries=Retries(tries_max=30, first_seconds=5))


class Killed(Exception):
    """The integration ended here, as by a kill."""


class ToDouble(SystemClient):
    """Asks the double in this process; `strike` may break a call before or after it is done."""

    def __init__(self, org: Org) -> None:
        super().__init__(NAME, words_of)
        self._org = org
        self.asked: list[tuple[str, str, Mapping[str, str], bytes]] = []
        self.strike: Callable[[str, str], None] = lambda _when, _target: None

    def ask(
        self, method: str, target: str, body: bytes, headers: Mapping[str, str]
    ) -> tuple[int, bytes]:
        """Ask once."""
        path = "/" + target.partition("//")[2].partition("/")[2]
        self.strike("before", path)
        self.asked.append((method, path, headers, body))
        answer = call(self._org.app, method, path, body, headers={**headers, "host": "double.test"})
        self.strike("after", path)
        if answer.status == 429 or answer.status >= 500:
            raise SourceUnreachable(f"{NAME}: {answer.status}")
        return answer.status, answer.body


class Joined(Force):
    """Dynamics, the integration and the org, at one time."""

    def __init__(self, plan: FaultPlan = NO_FAULTS, **more: Any) -> None:
        self.org = Org(**more)
        self.org.advance(seconds=(START - self.org.now).total_seconds())
        self.http = ToDouble(self.org)
        self.sforce = SalesforceSystem(KEY, APP.secret, http=self.http)
        super().__init__(OrgDelivery(ORG_RULES, self.sforce), rules=MANY_TRIES, plan=plan)
        self.restart()

    def restart(self) -> None:
        """Start the integration anew, with what it stored."""
        self.sforce = SalesforceSystem(KEY, APP.secret, http=self.http)
        self.portal = OrgDelivery(ORG_RULES, self.sforce)
        self.flow = self.new_flow()
        filing = Filing(self.rules, self.system)
        self.words = VictimWords(
            self.sforce, filing, self.store, now=lambda: self.now, on_trouble=self.troubles.append
        )

    def step(self, **later: float) -> None:
        """Let time pass, in the org too, and do what is due both ways."""
        super().step(**later)
        self.org.now = self.now
        self.words.step()

    def officer(self) -> str:
        """Make an officer; return what binds a crime to them."""
        made = self.make("systemuser", fullname="PC Moss", employeeid="1234")
        return f"/systemusers({made})"

    def ask(self, words: str, crime: str = "43260000001") -> str:
        """Let the victim write in the org's portal; return the comment's id."""
        [case] = self.org.records.living("Case", "Crime_Number__c", crime)
        asked = {"ParentId": case["Id"], "CommentBody": words, "IsPublished": True}
        token = self.org.portal_token
        return str(self.org.ask("POST", "sobjects/CaseComment", asked, token=token).json["id"])

    def found(self, table: str) -> list[dict[str, Any]]:
        """The rows of the force's system."""
        return [dict(each) for each in self.rows.all(TABLES[table])]

    def reply(self, crime: str, words: str) -> str:
        """Let the officer reply to the victim."""
        about = {"objectid_incident@odata.bind": f"/incidents({crime})"}
        return self.make("annotation", notetext=words, csp_entrytype=2, **about)
