"""How fast the server is, in one run: ``make bench``, ``QUICK=1 make bench``.

Each kind of work is measured beside the floor and shown as soon as it is done; at the end stands
every goal beside its figure. A figure by itself is the machine's; ratios are what to quote.
"""

import argparse
import asyncio
import os
import platform
import subprocess
import sys
import tempfile
import time
import traceback
from collections.abc import Awaitable, Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Final, TypeAlias

import httpx
import uvloop

from bench.chart import write_chart
from bench.figures import FULL, QUICK, Plan, Row, verdicts
from bench.ground import Ground, set_ground
from bench.report import Facts, summary, table, write_json
from bench.stage import CountingPostgres, Stage
from bench.works import backlog, fanout, growth, processes, reads, writes
from tests.support.processes import ROOT
from tests.support.servers import RedisServer

Work: TypeAlias = Callable[[Ground, Plan], Awaitable[list[Row]]]
WORKS: Final[Mapping[str, Work]] = {
    "reads": reads.on_postgres,
    "sqlite": reads.on_sqlite,
    "fanout": fanout.measure,
    "refresh": writes.refresh,
    "joins": writes.joins,
    "growth": growth.measure,
    "backlog": backlog.measure,
    "processes": processes.two_servers,
    "start-up": processes.start_up,
}


async def run(wanted: list[str], plan: Plan) -> tuple[list[Row], list[str]]:
    """Set the ground and do the works, one after another; whatever happens, all processes end.

    Return the rows, and the works that failed: the others are measured all the same.
    """
    rows: list[Row] = []
    failed: list[str] = []
    with (
        tempfile.TemporaryDirectory(prefix="groupcode-bench-") as folder,
        CountingPostgres() as postgres,
        RedisServer() as redis,
    ):
        async with httpx.AsyncClient(timeout=30) as http:
            stage = Stage(Path(folder), postgres, redis, http)
            with stage.stack:
                began = time.perf_counter()
                await postgres.prepare()
                ground = await set_ground(stage, plan.other_groups)
                _say(f"the ground is set, {time.perf_counter() - began:.0f} s")
                for name in wanted:
                    began = time.perf_counter()
                    try:
                        found = await WORKS[name](ground, plan)
                    except Exception:
                        traceback.print_exc()
                        failed.append(name)
                        continue
                    _say(f"\n{name}, {time.perf_counter() - began:.0f} s\n{table(found)}")
                    rows += found
    return rows, failed


def _facts(plan: Plan) -> Facts:
    command = ["git", "-C", str(ROOT), "log", "-1", "--format=%h"]
    commit = subprocess.run(command, capture_output=True, text=True, check=False).stdout.strip()
    return {
        "commit": commit,
        "at": datetime.now(UTC).isoformat(timespec="seconds"),
        "cores": os.cpu_count() or 0,
        "load before": round(os.getloadavg()[0], 1),
        "python": platform.python_version(),
        "plan": plan.name,
        "clients": plan.clients,
    }


def _say(text: str) -> None:
    print(text, flush=True)


def main() -> None:
    """Read the command line, measure, and tell."""
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="fewer and shorter rounds")
    parser.add_argument("--only", help=f"some of {','.join(WORKS)}")
    parser.add_argument("--json", type=Path, help="where to write all that was measured")
    parser.add_argument("--chart", type=Path, help="where to draw the ratios, as SVG")
    options = parser.parse_args()
    wanted = options.only.split(",") if options.only else list(WORKS)
    if unknown := set(wanted) - set(WORKS):
        parser.error(f"unknown: {', '.join(sorted(unknown))}")
    plan = QUICK if options.quick else FULL
    facts, began = _facts(plan), time.perf_counter()
    _say(", ".join(f"{name}: {value}" for name, value in facts.items()))
    try:
        rows, failed = _measured(wanted, plan)
    except KeyboardInterrupt:
        sys.exit("stopped, with all that was started")
    facts["seconds"] = round(time.perf_counter() - began)
    judged = verdicts(rows)
    _say(f"\ngoals, after {facts['seconds']} s in all\n{summary(judged, rows)}")
    if options.json:
        write_json(options.json, facts, rows, judged)
    if options.chart:
        write_chart(options.chart, judged)
    if failed or any(row.figures.get("whole reads") for row in rows):
        sys.exit(f"failed: {', '.join(failed) or 'something reads a table whole'}")


def _measured(wanted: list[str], plan: Plan) -> tuple[list[Row], list[str]]:
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        return runner.run(run(wanted, plan))


if __name__ == "__main__":
    main()
