"""Which daily series a scenario has: one rule for all scenarios, from the entities that they name."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from sim.encode.names import Names
from sim.model.forces import OUTSIDE, REGULAR
from sim.model.layout import Params
from sim.scenario.catalogue import FEATURE_BY_NAME, MAX_SERIES

if TYPE_CHECKING:
    from sim.scenario.scenario import Scenario


CAPTIVE_SERIES = ("persons_freed", "persons_counted")
STOCK_SERIES = ("amount_handed_over", "amount_accepted")


def encode_series(scenario: Scenario, names: Names, p: Params) -> tuple[str, ...]:
    """Fill the series of `p` and return them as features are written, most telling first."""
    wanted: list[tuple[str, int, int]] = []
    for group, name in enumerate(names.groups):
        of_stock = name in names.stocks
        let_go, counted = STOCK_SERIES if of_stock else CAPTIVE_SERIES
        wanted += [(let_go, group, -1), (counted, group, -1)]
    attackers = [row for row in range(len(names.forces)) if p.kind[row] != REGULAR]
    for force in attackers:
        wanted += [("daily_attacks", force, -1), ("daily_deaths", force, -1)]
    if scenario.world.counter is not None:
        wanted += [("counted_attacks", force, -1) for force in attackers]
    wanted += [("troop_count", force, -1) for force in range(len(names.foreign))]
    wanted += [("balance_of_force", -1, -1), ("talks", -1, -1)]
    if scenario.world.territory is not None:
        wanted.append(("territory", -1, -1))
    for force in range(len(names.forces)):
        if p.kind[force] != OUTSIDE or p.strength_start[force] > 0.0:
            wanted.append(("strength", force, -1))
    wanted += [("attack_rate", force, -1) for force in attackers]
    aimed = [(p.stream_force[row], p.stream_target[row]) for row in range(p.streams) if p.stream_target[row] >= 0]
    for force, target in aimed:
        wanted += [("daily_attacks", force, target), ("daily_deaths", force, target)]
    wanted += [("daily_deaths", force, -1) for force in range(len(names.forces)) if p.operates[force]]
    for office in range(len(names.offices)):
        wanted += [("cohesion", office, -1), ("dual_office", office, -1)]
    wanted += [("aid", flow, -1) for flow in range(len(names.flows))]
    for group in range(len(names.groups)):
        if scenario.deal.programmes[names.groups[group]].dispute is not None:
            wanted.append(("dispute", group, -1))
        if p.returns_to[group] >= 0:
            wanted.append(("returned", group, -1))
        if _named_by_a_move(p, p.recall_group, group):
            wanted.append(("recalled", group, -1))
    for force in range(len(names.forces)):
        if (p.arms_of[: p.groups] == force).any():
            wanted.append(("disarmed", force, -1))
    for actor in range(len(names.actors)):
        if p.challenger[actor]:
            wanted += [("reputation_index", other, actor) for other in range(len(names.actors)) if other != actor]
    wanted += [("quantity", row, -1) for row in range(len(names.quantities))]
    wanted = wanted[:MAX_SERIES]
    p.series = len(wanted)
    for column, (name, a, b) in enumerate(wanted):
        code = FEATURE_BY_NAME[name].code
        p.series_code[column], p.series_a[column], p.series_b[column] = code, a, b
    return tuple(names.feature_text(FEATURE_BY_NAME[name].code, a, b) for name, a, b in wanted)


def _named_by_a_move(p: Params, rows: NDArray[np.int64], row: int) -> bool:
    """Return whether any move of any actor acts on a row."""
    return any((rows[actor, : p.moves[actor]] == row).any() for actor in range(p.actors))
