"""People 人: what a role may do, and how far it reaches."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Final, NamedTuple

from domain.places import same_line, within


class Role(StrEnum):
    """What somebody is at a place; held at a node, it reaches everything below."""

    RESIDENT = "resident"
    BUILDING_HEAD = "building_head"
    GRID_WORKER = "grid_worker"
    COMMITTEE = "committee"
    OWNERS_COMMITTEE = "owners_committee"
    PROPERTY = "property"
    STREET_STAFF = "street_staff"


class Ability(StrEnum):
    """What a command asks for; strangers hold ``ASK`` alone."""

    ASK = "ask"
    SEE_ISSUES = "see_issues"
    REPORT_ISSUE = "report_issue"
    SECOND_ISSUE = "second_issue"
    HANDLE_ISSUE = "handle_issue"
    DISPATCH_ISSUE = "dispatch_issue"
    ESCALATE_ISSUE = "escalate_issue"
    VOTE = "vote"
    OPEN_POLL = "open_poll"
    MANAGE_POLL = "manage_poll"
    CALL_MEETING = "call_meeting"
    MANAGE_MEETING = "manage_meeting"
    OPEN_MOTION = "open_motion"
    LEAD_PROPOSAL = "lead_proposal"
    ENTER_BALLOT = "enter_ballot"
    FORWARD = "forward"
    POST_NOTICE = "post_notice"
    READ_DIGEST = "read_digest"
    ADMIT_RESIDENT = "admit_resident"
    BIND_CHAT = "bind_chat"
    GRANT_ROLE = "grant_role"
    SEE_OPERATION = "see_operation"
    KEEP_ROLL = "keep_roll"
    VISIT_HOUSEHOLD = "visit_household"
    FUND_PROJECT = "fund_project"


_NEIGHBOUR: Final = frozenset(
    {
        Ability.ASK,
        Ability.SEE_ISSUES,
        Ability.REPORT_ISSUE,
        Ability.SECOND_ISSUE,
        Ability.HANDLE_ISSUE,
    }
)
_PARTY: Final = _NEIGHBOUR | {Ability.ESCALATE_ISSUE}
_CONVENER: Final = _PARTY | {
    Ability.OPEN_POLL,
    Ability.MANAGE_POLL,
    Ability.CALL_MEETING,
    Ability.MANAGE_MEETING,
    Ability.OPEN_MOTION,
    Ability.LEAD_PROPOSAL,
    Ability.ENTER_BALLOT,
    Ability.FORWARD,
}
_STAFF: Final = _CONVENER | {
    Ability.READ_DIGEST,
    Ability.POST_NOTICE,
    Ability.DISPATCH_ISSUE,
    Ability.ADMIT_RESIDENT,
    Ability.VISIT_HOUSEHOLD,
    Ability.BIND_CHAT,
    Ability.SEE_OPERATION,
}

ABILITIES: Final[Mapping[Role, frozenset[Ability]]] = {
    Role.RESIDENT: _NEIGHBOUR | {Ability.VOTE},
    Role.BUILDING_HEAD: _CONVENER
    | {
        Ability.READ_DIGEST,
        Ability.POST_NOTICE,
        Ability.DISPATCH_ISSUE,
        Ability.ADMIT_RESIDENT,
        Ability.VISIT_HOUSEHOLD,
    },
    Role.GRID_WORKER: _STAFF,
    Role.COMMITTEE: _STAFF | {Ability.GRANT_ROLE, Ability.KEEP_ROLL, Ability.FUND_PROJECT},
    Role.OWNERS_COMMITTEE: _CONVENER | {Ability.KEEP_ROLL},
    Role.PROPERTY: _PARTY,
    Role.STREET_STAFF: _PARTY | {Ability.DISPATCH_ISSUE},
}
"""The permission table; the role × command matrix in the docs is made from it."""


class Grant(NamedTuple):
    """A role held at a place. ``home`` is how far a resident sees: the building's path."""

    role: Role
    place_id: int
    path: str
    home: str

    def allows(self, ability: Ability, at: str) -> bool:
        """Whether this grant lets do ``ability`` at path ``at``.

        A resident's reach is the line through the own building: the building itself, what lies
        in it, and the grid and community above. Everybody else's is their place and below.
        """
        if ability not in ABILITIES[self.role]:
            return False
        if self.role is Role.RESIDENT:
            return same_line(at, self.home)
        return within(at, self.path)


class Actor(NamedTuple):
    """Somebody who acts, with all that permission needs."""

    id: int
    name: str
    lang: str | None
    grants: tuple[Grant, ...] = ()
    squads: frozenset[int] = frozenset()

    def can(self, ability: Ability, at: str | None = None) -> bool:
        """Whether they may do ``ability`` at path ``at`` (anywhere at all when None)."""
        if ability is Ability.ASK:
            return True
        if at is None:
            return any(ability in ABILITIES[grant.role] for grant in self.grants)
        return any(grant.allows(ability, at) for grant in self.grants)

    def sees(self, path: str) -> bool:
        """Whether something at ``path`` concerns them: it lies in, or above, where they belong."""
        return any(same_line(path, grant.home) for grant in self.grants)

    @property
    def households(self) -> frozenset[int]:
        """Places where they are residents."""
        return frozenset(g.place_id for g in self.grants if g.role is Role.RESIDENT)

    @property
    def is_stranger(self) -> bool:
        """Whether nobody has yet said where they belong."""
        return not self.grants
