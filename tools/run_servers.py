"""Run a PostgreSQL and a Redis by hand, to try several processes: `make servers`."""

import signal

from tests.support.servers import PostgresServer, RedisServer


def main() -> None:
    """Start both, say how to reach them, and stop them on Ctrl+C."""
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: None)  # wakes `pause` and lets the servers stop
    with PostgresServer() as postgres, RedisServer() as redis:
        print(f"export GROUPCODE_DATABASE_URL={postgres.create_database('groupcode')}")
        print(f"export GROUPCODE_REDIS_URL={redis.url}")
        print("# Stop with Ctrl+C; nothing is kept.", flush=True)
        signal.pause()


if __name__ == "__main__":
    main()
