"""The recorder: what was answered, and so must be there when the storm is over."""

from collections import Counter, defaultdict
from dataclasses import dataclass, field

from app.domain.events import EventType
from app.resolvers.ids import decode_any_id


def key_of(global_id: str) -> str:
    """Return the database's key of a global id."""
    return str(decode_any_id(global_id)[1])


@dataclass
class MembershipState:
    """A person's membership of a group, as far as they were answered."""

    group_id: str
    phone: str
    member_id: str = ""  # empty: not a member
    remark: str = ""
    reason: str = ""  # of the pending leave request
    admin: bool = False
    reached_at: str = ""  # by which phone
    withheld: bool = False  # consent was withdrawn
    section: str = ""  # its name; empty: in none
    doubtful: bool = False  # an answer never came


@dataclass
class GroupState:
    """A group, as far as its creator was answered."""

    name: str
    creator: str  # their phone
    dissolved: bool = False
    doubtful: bool = False
    reminded: int = 0  # members, by answers
    reminders: int = 0  # answers that sent any
    reminders_lost: int = 0  # requests without an answer to the end: each may have sent
    runs: set[str] = field(default_factory=set)  # refreshes answered
    attached_to: str = ""  # which organisation; empty: none
    others: set[str] = field(default_factory=set)  # phones of who is in it without having joined


@dataclass
class OrganisationState:
    """An organisation, as far as its owner was answered."""

    id: str  # global
    name: str
    token: str = ""  # of its code; empty: it has none yet
    parent: str = ""  # the one above; empty: none
    ending: bool = False  # it is being dissolved, or is
    dissolved: bool = False


@dataclass
class Recorder:
    """Everything that was answered; ids are the database's keys."""

    counts: defaultdict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    events: Counter[tuple[EventType, str, str]] = field(default_factory=Counter)
    unseen_joins: Counter[str] = field(
        default_factory=Counter
    )  # by group: joins that may have happened
    doubtful_members: set[str] = field(default_factory=set)
    phones: dict[str, str] = field(default_factory=dict)  # at joining, former members too
    moves: defaultdict[str, list[str]] = field(
        default_factory=lambda: defaultdict(list)
    )  # by member: the phones they moved to, in this order
    names: dict[str, str] = field(default_factory=dict)  # by phone
    former: dict[str, tuple[str, str, str | None]] = field(default_factory=dict)
    groups: dict[str, GroupState] = field(default_factory=dict)
    organisations: dict[str, OrganisationState] = field(default_factory=dict)
    tree_doubtful: bool = False  # an answer about organisations never came
    memberships: list[MembershipState] = field(default_factory=list)
    wrongs: list[str] = field(default_factory=list)  # answers that contradict earlier ones

    def note(self, event: EventType, group_id: str, subject_id: str = "") -> None:
        """Note an answered change: the group's log must tell of it, this once."""
        self.events[event, group_id, subject_id] += 1

    def left(self, membership: MembershipState, cause: str) -> None:
        """Note that someone left: why, and the reason of their leave request if they had one."""
        self.former[membership.member_id] = (membership.group_id, cause, membership.reason or None)
        membership.member_id = membership.reason = membership.remark = membership.reached_at = ""
        membership.admin = membership.withheld = False
        membership.section = ""

    @property
    def standing(self) -> dict[str, OrganisationState]:
        """Return the organisations that aren't dissolved."""
        return {key: one for key, one in self.organisations.items() if not one.dissolved}

    def path(self, organisation_id: str) -> list[str]:
        """Return an organisation and those above it, the nearest first; of none nothing."""
        found = []
        while organisation_id:
            found.append(organisation_id)
            organisation_id = self.organisations[organisation_id].parent
        return found

    def doubt(self, membership: MembershipState) -> None:
        """Note that it isn't known what became of a membership."""
        membership.doubtful = True
        self.doubtful_members.add(membership.member_id)

    def wrong(self, what: str) -> None:
        """Note an answer that can't be, and say so at once."""
        print(f"wrong: {what}", flush=True)
        self.wrongs.append(what)

    def total(self, what: str) -> int:
        """Return how many changes of any kind were answered, refused, lost or stayed unknown."""
        return sum(count[what] for count in self.counts.values())
