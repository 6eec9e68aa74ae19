"""What every resolver finds in ``info.context``: who asks, from where, in which language."""

from collections.abc import Awaitable, Callable, Hashable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final
from uuid import UUID

from strawberry import Info as StrawberryInfo
from strawberry.dataloader import DataLoader

from app.domain.languages import Language
from app.domain.refusals import Unauthenticated
from app.domain.roles import OUTSIDE, GroupRights, Standing
from app.models.members import Membership
from app.ports.tokens import TokenClaims
from app.services.accounts.sessions import viewer_of_session
from app.services.kernel.env import Env, Viewer

Load = Callable[[list[Any]], Awaitable[list[Any]]]  # an answer to each key, in their order


@dataclass(slots=True)
class Scope:
    """What was found out about the viewer, for as long as one operation or event lasts."""

    viewer: Viewer | None = None
    viewer_known: bool = False
    rights: dict[UUID, GroupRights] = field(default_factory=dict)
    loaders: dict[Hashable, DataLoader[Any, Any]] = field(default_factory=dict)

    def loader(self, what: Hashable, load: Load) -> DataLoader[Any, Any]:
        """The loader of ``what``: those who ask at the same time are answered by one ``load``."""
        if what not in self.loaders:
            self.loaders[what] = DataLoader(load_fn=load)
        return self.loaders[what]


@dataclass(slots=True)
class Context:
    """One request, or one operation of a WebSocket connection."""

    env: Env
    address: str
    language: Language
    token: str
    connection_params: dict[str, Any] | None = None
    claims: TokenClaims | None = field(init=False)
    scope: Scope = field(init=False, default_factory=Scope)

    def __post_init__(self) -> None:
        """Read the token: what is begun now may go on when its time is over."""
        self.claims = self.env.tokens.read(self.token, self.env.clock.now())

    def renew(self) -> None:
        """Forget what was found out: rights may have changed since."""
        self.scope = Scope()

    def alone(self) -> "Context":
        """The context of one operation of a connection, which outlives token and rights."""
        return replace(self)

    async def find_viewer(self) -> Viewer | None:
        """Who is signed in; asked of the database once a scope."""
        scope = self.scope
        if not scope.viewer_known:
            scope.viewer = await viewer_of_session(self.claims) if self.claims else None
            scope.viewer_known = True
        return scope.viewer

    async def viewer(self) -> Viewer:
        """Who is signed in. Raises ``Unauthenticated`` when nobody is."""
        viewer = await self.find_viewer()
        if viewer is None:
            raise Unauthenticated
        return viewer

    async def rights(self, group_id: UUID) -> GroupRights:
        """Return the viewer's rights in a group; asked of the database once a scope."""
        scope = self.scope
        if group_id not in scope.rights:
            viewer = await self.viewer()
            row = await through_member(viewer, group_id, RIGHTS_COLUMNS)
            scope.rights[group_id] = rights_of(row, viewer) if row else OUTSIDE
        return scope.rights[group_id]


RIGHTS_COLUMNS: Final = {
    "person_id": "person_id",
    "role": "role",
    "admins_may_invite": "group__admins_may_invite",
}


async def through_member(
    viewer: Viewer, group_id: UUID, columns: Mapping[str, str]
) -> dict[str, Any] | None:
    """Read a standing group's columns through the viewer's own membership in it.

    A guardian who isn't a member themself reads it through a member they enrolled.
    """
    if viewer.person_id is None:
        return None
    seen = Membership.filter(group_id=group_id, group__dissolved_at=None)
    rows = await seen.filter(person_id=viewer.person_id).values(**columns)
    if not rows:
        guarded = seen.filter(guardianships__guardian_id=viewer.person_id)
        rows = await guarded.limit(1).values(**columns)
    return rows[0] if rows else None


def rights_of(row: Mapping[str, Any], viewer: Viewer) -> GroupRights:
    """The rights that a row of ``RIGHTS_COLUMNS`` gives the viewer."""
    own = row["person_id"] == viewer.person_id
    standing = Standing(row["role"].value) if own else Standing.GUARDIAN
    return GroupRights(standing, row["admins_may_invite"])


Info = StrawberryInfo[Context, None]
