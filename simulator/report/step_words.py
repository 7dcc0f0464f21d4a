"""The steps of stories in plain words: what happened, and not the name that the code has for it.

Results count steps by the names of their kinds in simulator/explore/steps.py.
"""

from collections.abc import Mapping
from types import MappingProxyType

from simulator.report.amounts import kind

STEP_WORDS: Mapping[str, str] = MappingProxyType(
    {
        "Wait": "time passes",
        "RecordCrime": "a crime is recorded",
        "ReportIncident": "a report without a crime",
        "CloseIncident": "a report is closed without a crime",
        "Deploy": "an officer is deployed",
        "Allocate": "a crime is allocated",
        "MakeAppointment": "an appointment is made",
        "ChangeAppointment": "an appointment is moved",
        "CancelAppointment": "an appointment is cancelled",
        "ReachMilestone": "a milestone is reached",
        "Charge": "a suspect is charged",
        "Close": "a crime is closed",
        "Reopen": "a crime is reopened",
        "Reclassify": "a crime is reclassified",
        "Merge": "a crime is merged into another",
        "Unmerge": "a merger of crimes is taken back",
        "Transfer": "a crime is transferred",
        "Cancel": "a crime is cancelled",
        "NoteContact": "an officer spoke to a person",
        "OfficerAway": "an officer is away or has left",
        "ChangeDetails": "a person's record is changed",
        "MergePersons": "records of persons are merged",
        "UnmergePersons": "a merger of persons is taken back",
        "Reply": "an officer replies",
        "WriteNote": "the force writes an internal note",
        "SendHeldBack": "an event is sent later or again",
        "DeliverTogether": "events are sent in one delivery",
        "SendInvalid": "an event that the contract does not allow",
        "SendBeyond": "an event with a field over its limit",
        "TellReceipt": "the gateway's receipt is chosen",
        "RefuseSend": "the gateway refuses a message once",
        "SignIn": "a person signs in",
        "SignOut": "a person signs out",
        "Read": "a person reads everything",
        "Ask": "a person asks a question",
        "ChooseChannels": "a person chooses channels",
        "WithdrawSupport": "a person asks about no longer supporting the case",
        "TextBack": "a person texts back",
        "SayNotForMe": "somebody says that messages are not for them",
        "Move": "a person gets another phone or mailbox",
        "Pry": "a person asks for other people's crimes",
        "Guess": "a stranger guesses proofs or codes",
        "EnterCode": "a person enters the code late or twice",
        "SignInTogether": "two people sign in at once",
        "FollowLink": "an old or changed link is tried",
        "VisitLinks": "a mail scanner follows links",
        "SignInFrom": "a stranger signs in from an address of their own",
        "CompareAnswers": "answers to known and unknown addresses are compared",
        "UseSession": "an old session is used",
        "KeepReading": "a person keeps reading",
        "Breakdown": "an outage begins or ends, or the portal restarts",
        "StartSecondWorker": "a second worker starts",
        "Forge": "an event that is not the force's",
    }
)


def step_words(name: str) -> str:
    """Write the name of a kind of step in words; of one that is not known, its own.

    Results of another version may have other kinds.
    """
    return STEP_WORDS.get(name) or kind(name)
