"""Issues 报事: their life, and who may take which step."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final, NamedTuple

from domain.people import Ability, Actor
from domain.places import ancestors
from domain.refusal import Refusal

REMIND_VERIFIER_AFTER: Final = timedelta(days=3)
CLOSE_UNCONFIRMED_AFTER: Final = timedelta(days=7)
COMMON_FROM_SECONDERS: Final = 3
"""From so many seconders on an individual matter 个性问题 is a common one 共性问题."""


class State(StrEnum):
    """Where an issue stands."""

    REPORTED = "reported"
    DISPATCHED = "dispatched"
    ACCEPTED = "accepted"
    FINISHED = "finished"
    REOPENED = "reopened"
    VERIFIED = "verified"
    UNCONFIRMED = "unconfirmed"
    WITHDRAWN = "withdrawn"


OPEN: Final = frozenset({State.REPORTED, State.DISPATCHED, State.ACCEPTED, State.REOPENED})


class Step(StrEnum):
    """What can be done with an issue; also the verb in its timeline."""

    REPORT = "report"
    SECOND = "second"
    DISPATCH = "dispatch"
    ACCEPT = "accept"
    DECLINE = "decline"
    FINISH = "finish"
    VERIFY = "verify"
    REOPEN = "reopen"
    ESCALATE = "escalate"
    WITHDRAW = "withdraw"
    AMEND = "amend"
    EXPIRE = "expire"
    DISCUSS = "discuss"
    AGREE = "agree"
    REVOKE = "revoke"
    POSTPONE = "postpone"


class Party(StrEnum):
    """What somebody is to one issue; one person can be several."""

    REPORTER = "reporter"
    SECONDER = "seconder"
    NEIGHBOUR = "neighbour"
    ASSIGNEE = "assignee"
    WORKER = "worker"
    OWNER = "owner"
    DISPATCHER = "dispatcher"


class Issue(NamedTuple):
    """One reported matter. ``path`` is where it is, ``level_path`` whose table it lies on.

    ``household_id`` is set when it was reported for a neighbour 代报. ``handler_id`` is the person
    who accepted it, ``squad_id`` the squad it was dispatched to; both None before dispatch.
    ``due_at`` is until when it is to be done, where a meeting agreed on that.
    """

    id: int
    community_id: int
    number: int
    place_id: int
    path: str
    level_path: str
    reporter_id: int
    text: str
    state: State
    reported_at: datetime
    changed_at: datetime
    household_id: int | None = None
    squad_id: int | None = None
    handler_id: int | None = None
    finished_at: datetime | None = None
    due_at: datetime | None = None
    seconders: frozenset[int] = frozenset()
    version: int = 0

    @property
    def label(self) -> str:
        """The short name that people see."""
        return f"报{self.number}"

    @property
    def is_at_top(self) -> bool:
        """Whether it lies on the street's table, above which there is nobody."""
        return len(ancestors(self.level_path)) == 1

    @property
    def is_common(self) -> bool:
        """Whether enough neighbours share it 共性问题."""
        return len(self.seconders) >= COMMON_FROM_SECONDERS

    def is_overdue(self, now: datetime) -> bool:
        """Whether it is open past the day that was agreed."""
        return self.state in OPEN and self.due_at is not None and now > self.due_at


@dataclass(frozen=True, slots=True)
class Move:
    """A row of the table of moves; ``to`` None leaves the state, ``never`` bars whatever else."""

    by: frozenset[Party]
    when: frozenset[State]
    to: State | None
    never: frozenset[Party] = frozenset()


def _move(
    by: Collection[Party],
    when: Collection[State],
    to: State | None = None,
    never: Collection[Party] = (),
) -> Move:
    return Move(frozenset(by), frozenset(when), to, frozenset(never))


_CONCERNED: Final = (Party.REPORTER, Party.SECONDER)
_DONE: Final = (State.FINISHED, State.UNCONFIRMED)

MOVES: Final[Mapping[Step, Move]] = {
    Step.DISPATCH: _move([Party.DISPATCHER], OPEN, State.DISPATCHED),
    Step.ACCEPT: _move([Party.ASSIGNEE], [State.DISPATCHED, State.REOPENED], State.ACCEPTED),
    Step.FINISH: _move([Party.WORKER], [State.ACCEPTED], State.FINISHED),
    Step.SECOND: _move([Party.NEIGHBOUR], OPEN, never=[*_CONCERNED, Party.OWNER]),
    Step.DECLINE: _move(
        [Party.ASSIGNEE, Party.WORKER],
        [State.DISPATCHED, State.ACCEPTED, State.REOPENED],
        State.REPORTED,
    ),
    Step.VERIFY: _move(_CONCERNED, _DONE, State.VERIFIED, never=[Party.WORKER]),
    Step.REOPEN: _move(_CONCERNED, [*_DONE, State.VERIFIED], State.REOPENED, never=[Party.WORKER]),
    Step.ESCALATE: _move([Party.DISPATCHER, Party.WORKER], OPEN),
    Step.WITHDRAW: _move([Party.REPORTER], OPEN, State.WITHDRAWN),
    Step.AMEND: _move([Party.REPORTER], OPEN),
}
"""Who may do what, from which state, to which (点单—派单—接单—验单). Nobody verifies own work."""

IN_GROUP: Final = frozenset({Party.NEIGHBOUR, Party.REPORTER, Party.SECONDER})
"""Whom a card in a group speaks to; the steps of staff stand on their private cards."""

_GROUP_STEPS: Final = {
    state: tuple(
        step
        for step in (Step.SECOND, Step.VERIFY, Step.REOPEN)
        if state in MOVES[step].when and MOVES[step].by & IN_GROUP
    )
    for state in State
} | {State.VERIFIED: ()}


def parties(issue: Issue, actor: Actor) -> frozenset[Party]:
    """What ``actor`` is to ``issue``."""
    named = issue.handler_id == actor.id
    squad = issue.handler_id is None and issue.squad_id in actor.squads
    is_reporter = issue.reporter_id == actor.id or issue.household_id in actor.households
    found = {
        Party.REPORTER: is_reporter,
        Party.SECONDER: actor.id in issue.seconders,
        Party.NEIGHBOUR: actor.can(Ability.SECOND_ISSUE, at=issue.path),
        Party.ASSIGNEE: named or squad,
        Party.WORKER: named and issue.state is not State.DISPATCHED,
        Party.OWNER: named or (squad and issue.due_at is not None),
        Party.DISPATCHER: actor.can(Ability.DISPATCH_ISSUE, at=issue.level_path),
    }
    return frozenset(party for party, holds in found.items() if holds)


def is_visible(issue: Issue, actor: Actor) -> bool:
    """Whether ``actor`` may know of ``issue`` at all."""
    concerned = {Party.REPORTER, Party.SECONDER, Party.ASSIGNEE, Party.WORKER}
    return actor.sees(issue.path) or bool(parties(issue, actor) & concerned)


def steps_for(issue: Issue, who: frozenset[Party]) -> tuple[Step, ...]:
    """Steps that ``who`` may take now, in the order of the table; the buttons of a card."""
    return tuple(
        step
        for step, move in MOVES.items()
        if issue.state in move.when
        and who & move.by
        and not who & move.never
        and not (step is Step.ESCALATE and issue.is_at_top)
    )


def group_steps(issue: Issue) -> tuple[Step, ...]:
    """Buttons of a card that a whole group sees: for neighbours, reporter and seconders."""
    return _GROUP_STEPS[issue.state]


def moved(issue: Issue, step: Step, *, by: Actor, now: datetime) -> Issue:
    """``issue`` after ``by`` took ``step``; changes that need more words have their own function.

    Raises:
        Refusal: ``issue_own_work``, ``issue_already_yours``, ``issue_in_your_hands``,
            ``issue_wrong_state`` or ``issue_not_yours``.
    """
    move, who = MOVES[step], parties(issue, by)
    if issue.state not in move.when:
        raise Refusal("issue_wrong_state", label=issue.label, state=issue.state)
    if who & move.never:
        raise Refusal(_why_never(step, who), label=issue.label)
    if not who & move.by:
        raise Refusal("issue_not_yours", label=issue.label, step=step)
    return issue._replace(state=move.to or issue.state, changed_at=now)


def _why_never(step: Step, who: frozenset[Party]) -> str:
    if step is not Step.SECOND:
        return "issue_own_work"
    return "issue_already_yours" if who & {*_CONCERNED} else "issue_in_your_hands"


def seconded(issue: Issue, *, by: Actor, now: datetime) -> Issue:
    """``issue`` with one more neighbour behind it 附议."""
    after = moved(issue, Step.SECOND, by=by, now=now)
    return after._replace(seconders=issue.seconders | {by.id})


def dispatched(
    issue: Issue, *, squad_id: int | None, handler_id: int | None, by: Actor, now: datetime
) -> Issue:
    """``issue`` given to a squad or to one person 派单; exactly one of the two is set."""
    if (squad_id is None) == (handler_id is None):
        raise ValueError(f"issue {issue.id}: dispatch to a squad or to a person")
    after = moved(issue, Step.DISPATCH, by=by, now=now)
    return after._replace(squad_id=squad_id, handler_id=handler_id, finished_at=None)


def agreed(
    issue: Issue, *, squad_id: int | None, handler_id: int | None, due_at: datetime, now: datetime
) -> Issue:
    """``issue`` given to a squad or a person by a meeting 议定, to be done until ``due_at``.

    The meeting decides, so who writes it down need not be somebody who dispatches.
    """
    if (squad_id is None) == (handler_id is None):
        raise ValueError(f"issue {issue.id}: agreed for a squad or for a person")
    if issue.state not in OPEN:
        raise Refusal("issue_wrong_state", label=issue.label, state=issue.state)
    return issue._replace(
        state=State.DISPATCHED,
        squad_id=squad_id,
        handler_id=handler_id,
        due_at=due_at,
        changed_at=now,
    )


def unagreed(issue: Issue, *, was_there: bool, now: datetime) -> Issue:
    """``issue`` once a meeting's decision is taken back 撤销议定.

    A report that ``was_there`` before the meeting waits to be dispatched; any other is withdrawn.
    """
    if issue.state not in OPEN:
        raise Refusal("issue_wrong_state", label=issue.label, state=issue.state)
    state = State.REPORTED if was_there else State.WITHDRAWN
    return issue._replace(state=state, squad_id=None, handler_id=None, due_at=None, changed_at=now)


def postponed(issue: Issue, due_at: datetime, *, by: Actor, now: datetime) -> Issue:
    """``issue`` with another day until which it is to be done 期限; whoever dispatches says so."""
    if issue.state not in OPEN:
        raise Refusal("issue_wrong_state", label=issue.label, state=issue.state)
    if Party.DISPATCHER not in parties(issue, by):
        raise Refusal("issue_not_yours", label=issue.label, step=Step.POSTPONE)
    return issue._replace(due_at=due_at, changed_at=now)


def accepted(issue: Issue, *, by: Actor, now: datetime) -> Issue:
    """``issue`` in the hands of ``by`` 接单."""
    return moved(issue, Step.ACCEPT, by=by, now=now)._replace(handler_id=by.id)


def declined(issue: Issue, *, by: Actor, now: datetime) -> Issue:
    """``issue`` handed back to whoever dispatches."""
    after = moved(issue, Step.DECLINE, by=by, now=now)
    return after._replace(squad_id=None, handler_id=None)


def finished(issue: Issue, *, by: Actor, now: datetime) -> Issue:
    """``issue`` done 办结; those who reported or seconded it are asked from now on."""
    return moved(issue, Step.FINISH, by=by, now=now)._replace(finished_at=now)


def reopened(issue: Issue, *, by: Actor, now: datetime) -> Issue:
    """``issue`` not in order after all 退回; it stays with its handler."""
    return moved(issue, Step.REOPEN, by=by, now=now)._replace(finished_at=None)


def escalated(issue: Issue, above: str, *, by: Actor, now: datetime) -> Issue:
    """``issue`` one level up 上报, on the table of ``above``, the path of the next level."""
    after = moved(issue, Step.ESCALATE, by=by, now=now)
    if issue.is_at_top:
        raise Refusal("issue_top_level", label=issue.label)
    return after._replace(level_path=above)


def amended(issue: Issue, text: str, *, by: Actor, now: datetime) -> Issue:
    """``issue`` in better words, corrected by who reported it."""
    return moved(issue, Step.AMEND, by=by, now=now)._replace(text=text)


def needs_verifying(issue: Issue, finished_at: datetime) -> bool:
    """Whether that finish is still waiting for an answer; a later one has its own clock."""
    return issue.state is State.FINISHED and issue.finished_at == finished_at


def expired(issue: Issue, *, now: datetime) -> Issue:
    """``issue`` closed unconfirmed 未确认: nobody answered, which is not satisfaction."""
    return issue._replace(state=State.UNCONFIRMED, changed_at=now)
