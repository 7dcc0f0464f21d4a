"""The errors of the suite itself, and the exit code of each kind.

0 conforms, 1 does not, 2 misuse, 3 could not judge.
"""

CONFORMS, DOES_NOT_CONFORM, MISUSE, COULD_NOT_JUDGE = 0, 1, 2, 3


class SuiteError(Exception):
    """The root: one sentence for the tester that says what is wrong and how to fix it."""

    exit_code = COULD_NOT_JUDGE


class BadInput(SuiteError):
    """A mistake in a file or an option, which the tester can fix."""

    exit_code = MISUSE


class DamagedFile(BadInput):
    """A file of a run that was cut short or altered: nothing can be judged by it."""

    exit_code = COULD_NOT_JUDGE


class PortalUnreachable(SuiteError):
    """The portal did not answer, or not completely: we cannot judge it."""


class NotConserved(SuiteError):
    """A simulation lost something, or counted it twice: its numbers are wrong, and not shown."""

    def __str__(self) -> str:
        """Name what was not conserved, and what to do."""
        return f"{super().__str__()}; the suite is at fault here: please report it with the seed"


class CannotVerify(SuiteError):
    """This portal gives no way to check this: SKIP, never PASS."""


class PortalNonsense(SuiteError):
    """The portal gave an answer that the contract does not allow."""

    exit_code = DOES_NOT_CONFORM


#: The status of an answer that the portal cannot do this now.
NOT_AVAILABLE = 503


class PortalNotAvailable(PortalNonsense):
    """The portal said that it cannot do this now (503), as the contract allows for a while.

    It is no refusal. It is right only while a neighbour that the answer needs is down.
    """
