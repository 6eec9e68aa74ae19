"""What a process counts of itself, for Prometheus; docs/operations.md says how to read it.

Each label has few values, all of them ours: names of the schema, of our tables, of outside systems.
"""

from typing import Final

from prometheus_client import Counter, Gauge, Histogram, disable_created_metrics

from app.telemetry.totals import Total, TotalTimes

disable_created_metrics()  # a series beside each counter that says when it began

_QUICK: Final = (0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)  # seconds
_SLOW: Final = (0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 900, 1800)  # seconds

ABOUT: Final = Gauge(
    "groupcode_about", "1: which version runs, and as what.", ["version", "process"]
)

RESPONSES: Final = Total("groupcode_responses", "Answers over HTTP.", ["route", "status"])
OPERATIONS: Final = Total(
    "groupcode_operations",
    "GraphQL operations that ended: by type, root field (several: 'many'), and OK or the error's"
    " code.",
    ["type", "field", "outcome"],
)
OPERATION_SECONDS: Final = TotalTimes(
    "groupcode_operation_seconds",
    "How long a query or mutation took.",
    ["type", "field"],
    buckets=_QUICK,
)
STREAMS_OPEN: Final = Gauge("groupcode_streams_open", "Connections that stay open.", ["transport"])
STREAM_MESSAGES: Final = Counter(
    "groupcode_stream_messages", "Messages sent on them.", ["transport"]
)

CONNECTIONS_REFUSED: Final = Counter(
    "groupcode_connections_refused", "Connections closed since the process had as many as it takes."
)

POOL_CONNECTIONS: Final = Gauge(
    "groupcode_pool_connections", "Connections to the database: busy, or free for more.", ["state"]
)
DATABASE_UP: Final = Gauge("groupcode_database_up", "1 while PostgreSQL lets the process connect.")
DATABASE_UP.set(1)
REDIS_UP: Final = Gauge("groupcode_redis_up", "1 while Redis answers, or where none is used.")
REDIS_UP.set(1)
REPLICA_UP: Final = Gauge(
    "groupcode_replica_up", "1 while the replica that is read from answers, or where none is used."
)
REPLICA_UP.set(1)
REPLICA_LAG: Final = Gauge(
    "groupcode_replica_lag_seconds", "How far the replica was behind when it last answered."
)
REPLICA_ANSWERS: Final = Counter(
    "groupcode_replica_answers",
    "Answers that may come from the replica: REPLICA, or from the database since it was BEHIND for"
    " that group, or AWAY.",
    ["outcome"],
)
LOOP_LAG: Final = Histogram(
    "groupcode_loop_lag_seconds",
    "How late the event loop comes to what is due at once, looked at each second.",
    buckets=(0.001, 0.005, 0.01, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10),
)

DUE_WORK: Final = Gauge("groupcode_due_work", "Pieces of work that wait, due already.", ["work"])
DUE_WORK_AGE: Final = Gauge(
    "groupcode_due_work_age_seconds", "Since when the oldest of them waits.", ["work"]
)
DEAD_WORK: Final = Gauge(
    "groupcode_dead_work", "Pieces of work that failed too often and wait for somebody.", ["work"]
)
CLOCK_APART: Final = Gauge(
    "groupcode_clock_apart_seconds", "How far our clock was ahead of the database's."
)
TICKED_AT: Final = Gauge(
    "groupcode_tick_timestamp_seconds", "When the process last looked for due work, as Unix time."
)
WORK: Final = Counter(
    "groupcode_work", "Pieces of work that were tried: DONE, FAILED or DEAD.", ["work", "outcome"]
)
WORK_SECONDS: Final = Histogram(
    "groupcode_work_seconds", "How long one took.", ["work"], buckets=_SLOW
)

RUNS: Final = Counter("groupcode_refresh_runs", "Refresh runs that ended.", ["status"])
RUN_SECONDS: Final = Histogram(
    "groupcode_refresh_run_seconds", "How long they took, from being asked for.", buckets=_SLOW
)
MEMBERS_REFRESHED: Final = Counter(
    "groupcode_members_refreshed", "Members about whom a run had an answer."
)
SMS: Final = Counter("groupcode_sms", "SMS that ended: SENT or FAILED.", ["template", "state"])
CODES: Final = Counter(
    "groupcode_verification_codes",
    "Codes to prove a phone that were asked for: QUEUED, or why none was.",
    ["outcome"],
)
QUOTA_REFUSALS: Final = Counter(
    "groupcode_quota_refusals", "What was refused because a quota was used up.", ["quota"]
)

GATEWAY_CALLS: Final = Counter(
    "groupcode_gateway_calls",
    "Calls of outside systems, each attempt: OK, its HTTP status, or NONE without an answer.",
    ["system", "status"],
)
GATEWAY_SECONDS: Final = Histogram(
    "groupcode_gateway_seconds", "How long an attempt took.", ["system"], buckets=_SLOW
)
GATEWAY_FAILURES: Final = Counter(
    "groupcode_gateway_failures",
    "Calls given up after the last attempt, by its status.",
    ["system", "status"],
)
