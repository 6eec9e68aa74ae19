"""The SMS to expect by a group's event log, which is replayed event by event."""

import json
from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeAlias

ExpectedSms: TypeAlias = Counter[tuple[str, str]]  # template and phone


@dataclass
class Replay:
    """A group as its log tells of it, event by event.

    ``phones`` are those of every member there ever was, as they joined; ``moves`` those that
    members changed to, in order; ``others`` are those of who is in it without having joined. None
    of these is in the log.
    """

    creator: str  # phone
    phones: dict[str, str]
    moves: Mapping[str, list[str]]
    others: Collection[str] = ()
    expected: ExpectedSms = field(default_factory=Counter)
    reminded: int = 0
    reminders: int = 0
    _members: set[str] = field(default_factory=set)
    _admins: set[str] = field(default_factory=set)
    _moved: Counter[str] = field(default_factory=Counter)

    def take(self, event: dict[str, Any]) -> None:
        """Replay one event."""
        handler = getattr(self, f"_{event['type'].lower()}", None)
        if handler is not None:
            handler(event["subject_id"], event)

    def _expect(self, template: str, *phones: str) -> None:
        self.expected.update((template, phone) for phone in phones)

    def _phone(self, member: str) -> str:
        if moved := self._moved[member]:
            return self.moves[member][moved - 1]
        return self.phones.get(member, f"member {member}")

    def _managers(self, but: str = "") -> set[str]:
        return {self.creator, *map(self._phone, self._admins - {but})}

    def _member_joined(self, member: str, event: dict[str, Any]) -> None:
        self._members.add(member)

    def _phone_changed(self, member: str, event: dict[str, Any]) -> None:
        self._moved[member] += 1

    def _admin_appointed(self, member: str, event: dict[str, Any]) -> None:
        self._admins.add(member)

    def _admin_dismissed(self, member: str, event: dict[str, Any]) -> None:
        self._admins.discard(member)

    def _leave_requested(self, member: str, event: dict[str, Any]) -> None:
        self._expect("leave_requested", *self._managers(but=member))

    def _member_left(self, member: str, event: dict[str, Any]) -> None:
        self._expect("leave_completed", self._phone(member))
        self._members.discard(member)
        self._admins.discard(member)

    def _member_removed(self, member: str, event: dict[str, Any]) -> None:
        self._expect("member_removed", self._phone(member))
        self._members.discard(member)
        self._admins.discard(member)

    def _group_dissolved(self, _: str, event: dict[str, Any]) -> None:
        self._expect("group_dissolved", self.creator, *map(self._phone, self._members))

    def _group_attached(self, _: str, event: dict[str, Any]) -> None:
        phones = {self.creator, *self.others, *map(self._phone, self._members)}
        self._expect("group_overseen", *phones)

    def _alert_sent(self, _: str, event: dict[str, Any]) -> None:
        self._expect("anomaly_alert", *self._managers())

    def _reminders_sent(self, _: str, event: dict[str, Any]) -> None:
        details = event["details"]
        details = json.loads(details) if isinstance(details, str) else details
        self.reminded += int(details["count"])
        self.reminders += 1
