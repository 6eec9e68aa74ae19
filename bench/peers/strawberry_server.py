"""Strawberry over an ORM as their documentation teaches.

``python -m bench.peers.strawberry_server PORT URL PERSON_ID``: types with resolvers that query
models, ``prefetch_related`` against a query a member, and a permission class on the list.
"""

import datetime as dt
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, ClassVar, cast
from uuid import UUID

import strawberry
from strawberry.asgi import GraphQL
from strawberry.permission import BasePermission
from tortoise import Tortoise

from bench.peers.plain_models import GroupModel, MembershipModel, PersonModel
from bench.peers.serving import serve


class Viewer:
    """Who asks: no token is checked."""

    person_id: ClassVar[UUID]


class ManagersOnly(BasePermission):
    """Whether the viewer manages a group."""

    message = "managers only"

    async def has_permission(self, source: Any, info: strawberry.Info, **kwargs: Any) -> bool:
        """Ask the database."""
        managers = MembershipModel.filter(group_id=source.id, role__in=["CREATOR", "ADMIN"])
        return await managers.filter(person_id=Viewer.person_id).exists()


@strawberry.type
class Test:
    """A test."""

    result: str
    tested_at: dt.datetime | None


@strawberry.type
class Person:
    """A person."""

    name: str

    @strawberry.field
    def id_number_masked(self) -> str:
        """Their number, partly hidden."""
        number = cast(PersonModel, self).id_number
        return number[:4] + "*" * (len(number) - 8) + number[-4:]


@strawberry.type
class Anomaly:
    """An anomaly."""

    reasons: list[str]


@strawberry.type
class Member:
    """A member; resolvers are given the ORM's object as ``self``."""

    id: strawberry.ID
    role: str
    remark: str
    phone: str
    joined_at: dt.datetime
    person: Person
    anomaly: Anomaly | None

    @strawberry.field
    def health_code(self) -> str:
        """The colour."""
        record = cast(MembershipModel, self).person.record
        return record.health_code if record else "UNKNOWN"

    @strawberry.field
    def health_code_at(self) -> dt.datetime | None:
        """Since when."""
        record = cast(MembershipModel, self).person.record
        return record.health_code_at if record else None

    @strawberry.field
    def as_of(self) -> dt.datetime | None:
        """When it was asked for."""
        record = cast(MembershipModel, self).person.record
        return record.as_of if record else None

    @strawberry.field
    def doses(self) -> int:
        """How many."""
        record = cast(MembershipModel, self).person.record
        return record.doses if record else 0

    @strawberry.field
    def latest_test(self) -> Test | None:
        """The newest test."""
        never = dt.datetime.min.replace(tzinfo=dt.UTC)
        tests = cast(MembershipModel, self).person.tests
        newest = max(tests, key=lambda test: test.tested_at or never, default=None)
        return cast(Test | None, newest)


@strawberry.type
class Members:
    """A page of members."""

    nodes: list[Member]


@strawberry.type
class Group:
    """A group."""

    id: strawberry.ID
    name: str
    colour: str
    member_count: int

    @strawberry.field(permission_classes=[ManagersOnly])
    async def members(self, first: int = 50) -> Members:
        """Its members."""
        rows = MembershipModel.filter(group_id=self.id).order_by("joined_at", "id").limit(first)
        found = await rows.prefetch_related("person__record", "person__tests", "anomaly")
        return Members(nodes=cast(list[Member], found))


@strawberry.type
class Groups:
    """A page of groups."""

    nodes: list[Group]


@strawberry.type
class Me:
    """Who asks."""

    name: str

    @strawberry.field
    async def groups(self) -> Groups:
        """Their groups, as they joined."""
        own = GroupModel.filter(memberships__person_id=Viewer.person_id)
        return Groups(nodes=cast(list[Group], await own.order_by("memberships__joined_at")))


@strawberry.type
class Query:
    """What can be asked."""

    @strawberry.field
    async def group(self, id: strawberry.ID) -> Group | None:
        """One group."""
        return cast(Group | None, await GroupModel.get_or_none(id=id))

    @strawberry.field
    async def me(self) -> Me:
        """Who asks."""
        return cast(Me, await PersonModel.get(id=Viewer.person_id))


def main(port: str, url: str, viewer: str) -> None:
    """Serve until the process is ended."""
    Viewer.person_id = UUID(viewer)

    @asynccontextmanager
    async def opened() -> AsyncIterator[None]:
        await Tortoise.init(
            db_url=f"{url}?minsize=1&maxsize=10",
            modules={"plain": ["bench.peers.plain_models"]},
            use_tz=True,
            _enable_global_fallback=True,
        )
        yield
        await Tortoise.close_connections()

    serve(port, GraphQL(strawberry.Schema(Query)), opened)


if __name__ == "__main__":
    main(*sys.argv[1:])
