"""What overseers are shown of counts, and that nobody finds a count of 1 to 4 in it (R47, R49)."""

from datetime import date
from random import Random
from typing import Any

from app.models.groups import Group as GroupModel
from app.resolvers.ids import decode_id
from tests.support.clock import pass_time, pass_until, today
from tests.support.disclosure import Counts, Group, left_over
from tests.support.groups import a_group, fill
from tests.support.organisations import an_organisation, attach_group, read_organisation
from tests.support.overseen import ANSWER, STATISTICS, MadeUpTree, counts_in
from tests.support.person import Person
from tests.support.refreshes import leave_to_managers, refresh
from tests.support.statements import counted_statements
from tests.support.world import World

TRUE = """query($id: ID!) { group(id: $id) { statistics { total byHealthCode { healthCode count }
    byTest { window result count } byDoses { doses count } } } }"""
NUMBERS = f"""memberCount {STATISTICS} colourCounts {{ colour groups members }}
    trend(days: 3) {{ date {STATISTICS} }} groups {{ nodes {{ memberCount {STATISTICS} }} }}"""


async def shown(person: Person, organisation_id: str) -> dict[str, Any]:
    return await read_organisation(person, organisation_id, NUMBERS)


async def test_a_group_is_shown_rounded_as_its_refresh_left_it(world: World) -> None:  # R47, R49
    creator, group_id, _ = await a_group(world, members=0)
    await leave_to_managers(group_id)
    owner = await world.real_person()
    bureau = await an_organisation(owner)
    await pass_until(9, creator, owner)
    await attach_group(creator, group_id, owner, bureau)
    few = await shown(owner, bureau)
    hidden = {
        "suppressed": True, "roundedTo": 5, "groupsCounted": 0, "groupsLeftOut": 1,
        **dict.fromkeys(("memberCount", "byHealthCode", "byTest", "byDoses")),
    }  # fmt: skip
    assert few["statistics"] == few["groups"]["nodes"][0]["statistics"] == hidden
    assert few["memberCount"] is None and [day["statistics"] for day in few["trend"]] == [None] * 3
    assert sum(one["groups"] for one in few["colourCounts"]) == 1

    await fill(group_id, 32)
    assert await refresh(creator, group_id) == "DONE"
    found = await shown(owner, bureau)
    true = (await creator.ask(TRUE, id=group_id))["group"]["statistics"]
    counts, truth = counts_in(found["statistics"]), counts_in({**true, "suppressed": False})
    assert counts is not None and truth is not None and true["total"] == 33
    for name, count in counts.items():
        true_count = sum(
            one for (table, what), one in truth.items()
            if (table, what) == name or (name == ("doses", "4") and table == "doses" and what > "4")
        )  # fmt: skip
        assert count % 5 == 0 and abs(count - true_count) < 5
    members = sum(count for (table, _), count in counts.items() if table == "code")
    assert found["memberCount"] == found["statistics"]["memberCount"] == members
    assert [one["members"] for one in found["colourCounts"] if one["groups"]] == [members]
    assert found["groups"]["nodes"] == [{"memberCount": members, "statistics": found["statistics"]}]
    last = {"date": str(await today(world)), "statistics": found["statistics"]}
    assert found["trend"][-1] == last and found["trend"][0]["statistics"] is None
    # The same again is shown the same way. Detached it is gone, but for the days it was there.
    await pass_time(creator, owner, minutes=31)
    assert await refresh(creator, group_id) == "DONE"
    assert (await shown(owner, bureau))["statistics"]["byHealthCode"] == (
        found["statistics"]["byHealthCode"]
    )
    await creator.change("detachGroup", "group { id }", groupId=group_id)
    left = await shown(owner, bureau)
    assert left["memberCount"] == 0 and left["groups"]["nodes"] == []
    assert left["trend"] == found["trend"]
    # Nor are its counts drawn anew.
    seed = (await GroupModel.get(id=decode_id(group_id, "Group"))).count_seed
    await attach_group(creator, group_id, owner, bureau)
    assert (await GroupModel.get(id=decode_id(group_id, "Group"))).count_seed == seed


class Overseer:
    """Somebody who keeps every answer about a tree and adds and subtracts what is in them."""

    def __init__(self, tree: MadeUpTree) -> None:
        self.tree = tree
        self.days: dict[str, dict[str, Counts | None]] = {}  # what each group showed of each day

    async def look(self) -> list[tuple[str, dict[str, Any]]]:
        """Ask for everything, of every organisation."""
        owner = self.tree.owner
        return [(key, (await owner.ask(ANSWER, id=key))["organisation"]) for key in self.tree.above]

    def find(self, answers: list[tuple[str, dict[str, Any]]]) -> list[object]:
        """What is found by the answers of one moment."""
        found: list[object] = []
        for key, answer in answers:
            nodes = {node["id"]: node for node in answer["groups"]["nodes"]}
            assert set(nodes) == {group.node_id for group in self.tree.below(key)}
            groups = {one: counts_in(node["statistics"]) for one, node in nodes.items()}
            for one, counts in groups.items():
                group = next(group for group in self.tree.groups if group.node_id == one)
                for members in (None, len(group.members)):
                    found += Group(nodes[one]["colour"], [counts], members).found().items()
            found += self._subtract(answer["statistics"], groups)
            for colour in answer["colourCounts"]:
                of = [node for node in nodes.values() if node["colour"] == colour["colour"]]
                found += [colour] * ((colour["members"] or 0) != sum_of(of))
            found += [key] * ((answer["memberCount"] or 0) != sum_of(list(nodes.values())))
            for day in answer["trend"]:
                then = self.tree.below_on(day["date"], key)
                kept = {one.node_id: self.days[day["date"]][one.node_id] for one in then}
                found += self._subtract(day["statistics"], kept)
        return found

    def _subtract(self, sums: Any, groups: dict[str, Counts | None]) -> list[object]:
        counts = counts_in(sums)
        if counts is None:
            return [one for one in groups.values() if one is not None]
        return list(left_over(counts, groups.values()).items())

    async def note_day(self, day: date) -> None:
        """Remember what groups show at the day's refresh."""
        [(_, answer)] = [one for one in await self.look() if self.tree.above[one[0]] is None]
        for node in answer["groups"]["nodes"]:
            self.days.setdefault(str(day), {})[node["id"]] = counts_in(node["statistics"])


def sum_of(nodes: list[dict[str, Any]]) -> int:
    return sum(int(node["memberCount"] or 0) for node in nodes)


async def test_nobody_finds_a_count_by_subtracting_answers_levels_or_days(  # R47, R49
    world: World,
) -> None:
    owner = await world.real_person()
    tree = MadeUpTree(owner, Random(7))
    creator = await GroupModel.get(id=decode_id(await owner.create_group(), "Group"))
    sizes = [3, 9, 9, 10, 10, 11, 12, 15, 20, 33, 40, 48, 150, 500]
    await pass_until(9, owner)
    await tree.grow(creator.creator_id, sizes)
    overseer = Overseer(tree)
    for of_the_day in (False, True, False, True):
        if of_the_day:
            await pass_time(owner, days=1)
        await tree.step(of_the_day=of_the_day)
        for group in tree.groups if of_the_day else ():
            await tree.judge(group, of_the_day=True)
        if of_the_day:
            await overseer.note_day(await today(world))
        answers = await overseer.look()
        assert overseer.find(answers) == []
        for _, answer in answers:
            for node in answer["groups"]["nodes"]:
                [group] = [one for one in tree.groups if one.node_id == node["id"]]
                assert node["statistics"]["suppressed"] or len(group.members) >= 10
    # It does find something as soon as a group that isn't shown is in a sum.
    for line in answers[0][1]["statistics"]["byHealthCode"]:
        line["count"] += 3 * (line["healthCode"] == "GREEN")
    assert overseer.find(answers) == [(("code", "GREEN"), 3)]


async def test_numbers_of_many_are_one_statement(world: World) -> None:  # R47
    owner = await world.real_person()
    organisations = [await an_organisation(owner, f"局{number}") for number in range(3)]
    with counted_statements() as statements:
        await owner.ask(
            """query($ids: [ID!]!) { nodes(ids: $ids) { ... on Organisation { memberCount
            statistics { memberCount } colourCounts { members } trend(days: 2) { date } } } }""",
            ids=organisations,
        )
    assert len(statements.of("shown_count")) == len(statements.of("organisation_day")) == 1
