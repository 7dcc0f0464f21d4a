"""What can go wrong in the suite itself, and the exit code that says which kind it was.

0 conforms, 1 does not, 2 misuse, 3 could not judge.
"""

CONFORMS, DOES_NOT_CONFORM, MISUSE, COULD_NOT_JUDGE = 0, 1, 2, 3


class SuiteError(Exception):
    """The root: one sentence for the tester, naming what is wrong and the mend."""

    exit_code = COULD_NOT_JUDGE


class BadInput(SuiteError):
    """A file or an option the tester can mend."""

    exit_code = MISUSE


class PortalUnreachable(SuiteError):
    """The portal did not answer, or not to the end: nothing can be said about it."""


class CannotVerify(SuiteError):
    """This portal gives no way to see what is asked: SKIP, never PASS."""


class PortalNonsense(SuiteError):
    """The portal answered something that is not an answer of the contract."""

    exit_code = DOES_NOT_CONFORM
