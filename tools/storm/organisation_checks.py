"""Organisations after the storm: the tree, what is attached to it, and its numbers (R45, R47)."""

from collections import Counter
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from app.domain.disclosure import CODES_SHOWN, Counts, counts_of, shown_counts
from app.domain.health import HealthCode, TestResult
from app.domain.limits import ROUNDED_TO
from app.domain.statistics import Statistics, TestWindow
from tools.storm.client import StormClient
from tools.storm.recorder import Recorder, key_of
from tools.storm.report import Check
from tools.storm.rows import Database, Row
from tools.storm.setup import Setup

_OWN: Final = "{ me { organisations(first: 100) { nodes { id name parent { id } } } } }"
_NUMBERS: Final = """query($id: ID!) { organisation(id: $id) {
    colour groupCount memberCount colourCounts { colour groups members } } }"""
_GROUP: Final = """query($id: ID!) { group(id: $id) {
    organisations { name }
    statistics { byHealthCode { healthCode count } byTest { window result count }
                 byDoses { doses count } } } }"""
_CELLS: Final = [f"code_{code.lower()}" for code in CODES_SHOWN]
_BELOW: Final = f"""
    SELECT g.id, g.name, g.organisation_id, g.colour, g.count_seed, {", ".join(_CELLS)}
    FROM groups g LEFT JOIN shown_count s ON s.group_id = g.id
    WHERE g.organisation_id IS NOT NULL AND g.dissolved_at IS NULL
"""  # noqa: S608


@dataclass
class _Tree:
    """The rows that organisations are made of."""

    parents: dict[str, str | None]
    above: set[tuple[str, str, int]]  # of which, which one, at which distance
    groups: list[Row]

    def path(self, organisation_id: str | None) -> list[str]:
        """Return an organisation and those above it, the nearest first, by their parents."""
        found: list[str] = []
        while organisation_id is not None and organisation_id not in found:
            found.append(organisation_id)
            organisation_id = self.parents[organisation_id]
        return found

    def below(self, organisation_id: str) -> list[Row]:
        """Return the groups below an organisation, at whatever depth."""
        return [one for one in self.groups if organisation_id in self.path(one["organisation_id"])]


async def check_organisations(recorder: Recorder, setup: Setup, database: Database) -> list[Check]:
    """Check what was answered about organisations, and that all that is kept of them agrees."""
    tree = await _read_tree(database)
    groups = {
        key_of(one.id): (await one.creator.read(_GROUP, id=one.id))["group"]
        for one in setup.targets
    }
    return [
        await _check_answered(recorder, setup.bureau),
        _check_attached(recorder, groups),
        _check_above(tree),
        await _check_numbers(recorder, tree, setup.bureau),
        _check_shown(tree, groups),
    ]


async def _read_tree(database: Database) -> _Tree:
    parents = await database.read("SELECT id, parent_id FROM organisation")
    above = await database.read(
        "SELECT organisation_id, above_id, distance FROM organisation_above"
    )
    return _Tree(
        {row["id"]: row["parent_id"] for row in parents},
        {(row["organisation_id"], row["above_id"], row["distance"]) for row in above},
        await database.read(_BELOW),
    )


async def _check_answered(recorder: Recorder, owner: StormClient) -> Check:
    """Who owns the organisations sees those that were answered, each below what it was put."""
    name = "organisations as answered"
    if recorder.tree_doubtful:
        return Check(name, 0, 0)
    nodes = (await owner.read(_OWN))["me"]["organisations"]["nodes"]
    seen = {
        (key_of(one["id"]), one["name"], key_of(one["parent"]["id"]) if one["parent"] else "")
        for one in nodes
    }
    expected = {(key, one.name, one.parent) for key, one in recorder.standing.items()}
    return Check(name, len(expected), len(nodes), [str(one) for one in expected ^ seen])


def _check_attached(recorder: Recorder, groups: dict[str, dict[str, Any]]) -> Check:
    """Each group shows those above it, the nearest first, as its creator attached it (R45)."""
    names = {key: one.name for key, one in recorder.organisations.items()}
    expected = {
        key: [names[one] for one in recorder.path(recorder.groups[key].attached_to)]
        for key in groups
        if not recorder.tree_doubtful and not recorder.groups[key].doubtful
    }
    seen = {key: [one["name"] for one in groups[key]["organisations"]] for key in expected}
    wrong = [
        f"{recorder.groups[key].name}: answered {path}, shown {seen[key]}"
        for key, path in expected.items()
        if path != seen[key]
    ]
    return Check("organisations above groups", _total(expected), _total(seen), wrong)


def _total(paths: dict[str, list[str]]) -> int:
    return sum(map(len, paths.values()))


def _check_above(tree: _Tree) -> Check:
    """The rows by which all below an organisation is found are those that the parents make."""
    expected = {
        (key, above_id, distance)
        for key in tree.parents
        for distance, above_id in enumerate(tree.path(key))
    }
    wrong = [str(one) for one in expected ^ tree.above]
    return Check("organisations above, by parents", len(expected), len(tree.above), wrong)


async def _check_numbers(recorder: Recorder, tree: _Tree, owner: StormClient) -> Check:
    """Each organisation's colour and counts are the sums of its groups' own rows (R47, R48)."""
    expected, found, wrong = 0, 0, []
    for key in tree.parents:
        organisation = recorder.organisations.get(key)
        if organisation is None:  # its creation was never answered
            continue
        below = tree.below(key)
        shown = (await owner.read(_NUMBERS, id=organisation.id))["organisation"]
        expected, found = expected + len(below), found + shown["groupCount"]
        if shown != (summed := _summed(below)):
            wrong.append(f"{organisation.name}: shown {shown}, summed {summed}")
    return Check("groups below, shown and summed", expected, found, wrong)


def _summed(groups: list[Row]) -> dict[str, Any]:
    colours = Counter(one["colour"] for one in groups)
    counts = [
        {
            "colour": colour,
            "groups": colours[colour],
            "members": _members([one for one in groups if one["colour"] == colour]),
        }
        for colour in ("GREEN", "YELLOW", "RED")
    ]
    return {
        "colour": next((one for one in ("RED", "YELLOW") if colours[one]), "GREEN"),
        "groupCount": len(groups),
        "memberCount": _members(groups),
        "colourCounts": counts,
    }


def _members(groups: list[Row]) -> int | None:
    """Add up what is shown of groups; None where there are some and nothing is shown of any."""
    shown = [[one[cell] for cell in _CELLS] for one in groups]
    counted = [sum(cells) for cells in shown if None not in cells]
    return sum(counted) if counted or not groups else None


def _check_shown(tree: _Tree, groups: dict[str, dict[str, Any]]) -> Check:
    """What is shown above a group is what its creator sees, rounded, where it isn't held back."""
    attached = [row for row in tree.groups if row["id"] in groups]
    wrong = []
    for row in attached:
        counts = _counts(groups[row["id"]]["statistics"])
        shown = [row[cell] for cell in _CELLS]
        if not _is_shown_so(row["count_seed"], counts, shown):
            wrong.append(f"{row['name']}: {counts[: len(_CELLS)]} shown as {shown}")
    return Check("groups' codes, shown above", len(attached), len(attached) - len(wrong), wrong)


def _counts(statistics: dict[str, Any]) -> Counts:
    found = Statistics()
    for one in statistics["byHealthCode"]:
        found.codes[HealthCode(one["healthCode"])] = one["count"]
    for one in statistics["byTest"]:
        result = TestResult(one["result"]) if one["result"] else None
        found.tests[TestWindow(one["window"]), result] = one["count"]
    for one in statistics["byDoses"]:
        found.doses[one["doses"]] = one["count"]
    return counts_of(found)


def _is_shown_so(seed: str | None, counts: Counts, shown: list[int | None]) -> bool:
    """Whether codes are shown as multiples next to them, or held back where the rule says so."""
    if seed is None:  # which is drawn as a group is attached
        return False
    if shown_counts(UUID(seed), counts) is None:
        return set(shown) == {None}
    return all(
        one is not None and one % ROUNDED_TO == 0 and abs(count - one) < ROUNDED_TO
        for count, one in zip(counts[: len(shown)], shown, strict=True)
    )
