"""The SMS after the storm: expected by the log, in the outbox, at the gateway: alike, once."""

from collections import Counter, defaultdict
from collections.abc import Iterator
from typing import Any, Final

from app.ports.cipher import Cipher
from tests.support.in_process import SECRET
from tools.storm.checks import Log
from tools.storm.client import Network
from tools.storm.expected_sms import ExpectedSms, Replay
from tools.storm.recorder import Recorder
from tools.storm.report import Check
from tools.storm.rows import Database, Row

REMINDER: Final = "health_reminder"
OVERSEEN: Final = "group_overseen"
EXPECTED: Final = (
    "leave_requested",
    "leave_completed",
    "member_removed",
    "group_dissolved",
    "anomaly_alert",
    OVERSEEN,
)


async def check_messages(
    recorder: Recorder, log: Log, database: Database, network: Network
) -> list[Check]:
    """Check the chain from the cause to the phone."""
    outbox = await database.read("SELECT id, template, group_id, phone, state, caused_by FROM sms")
    shown = (await network.http.get(f"{network.sandbox}/messages")).json()["messages"]
    cipher = Cipher(SECRET)
    for row in outbox:
        row["phone"] = cipher.decrypt(bytes(row["phone"]), b"sms.phone").decode()
    phones = await _phones(recorder, database, cipher)
    replays = {
        group_id: _replay(recorder, rows, phones, group_id) for group_id, rows in log.events.items()
    }
    return [
        _check_gateway(outbox, shown),
        *_check_expected(outbox, replays),
        *_check_reminders(recorder, outbox, replays),
    ]


async def _phones(recorder: Recorder, database: Database, cipher: Cipher) -> dict[str, str]:
    rows = await database.read("SELECT id, phone FROM membership")
    current = {
        row["id"]: cipher.decrypt(bytes(row["phone"]), b"membership.phone").decode() for row in rows
    }
    return current | recorder.phones


def _replay(recorder: Recorder, events: list[Row], phones: dict[str, str], group_id: str) -> Replay:
    group = recorder.groups.get(group_id)
    creator, others = (group.creator, group.others) if group else ("someone unknown", set())
    replay = Replay(creator, phones, recorder.moves, others)
    for event in events:
        replay.take(event)
    return replay


def _check_gateway(outbox: list[Row], shown: list[dict[str, Any]]) -> Check:
    """What left the outbox is what the gateway took: the same ids, to the same phones."""
    sent = {row["id"]: (row["template"], row["phone"]) for row in outbox if row["state"] == "SENT"}
    taken = {one["id"]: (one["template"], one["phone"]) for one in shown}
    wrong = [
        f"{key}: sent {sent.get(key)}, taken {taken.get(key)}"
        for key in {*sent, *taken}
        if sent.get(key) != taken.get(key)
    ]
    wrong += [f"{row['template']} is {row['state']}" for row in outbox if row["state"] != "SENT"]
    wrong += [f"{len(shown) - len(taken)} ids twice"] if len(shown) != len(taken) else []
    return Check("SMS of the outbox, at the gateway", len(outbox), len(taken), wrong)


def _check_expected(outbox: list[Row], replays: dict[str, Replay]) -> Iterator[Check]:
    """Each cause in the log has its one SMS a recipient: none is missing, none doubled."""
    rows: defaultdict[str, ExpectedSms] = defaultdict(Counter)
    for row in outbox:
        if row["template"] == OVERSEEN and row["caused_by"] is None:
            continue  # by an organisation that was attached, of which no group's log tells
        rows[row["group_id"]][row["template"], row["phone"]] += 1
    for template in EXPECTED:
        wrong, expected, found = [], 0, 0
        for group_id, replay in replays.items():
            for key in {*replay.expected, *rows[group_id]}:
                if key[0] != template:
                    continue
                expected, found = expected + replay.expected[key], found + rows[group_id][key]
                if replay.expected[key] != rows[group_id][key]:
                    counts = f"expected {replay.expected[key]}, written {rows[group_id][key]}"
                    wrong.append(f"{group_id} {key}: {counts}")
        yield Check(f"{template} SMS expected", expected, found, wrong)


def _check_reminders(
    recorder: Recorder, outbox: list[Row], replays: dict[str, Replay]
) -> Iterator[Check]:
    """Reminders by the log are those sent, and every answered one is among them."""
    written = Counter(row["group_id"] for row in outbox if row["template"] == REMINDER)
    wrong = [
        f"{group_id}: {replay.reminded} by the log, {written[group_id]} written"
        for group_id, replay in replays.items()
        if replay.reminded != written[group_id]
    ]
    for group_id, group in recorder.groups.items():
        replay = replays.get(group_id)
        if replay is None:
            continue
        extra = replay.reminders - group.reminders
        if replay.reminded < group.reminded or not 0 <= extra <= group.reminders_lost:
            wrong.append(f"{group_id}: {group.reminders} answered, {replay.reminders} logged")
    logged = sum(replay.reminded for replay in replays.values())
    yield Check(f"{REMINDER} SMS expected", logged, written.total(), wrong)
