"""The rules of the judge, one file for each family of harm.

A rule reads the case book and never another rule. `RULES` is the order in which they are asked:
of two findings at the same moment, the one from the earlier rule comes first.
"""

from simulator.judge.rule import Rule
from simulator.judge.rules.acknowledged_reports import AcknowledgedReports
from simulator.judge.rules.advice_contents import AdviceContents
from simulator.judge.rules.advice_pages import AdvicePages
from simulator.judge.rules.approved_channels import ApprovedChannels
from simulator.judge.rules.bundled_news import BundledNews
from simulator.judge.rules.carried_ids import CarriedIds
from simulator.judge.rules.closure_rights import ClosureRights
from simulator.judge.rules.code_deadlines import CodeDeadlines
from simulator.judge.rules.contact_pages import ContactPages
from simulator.judge.rules.crime_advice import CrimeAdvice
from simulator.judge.rules.disowning_answers import DisowningAnswers
from simulator.judge.rules.forged_deliveries import ForgedDeliveries
from simulator.judge.rules.late_answers import LateAnswers
from simulator.judge.rules.link_targets import LinkTargets
from simulator.judge.rules.listed_crimes import ListedCrimes
from simulator.judge.rules.locked_out import LockedOut
from simulator.judge.rules.merged_pages import MergedPages
from simulator.judge.rules.message_timing import MessageTiming
from simulator.judge.rules.message_wording import MessageWording
from simulator.judge.rules.milestones_told_first import MilestonesToldFirst
from simulator.judge.rules.misdirected_messages import MisdirectedMessages
from simulator.judge.rules.missing_tasks import MissingTasks
from simulator.judge.rules.page_appointments import PageAppointments
from simulator.judge.rules.page_contents import PageContents
from simulator.judge.rules.page_privacy import PagePrivacy
from simulator.judge.rules.page_wording import PageWords
from simulator.judge.rules.post_times import PostTimes
from simulator.judge.rules.promised_news import PromisedNews
from simulator.judge.rules.read_conversations import ReadConversations
from simulator.judge.rules.record_mergers import RecordMergers
from simulator.judge.rules.refused_pages import RefusedPages
from simulator.judge.rules.refused_questions import RefusedQuestions
from simulator.judge.rules.refused_sign_ins import RefusedSignIns
from simulator.judge.rules.rights_checks import RightsChecks
from simulator.judge.rules.safety_concerns import SafetyConcerns
from simulator.judge.rules.session_limits import SessionLimits
from simulator.judge.rules.sign_in_hints import SignInHints
from simulator.judge.rules.support_withdrawals import SupportWithdrawals
from simulator.judge.rules.task_addressees import TaskAddressees
from simulator.judge.rules.task_deadlines import TaskDeadlines
from simulator.judge.rules.text_lengths import TextLengths
from simulator.judge.rules.two_way_messages import TwoWayMessages
from simulator.judge.rules.unchecked_replies import UncheckedReplies
from simulator.judge.rules.unconfirmed_closures import UnconfirmedClosures
from simulator.judge.rules.undelivered_events import UndeliveredEvents
from simulator.judge.rules.unfounded_steps import UnfoundedSteps
from simulator.judge.rules.unusable_details import UnusableDetails
from simulator.judge.rules.unwanted_messages import UnwantedMessages
from simulator.judge.rules.update_frequency import UpdateFrequency
from simulator.judge.rules.update_links import UpdateLinks
from simulator.judge.rules.update_times import UpdateTimes
from simulator.judge.rules.vendors_record import VendorsRecord
from simulator.judge.rules.wrong_sign_ins import WrongSignIns

RULES: tuple[type[Rule], ...] = (
    UndeliveredEvents,
    VendorsRecord,
    UnwantedMessages,
    ApprovedChannels,
    PromisedNews,
    AcknowledgedReports,
    CodeDeadlines,
    MisdirectedMessages,
    UnusableDetails,
    MissingTasks,
    DisowningAnswers,
    RightsChecks,
    TaskDeadlines,
    TaskAddressees,
    LateAnswers,
    SafetyConcerns,
    UpdateFrequency,
    CrimeAdvice,
    MessageWording,
    UpdateLinks,
    LinkTargets,
    TextLengths,
    MessageTiming,
    BundledNews,
    PagePrivacy,
    PageContents,
    ListedCrimes,
    UpdateTimes,
    PageAppointments,
    PageWords,
    ClosureRights,
    UnconfirmedClosures,
    UnfoundedSteps,
    MilestonesToldFirst,
    MergedPages,
    RecordMergers,
    AdvicePages,
    AdviceContents,
    ContactPages,
    SupportWithdrawals,
    TwoWayMessages,
    ReadConversations,
    PostTimes,
    UncheckedReplies,
    RefusedSignIns,
    CarriedIds,
    ForgedDeliveries,
    RefusedPages,
    RefusedQuestions,
    WrongSignIns,
    LockedOut,
    SessionLimits,
    SignInHints,
)
