"""Unit of work 工作单元: one transaction's repositories, and the instant at which it happens."""

from datetime import datetime

from storage.arrivals import Arrivals
from storage.attendance import Attendance
from storage.ballots import Ballots
from storage.cards import Cards
from storage.chats import Chats
from storage.clauses import Clauses
from storage.consents import Consents
from storage.conventions import Conventions
from storage.deadlines import Deadlines
from storage.evenings import Evenings
from storage.failures import Failures
from storage.forecasts import Forecasts
from storage.forgetting import Forgetting
from storage.forwards import Forwards
from storage.holds import Holds
from storage.issues import Issues
from storage.joining import Joining
from storage.journal import Journal
from storage.meetings import Meetings
from storage.minutes import MinutesBook
from storage.motions import Motions
from storage.mydata import MyData
from storage.notices import Notices
from storage.once import cached_property
from storage.outbox import Outbox
from storage.papers import Papers
from storage.people import People
from storage.photos import Photos
from storage.places import Places
from storage.polls import Polls
from storage.project_books import ProjectBooks
from storage.project_steps import ProjectSteps
from storage.projects import Projects
from storage.proposal_tasks import ProposalTasks
from storage.proposals import Proposals
from storage.ratings import Ratings
from storage.roll import Rolls
from storage.roll_import import RollImports
from storage.seats import Seats
from storage.series import SeriesStore
from storage.survey_answers import SurveyAnswers
from storage.surveys import Surveys
from storage.topics import Topics
from storage.turns import Turns
from storage.visits import Visits
from storage.webchat import WebChat


class Unit:
    """What a handler may ask and store; all of it is kept, or none."""

    def __init__(self, now: datetime, worker: str, *, is_shared: bool) -> None:
        self.now = now
        self._worker = worker
        self._is_shared = is_shared

    @cached_property
    def journal(self) -> Journal:
        """Who did what, sealed at the end of the unit."""
        return Journal(is_shared=self._is_shared)

    @property
    def is_noted(self) -> bool:
        """Whether anything may stand in the journal that is not written yet."""
        return "journal" in self.__dict__

    async def seal(self) -> None:
        """Write what was noted in the journal; the last thing that a unit does."""
        await self.journal.seal()

    @cached_property
    def places(self) -> Places:
        """The tree."""
        return Places()

    @cached_property
    def people(self) -> People:
        """Persons and roles."""
        return People(self.journal, self.places)

    @cached_property
    def joining(self) -> Joining:
        """One-time codes and requests to join."""
        return Joining()

    @cached_property
    def arrivals(self) -> Arrivals:
        """Who speaks, and where."""
        return Arrivals(self.chats, self.people, self.places)

    @cached_property
    def chats(self) -> Chats:
        """Groups, private chats, drafts, menus, inbox."""
        return Chats(self.places)

    @cached_property
    def issues(self) -> Issues:
        """Reports and their life."""
        return Issues(self.journal)

    @cached_property
    def polls(self) -> Polls:
        """Polls and who voted."""
        return Polls(self.journal)

    @cached_property
    def meetings(self) -> Meetings:
        """Meetings."""
        return Meetings(self.journal)

    @cached_property
    def roll(self) -> Rolls:
        """Owners and what they own."""
        return Rolls(self.journal)

    @cached_property
    def attendance(self) -> Attendance:
        """Who comes to a meeting, and who came."""
        return Attendance(self.journal)

    @cached_property
    def forwards(self) -> Forwards:
        """Links into groups where no bot may be."""
        return Forwards()

    @cached_property
    def notices(self) -> Notices:
        """Notices and who read them."""
        return Notices(self.journal)

    @cached_property
    def proposals(self) -> Proposals:
        """What residents propose, and where it stands."""
        return Proposals(self.journal)

    @cached_property
    def proposal_tasks(self) -> ProposalTasks:
        """What carries proposals out, and how that was found."""
        return ProposalTasks(self.journal, self.proposals, self.issues)

    @cached_property
    def projects(self) -> Projects:
        """The money of proposals."""
        return Projects(self.journal)

    @cached_property
    def project_steps(self) -> ProjectSteps:
        """What that money is to bring about, step by step."""
        return ProjectSteps(self.journal)

    @cached_property
    def project_books(self) -> ProjectBooks:
        """What that money was spent on."""
        return ProjectBooks(self.journal)

    @cached_property
    def series(self) -> SeriesStore:
        """Meetings that repeat."""
        return SeriesStore(self.journal)

    @cached_property
    def topics(self) -> Topics:
        """What is to be talked over at meetings."""
        return Topics(self.journal, self.issues)

    @cached_property
    def minutes(self) -> MinutesBook:
        """What meetings said and decided."""
        return MinutesBook(self.journal, self.issues)

    @cached_property
    def ratings(self) -> Ratings:
        """How meetings were found."""
        return Ratings()

    @cached_property
    def surveys(self) -> Surveys:
        """Consent surveys."""
        return Surveys(self.journal)

    @cached_property
    def survey_answers(self) -> SurveyAnswers:
        """What households answered."""
        return SurveyAnswers(self.surveys)

    @cached_property
    def visits(self) -> Visits:
        """Who went to see which household."""
        return Visits()

    @cached_property
    def roll_imports(self) -> RollImports:
        """Sheets that wait for their yes, and what they would change."""
        return RollImports(self.places, self.roll)

    @cached_property
    def motions(self) -> Motions:
        """Owners' votes, and the ledger of each."""
        return Motions(self.journal)

    @cached_property
    def holds(self) -> Holds:
        """Names that votes still hold."""
        return Holds(self.motions)

    @cached_property
    def seats(self) -> Seats:
        """Frozen rolls of votes."""
        return Seats()

    @cached_property
    def ballots(self) -> Ballots:
        """What lies in the ballot boxes, and the sums."""
        return Ballots()

    @cached_property
    def papers(self) -> Papers:
        """Ballots on paper, and proxies."""
        return Papers()

    @cached_property
    def conventions(self) -> Conventions:
        """What neighbours agree on."""
        return Conventions(self.journal)

    @cached_property
    def clauses(self) -> Clauses:
        """Clauses of conventions, which residents gave."""
        return Clauses(self.conventions)

    @cached_property
    def consents(self) -> Consents:
        """What people agreed to."""
        return Consents()

    @cached_property
    def mydata(self) -> MyData:
        """All that is stored of one person."""
        return MyData(self.people, self.holds)

    @cached_property
    def photos(self) -> Photos:
        """Pictures."""
        return Photos()

    @cached_property
    def deadlines(self) -> Deadlines:
        """What is due when."""
        return Deadlines(self.now, is_shared=self._is_shared)

    @cached_property
    def cards(self) -> Cards:
        """Messages that are edited as what they show changes."""
        return Cards()

    @cached_property
    def failures(self) -> Failures:
        """What could not be sent."""
        return Failures()

    @cached_property
    def outbox(self) -> Outbox:
        """What is to be sent."""
        return Outbox(self.now, self._worker, is_shared=self._is_shared)

    @cached_property
    def forecasts(self) -> Forecasts:
        """What the weather will be."""
        return Forecasts(self.now, is_shared=self._is_shared)

    @cached_property
    def evenings(self) -> Evenings:
        """Meetings' evenings, while they are chosen and watched."""
        return Evenings()

    @property
    def wants_forecast(self) -> bool:
        """Whether a forecast was asked for that has to be fetched."""
        return "forecasts" in self.__dict__ and self.forecasts.is_wanted

    @cached_property
    def webchat(self) -> WebChat:
        """Messages and sessions of the web chat."""
        return WebChat()

    @cached_property
    def turns(self) -> Turns:
        """What only one process may do at a time."""
        return Turns(self.now)

    @cached_property
    def forgetting(self) -> Forgetting:
        """What is of no use any more."""
        return Forgetting()
