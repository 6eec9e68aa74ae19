"""The SMS to expect by a group's event log, which is replayed event by event."""

import json
from collections import Counter
from dataclasses import dataclass, field
from typing import Any, TypeAlias

ExpectedSms: TypeAlias = Counter[tuple[str, str]]  # template and phone


@dataclass
class Replay:
    """A group as its log tells of it, event by event."""

    creator: str  # phones
    phones: dict[str, str]  # of every member there ever was
    expected: ExpectedSms = field(default_factory=Counter)
    reminded: int = 0
    reminders: int = 0
    _people: set[str] = field(default_factory=set)
    _admins: set[str] = field(default_factory=set)

    def take(self, event: dict[str, Any]) -> None:
        """Replay one event."""
        handler = getattr(self, f"_{event['type'].lower()}", None)
        if handler is not None:
            subject = event["subject_id"]
            handler(self.phones.get(subject, f"member {subject}"), event)

    def _expect(self, template: str, *phones: str) -> None:
        self.expected.update((template, phone) for phone in phones)

    def _member_joined(self, phone: str, event: dict[str, Any]) -> None:
        self._people.add(phone)

    def _admin_appointed(self, phone: str, event: dict[str, Any]) -> None:
        self._admins.add(phone)

    def _admin_dismissed(self, phone: str, event: dict[str, Any]) -> None:
        self._admins.discard(phone)

    def _leave_requested(self, phone: str, event: dict[str, Any]) -> None:
        self._expect("leave_requested", *({self.creator} | self._admins) - {phone})

    def _member_left(self, phone: str, event: dict[str, Any]) -> None:
        self._expect("leave_completed", phone)
        self._people.discard(phone)
        self._admins.discard(phone)

    def _member_removed(self, phone: str, event: dict[str, Any]) -> None:
        self._expect("member_removed", phone)
        self._people.discard(phone)
        self._admins.discard(phone)

    def _group_dissolved(self, phone: str, event: dict[str, Any]) -> None:
        self._expect("group_dissolved", self.creator, *self._people)

    def _alert_sent(self, phone: str, event: dict[str, Any]) -> None:
        self._expect("anomaly_alert", self.creator, *self._admins)

    def _reminders_sent(self, phone: str, event: dict[str, Any]) -> None:
        details = event["details"]
        details = json.loads(details) if isinstance(details, str) else details
        self.reminded += int(details["count"])
        self.reminders += 1
