"""`python -m tools.storm`: run a storm, print what it found, exit 1 if anything was wrong."""

import argparse
import asyncio
import shutil
import sys
import tempfile
from dataclasses import replace
from pathlib import Path

from tools.storm.plan import Plan, short
from tools.storm.report import table_of_changes, table_of_checks
from tools.storm.run import storm


def main() -> None:
    """Read the command line, run, and say how it went."""
    options = _options()
    if options.short:
        plan = short(options.seed, embedded=options.embedded)
    else:
        plan = Plan(seed=options.seed, embedded=options.embedded)
    if options.kills is not None:
        plan = replace(plan, kills=options.kills, seconds=plan.seconds * options.kills / plan.kills)
    if options.seconds is not None:
        plan = replace(plan, seconds=options.seconds)
    folder = Path(tempfile.mkdtemp(prefix="groupcode-storm-"))
    if asyncio.run(run(plan, folder)):
        shutil.rmtree(folder)
        return
    print(f"The logs of the processes are in {folder}.")
    sys.exit(1)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tools.storm", description=__doc__)
    parser.add_argument("--seed", type=int, default=1, help="which storm (default 1)")
    parser.add_argument("--kills", type=int, help="processes to kill (default 100)")
    parser.add_argument("--seconds", type=float, help="how long (default 5 s a kill)")
    parser.add_argument(
        "--embedded", action="store_true", help="one process on SQLite, no Redis, no workers"
    )
    parser.add_argument("--short", action="store_true", help="the form that the suite runs")
    return parser.parse_args()


async def run(plan: Plan, folder: Path) -> bool:
    """Run a storm; return whether everything held."""
    shape = "one process on SQLite" if plan.embedded else "two servers, two workers"
    print(f"Storm {plan.seed} on {shape}: {plan.kills} kills in {plan.seconds:.0f} s", flush=True)
    async with storm(plan, folder) as stormy:
        checks = await stormy.run()
        supervisor = stormy.deployment.supervisor
        print(f"\n{table_of_changes(stormy.recorder.counts)}\n\n{table_of_checks(checks)}\n")
        kills, restarts = supervisor.kills.total(), supervisor.restarts.total()
        print(f"{kills} kills {dict(supervisor.kills)}, {restarts} restarts")
    holds = all(check.holds for check in checks)
    print(f"Storm {plan.seed}: {'everything held' if holds else 'NOT everything held'}")
    return holds


if __name__ == "__main__":
    main()
