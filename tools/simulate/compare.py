"""Comparing what the server shows with what the model expects; every difference is kept."""

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from tools.simulate.model import Model
from tools.simulate.state import Group, Report, local_day
from tools.simulate.users import User

HOLD = timedelta(minutes=30)  # R25
SHOWN = """query($id: ID!) { group(id: $id) {
    colour colourReasons { reason count } memberCount membersCount pendingLeaveCount
    anomalies(first: 500) { nodes { reasons member { id } } }
    members(first: 500) { nodes { id healthCode role phone } }
    formerMembers(first: 500) { nodes { name cause healthCode } }
    activity { state refreshDue }
    refresh { nextScheduledAt run { status startedAt missing { person { name } } } }
    reports { date refreshedAt statistics { total byHealthCode { healthCode count }
        byTest { window result count } byDoses { doses count } } }
    requirement { natValidity }
} }"""


@dataclass
class Difference:
    """Something that isn't as expected."""

    rule: str
    group: int
    at: datetime
    expected: object
    shown: object


@dataclass
class Findings:
    """What was compared, and what differed."""

    compared: Counter[str] = field(default_factory=Counter)
    differences: list[Difference] = field(default_factory=list)

    def check(self, rule: str, group: int, at: datetime, expected: object, shown: object) -> None:
        """Compare one thing."""
        self.compared[rule] += 1
        if expected != shown:
            self.differences.append(Difference(rule, group, at, expected, shown))


async def compare_group(findings: Findings, model: Model, group: Group, creator: User) -> None:
    """Compare everything that a creator sees of a group; take over its next refresh."""
    shown = (await creator.ask(SHOWN, id=group.id))["group"]
    for rule, (expected, seen) in {
        **_colour(group, shown),
        **_people(group, shown),
        **_runs(model, group, shown),
    }.items():
        findings.check(rule, group.number, model.now, expected, seen)
    group.scheduled_at = datetime.fromisoformat(shown["refresh"]["nextScheduledAt"])


Pairs = dict[str, tuple[object, object]]


def _colour(group: Group, shown: dict[str, Any]) -> Pairs:
    anomalies = {one["member"]["id"]: one["reasons"] for one in shown["anomalies"]["nodes"]}
    expected = {one.id: one.anomaly.reasons for one in group.members.values() if one.anomaly}
    reasons = {one["reason"]: one["count"] for one in shown["colourReasons"]}
    return {
        "R21 colour": (group.colour, shown["colour"]),
        "R21 reasons": (dict(group.reasons), reasons),
        "R20 anomalies": (expected, anomalies),
        "R19 requirement": (group.validity, shown["requirement"]["natValidity"]),
    }


def _people(group: Group, shown: dict[str, Any]) -> Pairs:
    codes = {
        one.id: "WITHHELD" if one.withheld else known.record.code if known else "UNKNOWN"
        for one in group.members.values()
        for known in [one.person.known]
    }
    seen = {one["id"]: one["healthCode"] for one in shown["members"]["nodes"]}
    roles = {one.id: one.role for one in group.members.values()}
    phones = {one.id: one.phone for one in group.members.values()}
    leaving = sum(one.leave_due is not None for one in group.members.values())
    former = sorted((one.name, one.cause, one.code) for one in group.former)
    return {
        "R15 members": (codes, seen),
        "R3 roles": (roles, {one["id"]: one["role"] for one in shown["members"]["nodes"]}),
        "R41 phone": (phones, {one["id"]: one["phone"] for one in shown["members"]["nodes"]}),
        "R2 count": (len(group.members), shown["memberCount"]),
        "R32 leaving": (leaving, shown["pendingLeaveCount"]),
        "R34 former": (
            former,
            sorted(
                (one["name"], one["cause"], one["healthCode"])
                for one in shown["formerMembers"]["nodes"]
            ),
        ),
    }


def _runs(model: Model, group: Group, shown: dict[str, Any]) -> Pairs:
    today = local_day(model.now)
    away = (today - group.visited_on).days
    state = "INACTIVE" if away > 2 else "ACTIVE"
    run = shown["refresh"]["run"]
    seen = run and (
        run["status"],
        datetime.fromisoformat(run["startedAt"]),
        sorted(one["person"]["name"] for one in run["missing"]),
    )
    here = {one.person.name for one in group.members.values()}
    expected = group.run and (
        group.run.status,
        group.run.started_at,
        [name for name in group.run.missing if name in here],
    )
    promised = datetime.fromisoformat(shown["refresh"]["nextScheduledAt"])
    active_then = (local_day(promised) - group.visited_on).days <= 2
    latest = model.now + (timedelta(hours=6) + HOLD if active_then else timedelta(hours=24))
    held = group.run and group.run.status != "FAILED" and promised < group.run.started_at + HOLD
    return {
        "R25 run": (expected, seen),
        "R27 activity": ((state, state == "INACTIVE"), tuple(shown["activity"].values())),
        "R24 next refresh": (True, model.now < promised <= latest and not held),
        "R36 reports": (
            [_expected(group.reports.get(day)) for day in _days(shown)],
            [_shown_report(one) for one in shown["reports"]],
        ),
    }


def _days(shown: dict[str, Any]) -> list[date]:
    return [date.fromisoformat(one["date"]) for one in shown["reports"]]


def _expected(report: Report | None) -> object:
    if report is None:
        return None
    counted = report.members.values()
    codes, tests = Counter(one.code for one in counted), Counter(one.test for one in counted)
    doses = Counter(one.doses for one in counted)
    return (report.at, len(counted), dict(codes), dict(tests), dict(doses))


def _shown_report(shown: dict[str, Any]) -> object:
    counts = shown["statistics"]
    if counts is None:
        return None
    codes = {one["healthCode"]: one["count"] for one in counts["byHealthCode"] if one["count"]}
    tests = {
        (one["window"], one["result"]): one["count"] for one in counts["byTest"] if one["count"]
    }
    doses = {one["doses"]: one["count"] for one in counts["byDoses"]}
    at = datetime.fromisoformat(shown["refreshedAt"])
    return (at, counts["total"], codes, tests, doses)


def compare_messages(findings: Findings, model: Model, shown: list[dict[str, Any]]) -> None:
    """Compare every SMS that anyone got: to whom, of which kind, and at which moment."""
    sent: defaultdict[tuple[str, str], list[datetime]] = defaultdict(list)
    for one in shown:
        if one["template"] != "verification_code":
            sent[one["phone"], one["template"]].append(datetime.fromisoformat(one["at"]))
    for key in sorted(set(model.sms) | set(sent)):
        expected = (key, sorted(model.sms[key]))
        findings.check(f"R39 {key[1]}", 0, model.now, expected, (key, sorted(sent[key])))
