"""What every resolver finds in ``info.context``: who asks, from where, in which language."""

from collections.abc import Awaitable, Callable, Hashable, Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import TypeVar, cast
from uuid import UUID

from strawberry import Info as StrawberryInfo
from strawberry.dataloader import DataLoader

from app.domain.languages import Language
from app.domain.refusals import BadInput, Unauthenticated
from app.domain.roles import OUTSIDE, GroupRights, Right
from app.domain.sections import Charge
from app.ports.tokens import TokenClaims
from app.resolvers.first_groups import FirstGroups
from app.resolvers.following import Following
from app.resolvers.group_of_session import RIGHTS_ALONE, GroupOfSession
from app.resolvers.group_row import GroupRow, read_groups
from app.resolvers.ids import decode_id
from app.services.accounts.sessions import viewer_of_session
from app.services.kernel.env import Env, Viewer
from app.services.kernel.spending import Spending
from app.services.kernel.steps import Keyed

K = TypeVar("K")
V = TypeVar("V")


@dataclass(slots=True)
class Scope:
    """What was found out about the viewer, for as long as one operation or event lasts."""

    viewer: Viewer | None = None
    viewer_known: bool = False
    rights: dict[UUID, GroupRights] = field(default_factory=dict)
    loaders: dict[Hashable, object] = field(default_factory=dict)
    first_groups: FirstGroups | None = None  # the viewer's, where they were read along

    def loader(
        self, name: Hashable, load: Callable[[list[K]], Awaitable[list[V]]]
    ) -> DataLoader[K, V]:
        """Return the loader of this name, made on the first call.

        Keys that are asked for at the same time are given to one ``load``, which returns a
        value for each, in their order. A name is always given the same kind of ``load``.
        """
        if name not in self.loaders:
            self.loaders[name] = DataLoader(load_fn=load)
        return cast(DataLoader[K, V], self.loaders[name])


@dataclass(slots=True)
class Context:
    """One request, or one operation of a WebSocket connection."""

    env: Env
    address: str
    language: Language
    token: str
    timings: dict[str, float] | None = None  # milliseconds of each phase; None: not measured
    retry_after: int | None = field(init=False, default=None)  # seconds, for the answer's header
    refused_for: str | None = field(init=False, default=None)  # the code of the first refusal
    etag: str | None = field(init=False, default=None)  # of an answer that is kept
    idempotency_key: str | None = None
    on_run: Callable[[bool], None] | None = None  # told once whether what begins is a subscription
    began: datetime = field(init=False)  # when it was asked
    claims: TokenClaims | None = field(init=False)
    scope: Scope = field(init=False, default_factory=Scope)
    spending: Spending = field(init=False, default_factory=dict)
    keyed: Keyed | None = field(init=False, default=None)
    following: Following = field(init=False, default_factory=Following)  # of a subscription

    def __post_init__(self) -> None:
        """Read the token: what is begun now may go on when its time is over."""
        self.began = self.env.clock.now()
        self.claims = self.env.tokens.read(self.token, self.began)

    def ask_to_wait(self, seconds: int) -> None:
        """Have the answer say after how many seconds what was refused will be taken."""
        self.retry_after = max(seconds, self.retry_after or 0)

    def renew(self) -> None:
        """Forget what was found out: rights may have changed since."""
        self.scope = Scope()

    def alone(self, on_run: Callable[[bool], None]) -> "Context":
        """Return the context of one operation of a connection, which outlives token and rights."""
        return replace(self, on_run=on_run)

    def recognise(self, viewer: Viewer) -> None:
        """Know who is signed in, as whoever read it along with something else."""
        self.scope.viewer, self.scope.viewer_known = viewer, True

    async def find_viewer(self) -> Viewer | None:
        """Return who is signed in; the database is asked once a scope."""
        scope = self.scope
        if not scope.viewer_known:
            scope.viewer = await viewer_of_session(self.claims) if self.claims else None
            scope.viewer_known = True
        return scope.viewer

    async def viewer(self) -> Viewer:
        """Return who is signed in. Raise ``Unauthenticated`` when nobody is."""
        viewer = await self.find_viewer()
        if viewer is None:
            raise Unauthenticated
        return viewer

    async def rights(self, group_id: UUID) -> GroupRights:
        """Return the viewer's rights in a group; the database is asked once a scope.

        Who they are is found by the same statement, if it isn't known.
        """
        await self.look_along(RIGHTS_ALONE, group_id)
        await self._find_rights({group_id})
        return self.scope.rights[group_id]

    async def decode(self, global_id: str, typename: str) -> UUID:
        """Return the key of an id. Raise ``Unauthenticated`` before what is wrong with it."""
        try:
            return decode_id(global_id, typename)
        except BadInput:
            await self.viewer()
            raise

    async def group_around(self, reading: GroupOfSession, key: UUID) -> UUID | None:
        """Return the group of what has a key, found along with who asks and with their rights.

        None where it takes more statements. Raise ``Unauthenticated`` when nobody is signed in.
        """
        found = await self.look_along(reading, key)
        await self.viewer()
        return None if found is None else found.id

    async def look_along(self, reading: GroupOfSession, key: UUID) -> GroupRow | None:
        """Return a group that is read along with who asks, and remember their rights in it.

        None where who asks is known, or it takes more statements.
        """
        if self.claims is None or self.scope.viewer_known:
            return None
        found = await reading.read(self.claims, key, self.env.clock.now())
        if found is None:
            return None
        viewer, row = found
        self.recognise(viewer)
        self.scope.rights[row.id] = row.rights
        return row

    async def groups_allowing(self, right: Right, group_ids: Iterable[UUID]) -> set[UUID]:
        """Return those of some groups in which the viewer has a right."""
        wanted = set(group_ids)
        await self._find_rights(wanted)
        rights = self.scope.rights
        return {group_id for group_id in wanted if rights[group_id].allows(right)}

    async def charges(self, group_ids: Iterable[UUID]) -> dict[UUID, Charge]:
        """Return whom the viewer is in charge of in those of some groups that they manage (R51)."""
        managed = await self.groups_allowing(Right.VIEW_CHARGE, group_ids)
        return {group_id: self.scope.rights[group_id].charge for group_id in managed}

    async def _find_rights(self, group_ids: set[UUID]) -> None:
        rights = self.scope.rights
        if unknown := group_ids - rights.keys():
            rows = await read_groups(await self.viewer(), unknown, {})
            for group_id in unknown:
                rights[group_id] = rows[group_id].rights if group_id in rows else OUTSIDE


Info = StrawberryInfo[Context, None]
