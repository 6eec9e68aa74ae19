"""Traces of what a request comes to: what is in them, and that nothing personal is."""

from collections.abc import AsyncIterator

import pytest
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from tortoise import connections
from tortoise.backends.asyncpg.client import AsyncpgDBClient

from app.telemetry import traces
from app.telemetry.spans import Spans
from tests.support.in_process import served
from tests.support.waiting import settled
from tests.support.world import World

PARENT = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"


@pytest.fixture
def exported() -> "InMemorySpanExporter":
    return InMemorySpanExporter()


@pytest.fixture
async def traced(database_url: str, exported: InMemorySpanExporter) -> AsyncIterator[World]:
    traces.use(Spans(SimpleSpanProcessor(exported), "server"))
    try:
        async with served(database_url=database_url) as world:
            yield world
    finally:
        traces.use(None)


async def test_a_request_is_one_trace_down_to_its_statements(
    traced: World, exported: InMemorySpanExporter
) -> None:
    person = await traced.someone()
    exported.clear()
    await traced.http.post(
        f"{traced.url}/graphql",
        json={"query": "{ me { phone } }"},
        headers={"Authorization": f"Bearer {person.token}", "traceparent": PARENT},
    )
    spans = [one for one in exported.get_finished_spans() if one.context is not None]
    of_request = [one for one in spans if format(one.context.trace_id, "x") in PARENT]
    names = {one.name for one in of_request}
    assert {"POST /graphql", "query me", "field me"} <= names
    [root] = [one for one in of_request if one.name == "POST /graphql"]
    assert root.attributes is not None
    assert root.attributes["http.response.status_code"] == 200
    if isinstance(connections.get("default"), AsyncpgDBClient):
        assert "SELECT" in names


async def test_a_trace_goes_on_where_the_work_is_done_that_a_request_asked_for(
    traced: World, exported: InMemorySpanExporter
) -> None:
    creator = await traced.real_person()
    group_id = await creator.create_group()
    await (await traced.real_person()).join(await creator.invite(group_id))
    await settled(traced)
    exported.clear()
    refresh = "mutation ($id: ID!) { refreshGroup(input: {groupId: $id}) { run { id } } }"
    await traced.http.post(
        f"{traced.url}/graphql",
        json={"query": refresh, "variables": {"id": group_id}},
        headers={"Authorization": f"Bearer {creator.token}", "traceparent": PARENT},
    )
    await settled(traced)
    spans = [one for one in exported.get_finished_spans() if one.context is not None]
    of_request = {one.name for one in spans if format(one.context.trace_id, "x") in PARENT}
    assert {"field refreshGroup", "work RUN_REFRESH", "ask health"} <= of_request
    assert "work START_REFRESH" not in of_request  # the next refresh has a trace of its own


async def test_nothing_personal_is_in_a_trace(
    traced: World, exported: InMemorySpanExporter
) -> None:
    person = await traced.real_person()
    group_id = await person.create_group()
    member = await traced.real_person()
    await member.join(await person.invite(group_id))
    await settled(traced)
    told = " ".join(one.to_json() for one in exported.get_finished_spans())
    assert "ask sms" in told and "ask health" in told
    for someone in (person, member):
        for secret in (someone.name, someone.phone, someone.phone[3:], someone.id_number):
            assert secret not in told
        assert someone.token not in told
