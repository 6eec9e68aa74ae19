"""What one group does costs the same however many others there are.

Each test lives a part of a group's life on a PostgreSQL that thousands of others use, and looks
at the plans of all its statements.
"""

from collections.abc import AsyncIterator, Callable
from datetime import datetime, timedelta

import pytest

from app.models.due import DueWork, WorkKind
from app.ports.clock import SystemClock
from app.workers.command import overview, retry_dead
from tests.support.crowds import GROWING, crowd_in
from tests.support.every_mutation import every_mutation
from tests.support.families import add_relative, enrol
from tests.support.groups import a_group, dissolve
from tests.support.in_process import served
from tests.support.members import member_id_of
from tests.support.organisations import an_organisation, attach_group
from tests.support.person import Person
from tests.support.plans import log_plans, log_size, logged_readings
from tests.support.reports import OWN_DATA, get
from tests.support.servers import PostgresServer
from tests.support.waiting import eventually, settled
from tests.support.world import World

PEOPLE = 10_000
MOST = 1_000  # rows of a table that a statement about one group or person may look at
LEFT_OUT = (
    # What only tests do.
    'SELECT COUNT(*) FROM "due_work"',
    'UPDATE "keyed_request" SET "answer"=NULL WHERE NOT "answer" IS NULL',
    # Once at the start, where the sandbox's clock may have been moved.
    "SELECT MAX(at) AS at FROM (SELECT MAX(at) AS at FROM group_event",
    # A month later all events of the crowd are old, and erased, too.
    "DELETE FROM group_event WHERE id IN (SELECT id FROM group_event WHERE at <= $1",
)
GROUP = """query($id: ID!) { group(id: $id) { name creator { name } viewerRole viewerMembers { id }
  colourReasons { count } memberCount membersCount pendingLeaveCount offer { until } version
  refresh { run { status } nextAllowedAt } activity { state } anomalyAlerts
  requirementPreview(natValidity: H24) { count } reports { date } statistics { total }
  statisticsTrend { date }
  reminderAudience(condition: {anomalous: true}) { count } invitationPolicy { open }
  anomalies { nodes { reasons evidence { since } } } leaveRequests { nodes { reason } }
  formerMembers { nodes { id } } messages { nodes { state } } invitations { nodes { id } } } }"""
LISTS = """query($id: ID!) { group(id: $id) {
  byName: members(orderBy: {field: NAME}, search: "张") { nodes { person { name } } }
  byRemark: members(orderBy: {field: REMARK}) { nodes { remark } }
  byCode: members(orderBy: {field: HEALTH_CODE}) { nodes { healthCode } }
  byTest: members(orderBy: {field: TEST_AGE}) { nodes { tests { testedAt } anomaly { reasons } } }
  found: members(where: {healthCodes: [RED], anomalous: true, testResults: [NEGATIVE], doses: [3]
    roles: [ADMIN], student: false}) { nodes { id } }
} }"""
ME = """{ me { phone name relatives { id } accesses { nodes { kind firstAt personNames } }
  consents { nodes { givenAt memberId } } messages { nodes { state } }
  groups { nodes { name colour viewerMembers { id healthCode } } } } }"""
EVENTS = """subscription($id: ID!) { groupEvents(groupId: $id, after: 0) {
  ... on GroupEvent { number type actor } } }"""
ORGANISATION = """query($id: ID!) { numbers: organisation(id: $id) { memberCount
  colourCounts { members } statistics { suppressed } trend { date }
  groups { nodes { statistics { suppressed } } } } me { organisations { nodes { name } }
  oversightOffers { until } }
  organisation(id: $id) { owner { name } overseers { name } parent { id } above { name } colour
  children { nodes { colour } } groupCount groups(orderBy: {field: TURNED_AT}) {
  nodes { name activity organisation { name } } } } }"""
TURNS = """subscription($id: ID!) { organisationStatusChanged(organisationId: $id) {
  turnedCount organisation { colour } } }"""
STATUS = "subscription($id: ID!) { groupStatusChanged(groupId: $id) { colour } }"
CHANGES = "subscription { viewerGroupsChanged { groupId } }"


@pytest.fixture(scope="module")
async def crowded(postgres: PostgresServer, postgres_template: str) -> AsyncIterator[World]:
    """A server that thousands of others use, whose statements' plans are logged."""
    url = postgres.create_database("crowded", postgres_template)
    await crowd_in(url, PEOPLE)
    await log_plans(url)
    async with served(database_url=url) as world:
        yield world
    postgres.drop_database("crowded")


@pytest.fixture
def whole_reads(postgres: PostgresServer) -> Callable[[], set[str]]:
    """Which growing tables were read whole since the test began, and by which statements."""
    start = log_size(postgres)

    def found() -> set[str]:
        return {
            f"{reading.table}: {reading.statement}"
            for reading in logged_readings(postgres, start)
            if reading.table in GROWING and reading.rows >= MOST
            if not reading.statement.startswith(LEFT_OUT)
        }

    return found


async def test_no_mutation_reads_a_growing_table_whole(
    crowded: World, whole_reads: Callable[[], set[str]]
) -> None:
    await every_mutation(crowded)
    assert whole_reads() == set()


async def test_no_query_reads_a_growing_table_whole(
    crowded: World, whole_reads: Callable[[], set[str]]
) -> None:
    creator, group_id, people = await a_group(crowded, members=3, natValidity="H24")
    guardian, child = people[0], crowded.stranger()
    relative_id = await add_relative(guardian, child)
    await enrol(guardian, await creator.invite(group_id), relative_id)
    await creator.change("refreshGroup", "run { id }", groupId=group_id)
    await settled(crowded)
    left = await member_id_of(people[1], group_id)
    await creator.change("removeMember", "group { id }", memberId=left)
    for person in (creator, guardian, people[1]):
        await person.ask(ME)
        assert (await get(crowded, (await person.ask(OWN_DATA))["exportMyData"])).is_success
    await creator.ask(GROUP, id=group_id)
    await creator.ask(LISTS, id=group_id)
    await _watch(creator, group_id)
    bureau = await an_organisation(creator)
    await attach_group(creator, group_id, creator, bureau)
    await creator.ask(ORGANISATION, id=bureau)
    async with creator.socket() as socket:
        await socket.subscribe(TURNS, id=bureau)
        assert await socket.next()
    assert whole_reads() == set()


async def _watch(person: Person, group_id: str) -> None:
    for query, given in ((CHANGES, {}), (STATUS, {"id": group_id}), (EVENTS, {"id": group_id})):
        async with person.socket() as socket:
            await socket.subscribe(query, **given)
            assert await socket.next()


async def test_no_erasure_reads_a_growing_table_whole(
    crowded: World, whole_reads: Callable[[], set[str]]
) -> None:
    creator, group_id, [member, *_] = await a_group(crowded, members=2)
    left = await member_id_of(member, group_id)
    await creator.change("removeMember", "group { id }", memberId=left)
    await dissolve(creator, group_id)
    await crowded.advance(days=31)
    now = datetime.fromisoformat(await crowded.now())
    erasing = (WorkKind.ERASE_FORMER, WorkKind.ERASE_GROUP, WorkKind.ERASE_OLD)
    waiting = DueWork.filter(kind__in=erasing, due_at__lt=now + timedelta(minutes=50))
    await eventually(waiting.count, lambda count: count == 0)
    assert whole_reads() == set()


async def test_looking_for_dead_work_reads_only_that(
    crowded: World, whole_reads: Callable[[], set[str]]
) -> None:
    await overview(SystemClock())
    await retry_dead(SystemClock())
    assert whole_reads() == set()
