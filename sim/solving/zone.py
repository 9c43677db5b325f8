r"""The zone of agreement by date: which deals everybody would rather begin now than go on without one.

Worlds of a *status quo* are played, and each one that still runs on a date goes on from it twice, on the same luck:
without a deal, and under the deal (`sim.engine.run.Run.fork`). With :math:`g_{ik}(d, t)` the payoff of actor i in world
k that goes over to deal d on date t, less that of the same world without a deal, and means over the worlds that still
run at t, deal d lies at t

- **in** the zone if every actor gains, each with its 95 % interval above 0;
- **out** of it if some actor loses, its interval below 0;
- **open** otherwise: more worlds may tell.

Whether there is such a deal, and when, is what Zartman calls ripe; here it is measured, given the rules that the files
name: what actors do afterwards, with the deal and without, is their declared play, not an equilibrium of the game that
begins at t. Verdicts are those of single dates and deals: among twenty cells at the edge one is wrong by chance. Gains
are in util of day 0, like all payoffs.

References
----------
Raiffa, H. (1982). The Art and Science of Negotiation. Harvard University Press, chapter 4.
Zartman, I. W. (2000). Ripeness: the hurting stalemate and beyond. In Stern and Druckman (eds.), International Conflict
Resolution after the Cold War, 225-250.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray

from sim.engine.run import run
from sim.engine.threads import Progress
from sim.errors import UsageError
from sim.solving.certificate import PERCENT_95
from sim.solving.table import mean_and_error

if TYPE_CHECKING:
    import pandas as pd

    from sim.scenario.scenario import Scenario

Floats = NDArray[np.float64]
OF_THE_FILE: Final = frozenset({"title", "description", "expects", "explore"})
"""Parts of a scenario that change nothing in its worlds."""
FEWEST: Final = 10
"""With fewer worlds that still run, nothing is said of a date."""


@dataclass(frozen=True, slots=True, eq=False)
class Zone:
    """What each deal brings each actor, if it begins on a date.

    Attributes
    ----------
    status_quo : str
        Its name.
    deals : tuple of str
        The others.
    actors : tuple of str
        Those whose payoff is not 0 throughout.
    days : tuple of int
        Days of the fork, in order.
    dates : tuple of datetime.date
        The same as dates.
    gains : ndarray, shape (days, deals, runs, actors)
        Payoff less that of the same world without a deal (util of day 0); NaN where the world had ended.
    notes : tuple of str
        What of a deal came too late on a date.
    """

    status_quo: str
    deals: tuple[str, ...]
    actors: tuple[str, ...]
    days: tuple[int, ...]
    dates: tuple[dt.date, ...]
    gains: Floats
    notes: tuple[str, ...]

    def running(self, day: int) -> int:
        """Return how many worlds still ran on a date, by its place."""
        return int((~np.isnan(self.gains[day, 0, :, 0])).sum())

    def estimate(self, day: int, deal: int, actor: int) -> tuple[float, float]:
        """Return the mean gain of an actor by a deal on a date, by their places, and its standard error (util)."""
        gains = self.gains[day, deal, :, actor]
        return mean_and_error(gains[~np.isnan(gains)])

    def verdict(self, day: int, deal: int) -> str:
        """Return ``in``, ``out`` or ``open``, or ``few`` where fewer than ten worlds still run."""
        if self.running(day) < FEWEST:
            return "few"
        found = [self.estimate(day, deal, actor) for actor in range(len(self.actors))]
        if any(mean + PERCENT_95 * error < 0.0 for mean, error in found):
            return "out"
        return "in" if all(mean - PERCENT_95 * error > 0.0 for mean, error in found) else "open"

    @property
    def table(self) -> pd.DataFrame:
        """Indexed by date and deal: day, running, zone, then of each actor gain and standard error."""
        import pandas as pd

        rows = []
        for t, (day, date) in enumerate(zip(self.days, self.dates, strict=True)):
            for d, deal in enumerate(self.deals):
                row: dict[str, Any] = {"date": date.isoformat(), "deal": deal, "day": day, "running": self.running(t)}
                row["zone"] = self.verdict(t, d)
                for i, actor in enumerate(self.actors):
                    enough = row["running"] >= 2
                    row[f"{actor}"], row[f"{actor}_error"] = self.estimate(t, d, i) if enough else (np.nan, np.nan)
                rows.append(row)
        return pd.DataFrame(rows).set_index(["date", "deal"])

    def words(self) -> str:
        """Say of each date which deals lie in the zone, and who surely refuses the others."""
        lines = []
        for t, date in enumerate(self.dates):
            head = f"{date.isoformat()} ({self.running(t)} of {self.gains.shape[2]} worlds still run): "
            verdicts = [self.verdict(t, d) for d in range(len(self.deals))]
            if verdicts[0] == "few":
                lines.append(f"{head}too few to say anything.")
                continue
            said = []
            inside = [deal for deal, verdict in zip(self.deals, verdicts, strict=True) if verdict == "in"]
            if inside:
                said.append(f"everybody gains by {', '.join(inside)}")
            for d, deal in enumerate(self.deals):
                if verdicts[d] == "out":
                    losing = [actor for i, actor in enumerate(self.actors) if self._loses(t, d, i)]
                    said.append(f"{', '.join(losing)} would lose by {deal}")
            unsure = [deal for deal, verdict in zip(self.deals, verdicts, strict=True) if verdict == "open"]
            if unsure:
                said.append(f"not told apart from nothing for somebody: {', '.join(unsure)}")
            lines.append(f"{head}{'; '.join(said)}.")
        return "\n".join((*lines, *self.notes))

    def _loses(self, day: int, deal: int, actor: int) -> bool:
        mean, error = self.estimate(day, deal, actor)
        return mean + PERCENT_95 * error < 0.0


def changes_between(status_quo: Scenario, deal: Scenario) -> dict[str, Any]:
    """Return the top-level parts of a deal that differ from the status quo, as `Run.fork` takes them."""
    before, after = status_quo.to_dict(), deal.to_dict()
    gone = [key for key in before if key not in after and key not in OF_THE_FILE]
    if gone:
        raise UsageError(
            f"{deal.title}: found no {', '.join(gone)}, which the status quo has: a fork takes nothing away"
        )
    return {key: value for key, value in after.items() if before.get(key) != value and key not in OF_THE_FILE}


def zone_by_date(
    deals: Mapping[str, Scenario],
    status_quo: str,
    dates: Iterable[Any],
    runs: int = 200,
    seed: int = 0,
    *,
    progress: Progress | None = None,
) -> Zone:
    """Ask on each date which deals everybody would rather begin than go on without one.

    Parameters
    ----------
    deals : mapping of str to Scenario
        By name, the status quo among them: what a world under way can go over to, so all with the same actors and
        moves. A move that only the deal allows stands in the status quo with a ``when`` that never holds.
    status_quo : str
        Which of them goes on without an agreement.
    dates : iterable of str, datetime.date or int
        Dates within the horizon, or numbers of days.
    runs : int
        Worlds of the status quo.
    seed : int
        In [0, 2**64), of all.
    progress : callable, optional
        Called as ``progress(done, total)`` with worlds.

    Raises
    ------
    UsageError
        If the status quo is not among the deals, there is no other or no date, a date lies outside the horizon, or a
        world cannot go over to a deal, with what it would change.

    Examples
    --------
    >>> import sim
    >>> toy = sim.load("toys/two_actors")
    >>> never = toy.replace({"actors.state.rule": {"response": "scripted"}})
    >>> found = zone_by_date({"deal": toy, "no deal": never}, "no deal", ["2030-02-01"], runs=12, seed=7)
    >>> found.days, found.deals, found.verdict(0, 0) in ("in", "out", "open")
    ((31,), ('deal',), True)
    """
    from sim.engine.run_date import day_number

    if status_quo not in deals:
        raise UsageError(f"status_quo: found {status_quo!r}, expected one of {', '.join(deals)}")
    names = tuple(name for name in deals if name != status_quo)
    if not names:
        raise UsageError("deals: found the status quo alone, expected at least one other")
    if runs < 2:
        raise UsageError(f"runs: found {runs}, expected at least 2")
    base = deals[status_quo]
    days = sorted({day_number(date, base.start) for date in dates})
    if not days:
        raise UsageError("dates: found none, expected at least one")
    for day in days:
        if not 0 <= day < base.horizon_days:
            last = base.start + dt.timedelta(days=base.horizon_days - 1)
            raise UsageError(f"dates: found day {day}, expected one from {base.start} to {last}")
    changes = {name: changes_between(base, deals[name]) for name in names}
    actors = tuple(base.actors)
    gains = np.full((len(days), len(names), runs, len(actors)), np.nan)
    wants = np.zeros(len(actors), dtype=bool)
    notes: dict[str, None] = {}
    for k in range(runs):
        without = run(base, seed=seed, replication=k)
        payoffs = _payoffs(without.outcome, actors)
        wants |= payoffs != 0.0
        for t, day in enumerate(days):
            if float(without.outcome["end_day"]) <= day:
                continue
            for d, name in enumerate(names):
                under = _under(without, day, changes[name], name)
                notes.update(dict.fromkeys(f"{name}, day {day}: {note}" for note in under.notes))
                gains[t, d, k] = _payoffs(under.outcome, actors) - payoffs
                wants |= gains[t, d, k] != 0.0
        if progress is not None:
            progress(k + 1, runs)
    seen = np.flatnonzero(wants)
    return Zone(
        status_quo,
        names,
        tuple(actors[i] for i in seen),
        tuple(days),
        tuple(base.start + dt.timedelta(days=day) for day in days),
        gains[..., seen],
        tuple(notes),
    )


def _under(without: Any, day: int, changes: dict[str, Any], name: str) -> Any:
    """Let a world go over to a deal on a day, or say of which deal it cannot."""
    try:
        return without.fork(day, changes)
    except UsageError as error:
        raise UsageError(f"{name}: a world under way cannot go over to it: {error}") from None


def _payoffs(outcome: Mapping[str, Any], actors: tuple[str, ...]) -> Floats:
    return np.array([float(outcome[f"payoff_{actor}"]) for actor in actors])
