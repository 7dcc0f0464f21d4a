"""Records are merged, and parted in any order: nobody is told of another, or reads their words."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from reference.contract.events import AnyEvent, VictimRecord
from tests.examples import examples
from tests.reference.portal.crimes import (
    PHASE_3,
    alex,
    deployed,
    details,
    enveloped,
    persons_merged,
    persons_unmerged,
    recorded,
)
from tests.reference.portal.reading import tasks
from tests.reference.portal.scene import Scene

PEOPLE = "pqrst"
MERGERS_MAX = 5
MOVES = st.lists(
    st.tuples(
        st.sampled_from(("merge", "merge", "part", "write", "news", "new number", "crime")),
        st.integers(0, len(PEOPLE) - 1),
        st.integers(0, len(PEOPLE) - 1),
    ),
    max_size=14,
)
#: Three records, of which the one in the middle is parted from the last; then the first from it.
CHAIN = [("merge", 0, 1), ("merge", 1, 2), ("write", 0, 0), ("news", 0, 0), ("part", 1, 0)]
UNWOUND = [*CHAIN, ("news", 0, 0), ("write", 0, 0), ("part", 0, 0), ("news", 0, 0)]
#: The other way round: the record in the middle is in another already, and parted first.
BACKWARDS = [("merge", 1, 2), ("write", 0, 0), ("merge", 0, 1), *CHAIN[2:]]
#: A link for a crime of the first record is with the one in the middle when that is merged.
LINKED = [("merge", 0, 1), ("crime", 0, 0), ("merge", 1, 2)]


@dataclass
class Town:
    """Five records of one name, each with a crime, a number and a word, and what came of them.

    Records are merged `into` others. What was `told` of a crime and not looked into went to whom.
    """

    scene: Scene
    into: dict[str, str] = field(default_factory=dict)
    numbers: dict[str, list[str]] = field(default_factory=dict)
    crimes: dict[str, str] = field(default_factory=dict)
    events: dict[str, tuple[str, set[str]]] = field(default_factory=dict)
    written: list[tuple[str, str, str]] = field(default_factory=list)
    sessions: list[tuple[str, str]] = field(default_factory=list)
    links: list[tuple[str, str, str]] = field(default_factory=list)
    told: set[tuple[str, str]] = field(default_factory=set)
    astray: set[str] = field(default_factory=set)
    mergers: int = 0

    def begin(self) -> None:
        """Record a crime of each."""
        self.numbers = {each: [f"07700900{n}00"] for n, each in enumerate(PEOPLE, start=1)}
        for person in PEOPLE:
            self.do("crime", person, person)

    def way_of(self, person: str) -> list[str]:
        """Give the records that one goes on as: itself, what that was merged into, and so on."""
        way = [person]
        while way[-1] in self.into:
            way.append(self.into[way[-1]])
        return way

    def told_by(self, person: str) -> str:
        """Give the record by whose details a person is told."""
        return self.way_of(person)[-1]

    def of(self, person: str) -> set[str]:
        """Give a record and all that were merged into it."""
        return {each for each in PEOPLE if person in self.way_of(each)}

    def do(self, what: str, one: str, other: str) -> None:
        """Have something happen, if it can, and look at who was told."""
        self.scene.advance(minutes=10)
        own = next((crime for crime, whose in self.crimes.items() if whose == one), "")
        at, came, asked = self.scene.now, len(self.scene.messages), len(self.breaches)
        match what:
            case "merge" if one not in self.into and one not in self.way_of(other):
                if self.mergers < MERGERS_MAX:
                    self.into[one], self.mergers = other, self.mergers + 1
                    self._deliver(persons_merged(one, other, own, at=at), own, set())
            case "part" if one in self.into:
                both = {self.told_by(each) for each in (self.into.pop(one), one)}
                self._deliver(persons_unmerged(one, own, at=at), own, both)
                self._look_into(one, self.breaches[asked:])
            case "write":
                self._write(self.told_by(one), own)
            case "news":
                self._deliver(deployed(own, at=at), own, {self.told_by(one)})
            case "new number":
                self.numbers[one].append(f"{self.numbers[one][0][:-2]}{len(self.numbers[one]):02}")
                self._deliver(details(self._record(one), own), own, {self.told_by(one)})
            case "crime":
                self.crimes[own := f"4326000{len(self.crimes):04}"] = one
                new = recorded(self._record(one), crime=own, recorded_at=at)
                self._deliver(new, own, {self.told_by(one)})
        self.scene.advance(minutes=2)
        for message in self.scene.messages[came:]:
            crime, whom = self.events.get(str(message.body.get("reference")), ("", set()))
            if crime:
                [recipient] = [e for e in PEOPLE if self.numbers[e][-1] == message.to]
                assert recipient in whom, f"{recipient} is told of the crime of {one}"
                self.links += [(message.link, self.crimes[crime], recipient)] * bool(message.link)
                self.told |= {(crime, recipient)} if what in ("news", "crime") else set()

    @property
    def breaches(self) -> list[str]:
        """Which crimes the force was asked to look into a breach of."""
        return [each["crime_reference"] for each in tasks(self.scene, "breach")]

    def check(self) -> None:
        """Let each use what was opened before, and read all that is theirs."""
        for whose, session in self.sessions:
            listed = self._listed(session)
            assert listed is None or (whose, listed) == (self.told_by(whose), self._crimes(whose))
        for link, whose, recipient in self.links:
            if self.scene.open_invitation(link).status == 200:
                assert recipient == self.told_by(whose)
        for reader in sorted({self.told_by(each) for each in PEOPLE}):
            session = self._session(reader)
            assert self._listed(session) == self._crimes(reader)
            for crime in self._crimes(reader):
                page = self.scene.api("GET", f"/crimes/{crime}/conversation", session=session)
                read = {each["text"] for each in page.json["conversation"]}
                by = {words: writer for writer, about, words in self.written if about == crime}
                assert {by[words] for words in read} <= self.of(reader)
                if self.crimes[crime] == reader:
                    assert {words for words, writer in by.items() if writer == reader} <= read
        # A breach is looked into for all crimes of a record.
        assert {self.crimes[each] for each in self.breaches} <= self.astray

    def _look_into(self, parted: str, raised: list[str]) -> None:
        """Have a breach of each crime of which somebody else was told meanwhile."""
        theirs = self._crimes(parted)
        wrong = {each for each in self.told if each[0] in theirs and each[1] not in self.of(parted)}
        assert {crime for crime, _ in wrong} <= {*raised}
        self.astray |= {self.crimes[crime] for crime, _ in wrong}
        self.told -= wrong

    def _write(self, writer: str, crime: str) -> None:
        self.sessions.append((writer, self._session(writer)))
        words = f"words of {writer}, number {len(self.written)}"
        path = f"/crimes/{crime}/questions"
        answer = self.scene.api("POST", path, {"text": words}, session=self.sessions[-1][1])
        assert answer.status in (200, 201), answer.body
        self.written.append((writer, crime, words))

    def _crimes(self, person: str) -> set[str]:
        return {crime for crime, whose in self.crimes.items() if whose in self.of(person)}

    def _listed(self, session: str) -> set[str] | None:
        answer = self.scene.api("GET", "/crimes", session=session)
        if answer.status != 200:
            return None
        return {each["crime_reference"] for each in answer.json["crimes"]}

    def _session(self, person: str) -> str:
        return self.scene.session(word=f"word {person}", address=self.numbers[person][-1])

    def _record(self, person: str) -> VictimRecord:
        return alex(person, word=f"word {person}", mobile_phone=self.numbers[person][-1])

    def _deliver(self, event: AnyEvent, crime: str, whom: set[str]) -> None:
        envelope = enveloped(event, time=self.scene.now)
        self.events[envelope["id"]] = crime, whom
        self.scene.deliver(envelope)


@given(moves=MOVES)
@example(moves=CHAIN)
@example(moves=UNWOUND)
@example(moves=BACKWARDS)
@example(moves=LINKED)
@settings(max_examples=examples(100), suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_message_page_or_word_reaches_another(
    tmp_path: Path, moves: list[tuple[str, int, int]]
) -> None:
    """News goes to the surviving record alone; what did not is a breach once they are parted."""
    limits: dict[str, Any] = {"bundle_minutes": 1, "per_week_max": 99}
    town = Town(Scene(tmp_path, start=PHASE_3, database=":memory:", **limits))
    town.begin()
    for what, one, other in moves:
        town.do(what, PEOPLE[one], PEOPLE[other])
    town.check()
