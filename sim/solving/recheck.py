"""Measure what a solution says again, on luck of one's own: a certificate that anybody can check."""

from __future__ import annotations

import math
from typing import Final

import numpy as np

from sim.solving.against import Against
from sim.solving.certificate import measured_gains
from sim.solving.kept import Kept
from sim.solving.solution import Solution
from sim.solving.table import mean_and_error
from sim.solving.worlds import Worlds, luck_of

FOUR: Final = 4.0
TINY: Final = 1e-9


def recheck(solution: Solution, runs: int = 1_000, seed: int = 0, threads: int | None = None) -> tuple[str, ...]:
    """Play the selected equilibrium and its measured deviations again and say what does not hold.

    Parameters
    ----------
    solution : Solution
    runs : int
        Fresh worlds.
    seed : int
        Of their luck; take another one than the solution's.
    threads : int, optional

    Returns
    -------
    tuple of str
        One sentence for each payoff, and each gain of a known policy, that lies more than four standard errors from
        what is measured now; empty if all holds.
    """
    chosen = solution.selected
    worlds = Worlds(solution.scenario, solution.players, threads)
    known = solution.policies
    policies = [[p for p in known[player] if p.name in chosen.mixture[player]] for player in solution.players]
    vectors = [
        np.array([chosen.mixture[player][policy.name] for policy in some])
        for player, some in zip(solution.players, policies, strict=True)
    ]
    against = Against(worlds, policies, vectors)
    luck, kept = luck_of(seed, "recheck"), Kept(None, {})
    payoffs, _ = against.own(runs, luck)
    complaints = []
    for i, player in enumerate(solution.players):
        value, error = chosen.values[player]
        now, own = mean_and_error(payoffs[:, i])
        if abs(now - value) > FOUR * math.hypot(error, own) + TINY:
            complaints.append(
                f"{player}: payoff {value:+.3f} ± {error:.3f} was said, {now:+.3f} ± {own:.3f} is measured"
            )
    for i, player in enumerate(solution.players):
        said = {gain.deviation: gain for gain in chosen.gains if gain.player == player}
        tried = [policy for policy in known[player] if policy.name in said]
        for gain in measured_gains(against, i, tried, runs, luck, kept):
            before = said[gain.deviation]
            if abs(gain.gain - before.gain) > FOUR * math.hypot(gain.error, before.error) + TINY:
                complaints.append(
                    f"{player}: a gain of {before.gain:+.3f} ± {before.error:.3f} by {gain.deviation!r} was said, "
                    f"{gain.gain:+.3f} ± {gain.error:.3f} is measured"
                )
    return tuple(complaints)
