r"""Regret of deals over views of what the actors want.

Nobody knows the weights that actors put on outcomes. Let :math:`u_i(d, s)` be the mean payoff to actor i of deal d if
payoff set s is true, that is, if the actors choose by it and are paid by it. The regret of deal d under s is what the
best deal would have given more,

.. math:: r_i(d, s) = \max_{d'} u_i(d', s) - u_i(d, s) \ge 0,

and the deal of minimax regret for actor i (Savage 1951) is :math:`\arg\min_d \max_s r_i(d, s)`: whatever the truth, i
loses least by it. Regrets of different actors are not added: their utils have no common unit.

All deals share their luck, so the standard error of a regret is that of the paired difference to the best deal. The
best deal is picked on the same runs, which makes the greatest mean a little too great; the intervals leave that out.

References
----------
Savage, L. J. (1951). The theory of statistical decision. Journal of the American Statistical Association 46, 55-67.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from sim.engine.batch import Batch
from sim.engine.threads import Progress
from sim.errors import ScenarioError, UsageError
from sim.experiments.paired_effect import paired_effect
from sim.experiments.variants import run_variants

if TYPE_CHECKING:
    import pandas as pd

    from sim.scenario.scenario import Scenario

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Regret:
    """Regrets of deals.

    Attributes
    ----------
    table : pandas.DataFrame
        Indexed by scenario, payoff_set and actor; columns payoff (mean, util), payoff_error, regret, standard_error,
        low, high, best (the scenario that is best for the actor under the set).
    minimax : pandas.DataFrame
        Indexed by scenario and actor; columns max_regret, standard_error, payoff_set (where it is greatest), chosen
        (whether the deal is the actor's deal of minimax regret).
    notes : tuple of str
        What was left out, and why.
    """

    table: pd.DataFrame
    minimax: pd.DataFrame
    notes: tuple[str, ...]

    @property
    def choices(self) -> dict[str, str]:
        """For each actor the scenario of minimax regret."""
        chosen = self.minimax[self.minimax.chosen]
        return {actor: scenario for scenario, actor in chosen.index}

    def _repr_html_(self) -> str:
        html: str = self.minimax.to_html(float_format=lambda x: f"{x:.3f}")
        return html


def regret(
    names: Sequence[str],
    scenarios: Sequence[Scenario],
    runs: int,
    seed: int,
    *,
    payoff_sets: Mapping[str, Mapping[str, Any]] | None = None,
    threads: int | None = None,
    progress: Progress | None = None,
) -> Regret:
    """Work out the regret of deals over payoff sets.

    Parameters
    ----------
    names : sequence of str
        Of the scenarios.
    scenarios : sequence of Scenario
        The deals. The first one says what the payoff sets are, if they are not given.
    runs : int
        Of each deal under each set.
    seed : int
        In [0, 2**64).
    payoff_sets : mapping of str to mapping, optional
        For each set its changes by dotted path.
    threads : int, optional
        No result depends on it.
    progress : callable, optional
        Called as ``progress(done, total)``.

    Returns
    -------
    Regret

    Raises
    ------
    UsageError
        If there are no payoff sets, or no deal that can take them.

    Examples
    --------
    >>> import sim
    >>> toy = sim.load("toys/two_actors")
    >>> quick = toy.replace({"actors.state.moves.free.release.per_day": 30})
    >>> keen = {"as given": {}, "keen": {"actors.state.payoff.per_year.talks": 2.0}}
    >>> found = regret(["slow", "quick"], [toy, quick], 30, 1, payoff_sets=keen)
    >>> sorted(found.choices), bool((found.table.regret >= 0).all())
    (['rebels', 'state'], True)
    """
    import pandas as pd

    sets = payoff_sets_of(scenarios, payoff_sets)
    deals, variants, notes = _variants(names, scenarios, sets)
    rows = run_variants(variants, runs, seed, threads=threads, progress=progress)
    paid: dict[tuple[str, str, str], Floats] = {}
    actors: dict[str, None] = {}
    for k, variant in enumerate(variants):
        deal, state = deals[k // len(sets)], list(sets)[k % len(sets)]
        table = Batch(variant, seed, rows[k], threads).outcome_table
        for actor in variant.actors:
            actors[actor] = None
            paid[deal, state, actor] = table[f"payoff_{actor}"]
    regrets, worst = [], []
    for actor in actors:
        having = [deal for deal in deals if (deal, next(iter(sets)), actor) in paid]
        bests = {s: _best(having, [paid[deal, s, actor] for deal in having]) for s in sets}
        found: dict[str, list[tuple[float, float, str]]] = {deal: [] for deal in having}
        for deal in having:
            for state in sets:
                own, best = paid[deal, state, actor], bests[state]
                e = paired_effect(own, paid[best, state, actor])
                known = own[~np.isnan(own)]
                error = float(known.std(ddof=1)) / math.sqrt(len(known)) if len(known) > 1 else math.nan
                lost = max(e.difference, 0.0)
                regrets.append(
                    (
                        deal,
                        state,
                        actor,
                        float(known.mean()),
                        error,
                        lost,
                        e.standard_error,
                        max(e.low, 0.0),
                        e.high,
                        best,
                    )
                )
                found[deal].append((lost, e.standard_error, state))
        least = min(having, key=lambda deal: max(found[deal])[0])
        worst += [(deal, actor, *max(found[deal]), deal == least) for deal in having]
    columns = [
        "scenario",
        "payoff_set",
        "actor",
        "payoff",
        "payoff_error",
        "regret",
        "standard_error",
        "low",
        "high",
        "best",
    ]
    short = ["scenario", "actor", "max_regret", "standard_error", "payoff_set", "chosen"]
    return Regret(
        pd.DataFrame(regrets, columns=columns).set_index(columns[:3]),
        pd.DataFrame(worst, columns=short).set_index(short[:2]),
        notes,
    )


def payoff_sets_of(
    scenarios: Sequence[Scenario], given: Mapping[str, Mapping[str, Any]] | None = None
) -> dict[str, dict[str, Any]]:
    """Return the changes of each payoff set: those given, else those of the first scenario.

    Raises
    ------
    UsageError
        If there are none.
    """
    if not scenarios:
        raise UsageError("scenarios: found none, expected at least one")
    if given is not None:
        sets = {name: dict(changes) for name, changes in given.items()}
    else:
        sets = {name: dict(variation.changes) for name, variation in scenarios[0].payoff_sets.items()}
    if not sets:
        raise UsageError(
            "payoff_sets: found none, expected at least one. State them in the first scenario, as in  "
            "payoff_sets: {keen: {changes: {actors.a.payoff.per_year.talks: 0.5}}}."
        )
    return sets


def _variants(
    names: Sequence[str], scenarios: Sequence[Scenario], sets: Mapping[str, Mapping[str, Any]]
) -> tuple[list[str], list[Any], tuple[str, ...]]:
    """Lay every set over every deal; a deal that cannot take one is left out, and said."""
    deals: list[str] = []
    variants: list[Any] = []
    notes: list[str] = []
    for name, scenario in zip(names, scenarios, strict=True):
        changed = []
        for state, changes in sets.items():
            try:
                changed.append(scenario.replace(dict(changes)))
            except ScenarioError as error:
                notes.append(f"{name} has no regrets: it cannot take the payoff set {state} ({error.problems[0]})")
                break
        if len(changed) < len(sets):
            continue
        deals.append(name)
        variants += changed
    if not deals:
        raise UsageError("payoff_sets: found no scenario that can take them. " + " ".join(notes))
    return deals, variants, tuple(notes)


def _best(deals: Sequence[str], values: Sequence[Floats]) -> str:
    """Return the deal of the greatest mean over the runs that every deal has."""
    every = np.stack(values)
    known = ~np.isnan(every).any(axis=0)
    means = every[:, known].mean(axis=1) if known.any() else np.nanmean(every, axis=1)
    return deals[int(np.argmax(means))]
