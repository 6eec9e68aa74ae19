"""A short form of the simulation: days of a few groups beside the naive model of the rules."""

from pathlib import Path

import pytest

from tools.simulate.simulation import Plan, simulate


@pytest.mark.parametrize("seed", [11, 12])
async def test_days_of_a_few_groups_go_as_the_rules_say(tmp_path: Path, seed: int) -> None:
    plan = Plan(seed, days=2, groups=3, largest=12)
    simulation = await simulate(plan, tmp_path, lambda share: None)
    assert simulation.findings.differences == []
    assert simulation.findings.compared["R21 colour"] > 50
