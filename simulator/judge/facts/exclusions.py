"""Why nothing is said of a crime to one of its people, and which requirement says so."""

from reference.contract.messages import TaskKind

NO_VICTIM = "no victim of it, but a"
DIED = "the victim has died, and nobody was named to be told instead"
NO_CONTACT = "an organisation for which nobody was named"
UNDECIDED = "an officer decided that somebody else is told, and named nobody"
NOBODY = "an officer decided that nobody is told"
OF_AGE = "the victim came of age, and the person told for them no longer is"
SUSPECT = "the victim is a suspect in a linked crime"
RESTRICTED = "the victim's record is restricted"
RUN_OUT = "the channel that an officer approved as safe is approved no longer"
NOT_SAFE = "not recorded as safe to contact"
ELSEWHERE = "another crime or record of the same person forbids it"
SAME_PERSON = "they are told of it by the record that theirs was merged into"

#: The task that the force must then be given, and the requirement for it.
TASKS: dict[str, tuple[TaskKind, str]] = {
    DIED: ("who_is_told", "SAFE-03"),
    SUSPECT: ("sensitive_contact", "SAFE-04"),
    OF_AGE: ("who_is_told", "SAFE-05"),
    ELSEWHERE: ("sensitive_contact", "SAFE-06"),
    RUN_OUT: ("safe_contact_review", "SAFE-06"),
    NO_CONTACT: ("who_is_told", "WHO-03"),
    RESTRICTED: ("sensitive_contact", "WHO-04"),
}
_BROKEN_BY_TELLING = {why: requirement for why, (_, requirement) in TASKS.items()}
_UNDER = "under "


def requirement_of(exclusion: str) -> str:
    """Name the requirement that a message breaks despite this exclusion ("" for none of these)."""
    if exclusion.startswith(NO_VICTIM):
        return "WHO-01"
    return "SAFE-05" if exclusion in (NOBODY, UNDECIDED) else _BROKEN_BY_TELLING.get(exclusion, "")


def task_for(exclusion: str) -> tuple[TaskKind, str] | None:
    """Name the task that the force must then be given, and the requirement for it."""
    if is_under_age(exclusion) or exclusion == UNDECIDED:
        return "who_is_told", "SAFE-05"
    return TASKS.get(exclusion)


def is_under_age(exclusion: str) -> bool:
    """Say whether nothing is said because the victim is a child, and nobody decided who is told."""
    return exclusion.startswith(_UNDER)
