"""A short form of the simulation (`make simulate`): days of a few groups beside a naive model."""

from pathlib import Path

from tools.simulate.simulation import Plan, simulate


async def test_days_of_a_few_groups_go_as_the_rules_say(tmp_path: Path) -> None:
    plan = Plan(11, days=2, groups=3, largest=12)
    simulation = await simulate(plan, tmp_path, lambda share: None)
    assert simulation.findings.differences == []
    assert simulation.findings.compared["R21 colour"] > 50
