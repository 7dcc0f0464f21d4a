"""The case book: every fact the evidence gives so far, for the rules to read.

`entries` write in it, record by record. It holds no verdict, and knows neither entries nor rules.
"""

from dataclasses import dataclass, field

from simulator.inputs.order import Order
from simulator.judge.facts.automatic_messages import AutomaticMessages
from simulator.judge.facts.awaited_codes import AwaitedCodes
from simulator.judge.facts.crime_register import CrimeRegister
from simulator.judge.facts.deliveries import Deliveries
from simulator.judge.facts.detail_flags import DetailFlags
from simulator.judge.facts.event_log import EventLog
from simulator.judge.facts.held_replies import HeldReplies
from simulator.judge.facts.internal_notes import InternalNotes
from simulator.judge.facts.news_history import NewsHistory
from simulator.judge.facts.obligations import Ledger
from simulator.judge.facts.officers_in_charge import OfficersInCharge
from simulator.judge.facts.outages import Outages
from simulator.judge.facts.owed_tasks import OwedTasks
from simulator.judge.facts.page_steps import PageSteps
from simulator.judge.facts.page_views import PageViews
from simulator.judge.facts.phases import Phases
from simulator.judge.facts.questions import Questions
from simulator.judge.facts.reachability import Reachability
from simulator.judge.facts.reported_incidents import Incidents
from simulator.judge.facts.rights_asked import RightsAsked
from simulator.judge.facts.sent_messages import SentMessages
from simulator.judge.facts.sign_in_attempts import SignInAttempts
from simulator.judge.facts.sign_in_links import SignInLinks
from simulator.judge.facts.unconfirmed_closures import UnconfirmedClosures
from simulator.judge.facts.withdrawal_requests import WithdrawalRequests
from simulator.judge.facts.withheld_milestones import WithheldMilestones
from simulator.judge.facts.withheld_news import WithheldNews


@dataclass
class CaseBook:
    """All facts of a run; docs/judge_rules.md says what each of them has.

    `correlates` says that the portal names the event each message answers, `carries_ids` that it
    passes on the correlation id of a delivery.
    """

    order: Order
    correlates: bool
    carries_ids: bool = False
    phases: Phases = field(init=False)
    register: CrimeRegister = field(init=False)
    events: EventLog = field(init=False)
    reachability: Reachability = field(init=False)
    ledger: Ledger = field(init=False)
    deliveries: Deliveries = field(default_factory=Deliveries)
    flags: DetailFlags = field(default_factory=DetailFlags)
    tasks: OwedTasks = field(default_factory=OwedTasks)
    rights_asked: RightsAsked = field(default_factory=RightsAsked)
    questions: Questions = field(init=False)
    withdrawals: WithdrawalRequests = field(init=False)
    incidents: Incidents = field(init=False)
    held_replies: HeldReplies = field(init=False)
    unconfirmed: UnconfirmedClosures = field(init=False)
    withheld: WithheldNews = field(init=False)
    milestones: WithheldMilestones = field(init=False)
    page_steps: PageSteps = field(init=False)
    page_views: PageViews = field(init=False)
    messages: SentMessages = field(default_factory=SentMessages)
    links: SignInLinks = field(init=False)
    attempts: SignInAttempts = field(default_factory=SignInAttempts)
    codes: AwaitedCodes = field(init=False)
    history: NewsHistory = field(init=False)
    automatic: AutomaticMessages = field(init=False)
    notes: InternalNotes = field(default_factory=InternalNotes)
    officers: OfficersInCharge = field(init=False)
    crime_system_outages: Outages = field(init=False)

    def __post_init__(self) -> None:
        self.phases = Phases(self.order)
        self.register = CrimeRegister(self.order)
        self.events = EventLog(self.order, self.register)
        self.reachability = Reachability(self.order, self.register)
        self.ledger = Ledger(self.order)
        self.incidents = Incidents(
            self.order, self.register, self.reachability, self.ledger, self.correlates
        )
        self.questions = Questions(self.register)
        self.withdrawals = WithdrawalRequests(self.register)
        self.held_replies = HeldReplies(self.register)
        self.unconfirmed = UnconfirmedClosures(self.order, self.register)
        self.withheld = WithheldNews(self.order)
        self.milestones = WithheldMilestones(self.order, self.register)
        self.page_steps = PageSteps(self.order)
        self.page_views = PageViews(self.register, self.withheld)
        self.links = SignInLinks(self.register, self.reachability.address_book.written_for)
        addresses = self.reachability.address_book
        self.codes = AwaitedCodes(
            self.order,
            addresses.written_for,
            addresses.holders,
            lambda each: self.register.signed_in_with(each) | addresses.other_records_of(each),
        )
        self.history = NewsHistory(
            self.order, self.register, self.reachability, self.phases, self.ledger
        )
        self.automatic = AutomaticMessages(self.order, self.register, self.history)
        self.officers = OfficersInCharge(self.order, self.register)
        self.crime_system_outages = Outages(self.order)
