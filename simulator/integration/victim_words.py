"""The process layer from a victim's question in an org to a task of the force, each once.

An event only says that there is something: what was written is read from the org. So an event that
comes twice, or is lost because it was kept for three days only, loses and doubles nothing.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any, Literal

import msgspec

from reference.contract.messages import QUESTION_CHARACTERS_MAX, Stamp, Task
from simulator.clock import Now
from simulator.integration.filing import Filing
from simulator.integration.salesforce_system import ALL_KEPT, SalesforceSystem
from simulator.integration.source import CursorLost, SourceUnreachable
from simulator.integration.store import Store
from simulator.neighbours.crime_system.problems import Problem

QUESTIONS, CONTACTS = "/event/Victim_Question__e", "/data/ContactChangeEvent"
_ASKED = (
    "SELECT Id, CommentBody, CreatedDate, CreatedBy.Contact.Person_Id__c, Parent.Crime_Number__c, "
    "Parent.People__c FROM CaseComment WHERE CreatedBy.UserType IN "
    "('CspLitePortal', 'CustomerSuccess', 'PowerCustomerSuccess')"
)
_WHOSE = (
    "SELECT Person_Id__c, (SELECT Case__r.Crime_Number__c FROM Involvements__r "
    "ORDER BY CreatedDate DESC LIMIT 1) FROM Contact WHERE Id = '{}'"
)
_UNAVAILABLE = 503


class VictimWords:
    """Files what victims write in one org. `step` does what is due, once; a loop calls it."""

    def __init__(
        self,
        system: SalesforceSystem,
        filing: Filing,
        store: Store,
        *,
        now: Now,
        on_trouble: Callable[[str], None] = lambda _words: None,
    ) -> None:
        self._system = system
        self._filing = filing
        self._store = store
        self._now = now
        self._on_trouble = on_trouble
        self._again_at = 0.0

    def step(self, poll_seconds: float = 0.0) -> None:
        """File what was written since the last time; what cannot be filed now waits."""
        now = self._now().timestamp()
        if now < self._again_at:
            return
        self._again_at = now + poll_seconds
        try:
            self._read()
        except SourceUnreachable as trouble:
            self._system.forget()
            self._again_at = max(self._again_at, now + trouble.wait_seconds)
            self._on_trouble(str(trouble))
        except CursorLost as lost:
            self._store.set_cursor(lost.stream, "")
            self._on_trouble(str(lost))

    def _read(self) -> None:
        cursors = {each: self._store.cursor(each) for each in (QUESTIONS, CONTACTS)}
        if not all(cursors.values()):
            self._system.forget()
        told = self._system.told({name: int(at or ALL_KEPT) for name, at in cursors.items()})
        if not cursors[QUESTIONS]:
            # First of all, or after more than three days: the org has all that was ever asked.
            self._ask(_ASKED)
        for name, at in cursors.items():
            if not at:
                self._store.set_cursor(name, str(ALL_KEPT))
        for channel, data in told:
            payload, event = data["payload"], data["event"]
            if channel == QUESTIONS:
                self._ask(f"{_ASKED} AND Id = '{payload['Case_Comment_Id__c']}'")
            else:
                self._changed(payload, event["EventUuid"])
            self._store.set_cursor(channel, str(event["replayId"]))

    def _ask(self, soql: str) -> None:
        for comment in self._system.query(soql):
            case, user = comment["Parent"], comment["CreatedBy"] or {}
            people = (case["People__c"] or "").split(";")
            asked_by = (user.get("Contact") or {}).get("Person_Id__c")
            person = asked_by or (people[0] if len(people) == 1 else "")
            what = f"question {comment['Id']}"
            if not person or not case["Crime_Number__c"]:
                self._bury(what, "it is not said who asked, of several people, or of which crime")
                continue
            filed = _question(comment, case["Crime_Number__c"], person)
            self._file(what, case["Crime_Number__c"], filed, comment["Id"])

    def _changed(self, payload: Mapping[str, Any], uuid: str) -> None:
        """Ask an officer to look at details that a victim changed; our own changes come back."""
        header = payload["ChangeEventHeader"]
        is_ours = header["changeOrigin"].endswith(f"client={self._system.client}")
        fields = [each for each in header["changedFields"] if not each.startswith("LastMod")]
        if is_ours or header["changeType"] != "UPDATE" or not fields:
            return
        for contact_id in header["recordIds"]:
            for contact in self._system.query(_WHOSE.format(contact_id)):
                of = contact["Involvements__r"] or {"records": []}
                for each in of["records"]:
                    task = Task(
                        key=f"{uuid}-{contact_id}",
                        crime_reference=each["Case__r"]["Crime_Number__c"],
                        kind="contact_details",
                        person_id=contact["Person_Id__c"],
                        reason=f"The victim changed {', '.join(fields)} in the portal.",
                    )
                    self._file(f"contact {contact_id}", task.crime_reference, [task], uuid)

    def _file(
        self, what: str, reference: str, filed: Iterable[Stamp | Task], correlation_id: str
    ) -> None:
        """File each once; what the force's system refuses is a dead letter."""
        try:
            for each in filed:
                values = {**msgspec.to_builtins(each), "crime_reference": reference}
                of: Literal["stamp", "task"] = "stamp" if isinstance(each, Stamp) else "task"
                self._filing.file(of, reference, each.key, values, correlation_id=correlation_id)
        except Problem as problem:
            if problem.status == _UNAVAILABLE:
                raise SourceUnreachable(str(problem)) from None
            self._bury(what, str(problem))

    def _bury(self, what: str, why: str) -> None:
        self._store.add_words(self._now().timestamp(), what, why)
        self._on_trouble(f"dead letter: {what}: {why}")


def _question(comment: Mapping[str, Any], reference: str, person: str) -> Iterator[Stamp | Task]:
    """Give the words, in parts if they are long, and the task to answer them."""
    key, words, most = comment["Id"], comment["CommentBody"] or "", QUESTION_CHARACTERS_MAX
    at = datetime.fromisoformat(comment["CreatedDate"])
    for begin in range(0, len(words), most):
        named = key if not begin else f"{key}-{begin // most + 1}"
        yield Stamp(key=named, person_id=person, text=words[begin : begin + most], written_at=at)
    reason = "The victim wrote in the portal."
    yield Task(
        key=key, crime_reference=reference, kind="victim_question", person_id=person, reason=reason
    )
