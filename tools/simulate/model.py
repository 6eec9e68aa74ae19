"""The rules, naively: what every group must be at every moment (R14, R19-R39)."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from datetime import datetime, timedelta

from tools.simulate.alerts import alert
from tools.simulate.state import (
    FOREVER,
    WINDOWS,
    ZONE,
    Anomaly,
    Counted,
    Former,
    Group,
    Known,
    Member,
    Person,
    Report,
    Run,
    local_day,
)

_HOUR = timedelta(hours=1)
_ASKED = {"TEST_MISSING", "TEST_EXPIRED"}
_SOON = timedelta(milliseconds=200)  # news in other groups are judged this much later


class Model:
    """Everything that must be true, at ``now``."""

    def __init__(self, now: datetime) -> None:
        self.now = now
        self.groups: dict[str, Group] = {}
        self.people: list[Person] = []
        self.sms: defaultdict[tuple[str, str], list[datetime]] = defaultdict(list)
        self.provider_down = False

    def current_groups(self) -> list[Group]:
        """The groups that aren't dissolved."""
        return [group for group in self.groups.values() if not group.dissolved]

    def advance(self, until: datetime) -> None:
        """Let everything happen that time alone brings, in order."""
        while True:
            coming = [(self._next(group), group) for group in self.current_groups()]
            at = min((moment for moment, _ in coming), default=FOREVER)
            if at > until or not coming:
                break
            self.now = max(self.now, at)
            # Several at one moment, all now: a result that has come is no longer to come.
            for moment, group in coming:
                if moment == at:
                    self._happen(group)
        self.now = until

    def _next(self, group: Group) -> datetime:
        """The next moment at which time alone changes something."""
        moments = [group.scheduled_at, group.judge_at, *self._lapses(group)]
        known = [one.person.known for one in group.members.values() if one.person.known]
        moments += [when for one in known for when in one.coming(self.now)]
        moments += [one.leave_due for one in group.members.values()]
        moments += [one.anomaly.alert_at for one in group.members.values() if one.anomaly]
        moments += [one.alert_next for one in group.members.values()]
        excuses = [one.excuse for one in group.members.values() if one.excuse]
        moments += [bound for excuse in excuses for bound in excuse if bound > self.now]
        return min((moment for moment in moments if moment is not None), default=FOREVER)

    def _lapses(self, group: Group) -> Iterable[datetime]:
        """When tests lapse that were good when they were fetched, and aren't known to have."""
        hours = WINDOWS.get(group.validity)
        for member in group.members.values():
            if member.withheld:
                continue
            known = member.person.known
            lapse = _lapse(member.person, hours, self.now)
            if known is None or lapse is None or lapse <= known.as_of:
                continue
            if lapse <= member.joined_at:  # found when their joining is judged
                continue
            if lapse <= self.now and self._is_excused(member):  # found when that ends
                continue
            known_lapsed = member.anomaly is not None and "TEST_EXPIRED" in member.anomaly.reasons
            newest = known.newest(self.now)
            if not known_lapsed and newest is not None and newest[1] != "POSITIVE":
                yield lapse

    def _happen(self, group: Group) -> None:
        for member in list(group.members.values()):
            if member.leave_due is not None and member.leave_due <= self.now:
                self.depart(group, member, "LEAVE_EXPIRED")
        if group.judge_at is not None and group.judge_at <= self.now:
            group.judge_at = None
        self.judge(group, gathers=True)
        for member in group.members.values():
            if member.excuse is not None and member.excuse[1] <= self.now:
                member.excuse = None
        if group.scheduled_at <= self.now:
            self._start(group)
            group.scheduled_at = FOREVER  # the driver asks the server for the next
        self.alert(group)

    # What users do.

    def join(self, group: Group, members: list[Member]) -> None:
        """People join; their data is fetched at once (R14)."""
        for member in members:
            group.members[member.id] = member
        for member in members:
            self._fetch([member.person])
            self._spread(member.person, group)

    def refresh_by_hand(self, group: Group) -> None:
        """A manager refreshes (R25, R27)."""
        group.visited_on = local_day(self.now)
        self._start(group)

    def _start(self, group: Group) -> None:
        held = group.last_start is not None and self.now < group.last_start + _HOUR / 2
        if held:
            return
        people = [one.person for one in group.members.values() if not one.withheld]
        missing = list(people) if self.provider_down else self._fetch(people)
        status = "DONE" if not missing else "PARTLY_DONE"
        if len(missing) == len(people):  # who answers and knows nobody has answered
            status = "FAILED" if self.provider_down else "DONE"
        names = sorted(one.name for one in missing)
        group.run = Run(self.now, status, names)
        group.last_start = None if status == "FAILED" else self.now
        for person in people:
            if person not in missing:
                self._spread(person, group)
        group.judge_at = None
        self.judge(group)
        if status != "FAILED":
            group.reports[local_day(self.now)] = self._report(group)
        self.alert(group)

    def _fetch(self, people: list[Person]) -> list[Person]:
        """Fetch people; return those of whom the provider said nothing."""
        missing = []
        for person in people:
            if person.provider is None:
                missing.append(person)
            else:
                before = person.known.first if person.known else {}
                ahead = {
                    (when, result): before.get((when, result), self.now)
                    for when, result in person.provider.tests
                    if when is not None and ((when, result) in before or when > self.now)
                }
                person.known = Known(person.provider, self.now, ahead)
        return missing

    def _spread(self, person: Person, but: Group) -> None:
        """News about someone judges every group they are in (R20)."""
        for group in self.current_groups():
            here = any(one.person is person for one in group.members.values())
            if here and group.judge_at is None:
                group.judge_at = self.now + _SOON

    def require(self, group: Group, validity: str) -> None:
        """The requirement changes; that alerts nobody (R28)."""
        before = group.validity
        group.validity = validity
        self.judge(group, before)

    def excuse(self, group: Group, member: Member, until: datetime | None) -> None:
        """A manager excuses a member from tests from now on, or ends that: None (R20)."""
        member.excuse = None if until is None else (self.now, until)
        self.judge(group)
        self.alert(group)

    def depart(self, group: Group, member: Member, cause: str) -> None:
        """Someone is out (R16, R33, R34)."""
        known = member.person.known
        code = known.record.code if known else "UNKNOWN"
        code = "WITHHELD" if member.withheld else code
        group.former.append(Former(member.id, member.person.name, cause, code, self.now))
        del group.members[member.id]
        self._forget(member.person)
        self.tell("member_removed" if cause == "REMOVED" else "leave_completed", [member.phone])
        self.judge(group)

    def withdraw(self, group: Group, member: Member) -> None:
        """Consent is withdrawn: nothing of their health is in the group any more (R42)."""
        member.withheld, member.excuse = True, None
        if member.leave_due is None:
            self.ask_to_leave(group, member)
        own = {member.id, *(one.id for one in group.former if one.name == member.person.name)}
        for former in group.former:
            if former.id in own:
                former.code = "WITHHELD"
        for report in group.reports.values():
            for member_id in own & report.members.keys():
                del report.members[member_id]
        self._forget(member.person)
        self.judge(group)

    def ask_to_leave(self, group: Group, member: Member) -> None:
        """A member asks to leave; the managers are told (R32)."""
        member.leave_due = self.now + timedelta(hours=24)
        self.tell("leave_requested", {one.phone for one in group.managers() if one is not member})

    def _forget(self, person: Person) -> None:
        here = any(
            one.person is person and not one.withheld
            for group in self.current_groups()
            for one in group.members.values()
        )
        if not here:
            person.known = None

    def dissolve(self, group: Group) -> None:
        """A group ends (R8)."""
        self.tell("group_dissolved", {member.phone for member in group.members.values()})
        group.dissolved = True
        for member in group.members.values():
            self._forget(member.person)

    def tell(self, template: str, phones: Iterable[str]) -> None:
        """An SMS to each of these phones."""
        for phone in phones:
            self.sms[phone, template].append(self.now)

    # What follows.

    def judge(
        self, group: Group, required_before: str | None = None, *, gathers: bool = False
    ) -> None:
        """Colour, reasons and anomalies now (R19-R23); more may follow within the minute (R28)."""
        group.reasons = Counter()
        for member in group.members.values():
            reasons = [] if member.withheld else self._reasons(member, group.validity)
            group.reasons.update(reasons)
            listed = _listed(reasons, group)
            if not listed:
                member.anomaly = None
            elif member.anomaly is None:
                old = required_before
                muted = old is not None and not _listed(self._reasons(member, old), group)
                at = None if muted else self._alert_at(group, member, listed, gathers)
                member.anomaly = Anomaly(listed, at, not muted)
            else:
                self._go_on(member.anomaly, listed, gathers)
        found = set(group.reasons)
        group.colour = "RED" if "CODE_RED" in found else "YELLOW" if found else "GREEN"

    def _go_on(self, anomaly: Anomaly, reasons: list[str], gathers: bool) -> None:
        """An open anomaly is alerted anew when it turns red or positive; red never waits (R28)."""
        turned = {"CODE_RED", "TEST_POSITIVE"} & (set(reasons) - set(anomaly.reasons))
        anomaly.reasons = reasons
        if turned or (anomaly.alert_at is not None and "CODE_RED" in reasons):
            if anomaly.alert_at is None:
                anomaly.is_told, anomaly.heard = True, set()
            at = self._found_at(turned or reasons, gathers)
            anomaly.alert_at = min(at, anomaly.alert_at or at)

    def _reasons(self, member: Member, validity: str) -> list[str]:
        """Every reason against a member, without what an excuse pauses (R20)."""
        reasons = reasons_of(member.person, validity, self.now)
        excused = self._is_excused(member)
        return [one for one in reasons if not excused or one not in _ASKED]

    def _is_excused(self, member: Member) -> bool:
        return member.excuse is not None and member.excuse[0] <= self.now < member.excuse[1]

    def _opened_by_excuse(self, member: Member, reasons: list[str]) -> bool:
        """Whether the end of an excuse is all that opened an anomaly: as time does (R28)."""
        known = member.person.known
        ended = member.excuse is not None and member.excuse[1] <= self.now
        if not ended or member.excuse is None or not set(reasons) <= _ASKED:
            return False
        return known is None or known.as_of < member.excuse[1]

    def _found_at(self, reasons: Iterable[str], gathers: bool) -> datetime:
        return self.now + _HOUR / 60 if gathers and "CODE_RED" not in reasons else self.now

    def _alert_at(
        self, group: Group, member: Member, reasons: list[str], gathers: bool
    ) -> datetime:
        """At once, unless time alone opened it: then by the hour, and not at night (R28)."""
        lapse = _lapse(member.person, WINDOWS.get(group.validity), self.now)
        known = member.person.known
        by_time = reasons == ["TEST_EXPIRED"] and known and lapse and known.as_of < lapse
        if not by_time and not self._opened_by_excuse(member, reasons):
            return self._found_at(reasons, gathers)
        at = self.now
        if group.by_time_alert is not None:
            at = max(at, group.by_time_alert + _HOUR)
        local = at.astimezone(ZONE)
        if local.hour >= 22:
            local = (local + timedelta(days=1)).replace(hour=7, minute=0, second=0, microsecond=0)
        elif local.hour < 7:
            local = local.replace(hour=7, minute=0, second=0, microsecond=0)
        return local

    def alert(self, group: Group) -> None:
        """Tell the managers of what waits, if any of it is due (R28)."""
        alert(self, group)

    def _report(self, group: Group) -> Report:
        report = Report(self.now)
        for member in group.members.values():
            if member.withheld:
                continue
            known = member.person.known
            newest = known.newest(self.now) if known else None
            test = (_window(newest, self.now), newest[1] if newest else None)
            code, doses = (known.record.code, known.record.doses) if known else ("UNKNOWN", 0)
            report.members[member.id] = Counted(code, test, doses)
        return report


def reasons_of(person: Person, validity: str, now: datetime) -> list[str]:
    """Every reason against someone (R20)."""
    known = person.known
    code = known.record.code if known else "UNKNOWN"
    reasons = [] if code == "GREEN" else [f"CODE_{code}"]
    newest = known.newest(now) if known else None
    if newest is not None and newest[1] == "POSITIVE":
        return [*reasons, "TEST_POSITIVE"]
    hours = WINDOWS.get(validity)
    if hours is None:
        return reasons
    lapse = _lapse(person, hours, now)
    if lapse is None:
        return [*reasons, "TEST_MISSING"]
    return [*reasons, "TEST_EXPIRED"] if now >= lapse else reasons


def _lapse(person: Person, hours: int | None, now: datetime) -> datetime | None:
    negative_at = person.known.negative_at(now) if person.known else None
    if hours is None or negative_at is None:
        return None
    return negative_at + timedelta(hours=hours)


def _listed(reasons: list[str], group: Group) -> list[str]:
    hidden = {f"CODE_{code}" for code in ("YELLOW", "UNKNOWN") if code not in group.lists}
    return [reason for reason in reasons if reason not in hidden]


def _window(newest: tuple[datetime, str] | None, now: datetime) -> str:
    if newest is None:
        return "NONE"
    for window, hours in WINDOWS.items():
        if newest[0] > now - timedelta(hours=hours):
            return window
    return "OLDER"
