"""Several scenarios on the same luck: what differs, by how much, and how surely.

All scenarios run under one seed, so run k of each has the same luck (common random numbers), and a difference from the
first scenario, the *reference*, is the mean of paired differences. Two rows are always there, because a conclusion that
they share needs no reasons of anybody: the reference with every actor tossing coins (``uniform``) and with every actor
keeping the deal as written (``schedule_as_written``).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any

from sim.engine.batch import Progress
from sim.engine.replicate import Batch
from sim.engine.run import check_scenario
from sim.errors import UsageError
from sim.experiments.actor_rules import same_world, under_rule
from sim.experiments.comparison_export import comparison_object, tables_of
from sim.experiments.comparison_notes import comparison_notes
from sim.experiments.comparison_tables import (
    difference_table,
    number_table,
    payoff_table,
    share_table,
)
from sim.experiments.comparison_words import comparison_words
from sim.experiments.cumulative_incidence import CumulativeIncidence, cumulative_incidence, event_days, incidence_events
from sim.experiments.payoff_term_table import payoff_term_table
from sim.experiments.rule_robustness import RuleRobustness, rule_robustness, rules_asked, runs_under
from sim.experiments.variants import run_variants
from sim.random.seed import check_seed

if TYPE_CHECKING:
    from pathlib import Path

    import pandas as pd

    from sim.experiments.regret import Regret

BASELINES = ("uniform", "schedule_as_written")
"""Rules that every comparison shows the reference under."""
MAX_RUNS = 1_000_000


class Comparison:
    """Scenarios run on the same luck.

    Made by `sim.compare`. Tables are built when they are first asked for; those that need further runs say so.

    Attributes
    ----------
    scenarios : dict of str to Scenario
        By name, the reference first, the baselines last.
    batches : dict of str to Batch
        Their runs.
    runs : int
        Of each scenario.
    seed : int
        Of all of them.
    given : tuple of str
        The scenarios that were asked for.
    baselines : dict of str to str
        For each of `BASELINES` the name of the scenario that plays it.
    rules : RuleRobustness or None
        The comparison under other rules, if it was asked for.
    notes : tuple of str
        What a reader must know: failed runs, horizons and dates that differ, actors that not all scenarios have.
    """

    def __init__(
        self,
        batches: Mapping[str, Batch],
        given: Sequence[str],
        baselines: Mapping[str, str],
        *,
        rules: RuleRobustness | None = None,
        notes: Sequence[str] = (),
        record: bool = True,
        folders: Sequence[Path] = (),
        threads: int | None = None,
    ) -> None:
        self.batches = dict(batches)
        self.scenarios = {name: batch.scenario for name, batch in self.batches.items()}
        first = next(iter(self.batches.values()))
        self.runs = len(first)
        self.seed = first.seed
        self.given = tuple(given)
        self.baselines = dict(baselines)
        self.rules = rules
        self.notes = (*comparison_notes(self.batches), *notes)
        self._record_wanted = record
        self._folders = tuple(folders)
        self._threads = threads
        self._terms: pd.DataFrame | None = None
        self._devices: pd.DataFrame | None = None
        self._regret: Regret | None = None

    @property
    def reference(self) -> str:
        """Name of the scenario that differences are from."""
        return next(iter(self.batches))

    @cached_property
    def shares(self) -> pd.DataFrame:
        """Share of each outcome, and of talks at some time, with Monte Carlo standard error and Wilson interval."""
        return share_table(list(self.batches), list(self.batches.values()))

    @cached_property
    def differences(self) -> pd.DataFrame:
        """Paired differences of those shares from the reference, and what independent seeds would have needed."""
        return difference_table(list(self.batches), list(self.batches.values()))

    @cached_property
    def numbers(self) -> pd.DataFrame:
        """Means of numeric outcomes, and paired differences over the runs that are known in both."""
        return number_table(list(self.batches), list(self.batches.values()))

    @cached_property
    def payoffs(self) -> pd.DataFrame:
        """Mean payoff of each actor (util) and its paired difference from the reference."""
        return payoff_table(list(self.batches), list(self.batches.values()))

    @property
    def payoff_terms(self) -> pd.DataFrame:
        """Mean of each term of each payoff (util), the terms summing to it, and its paired difference.

        The worlds are run again with their ledgers kept when it is first asked for.
        """
        return self.decompose()

    def decompose(self, progress: Progress | None = None) -> pd.DataFrame:
        """Return what `payoff_terms` says, showing progress.

        Parameters
        ----------
        progress : callable, optional
            Called as ``progress(done, total)``.
        """
        if self._terms is None:
            self._terms = payoff_term_table(list(self.batches), list(self.batches.values()), progress=progress)
        return self._terms

    @property
    def events(self) -> tuple[str, ...]:
        """Events whose incidence can be asked for: outcomes, talks, waypoints of any of the scenarios."""
        return tuple(dict.fromkeys(event for batch in self.batches.values() for event in incidence_events(batch)))

    def incidence_curves(self, event: str) -> dict[str, CumulativeIncidence]:
        """Return the cumulative incidence of an event in each scenario that knows it.

        Parameters
        ----------
        event : str
            One of `events`.

        Returns
        -------
        dict of str to CumulativeIncidence
            By name of the scenario; each ends at the horizon of its own scenario.

        Raises
        ------
        UsageError
            If no scenario knows such an event.
        """
        if event not in self.events:
            event_days(self.batches[self.reference], event)
        known = {name: batch for name, batch in self.batches.items() if event in incidence_events(batch)}
        return {name: cumulative_incidence(batch, event) for name, batch in known.items()}

    def incidence(self, event: str) -> pd.DataFrame:
        """Return the cumulative incidence of an event among competing ones, with pointwise 95 % bands.

        Parameters
        ----------
        event : str
            One of `events`, such as ``talks_began`` or ``government_collapse``.

        Returns
        -------
        pandas.DataFrame
            Indexed by scenario and day; columns date, incidence, standard_error, low, high, and within_common_horizon,
            which is False on days that not all scenarios reach. A curve ends at its scenario's horizon.

        Raises
        ------
        UsageError
            If no scenario knows such an event.
        """
        import pandas as pd

        common = min(scenario.horizon_days for scenario in self.scenarios.values())
        frames = []
        for name, curve in self.incidence_curves(event).items():
            start = pd.Timestamp(self.scenarios[name].start)
            frame = pd.DataFrame(
                {
                    "date": start + pd.to_timedelta(curve.days, unit="D"),
                    "incidence": curve.share,
                    "standard_error": curve.standard_error,
                    "low": curve.low,
                    "high": curve.high,
                    "within_common_horizon": curve.days <= common,
                },
                index=pd.MultiIndex.from_product([[name], curve.days], names=["scenario", "day"]),
            )
            frames.append(frame)
        return pd.concat(frames)

    @property
    def devices(self) -> pd.DataFrame:
        """What each commitment device of the reference is worth to each actor; runs each when first asked for."""
        return self.value_devices()

    def value_devices(self, progress: Progress | None = None) -> pd.DataFrame:
        """Return what `devices` says, showing progress.

        Parameters
        ----------
        progress : callable, optional
            Called as ``progress(done, total)``.
        """
        from sim.experiments.commitment_devices import commitment_devices

        if self._devices is None:
            self._devices = commitment_devices(self.batches[self.reference], threads=self._threads, progress=progress)
        return self._devices

    def regret(self, progress: Progress | None = None) -> Regret:
        """Return the regret of the scenarios that were asked for, over the payoff sets of the reference.

        Runs every scenario under every payoff set when first asked for.

        Parameters
        ----------
        progress : callable, optional
            Called as ``progress(done, total)``.

        Returns
        -------
        Regret

        Raises
        ------
        UsageError
            If the reference names no payoff sets.
        """
        from sim.experiments.regret import regret

        if self._regret is None:
            deals = [self.scenarios[name] for name in self.given]
            self._regret = regret(self.given, deals, self.runs, self.seed, threads=self._threads, progress=progress)
        return self._regret

    @cached_property
    def record(self) -> pd.DataFrame | None:
        """Where the record that the reference names falls among its runs, with scores against the baselines.

        As `sim.record_percentiles` returns it; None if the reference names no record or none was wanted.
        """
        from sim.experiments.record_percentiles import record_percentiles
        from sim.record import named_record

        named = self.scenarios[self.reference].record
        if named is None or not self._record_wanted:
            return None
        yardsticks = {rule: self.batches[name] for rule, name in self.baselines.items() if name != self.reference}
        return record_percentiles(
            self.batches[self.reference], named_record(named, self._folders), baselines=yardsticks
        )

    def tables(self) -> dict[str, pd.DataFrame]:
        """Return every table by name, for files; those of regret if it was worked out."""
        return tables_of(self, regret=self._regret)

    def to_dict(self) -> dict[str, Any]:
        """Return everything as plain data for JSON; regret if it was worked out."""
        return comparison_object(self, regret=self._regret)

    @cached_property
    def summary(self) -> tuple[str, ...]:
        """What differs surely and what does not, in plain words."""
        return comparison_words(self)

    @cached_property
    def digest(self) -> str:
        """SHA-256 over the outcomes of all scenarios in canonical form; equal digests mean equal comparisons."""
        from sim.store.canonical import digest_of

        tables = {f"{i:04d}": batch.outcome_table for i, batch in enumerate(self.batches.values())}
        return digest_of(tables, {"seed": str(self.seed)})

    def __len__(self) -> int:
        return len(self.batches)

    def __repr__(self) -> str:
        others = ", ".join(name for name in self.batches if name != self.reference)
        against = f" against {others}" if others else ""
        return f"<Comparison of {self.reference!r}{against}: {self.runs:,} runs each, seed {self.seed}>"

    def _repr_html_(self) -> str:
        from html import escape

        shares = self.shares
        cell = shares.share.map("{:.3f}".format) + " ± " + shares.standard_error.map("{:.3f}".format)
        table = cell.unstack("outcome")
        table = table.loc[list(self.batches), list(shares.index.unique("outcome"))]
        said = "".join(f"<li>{escape(text)}</li>" for text in (*self.summary, *self.notes))
        head = f"<b>{escape(self.reference)}</b> and others, {self.runs:,} runs each, seed {self.seed}"
        html: str = table.to_html()
        return f"{head}{html}<ul>{said}</ul>"


def compare(
    scenarios: Sequence[Any],
    runs: int = 1_000,
    seed: int = 0,
    *,
    names: Sequence[str] | None = None,
    rules: str | Sequence[str] | None = None,
    record: bool = True,
    baselines: bool = True,
    threads: int | None = None,
    progress: Progress | None = None,
    folders: Sequence[Path] = (),
) -> Comparison:
    """Run scenarios on the same luck and compare them with the first.

    Parameters
    ----------
    scenarios : sequence of Scenario
        At least one; the first is the reference.
    runs : int
        Of each scenario, 1 to `MAX_RUNS`.
    seed : int
        In [0, 2**64).
    names : sequence of str, optional
        One a scenario, all different; their titles if left out.
    rules : "all" or sequence of str, optional
        Repeat the comparison under these rules (`sim.experiments.actor_rules`), see `Comparison.rules`.
    record : bool
        Whether `Comparison.record` holds the reference against the record that it names.
    baselines : bool
        Whether the reference under coin-flip play and under the deal as written are rows too; a scenario that is one of
        them already is not run twice.
    threads : int, optional
        No result depends on it. All processors by default.
    progress : callable, optional
        Called as ``progress(done, total)`` with runs of all scenarios.
    folders : sequence of Path
        Where to look for the file of a record before the built-in ones.

    Returns
    -------
    Comparison

    Raises
    ------
    UsageError
        If there is no scenario, a name comes twice, a rule is unknown or an argument is out of range.
    ScenarioError
        If the record that the reference names does not exist or is malformed.

    Examples
    --------
    >>> import sim
    >>> toy = sim.load("toys/two_actors")
    >>> quick = toy.replace({"actors.state.moves.free.release.per_day": 40})
    >>> comparison = sim.compare([toy, quick], runs=60, seed=1, names=["slow", "quick"])
    >>> list(comparison.scenarios)
    ['slow', 'quick', 'uniform', 'schedule_as_written']
    >>> float(comparison.differences.difference["slow", "settlement"])
    0.0
    """
    if isinstance(scenarios, str | bytes) or not isinstance(scenarios, Sequence):
        raise UsageError(
            f"scenarios: found {type(scenarios).__name__}, expected a list of scenarios, such as [sim.load(path)]"
        )
    for scenario in scenarios:
        check_scenario(scenario)
    if not scenarios:
        raise UsageError("scenarios: found none, expected at least one; load one with sim.load(path)")
    if isinstance(runs, bool) or not isinstance(runs, int) or not 1 <= runs <= MAX_RUNS:
        raise UsageError(f"runs: found {runs!r}, expected a whole number from 1 to {MAX_RUNS:,}")
    check_seed(seed)
    asked = rules_asked(rules) if rules is not None else ()
    chosen = _named(scenarios, names)
    if record and scenarios[0].record is not None:
        from sim.record import named_record

        named_record(scenarios[0].record, folders)  # a name that nobody knows is told before anything is run
    given = tuple(chosen)
    played: dict[str, str] = {}
    notes: list[str] = []
    if baselines:
        for rule in BASELINES:
            reference = chosen[given[0]]
            changed, filled = under_rule(reference, rule)
            already = next((name for name, other in chosen.items() if same_world(changed, other)), None)
            played[rule] = already or _free(rule, chosen)
            notes += [f"{played[rule]}: {note}" for note in filled]
            if already is None:
                chosen[played[rule]] = changed.replace({"title": f"{reference.title}: {rule.replace('_', ' ')}"[:200]})
    deals = [chosen[name] for name in given]
    under_rules = len(given) * sum(runs_under(rule, runs) for rule in asked)
    total = under_rules + len(chosen) * runs
    robustness = None
    if asked:  # first, since it may have nothing to compare
        shown = _part(progress, 0, total)
        robustness = rule_robustness(given, deals, runs, seed, rules=asked, threads=threads, progress=shown)
        under_rules = len(robustness.conclusions.index.unique("scenario")) + 1
        under_rules *= sum(robustness.runs.values())
    shown = _part(progress, under_rules, under_rules + len(chosen) * runs)
    rows = run_variants(list(chosen.values()), runs, seed, threads=threads, progress=shown)
    batches = {
        name: Batch(scenario, seed, found, threads)
        for (name, scenario), found in zip(chosen.items(), rows, strict=True)
    }
    return Comparison(
        batches, given, played, rules=robustness, notes=notes, record=record, folders=folders, threads=threads
    )


def _part(progress: Progress | None, before: int, total: int) -> Progress | None:
    """Show the progress of one part as progress of the whole."""
    if progress is None:
        return None
    return lambda done, _all: progress(before + done, total)


def _named(scenarios: Sequence[Any], names: Sequence[str] | None) -> dict[str, Any]:
    """Give each scenario its name; titles that come twice are numbered."""
    if names is None:
        found: dict[str, Any] = {}
        for scenario in scenarios:
            found[_free(scenario.title, found)] = scenario
        return found
    if isinstance(names, str) or len(names) != len(scenarios):
        raise UsageError(f"names: found {names!r}, expected one for each of {len(scenarios)} scenarios")
    for name in names:
        if not isinstance(name, str) or not name:
            raise UsageError(f"names: found {name!r}, expected a text")
        if list(names).count(name) > 1:
            raise UsageError(f"names: found {name!r} twice, expected each once; a scenario need not be given twice")
    return dict(zip(names, scenarios, strict=True))


def _free(name: str, taken: Mapping[str, Any]) -> str:
    """Return a name that is not taken: with a number behind it if need be."""
    number, found = 1, name
    while found in taken:
        number += 1
        found = f"{name} ({number})"
    return found
