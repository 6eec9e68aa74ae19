"""``python -m tools.simulate``: the summary, and every difference with what repeats it."""

import asyncio
import sys
import tempfile
from collections import Counter
from pathlib import Path
from typing import Final

import click

from app.logs import configure_logs
from tools.simulate.simulation import Plan, Simulation, simulate

_SHOWN: Final = 3  # differences of each rule


@click.command()
@click.option("--seed", "seeds", multiple=True, type=int, default=(1,), help="Repeatable.")
@click.option("--days", default=21, help="How many days pass.")
@click.option("--groups", default=100, help="How many groups there are.")
@click.option("--largest", default=500, help="How many people the largest have.")
def main(seeds: tuple[int, ...], days: int, groups: int, largest: int) -> None:
    """Let weeks pass on the real server and on a naive model of the rules, and compare."""
    configure_logs(readable=True)
    differences = 0
    for seed in seeds:
        plan = Plan(seed, days, groups, largest)
        with (
            tempfile.TemporaryDirectory() as folder,
            click.progressbar(length=1000, label=f"seed {seed}", file=sys.stderr) as bar,
        ):

            def show(share: float, bar: "click._termui_impl.ProgressBar[int]" = bar) -> None:
                bar.update(int(share * 1000) - bar.pos)

            simulation = asyncio.run(simulate(plan, Path(folder), show))
        differences += _summary(plan, simulation)
    sys.exit(1 if differences else 0)


def _summary(plan: Plan, simulation: Simulation) -> int:
    click.echo(f"\nseed {plan.seed}: {plan.days} days, {len(simulation.model.groups)} groups")
    click.echo(f"  people {len(simulation.model.people)}, work done {simulation.server.work_done}")
    for what, count in sorted(simulation.done.items()):
        click.echo(f"  {what:<24}{count:>9}")
    click.echo(f"  {'compared':<24}{'times':>9}{'different':>12}")
    wrong = [one.rule for one in simulation.findings.differences]
    for rule, count in sorted(simulation.findings.compared.items()):
        click.echo(f"  {rule:<24}{count:>9}{wrong.count(rule):>12}")
    shown: Counter[str] = Counter()
    for one in simulation.findings.differences:
        shown[one.rule] += 1
        if shown[one.rule] > _SHOWN:
            continue
        click.echo(f"\n  {one.rule} of group {one.group} at {one.at.isoformat()}, seed {plan.seed}")
        click.echo(f"    expected {one.expected}\n    shown    {one.shown}")
    return len(wrong)


if __name__ == "__main__":
    main()
