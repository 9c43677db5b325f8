r"""What a mediator asks of several deals: who blocks which, what would unblock it, and which one bargaining would pick.

Deals are scenarios with the same actors; one is the *status quo*, what comes without an agreement. All are run on the
same luck. With :math:`g_{ik}(d)` the payoff of actor i in world k under deal d less that under the status quo,

- i **blocks** d if :math:`\mathbb{E}\,g_i(d) < 0`, surely so if its 95 % interval lies below 0;
- the smallest **side payment** that unblocks d for i, on day 0 in i's own util, is :math:`\max(-\mathbb{E}\,g_i, 0)`;
- the smallest **change of one number** that does is the root of :math:`\mathbb{E}\,g_i` along it, found by bisection on
  common luck (`unblocking`);
- of the deals that nobody blocks, **bargaining** picks that of the largest product of gains (Nash 1950), of the largest
  smallest share of each one's best gain (Kalai and Smorodinsky 1975), or of the largest smallest gain (egalitarian; the
  one rule here that compares utils of different actors, so its answer hangs on how they were scaled). Worlds are drawn
  with repetition to say how often each deal is picked.

All of it is given the rules that the scenarios name: name `equilibrium` (docs/solve.md) for an answer at equilibrium.

References
----------
Nash, J. (1950). The bargaining problem. Econometrica 18, 155-162.
Kalai, E. and Smorodinsky, M. (1975). Other solutions to Nash's bargaining problem. Econometrica 43, 513-518.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray

from sim.engine.threads import Progress
from sim.errors import GameError, UsageError
from sim.experiments.variants import run_variants
from sim.solving.certificate import PERCENT_95
from sim.solving.table import mean_and_error
from sim.solving.worlds import luck_of

if TYPE_CHECKING:
    import pandas as pd

    from sim.scenario.scenario import Scenario

Floats = NDArray[np.float64]
RULES: Final = ("nash", "kalai_smorodinsky", "egalitarian")
RESAMPLES: Final = 1_000
STEPS: Final = 20


@dataclass(frozen=True, slots=True, eq=False)
class Mediation:
    """Deals over a status quo.

    Attributes
    ----------
    status_quo : str
        Its name.
    deals : tuple of str
        The others.
    actors : tuple of str
        Those whose payoff is not 0 throughout.
    gains : ndarray, shape (deals, runs, actors)
        Payoff less that under the status quo, world by world (util).
    seed : int
        Of the luck.
    """

    status_quo: str
    deals: tuple[str, ...]
    actors: tuple[str, ...]
    gains: Floats
    seed: int

    def estimate(self, deal: int, actor: int) -> tuple[float, float]:
        """Return the mean gain of an actor by a deal, by their places, and its standard error (util)."""
        return mean_and_error(self.gains[deal, :, actor])

    @property
    def table(self) -> pd.DataFrame:
        """Indexed by deal and actor: gain, standard_error, low, high, blocks (surely), side_payment."""
        import pandas as pd

        rows = []
        for d, deal in enumerate(self.deals):
            for i, actor in enumerate(self.actors):
                mean, error = self.estimate(d, i)
                high = mean + PERCENT_95 * error
                rows.append((deal, actor, mean, error, mean - PERCENT_95 * error, high, high < 0.0, max(-mean, 0.0)))
        columns = ["deal", "actor", "gain", "standard_error", "low", "high", "blocks", "side_payment"]
        return pd.DataFrame(rows, columns=columns).set_index(["deal", "actor"])

    def blockers(self, deal: str) -> tuple[str, ...]:
        """Return the actors that surely block a deal."""
        d = self.deals.index(deal)
        found = [(actor, *self.estimate(d, i)) for i, actor in enumerate(self.actors)]
        return tuple(actor for actor, mean, error in found if mean + PERCENT_95 * error < 0.0)

    def picks(self, resamples: int = RESAMPLES) -> dict[str, tuple[str | None, dict[str, float]]]:
        """Return, for each bargaining rule, the deal that it picks and the share of resampled runs that pick each.

        The pick is None where no deal gives everybody more than the status quo; ``"none"`` is its share.
        """
        generator = np.random.default_rng(luck_of(self.seed, "bargains"))
        runs = self.gains.shape[1]
        means = [self.gains.mean(axis=1)]
        for _ in range(resamples):
            counts = np.bincount(generator.integers(runs, size=runs), minlength=runs) / runs
            means.append(np.einsum("drk,r->dk", self.gains, counts))
        found: dict[str, tuple[str | None, dict[str, float]]] = {}
        for rule in RULES:
            chosen = [_picked(mean, rule) for mean in means]
            names = ["none" if k is None else self.deals[k] for k in chosen]
            shares = {name: names[1:].count(name) / resamples for name in (*self.deals, "none")}
            found[rule] = (None if chosen[0] is None else names[0], shares)
        return found

    def bargains(self, resamples: int = RESAMPLES) -> pd.DataFrame:
        """Return `picks` as a table: one row a rule; `picked`, then the share of each deal and of `none`."""
        import pandas as pd

        rows = [{"rule": rule, "picked": deal, **shares} for rule, (deal, shares) in self.picks(resamples).items()]
        return pd.DataFrame(rows).set_index("rule")

    def words(self) -> str:
        """Say who blocks what, what would unblock it, and what bargaining picks."""
        lines = []
        for d, deal in enumerate(self.deals):
            blocking = self.blockers(deal)
            if not blocking:
                lines.append(f"Nobody surely blocks {deal} over {self.status_quo}.")
                continue
            said = []
            for actor in blocking:
                mean, error = self.estimate(d, self.actors.index(actor))
                said.append(f"{actor}, by {-mean:.3f} ± {error:.3f} of its util")
            lines.append(f"{deal} is blocked by {'; '.join(said)}: as much as it would have to be paid on day 0.")
        for rule, (picked, shares) in self.picks().items():
            name = rule.replace("_", "-")
            if picked is None:
                lines.append(f"{name}: no deal is better for everybody than {self.status_quo}.")
            else:
                lines.append(f"{name} picks {picked}, in {shares[picked]:.0%} of resampled runs.")
        return "\n".join(lines)


def mediate(
    deals: Mapping[str, Scenario],
    status_quo: str,
    runs: int = 500,
    seed: int = 0,
    *,
    threads: int | None = None,
    progress: Progress | None = None,
) -> Mediation:
    """Compare deals with a status quo, actor by actor.

    Parameters
    ----------
    deals : mapping of str to Scenario
        By name, the status quo among them; all with the same actors.
    status_quo : str
        Which of them comes without an agreement.
    runs : int
        Worlds of each.
    seed : int
        In [0, 2**64), of all.
    threads : int, optional
        No result depends on it.
    progress : callable, optional
        Called as ``progress(done, total)``.

    Raises
    ------
    UsageError
        If the status quo is not among the deals, there is no other, or actors differ.

    Examples
    --------
    >>> import sim
    >>> toy = sim.load("toys/two_actors")
    >>> never = toy.replace({"actors.state.rule": {"response": "scripted"}})
    >>> found = mediate({"deal": toy, "no deal": never}, "no deal", runs=40, seed=7)
    >>> found.deals, list(found.table.columns)[:2]
    (('deal',), ['gain', 'standard_error'])
    """
    if status_quo not in deals:
        raise UsageError(f"status_quo: found {status_quo!r}, expected one of {', '.join(deals)}")
    names = tuple(name for name in deals if name != status_quo)
    if not names:
        raise UsageError("deals: found the status quo alone, expected at least one other")
    actors = tuple(deals[status_quo].actors)
    for name in names:
        if tuple(deals[name].actors) != actors:
            raise UsageError(f"deals: found other actors in {name} than in {status_quo}, expected the same ones")
    if runs < 2:
        raise UsageError(f"runs: found {runs}, expected at least 2")
    rows = run_variants([deals[status_quo], *(deals[n] for n in names)], runs, seed, threads=threads, progress=progress)
    payoffs = rows["payoff"][:, :, : len(actors)]
    wants = [i for i in range(len(actors)) if np.abs(payoffs[:, :, i]).max() > 0.0]
    gains = (payoffs[1:] - payoffs[0])[:, :, wants]
    return Mediation(status_quo, names, tuple(actors[i] for i in wants), gains, seed)


@dataclass(frozen=True, slots=True)
class Unblocking:
    """The smallest change of one number with which an actor no longer blocks a deal.

    Attributes
    ----------
    path : str
        Of the number.
    value : float or None
        Where the actor's mean gain is 0; None if it is below 0 up to `limit`.
    low, high : float
        The value's 95 % interval by the delta method; NaN without a value.
    from_value, limit : float
        Where the search began, and how far it went.
    """

    path: str
    value: float | None
    low: float
    high: float
    from_value: float
    limit: float


def unblocking(
    deal: Scenario,
    status_quo: Scenario,
    actor: str,
    path: str,
    limit: float,
    runs: int = 500,
    seed: int = 0,
    *,
    both: bool = True,
    threads: int | None = None,
) -> Unblocking:
    """Find how far one number must change for an actor to gain by a deal.

    Parameters
    ----------
    deal, status_quo : Scenario
    actor : str
        The one that blocks.
    path : str
        Of a number of the scenarios, such as ``actors.us.payoff.at_outcome.settlement``.
    limit : float
        As far as the number may go, up or down.
    runs, seed : int
        Worlds of each at each step, and their luck.
    both : bool
        Whether the status quo changes with it, as it does with what an actor wants; not so with a term of the deal.
    threads : int, optional

    Raises
    ------
    UsageError
        If there is no such actor.
    ScenarioError
        If the path is no number of the scenario, or a value is not legal.

    Examples
    --------
    >>> import sim
    >>> toy = sim.load("toys/two_actors")
    >>> never = toy.replace({"actors.state.rule": {"response": "scripted"}})
    >>> unblocking(toy, never, "state", "actors.state.payoff.at_outcome.settlement", 1.5, runs=20).path
    'actors.state.payoff.at_outcome.settlement'
    """
    if actor not in deal.actors:
        raise UsageError(f"actor: found {actor!r}, expected one of {', '.join(deal.actors)}")
    row = list(deal.actors).index(actor)
    value: Any = deal.to_dict()
    for key in path.split("."):
        value = value[key]
    start = float(value)

    def gain(x: float) -> tuple[float, float]:
        changed = [status_quo.replace({path: x}) if both else status_quo, deal.replace({path: x})]
        rows = run_variants(changed, runs, seed, threads=threads)["payoff"][:, :, row]
        difference = rows[1] - rows[0]
        return float(difference.mean()), float(difference.std(ddof=1)) / math.sqrt(runs)

    blocked, there = start, float(limit)
    here, _ = gain(start)
    if here >= 0.0:
        return Unblocking(path, start, start, start, start, there)
    if gain(there)[0] < 0.0:
        return Unblocking(path, None, math.nan, math.nan, start, there)
    for _ in range(STEPS):
        middle = 0.5 * (blocked + there)
        if gain(middle)[0] < 0.0:
            blocked = middle
        else:
            there = middle
        if abs(there - blocked) < 1e-3 * max(abs(limit - start), 1e-9):
            break
    _, error = gain(there)
    width = 0.05 * abs(limit - start)
    slope = (gain(there + math.copysign(width, limit - start))[0] - gain(there)[0]) / width
    half = PERCENT_95 * error / abs(slope) if slope != 0.0 else math.inf
    return Unblocking(path, there, there - half, there + half, start, float(limit))


def _picked(gains: Floats, rule: Any) -> int | None:
    """Return the deal that a rule picks among those that give everybody more than nothing, or None."""
    from sim.games import bargain_among

    try:
        return int(bargain_among(gains, 0.0, rule).deal)
    except GameError:
        return None
