"""A solution: equilibria of a scenario's game, the policies that they mix, and what is known against each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from sim.solving.certificate import PERCENT_95, Gain, exploitability, largest_gain
from sim.solving.policy import ActorPolicy

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure

    from sim.scenario.scenario import Scenario

Floats = NDArray[np.float64]
SHOWN_PROBABILITY = 0.005


@dataclass(frozen=True, slots=True, eq=False)
class Equilibrium:
    """An equilibrium of the empirical game, with its certificate.

    Attributes
    ----------
    mixture : dict of str to dict of str to float
        For each player the probability of each policy that it plays.
    values : dict of str to (float, float)
        Payoff of each player and its standard error, on fresh worlds (util).
    outcomes : dict of str to (float, float)
        Share of each outcome and its standard error, on fresh worlds.
    frequency : float
        Share of resampled tables in which it is an equilibrium.
    family : int
        From 1; equilibria of a family have much the same outcomes.
    selected : bool
        Whether the principal branch of logit equilibria of the table ends there (or, where it ends at none that is
        listed, whether it is the most frequent one).
    gains : tuple of Gain
        Deviations that were measured against it.
    forks : tuple of Gain
        What forcing one move at one decision gains; no policy, and not counted as known against the equilibrium.
    worlds : int
        On which values and outcomes were measured.
    learned_against : bool
        Whether both learners looked for a reply to it.
    """

    mixture: Mapping[str, Mapping[str, float]]
    values: Mapping[str, tuple[float, float]]
    outcomes: Mapping[str, tuple[float, float]]
    frequency: float
    family: int
    selected: bool
    gains: tuple[Gain, ...]
    forks: tuple[Gain, ...]
    worlds: int
    learned_against: bool

    @property
    def players(self) -> tuple[str, ...]:
        """Who plays."""
        return tuple(self.mixture)

    @property
    def exploitability(self) -> float:
        """Sum over players of the largest known gain (util): a bound from below."""
        return exploitability(self.gains, self.players)

    @property
    def withstands(self) -> bool:
        """Whether no measured deviation gains outside its error."""
        return not any(gain.sure for gain in self.gains)

    def best_deviation(self, player: str) -> Gain | None:
        """Return the deviation with the largest known gain of a player."""
        return largest_gain(self.gains, player)

    def words(self) -> str:
        """Return who plays what, in one line."""
        parts = []
        for player, mix in self.mixture.items():
            shown = [(name, p) for name, p in sorted(mix.items(), key=lambda one: -one[1]) if p >= SHOWN_PROBABILITY]
            said = shown[0][0] if len(shown) == 1 else ", ".join(f"{name} {p:.0%}" for name, p in shown)
            parts.append(f"{player}: {said}")
        return "; ".join(parts)


@dataclass(frozen=True, slots=True)
class Round:
    """One round of the double oracle.

    Attributes
    ----------
    number : int
        From 1.
    policies : dict of str to int
        Policies of each player in the table.
    exploitability : float
        Of the selected equilibrium, known at the end of the round (util).
    gains : dict of str to (float, float)
        Largest gain of each player against it, and its standard error.
    added : tuple of str
        Policies that joined the table, as "player: policy".
    worlds : int
        Played up to then.
    """

    number: int
    policies: Mapping[str, int]
    exploitability: float
    gains: Mapping[str, tuple[float, float]]
    added: tuple[str, ...]
    worlds: int


@dataclass(frozen=True, eq=False)
class Solution:
    """What `sim.solve` found; no claim that there is nothing else.

    Attributes
    ----------
    scenario : Scenario
        The game.
    seed : int
        Of the call.
    players : tuple of str
        Actors that choose.
    policies : dict of str to tuple of ActorPolicy
        Every policy that was in the table at any time, by player.
    declared_gains : tuple of Gain
        Deviations measured against play as the scenario declares it.
    equilibria : tuple of Equilibrium
        The selected one first, then by frequency.
    table_policies : dict of str to tuple of str
        Names of the policies of the last table, by player.
    payoffs, errors : ndarray, shape (policies of player 1, ..., players)
        Means of the last table and their standard errors (util).
    rounds : tuple of Round
    converged : bool
        Whether no gain against any listed equilibrium that was looked at lies outside its error, or what is known
        against the selected one is within what was asked for.
    diagnostics : dict
        What was spent and by which settings, and what is not known.
    digest : str
        SHA-256 over all numbers, 64 hex digits.

    """

    scenario: Scenario
    seed: int
    players: tuple[str, ...]
    policies: Mapping[str, tuple[ActorPolicy, ...]]
    declared_gains: tuple[Gain, ...]
    equilibria: tuple[Equilibrium, ...]
    table_policies: Mapping[str, tuple[str, ...]]
    payoffs: Floats = field(repr=False)
    errors: Floats = field(repr=False)
    rounds: tuple[Round, ...]
    converged: bool
    diagnostics: Mapping[str, Any]
    digest: str = ""

    @property
    def selected(self) -> Equilibrium:
        """The equilibrium that the rule of selection picks."""
        return self.equilibria[0]

    @property
    def policy(self) -> dict[str, tuple[tuple[float, ActorPolicy], ...]]:
        """What each player mixes at the selected equilibrium: probabilities and policies."""
        return {
            player: tuple((p, self.policy_named(player, name)) for name, p in mix.items() if p > 0.0)
            for player, mix in self.selected.mixture.items()
        }

    @property
    def values(self) -> dict[str, tuple[float, float]]:
        """Payoffs at the selected equilibrium with their standard errors (util)."""
        return dict(self.selected.values)

    @property
    def regret(self) -> dict[str, tuple[float, float]]:
        """Largest known gain of each player against the selected equilibrium, and its standard error (util)."""
        best = {player: self.selected.best_deviation(player) for player in self.players}
        return {player: (gain.gain, gain.error) for player, gain in best.items() if gain is not None}

    @property
    def exploitability(self) -> float:
        """Sum of the largest known gains against the selected equilibrium, a bound from below (util)."""
        return self.selected.exploitability

    @property
    def declared_exploitability(self) -> float:
        """Sum of the largest known gains against play as declared (util)."""
        return exploitability(self.declared_gains, self.players)

    def policy_named(self, player: str, name: str) -> ActorPolicy:
        """Return a policy of a player."""
        return next(policy for policy in self.policies[player] if policy.name == name)

    @cached_property
    def profiles(self) -> pd.DataFrame:
        """Payoffs of all profiles of the last table with their standard errors, one row a profile."""
        import pandas as pd

        names = [self.table_policies[player] for player in self.players]
        index = pd.MultiIndex.from_product(names, names=list(self.players))
        columns = {f"payoff_{player}": self.payoffs[..., i].reshape(-1) for i, player in enumerate(self.players)}
        columns |= {f"error_{player}": self.errors[..., i].reshape(-1) for i, player in enumerate(self.players)}
        return pd.DataFrame(columns, index=index)

    @property
    def families(self) -> pd.DataFrame:
        """One row a family: its equilibria, its greatest frequency, what is known against its best-kept one."""
        import pandas as pd

        rows = []
        for family in sorted({e.family for e in self.equilibria}):
            some = [e for e in self.equilibria if e.family == family]
            first = max(some, key=lambda e: (e.learned_against, e.frequency))
            row: dict[str, Any] = {
                "family": family,
                "equilibria": len(some),
                "frequency": max(e.frequency for e in some),
            }
            row |= {outcome: share for outcome, (share, _) in first.outcomes.items()}
            row |= {"exploitability": first.exploitability, "learned_against": first.learned_against}
            row |= {"withstands": first.withstands, "play": first.words()}
            rows.append(row)
        return pd.DataFrame(rows).set_index("family")

    @property
    def certificate(self) -> str:
        """What is proved, estimated and unknown about the selected equilibrium, in words."""
        return _certificate_words(self)

    def plot(self) -> Figure:
        """Draw payoffs of the policies against the equilibrium, exploitability by round, and outcomes by family."""
        from sim.solving.figures import solution_figure

        return solution_figure(
            self.scenario,
            self.seed,
            {player: self._against_selected(i) for i, player in enumerate(self.players)},
            [(r.exploitability, dict(r.gains)) for r in self.rounds],
            self.declared_exploitability,
            [(e.family, e.frequency, dict(e.outcomes), e.exploitability, e.selected) for e in self._representatives],
        )

    @property
    def _representatives(self) -> list[Equilibrium]:
        chosen: dict[int, Equilibrium] = {}
        for equilibrium in self.equilibria:
            chosen.setdefault(equilibrium.family, equilibrium)
        return list(chosen.values())

    def _against_selected(self, player: int) -> list[tuple[str, float, float]]:
        """Return what each policy of a player that was measured gains against the selected equilibrium."""
        name = self.players[player]
        return [(g.deviation, g.gain, g.error) for g in self.selected.gains if g.player == name]

    def __repr__(self) -> str:
        state = "converged" if self.converged else "not converged"
        return (
            f"<Solution of {self.scenario.title!r}: {len(self.equilibria)} equilibria in "
            f"{len({e.family for e in self.equilibria})} families, known exploitability of the selected one "
            f"{self.exploitability:.3f} util, {state}>"
        )

    def _repr_html_(self) -> str:
        from html import escape

        table = self.families.to_html(float_format=lambda x: f"{x:.3f}")
        return f"<b>{escape(self.scenario.title)}</b>{table}<pre>{escape(self.certificate)}</pre>"


def _certificate_words(solution: Solution) -> str:
    """Return what is proved, estimated and unknown about the selected equilibrium."""
    chosen = solution.selected
    spent = solution.diagnostics
    lines = ["Measured on fresh worlds:"]
    for player in solution.players:
        gain = chosen.best_deviation(player)
        if gain is None:
            lines.append(f"  {player}: no deviation was measured.")
            continue
        verb = "gains" if gain.sure else "gains nothing sure:"
        lines.append(
            f"  {player} {verb} {gain.gain:+.3f} ± {gain.error:.3f} util by {gain.deviation!r} ({gain.kind}), "
            f"the best of {sum(1 for g in chosen.gains if g.player == player)} deviations, {gain.worlds} worlds."
        )
    lines.append(
        f"Known exploitability {chosen.exploitability:.3f} util, of play as declared "
        f"{solution.declared_exploitability:.3f}: bounds from below, summed over players."
    )
    lines.append(
        f"Estimated: it is an equilibrium in {chosen.frequency:.0%} of {spent['resamples']} resampled tables "
        f"({spent['runs']} worlds a profile)."
    )
    if chosen.forks:
        best = max(chosen.forks, key=lambda gain: gain.gain - PERCENT_95 * gain.error)
        lines.append(
            f"Of {len(chosen.forks)} single moves forced at a random decision the one that surely gains most is "
            f"{best.player}'s {best.deviation!r}: {best.gain:+.3f} ± {best.error:.3f} util."
            if best.sure
            else f"None of {len(chosen.forks)} single moves forced at a random decision surely gains."
        )
    if chosen.learned_against:
        lines.append(
            f"Two learners looked for better replies, {spent['searches']} searches of {spent['worlds_a_search']:,} "
            f"worlds and {spent['forked_worlds']:,} forked worlds a player."
        )
    lines.append(
        "Not known: what a better learner would gain, whether there are further equilibria, and which of several is "
        "played. The selected one is where play of ever higher precision over these policies leads, which is a rule "
        "of choice, not a forecast."
    )
    return "\n".join(lines)


def interval(value: float, error: float) -> tuple[float, float]:
    """Return the 95 % interval of an estimate.

    Examples
    --------
    >>> [round(end, 3) for end in interval(0.0, 1.0)]
    [-1.96, 1.96]
    """
    return value - PERCENT_95 * error, value + PERCENT_95 * error


def mixture_of(names: Sequence[str], vector: Floats) -> dict[str, float]:
    """Return the policies that are played, with their probabilities.

    Examples
    --------
    >>> mixture_of(["a", "b"], np.array([1.0, 0.0]))
    {'a': 1.0}
    """
    return {name: float(p) for name, p in zip(names, vector, strict=True) if p > 0.0}
