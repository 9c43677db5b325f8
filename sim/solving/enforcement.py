r"""Where a deal enforces itself: patience by monitoring, each cell searched for somebody who gains by leaving it.

A deal **enforces itself** if nobody gains by leaving the play that keeps it: each actor keeps the deal while the others
do and answers a breach (its ``keeps_deal`` and ``answers_breach``; who has none plays as declared). Folk theorems say
that patience and good signals make such play an equilibrium (Green and Porter 1984; Abreu, Pearce and Stacchetti 1990).
For a scenario the border is found by trying: in each cell of a grid of two numbers the library's policies and both
learners (`sim.solving.oracle`) look for a reply to that play, and what each gains is measured on fresh worlds.

A cell in which somebody surely gains does not enforce itself. A cell in which nobody is known to gain may: a better
learner might find a reply, so the region is an outer bound.

References
----------
Green, E. and Porter, R. (1984). Noncooperative collusion under imperfect price information. Econometrica 52, 87-100.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from sim.errors import UsageError
from sim.random.seed import check_seed
from sim.scenario.feature_reference import nearest
from sim.solving.candidates import first_policies, further_policies, players_of
from sim.solving.certificate import Gain, largest_gain
from sim.solving.kept import Kept
from sim.solving.oracle import EFFORTS, SCREEN_RUNS, Effort, Oracle
from sim.solving.policy import ActorPolicy
from sim.solving.table import EmpiricalTable
from sim.solving.worlds import Worlds

if TYPE_CHECKING:
    import pandas as pd

    from sim.scenario.scenario import Scenario

KEEPING: Final = "reciprocal"
MOST_CELLS: Final = 100


@dataclass(frozen=True, slots=True)
class Axis:
    """Numbers of a scenario that change together, and the values that they take.

    Attributes
    ----------
    paths : tuple of str
        Dotted, such as ``actors.us.discount_per_year``.
    values : tuple of float
    """

    paths: tuple[str, ...]
    values: tuple[float, ...]

    @property
    def label(self) -> str:
        """The paths in one line."""
        return ", ".join(self.paths)


@dataclass(frozen=True, slots=True)
class Cell:
    """What is known against keeping the deal at one pair of values.

    Attributes
    ----------
    row, column : float
        The values.
    gains : dict of str to Gain
        The largest known gain of each player by leaving.
    deviations : int
        How many were measured.
    """

    row: float
    column: float
    gains: Mapping[str, Gain]
    deviations: int

    @property
    def leavers(self) -> tuple[str, ...]:
        """Players who surely gain by leaving."""
        return tuple(player for player, gain in self.gains.items() if gain.sure)


@dataclass(frozen=True, slots=True)
class EnforcementMap:
    """Cells of a grid.

    Attributes
    ----------
    rows, columns : Axis
    cells : tuple of Cell
        The columns of the first row first.
    worlds : int
        Played in all.
    """

    rows: Axis
    columns: Axis
    cells: tuple[Cell, ...]
    worlds: int

    @property
    def table(self) -> pd.DataFrame:
        """Indexed by row, column and player: gain, standard_error, low, high, deviation, kind, leaves."""
        import pandas as pd

        found = [
            (c.row, c.column, player, g.gain, g.error, g.low, g.high, g.deviation, g.kind, g.sure)
            for c in self.cells
            for player, g in c.gains.items()
        ]
        columns = ["row", "column", "player", "gain", "standard_error", "low", "high", "deviation", "kind", "leaves"]
        return pd.DataFrame(found, columns=columns).set_index(["row", "column", "player"])

    def words(self) -> str:
        """Say cell by cell who gains by leaving, how much and how."""
        lines = [f"rows: {self.rows.label}", f"columns: {self.columns.label}"]
        for cell in self.cells:
            said = [
                f"{player} leaves by {gain.deviation!r} and gains {gain.gain:.3f} ± {gain.error:.3f} util"
                for player, gain in cell.gains.items()
                if gain.sure
            ]
            verdict = "; ".join(said) or f"nobody is known to gain, of {cell.deviations} deviations"
            lines.append(f"{cell.row:g}, {cell.column:g}: {verdict}")
        return "\n".join(lines)


def axis(scenario: Scenario, text: str) -> Axis:
    """Read an axis: a slider of the scenario's `explore` block or paths, then ``=`` and values, all between commas.

    Raises
    ------
    UsageError
        If there is no path or no number.

    Examples
    --------
    >>> import sim
    >>> axis(sim.load("toys/two_actors"), "patience=0.05,0.5").paths
    ('actors.state.discount_per_year', 'actors.rebels.discount_per_year')
    """
    names, _, numbers = text.partition("=")
    try:
        values = tuple(float(number) for number in numbers.split(","))
        if not names or not all(math.isfinite(value) for value in values):
            raise ValueError
    except ValueError:
        raise UsageError(
            f"axis: found {text!r}, expected NAME=NUMBER,NUMBER... or PATH,PATH=NUMBER,NUMBER..."
        ) from None
    slider = scenario.sliders.get(names)
    if slider is None and "." not in names:
        known = tuple(scenario.sliders)
        raise UsageError(f"axis: found {names!r}, expected a path, or a slider of the scenario: {', '.join(known)}. "
                         f"{nearest(names, known)}".rstrip())  # fmt: skip
    return Axis(tuple(names.split(",")) if slider is None else tuple(slider.path), values)


def keeping(scenario: Scenario, actor: str) -> ActorPolicy:
    """Return the policy by which an actor keeps the deal: reciprocal play if it says how, else play as declared.

    Examples
    --------
    >>> import sim
    >>> keeping(sim.load("doha_2020/baseline"), "us").name
    'reciprocal'
    """
    policies = first_policies(scenario, actor)
    return next((policy for policy in policies if policy.name == KEEPING), policies[0])


def enforcement_worlds(scenario: Scenario, cells: int, effort: str | Effort = "quick") -> int:
    """Return about how many worlds a map takes, without playing one.

    Examples
    --------
    >>> import sim
    >>> enforcement_worlds(sim.load("toys/two_actors"), 4)
    172480
    """
    spend = _one_round(effort)
    worlds = 0
    for actor in players_of(scenario):
        library = len(first_policies(scenario, actor)) + len(further_policies(scenario, actor))
        moves = len(scenario.actors[actor].moves)
        learned = spend.searches + 2
        worlds += spend.searches * spend.search.worlds + 2 * spend.forked_worlds * (2 + moves)
        worlds += library * SCREEN_RUNS + (library + learned) * spend.test_runs
    return worlds * cells


def enforcement_map(
    scenario: Scenario,
    rows: Axis,
    columns: Axis,
    seed: int = 0,
    *,
    effort: str | Effort = "quick",
    threads: int | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> EnforcementMap:
    """Say where on a grid of two numbers nobody is known to gain by leaving the play that keeps the deal.

    Parameters
    ----------
    scenario : Scenario
    rows, columns : Axis
        Such as the discount rates of all, and the share of attacks that nobody can pin on anyone.
    seed : int
        In [0, 2**64), the same in all cells.
    effort : {"quick", "standard", "thorough"} or Effort
        How long the learners look in each cell.
    threads : int, optional
        No result depends on it.
    progress : callable, optional
        Called as ``progress(cells done, cells)``.

    Raises
    ------
    UsageError
        If there are more than 100 cells, the axes share a path, or an argument is out of range.
    ScenarioError
        If a path is no number of the scenario, or a value is not legal.

    Examples
    --------
    >>> import sim
    >>> from sim.solving.cross_entropy import Search
    >>> toy = sim.load("toys/two_actors")
    >>> little = Effort(1, 1, Search(1, 5, 10), 1, 20, 50)
    >>> found = enforcement_map(toy, axis(toy, "patience=0.2"), axis(toy, "recognised=1"), seed=7, effort=little)
    >>> len(found.cells), sorted(found.cells[0].gains)
    (1, ['rebels', 'state'])
    """
    number = check_seed(seed)
    spend = _one_round(effort)
    count = len(rows.values) * len(columns.values)
    if not 1 <= count <= MOST_CELLS:
        raise UsageError(f"rows, columns: found {count} cells, expected from 1 to {MOST_CELLS}")
    if set(rows.paths) & set(columns.paths):
        raise UsageError(f"rows, columns: found {', '.join(sorted(set(rows.paths) & set(columns.paths)))} in both, "
                         "expected two different numbers")  # fmt: skip
    pairs = [(row, column) for row in rows.values for column in columns.values]
    places = [dict.fromkeys(rows.paths, row) | dict.fromkeys(columns.paths, column) for row, column in pairs]
    scenarios = [scenario.replace(values) for values in places]  # what is not legal is said before anything is played
    kept = Kept(None, {})
    cells = []
    for done, ((row, column), changed) in enumerate(zip(pairs, scenarios, strict=True)):
        if progress is not None:
            progress(done, count)
        players = players_of(changed)
        gains = _gains_by_leaving(changed, players, spend, number, kept, threads)
        best = {player: gain for player in players if (gain := largest_gain(gains, player)) is not None}
        cells.append(Cell(row, column, best, len(gains)))
    if progress is not None:
        progress(count, count)
    return EnforcementMap(rows, columns, tuple(cells), kept.worlds)


def _gains_by_leaving(
    scenario: Scenario, players: Sequence[str], spend: Effort, seed: int, kept: Kept, threads: int | None
) -> list[Gain]:
    """Return what every deviation brings that the library has and the learners find."""
    worlds = Worlds(scenario, tuple(players), threads)
    profile = [keeping(scenario, player) for player in players]
    further = []
    for player, own in zip(players, profile, strict=True):
        some = (*first_policies(scenario, player), *further_policies(scenario, player))
        further.append([policy for policy in some if policy.digest != own.digest])
    table = EmpiricalTable(worlds, [[policy] for policy in profile], 2, seed, kept)
    oracle = Oracle(worlds, table, further, spend, seed, 0.0, kept)
    oracle.run()
    own_names = dict(zip(players, (policy.name for policy in profile), strict=True))
    return [gain for gain in oracle.gains[0] if gain.deviation != own_names[gain.player]]


def _one_round(effort: str | Effort) -> Effort:
    if isinstance(effort, Effort):
        return replace(effort, rounds=1, families=1)
    if effort not in EFFORTS:
        raise UsageError(f"effort: found {effort!r}, expected one of {', '.join(EFFORTS)}. "
                         f"{nearest(str(effort), EFFORTS)}".rstrip())  # fmt: skip
    return replace(EFFORTS[effort], rounds=1, families=1)
