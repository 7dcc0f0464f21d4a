"""Which records of persons the force has merged so far in a story, and what may be merged next."""

from dataclasses import dataclass, field

from simulator.explore import steps as told


@dataclass
class JoinedRecords:
    """Records by label: each merged one with the record that survives, the latest merger last.

    `turned_at_seconds` is when a record was last merged, or given back.
    """

    survivors: dict[str, str] = field(default_factory=dict)
    turned_at_seconds: dict[str, int] = field(default_factory=dict)

    def read_by(self, person: str) -> set[str]:
        """Name the records whose crimes a person follows: theirs, and those merged into it."""
        found = [person]
        for each in found:
            found += [merged for merged, into in self.survivors.items() if into == each]
        return {*found}

    def may_join(self, step: told.MergePersons) -> bool:
        """Say whether a record may be merged: it is not yet, and none goes round in a circle."""
        above = step.survivor
        while above in self.survivors:
            above = self.survivors[above]
        return step.person not in self.survivors and above != step.person

    def may_part(self, step: told.UnmergePersons) -> bool:
        """Say whether a merger may be taken back: of several the last goes first."""
        merged = [*self.survivors]
        if step.person not in merged:
            return False
        both = {step.person, self.survivors[step.person]}
        later = merged[merged.index(step.person) + 1 :]
        return not any(both & {each, self.survivors[each]} for each in later)

    def take(self, step: told.MergePersons | told.UnmergePersons, seconds: int) -> None:
        """Let a merger happen, or be taken back."""
        self.turned_at_seconds[step.person] = seconds
        if isinstance(step, told.MergePersons):
            self.survivors[step.person] = step.survivor
        else:
            del self.survivors[step.person]
