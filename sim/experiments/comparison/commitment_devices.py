r"""What a commitment device is worth to each actor.

A party that would gain from a promise may not be believed, because it will be tempted to break it (Schelling 1960;
Fearon 1995). A device takes the temptation away: somebody vouches for a list, holds money, makes a schedule automatic.
In a scenario a device is a set of changes (``devices:``), and its worth to actor i is

.. math:: \Delta_i = E[U_i(\text{with}) - U_i(\text{without})],

estimated as the mean difference over runs that share their luck, with the 95 % interval of that mean. U is the actor's
own payoff as the scenario weighs it, with the device where the device itself pays. A device can be worth less than
nothing to an actor whose freedom it takes.

References
----------
Schelling, T. C. (1960). The Strategy of Conflict. Harvard University Press.
Fearon, J. D. (1995). Rationalist explanations for war. International Organization 49, 379-414.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sim.engine.batch import Batch
from sim.engine.threads import Progress
from sim.experiments.measures import measures_of
from sim.experiments.paired_effect import paired_effect
from sim.experiments.variants import measured, run_variants

if TYPE_CHECKING:
    import pandas as pd

COLUMNS = ("device", "label", "measure", "actor", "value", "standard_error", "low", "high", "pairs")


def commitment_devices(batch: Batch, *, threads: int | None = None, progress: Progress | None = None) -> pd.DataFrame:
    """Work out what each device of a scenario is worth to each actor, and what it does to outcomes.

    Parameters
    ----------
    batch : Batch
        Runs of the scenario without them; each device is run under the same seed as often.
    threads : int, optional
        No result depends on it.
    progress : callable, optional
        Called as ``progress(done, total)``.

    Returns
    -------
    pandas.DataFrame
        One row for each device and actor, measure ``payoff`` (util); then one for each device and what a run has
        or has not, without an actor, measure its name (difference of shares). Columns `COLUMNS`; empty without devices.

    Examples
    --------
    >>> import sim
    >>> toy = sim.load("toys/two_actors").replace(
    ...     {"devices": {"list": {"changes": {"deal.captives.prisoners.counted_at_once.own": 1.0}}}}
    ... )
    >>> worth = commitment_devices(sim.replicate(toy, runs=40, seed=1))
    >>> worth.loc[worth.measure == "payoff", ["device", "actor"]].to_numpy().tolist()
    [['list', 'state'], ['list', 'rebels']]
    """
    import pandas as pd

    scenario = batch.scenario
    devices: dict[str, Any] = dict(scenario.devices)
    rows: list[tuple[Any, ...]] = []
    if devices:
        with_it = [scenario.replace(dict(device.changes)) for device in devices.values()]
        rows_with_it = run_variants(with_it, len(batch), batch.seed, threads=threads, progress=progress)
        shares = measures_of(scenario).shares
        had = measured(scenario, batch.rows, shares)
        for (name, device), changed, results in zip(devices.items(), with_it, rows_with_it, strict=True):
            label = device.label or name
            table = Batch(changed, batch.seed, results, threads).outcome_table
            for actor in scenario.actors:
                key = f"payoff_{actor}"
                e = paired_effect(batch.outcome_table[key], table[key])
                rows.append((name, label, "payoff", actor, e.difference, e.standard_error, e.low, e.high, e.pairs))
            known = measures_of(changed)
            has = measured(changed, results, [known[m.name] for m in shares if m.name in known])
            for measure, after in has.items():
                e = paired_effect(had[measure], after)
                rows.append((name, label, measure, None, e.difference, e.standard_error, e.low, e.high, e.pairs))
    return pd.DataFrame(rows, columns=list(COLUMNS))
