"""What is known against an equilibrium: gains of deviations, measured on luck that nothing was chosen by.

For each player the gain of a deviation is the mean, over fresh worlds, of its payoff if it deviates less its payoff if
it does not, the luck and what the others draw being the same; the standard error is that of these differences. A
learned deviation was found on other worlds than it is measured on, so its gain is not flattered by having been picked;
the largest of several gains still is, a little, which makes the certificate stricter.

Every number is a bound from below: somebody gains at least that much (up to the error). What a better learner would
find is not known.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal

from sim.solving.against import Against
from sim.solving.kept import Arrays, Kept
from sim.solving.policy import ActorPolicy
from sim.solving.table import mean_and_error

Kind = Literal["library", "cross-entropy", "forks"]
SURE: Final = 2.0
"""Standard errors by which a gain must exceed 0 to count as one."""
PERCENT_95: Final = 1.96


@dataclass(frozen=True, slots=True)
class Gain:
    """What one deviation brings a player.

    Attributes
    ----------
    player, deviation : str
        Who, and the name of the policy.
    kind : {"library", "cross-entropy", "forks"}
        Where the deviation comes from.
    gain, error : float
        Mean and standard error over fresh worlds (util).
    worlds : int
        On which it was measured.
    """

    player: str
    deviation: str
    kind: Kind
    gain: float
    error: float
    worlds: int

    @property
    def sure(self) -> bool:
        """Whether the gain exceeds 0 by `SURE` standard errors."""
        return self.gain > SURE * self.error and self.gain > 0.0

    @property
    def low(self) -> float:
        """Lower end of its 95 % interval."""
        return self.gain - PERCENT_95 * self.error

    @property
    def high(self) -> float:
        """Upper end of its 95 % interval."""
        return self.gain + PERCENT_95 * self.error

    def to_dict(self) -> dict[str, Any]:
        """Return it as plain data."""
        return {
            "player": self.player,
            "deviation": self.deviation,
            "kind": self.kind,
            "gain": self.gain,
            "error": self.error,
            "worlds": self.worlds,
        }


def measured_gains(
    against: Against,
    player: int,
    deviations: Sequence[ActorPolicy],
    runs: int,
    seed: int,
    kept: Kept,
) -> list[Gain]:
    """Measure what deviations bring a player.

    Parameters
    ----------
    against : Against
        The profile.
    player : int
    deviations : sequence of ActorPolicy
    runs : int
        Worlds for each.
    seed : int
        Of the luck.
    kept : Kept
    """
    if not deviations:
        return []
    own, _ = own_play(against, runs, seed, kept)
    key = {
        "step": "deviations",
        "against": against.describe(),
        "player": player,
        "policies": [policy.digest for policy in deviations],
        "runs": runs,
        "seed": seed,
    }
    spent = len(deviations) * runs
    found = kept.arrays(key, lambda: {"payoffs": against.deviations(player, deviations, runs, seed)}, spent)["payoffs"]
    name = against.worlds.players[player]
    gains = []
    for policy, payoffs in zip(deviations, found, strict=True):
        gain, error = mean_and_error(payoffs - own[:, player])
        gains.append(Gain(name, policy.name, policy.origin, gain, error, runs))
    return gains


def own_play(against: Against, runs: int, seed: int, kept: Kept) -> tuple[Any, Any]:
    """Return payoffs, shape (runs, players), and outcomes of the profile itself, kept."""
    key = {"step": "own", "against": against.describe(), "runs": runs, "seed": seed}

    def play() -> Arrays:
        payoffs, outcomes = against.own(runs, seed)
        return {"payoffs": payoffs, "outcomes": outcomes}

    found = kept.arrays(key, play, runs)
    return found["payoffs"], found["outcomes"]


def largest_gain(gains: Sequence[Gain], player: str) -> Gain | None:
    """Return the largest known gain of a player; the surest of equal ones."""
    own = [gain for gain in gains if gain.player == player]
    return max(own, key=lambda gain: (gain.gain, -gain.error), default=None)


def exploitability(gains: Sequence[Gain], players: Sequence[str]) -> float:
    """Return the sum over players of the largest known gain, none counted below 0.

    Examples
    --------
    >>> gains = [Gain("a", "x", "library", 0.2, 0.01, 100), Gain("b", "y", "forks", -0.1, 0.01, 100)]
    >>> exploitability(gains, ["a", "b"])
    0.2
    """
    best = [largest_gain(gains, player) for player in players]
    return float(sum(max(gain.gain, 0.0) for gain in best if gain is not None))
