"""Several scenarios on the same luck: what differs, by how much, and how surely.

All scenarios run under one seed, so run k of each has the same luck (common random numbers), and a difference from the
first scenario, the *reference*, is the mean of paired differences. Two rows are always there, because a conclusion that
they share needs no reasons of anybody: the reference with every actor tossing coins (``uniform``) and with every actor
keeping the deal as written (``schedule_as_written``).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any, Literal

from sim.engine.batch import Batch
from sim.engine.threads import Progress
from sim.experiments.comparison.cumulative_incidence import (
    CumulativeIncidence,
    cumulative_incidence,
    event_days,
    incidence_events,
)
from sim.experiments.comparison.expected_sign import expectation_table, expectation_words, signs_of
from sim.experiments.comparison.export import in_front, incidence_seen, plain_scenarios, plain_tables
from sim.experiments.comparison.notes import comparison_notes
from sim.experiments.comparison.over_draws import OverDraws
from sim.experiments.comparison.payoff_terms import payoff_term_table
from sim.experiments.comparison.rule_robustness import RuleRobustness
from sim.experiments.comparison.tables import (
    columns_apart,
    difference_table,
    milestone_table,
    number_table,
    payoff_table,
    share_table,
)
from sim.experiments.comparison.titles import told_apart
from sim.experiments.comparison.words import Tables, comparison_words
from sim.experiments.comparison.yardsticks import judged_otherwise
from sim.experiments.compliance import compliance
from sim.experiments.measures import Measure, measures_of
from sim.scenario.words import spaced

if TYPE_CHECKING:
    from pathlib import Path

    import pandas as pd

    from sim.experiments.comparison.regret import Regret


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
        For each of `sim.experiments.comparison.compare.BASELINES` the name of the scenario that plays it.
    called_by : str
        Whether tables and figures for people call scenarios by ``name`` or by ``title``.
    rules : RuleRobustness or None
        The comparison under other rules, if it was asked for.
    over_draws : OverDraws or None
        Intervals over draws of all uncertain numbers, if they were asked for; the tables of differences have them too.
    notes : tuple of str
        What a reader must know: failed runs, horizons and dates that differ, actors that not all scenarios have.
    """

    def __init__(
        self,
        batches: Mapping[str, Batch],
        given: Sequence[str],
        baselines: Mapping[str, str],
        *,
        called_by: Literal["name", "title"] = "name",
        rules: RuleRobustness | None = None,
        over_draws: OverDraws | None = None,
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
        self.called_by: Literal["name", "title"] = called_by
        self.rules = rules
        self.over_draws = over_draws
        self.notes = (*comparison_notes({self.titles[name]: batch for name, batch in self.batches.items()}), *notes)
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
    def titles(self) -> dict[str, str]:
        """What tables and figures call each scenario."""
        titles = {name: scenario.title for name, scenario in self.scenarios.items()}
        called = titles if self.called_by == "title" else {name: name for name in titles}
        return told_apart(called, self.given, self.baselines)

    @cached_property
    def shares(self) -> pd.DataFrame:
        """Share of runs with each outcome, talks, milestone and kept promise, with its error and Wilson interval."""
        return share_table(list(self.batches), list(self.batches.values()))

    @cached_property
    def differences(self) -> pd.DataFrame:
        """Paired differences of those shares from the reference, and what independent seeds would have needed."""
        return self._with_draws("differences", difference_table(list(self.batches), list(self.batches.values())))

    @cached_property
    def milestones(self) -> pd.DataFrame:
        """How often and when talks began and milestones were reached, and how much later than in the reference."""
        return self._with_draws("milestones", milestone_table(list(self.batches), list(self.batches.values())))

    @cached_property
    def compliance(self) -> pd.DataFrame:
        """What became of each promise in each scenario, as of `sim.compliance`; the scenario is its first column."""
        import pandas as pd

        frames = [in_front(compliance(batch).assign(scenario=name), "scenario") for name, batch in self.batches.items()]
        return pd.concat(frames, ignore_index=True)

    @cached_property
    def numbers(self) -> pd.DataFrame:
        """Means of numeric outcomes, and paired differences over the runs that are known in both."""
        return self._with_draws("numbers", number_table(list(self.batches), list(self.batches.values())))

    @cached_property
    def payoffs(self) -> pd.DataFrame:
        """Mean payoff of each actor (util) and its paired difference from the reference."""
        return self._with_draws("payoffs", payoff_table(list(self.batches), list(self.batches.values())))

    def _with_draws(self, name: str, table: pd.DataFrame) -> pd.DataFrame:
        return table if self.over_draws is None else self.over_draws.beside(name, table)

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

    @cached_property
    def measures(self) -> dict[str, Measure]:
        """Every measure of any of the scenarios by name, as the first that has it calls it."""
        found: dict[str, Measure] = {}
        for scenario in self.scenarios.values():
            known = measures_of(scenario)
            for measure in (*known.values(), *known.headline):
                found.setdefault(measure.name, measure)
        return found

    @property
    def measures_expected(self) -> dict[str, Measure]:
        """The measures that the scenarios expected something of, by name."""
        found: dict[str, Measure] = {}
        for name in self.given:
            known = measures_of(self.scenarios[name])
            found |= {measure: known[measure] for measure in signs_of(self.scenarios[name]) if measure in known}
        return found

    @property
    def events(self) -> tuple[str, ...]:
        """Events whose incidence can be asked for: outcomes, talks, milestones of any of the scenarios."""
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
        from sim.experiments.comparison.commitment_devices import commitment_devices

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
        from sim.experiments.comparison.regret import regret

        if self._regret is None:
            deals = [self.scenarios[name] for name in self.given]
            self._regret = regret(self.given, deals, self.runs, self.seed, threads=self._threads, progress=progress)
        return self._regret

    @cached_property
    def record(self) -> pd.DataFrame | None:
        """Where the record that the reference names falls among its runs, with scores against the baselines.

        As `sim.record_scores` returns it; None if the reference names no record or none was wanted.
        """
        from sim.experiments.comparison.record_scores import record_scores
        from sim.record import named_record

        named = self.scenarios[self.reference].record
        if named is None or not self._record_wanted:
            return None
        yardsticks = {rule: self.batches[name] for rule, name in self.baselines.items() if name != self.reference}
        return record_scores(self.batches[self.reference], named_record(named, self._folders), baselines=yardsticks)

    def tables(self) -> dict[str, pd.DataFrame]:
        """Return every table by name, with its keys as columns, for files; those of regret if it was worked out.

        Payoff terms, devices and record are worked out if they were not yet; ``outcomes`` holds every run of every
        scenario.

        Examples
        --------
        >>> import sim
        >>> toy = sim.load("toys/two_actors")
        >>> sorted(sim.compare([toy], runs=20, seed=1, baselines=False).tables())[:4]
        ['differences', 'incidence', 'milestones', 'numbers']
        """
        import pandas as pd

        curves = [
            self.incidence(event).reset_index().assign(event=event) for event in incidence_seen(self.batches.values())
        ]
        runs = [batch.outcomes.assign(scenario=name) for name, batch in self.batches.items()]
        tables = {
            "shares": self.shares.reset_index(),
            "differences": self.differences.reset_index(),
            "milestones": self.milestones.reset_index(),
            "numbers": self.numbers.reset_index(),
            "payoffs": self.payoffs.reset_index(),
            "payoff_terms": self.payoff_terms.reset_index(),
            "outcomes": in_front(pd.concat(runs, ignore_index=True), "scenario"),
        }
        if curves:
            tables["incidence"] = in_front(pd.concat(curves, ignore_index=True), "event")
        if len(self.compliance):
            tables["compliance"] = self.compliance
        if len(self.expectations):
            tables["expectations"] = self.expectations
        if len(self.devices):
            tables["devices"] = self.devices
        if self.record is not None:
            tables["record"] = self.record
        if self.rules is not None:
            tables["rules"] = self.rules.table.reset_index()
            tables["conclusions"] = self.rules.conclusions.reset_index()
        if self._regret is not None:
            tables["regret"] = self._regret.table.reset_index()
            tables["minimax_regret"] = self._regret.minimax.reset_index()
        return tables

    def to_dict(self) -> dict[str, Any]:
        """Return everything as plain data for JSON; regret if it was worked out.

        Tables are lists of rows; unknown and infinite numbers are None. Cumulative incidences are sampled every
        30 days and at the horizon.
        """
        parts = (part.notes for part in (self.rules, self._regret) if part is not None)
        return {
            "reference": self.reference,
            "seed": self.seed,
            "runs": self.runs,
            "digest": self.digest,
            "scenarios": plain_scenarios(self.batches, self.given),
            "baselines": self.baselines,
            "summary": list(self.summary),
            "notes": [note for some in (self.notes, *parts) for note in some],
            **({} if self.over_draws is None else {"over_draws": self.over_draws.to_dict()}),
            **plain_tables(self.tables()),
        }

    @cached_property
    def expectations(self) -> pd.DataFrame:
        """Signs that the scenarios expected of themselves, held against their runs.

        As of `sim.experiments.comparison.expected_sign.expectation_table`.
        """
        return expectation_table({name: self.batches[name] for name in self.given})

    @cached_property
    def summary(self) -> tuple[str, ...]:
        """What differs surely and what does not, in plain words."""
        labels: dict[str, str] = {}
        for scenario in self.scenarios.values():
            for key, actor in scenario.actors.items():
                labels.setdefault(key, actor.label or spaced(key))
        first = self.batches[self.reference]
        others = [name for name in self.batches if name != self.reference]
        tables = Tables(
            self.differences,
            self.milestones,
            self.numbers,
            self.payoffs,
            self.measures,
            apart={name: columns_apart(first, self.batches[name]) for name in others},
            judged={name: judged_otherwise(first.scenario, self.scenarios[name]) for name in others},
            headline=first.scenario.headline,
            labels=labels,
            titles=self.titles,
        )
        return comparison_words(
            list(self.batches),
            self.runs,
            tables,
            self.rules,
            self.over_draws,
            expectation_words(self.expectations, self.measures_expected),
        )

    @cached_property
    def digest(self) -> str:
        """SHA-256 over the outcomes of all scenarios in canonical form; equal digests mean equal comparisons."""
        from sim.store.canonical import digest_of

        tables = {f"{i:04d}": batch.outcome_table for i, batch in enumerate(self.batches.values())}
        return digest_of(tables, {"seed": str(self.seed)})

    def plot(self, what: str | None = None, *, scenarios: Sequence[str] | None = None, ax: Any = None) -> Any:
        """Draw a figure of this comparison.

        Parameters
        ----------
        what : str, optional
            ``shares`` (the usual figure), ``differences``, ``incidence``, ``payoffs`` or another of
            `sim.plots.catalogue`; a measure, by scenario; or a daily series, of all scenarios over one another.
        scenarios : sequence of str, optional
            For a measure or a series, which scenarios by name.
        ax : matplotlib.axes.Axes, optional
            For a measure or a series, where to draw.

        Returns
        -------
        matplotlib.figure.Figure

        Raises
        ------
        UsageError
            If there is no such figure, measure, series or scenario.
        """
        from sim.drawn import plot

        return plot(self, "comparison", what, ax=ax, scenarios=scenarios)

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
        table = table.rename(index=self.titles, columns={n: m.label for n, m in self.measures.items()})
        sentences = "".join(f"<li>{escape(text)}</li>" for text in (*self.summary, *self.notes))
        head = f"<b>{escape(self.titles[self.reference])}</b> and others, {self.runs:,} runs each, seed {self.seed}"
        html: str = table.to_html()
        return f"{head}{html}<details><summary>In words</summary><ul>{sentences}</ul></details>"
