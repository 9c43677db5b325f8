"""The check that a scenario is one, shared by all that runs scenarios."""

from __future__ import annotations

from sim.errors import UsageError
from sim.scenario.scenario import Scenario


def check_scenario(scenario: object) -> None:
    """Refuse what is no scenario, a path above all."""
    if not isinstance(scenario, Scenario):
        raise UsageError(f"found {type(scenario).__name__}, expected a Scenario; load one with sim.load(path)")
