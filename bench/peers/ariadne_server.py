"""Ariadne over hand-written SQL: ``python -m bench.peers.ariadne_server PORT URL PERSON_ID``."""

import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, Final, TypeAlias
from uuid import UUID

import asyncpg
from ariadne import ObjectType, QueryType, ScalarType, make_executable_schema
from ariadne.asgi import GraphQL

from bench.peers.serving import serve

Fields: TypeAlias = dict[str, Any]

_HERE: Final = Path(__file__).parent
_MEMBERS: Final = (_HERE / "members.sql").read_text()
_GROUPS: Final = """SELECT g.id, g.name, g.colour, g.member_count FROM plain.groups g
  JOIN plain.membership m ON m.group_id = g.id WHERE m.person_id = $1"""
_GROUP: Final = f"{_GROUPS} AND g.id = $2 AND m.role IN ('CREATOR', 'ADMIN')"


class Resolvers:
    """Reads for one viewer."""

    def __init__(self, viewer: UUID) -> None:
        self._viewer = viewer
        self._pool: Any = None

    @asynccontextmanager
    async def opened(self, url: str) -> AsyncIterator[None]:
        """Hold a pool open."""
        async with asyncpg.create_pool(url, min_size=1, max_size=10) as self._pool:
            yield

    async def group(self, _: object, info: object, id: str) -> Fields | None:
        """One group, for its managers."""
        row = await self._pool.fetchrow(_GROUP, self._viewer, UUID(id))
        return dict(row) if row else None

    async def members(self, root: Fields, info: object, first: int) -> Fields:
        """The members of a group, by one statement."""
        rows = await self._pool.fetch(_MEMBERS, root["id"], first)
        return {"nodes": [_member(dict(row)) for row in rows]}

    async def me(self, _: object, info: object) -> Fields:
        """Who asks."""
        statement = "SELECT name FROM plain.person WHERE id = $1"
        return dict(await self._pool.fetchrow(statement, self._viewer))

    async def groups(self, root: Fields, info: object) -> Fields:
        """The viewer's groups, as they joined."""
        rows = await self._pool.fetch(f"{_GROUPS} ORDER BY m.joined_at", self._viewer)
        return {"nodes": [dict(row) for row in rows]}


def _member(row: Fields) -> Fields:
    test = {"result": row["result"], "tested_at": row["tested_at"]}
    return row | {
        "person": {"name": row["name"], "id_number": row["id_number"]},
        "latest_test": test if row["result"] else None,
        "anomaly": {"reasons": row["reasons"]} if row["reasons"] else None,
    }


def _masked(root: Fields, info: object) -> str:
    number: str = root["id_number"]
    return f"{number[:4]}**********{number[-4:]}"


def main(port: str, url: str, viewer: str) -> None:
    """Serve until the process is ended."""
    resolvers = Resolvers(UUID(viewer))
    query, group, me, person = QueryType(), *map(ObjectType, ("Group", "Me", "Person"))
    query.set_field("group", resolvers.group)
    query.set_field("me", resolvers.me)
    group.set_field("members", resolvers.members)
    me.set_field("groups", resolvers.groups)
    person.set_field("idNumberMasked", _masked)
    moment = ScalarType("DateTime", serializer=lambda value: value.isoformat())
    schema = make_executable_schema(
        (_HERE / "peer.graphql").read_text(),
        [query, group, me, person, moment],
        convert_names_case=True,
    )
    serve(port, GraphQL(schema), lambda: resolvers.opened(url))


if __name__ == "__main__":
    main(*sys.argv[1:])
