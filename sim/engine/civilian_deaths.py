"""Whether the runs of a scenario count civilian deaths at all.

The model settles how many of the dead were civilians at each reputation review. A scenario without the block
``world.reputation`` has no reviews, so its column of civilian deaths is 0 whatever happens: not counted, which is not
none.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sim.scenario.scenario import Scenario


def civilians_counted(scenario: Scenario) -> bool:
    """Whether the column ``civilian_deaths`` of a scenario's runs says how many civilians died.

    Examples
    --------
    >>> import sim
    >>> civilians_counted(sim.load("doha_2020/baseline")), civilians_counted(sim.load("toys/five_actors"))
    (True, True)
    >>> civilians_counted(sim.load("toys/five_actors").replace({"world.reputation": None}))
    False
    """
    if scenario.world.reputation is not None:
        return True
    deaths = (force.deaths_per_attack for force in scenario.world.armed_forces.values())
    return not any(some is not None and some.civilian_mean > 0.0 for some in deaths)
