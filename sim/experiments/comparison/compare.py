"""Running scenarios, with two baselines that are always there, on the same luck, to be compared with the first."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Literal

from sim.engine.batch import Batch
from sim.engine.check_scenario import check_scenario
from sim.engine.threads import Progress
from sim.errors import UsageError
from sim.experiments.comparison.actor_rules import same_world, under_rule
from sim.experiments.comparison.comparison import Comparison
from sim.experiments.comparison.over_draws import WORLDS, check_draws, drawn_and_held, over_draws
from sim.experiments.comparison.rule_robustness import rule_robustness, rules_asked, runs_under
from sim.experiments.variants import run_variants
from sim.random.seed import check_seed
from sim.record import named_record

if TYPE_CHECKING:
    from pathlib import Path

    from sim.scenario.scenario import Scenario

BASELINES = ("uniform", "schedule_as_written")
"""Rules that every comparison shows the reference under."""
MAX_RUNS = 1_000_000
MOST_CHANGES = 2
"""Values that tell a scenario from another of the same title in its name."""


def compare(
    scenarios: Sequence[Scenario],
    runs: int = 1_000,
    seed: int = 0,
    *,
    names: Sequence[str] | None = None,
    called_by: Literal["name", "title"] = "name",
    rules: str | Sequence[str] | None = None,
    draws: int | None = None,
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
        One a scenario, all different; if left out their titles, and behind one that came before what differs.
    called_by : str
        Whether tables and figures for people call scenarios by these names, or by their titles as far as these differ,
        as the command line does, where names are paths.
    rules : "all" or sequence of str, optional
        Repeat the comparison under these rules (`sim.experiments.comparison.actor_rules`), see `Comparison.rules`.
    draws : int, optional
        Draw all uncertain numbers so many times, too (`sim.experiments.comparison.over_draws`): beside the Monte Carlo
        interval of each difference stands that over draws, and nothing is sure that one of the two does not say.
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
    >>> list(comparison.differences.index.unique("scenario"))
    ['quick', 'uniform', 'schedule_as_written']
    """
    _check_scenarios(scenarios)
    if not scenarios:
        raise UsageError("scenarios: found none, expected at least one; load one with sim.load(path)")
    if isinstance(runs, bool) or not isinstance(runs, int) or not 1 <= runs <= MAX_RUNS:
        raise UsageError(f"runs: found {runs!r}, expected a whole number from 1 to {MAX_RUNS:,}")
    check_seed(seed)
    asked = rules_asked(rules) if rules is not None else ()
    chosen = _named(scenarios, names)
    if draws is not None:
        check_draws(draws)
        drawn_and_held(scenarios[0], scenarios[1:])
    if record and scenarios[0].record is not None:
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
    over = len(chosen) * draws * WORLDS if draws is not None else 0
    total = under_rules + len(chosen) * runs + over
    robustness = None
    if asked:  # first, since it may have nothing to compare
        part = _part(progress, 0, total)
        robustness = rule_robustness(given, deals, runs, seed, rules=asked, threads=threads, progress=part)
        under_rules = len(robustness.conclusions.index.unique("scenario")) + 1
        under_rules *= sum(robustness.runs.values())
    total = under_rules + len(chosen) * runs + over
    part = _part(progress, under_rules, total)
    rows = run_variants(list(chosen.values()), runs, seed, threads=threads, progress=part)
    batches = {
        name: Batch(scenario, seed, found, threads)
        for (name, scenario), found in zip(chosen.items(), rows, strict=True)
    }
    drawn = None
    if draws is not None:
        part = _part(progress, total - over, total)
        drawn = over_draws(chosen, given, draws, seed, threads=threads, progress=part)
    return Comparison(
        batches,
        given,
        played,
        called_by=called_by,
        rules=robustness,
        over_draws=drawn,
        notes=notes,
        record=record,
        folders=folders,
        threads=threads,
    )


def _check_scenarios(scenarios: object) -> None:
    """Raise an error unless there is a list of scenarios."""
    if isinstance(scenarios, str | bytes) or not isinstance(scenarios, Sequence):
        raise UsageError(
            f"scenarios: found {type(scenarios).__name__}, expected a list of scenarios, such as [sim.load(path)]"
        )
    for scenario in scenarios:
        check_scenario(scenario)


def _part(progress: Progress | None, before: int, total: int) -> Progress | None:
    """Show the progress of one part as progress of the whole."""
    if progress is None:
        return None
    return lambda done, _all: progress(before + done, total)


def _named(scenarios: Sequence[Scenario], names: Sequence[str] | None) -> dict[str, Scenario]:
    """Give each scenario its name: its title; one that came before is told apart by what differs, or numbered."""
    if names is None:
        named: dict[str, Scenario] = {}
        for scenario in scenarios:
            named[_free(_told_apart(scenario, named.get(scenario.title)), named)] = scenario
        return named
    if isinstance(names, str) or len(names) != len(scenarios):
        raise UsageError(f"names: found {names!r}, expected one for each of {len(scenarios)} scenarios")
    for name in names:
        if not isinstance(name, str) or not name:
            raise UsageError(f"names: found {name!r}, expected a text")
        if list(names).count(name) > 1:
            raise UsageError(f"names: found {name!r} twice, expected each once; a scenario need not be given twice")
    return dict(zip(names, scenarios, strict=True))


def _told_apart(scenario: Scenario, namesake: Scenario | None) -> str:
    """Return a title and, where another scenario has it too, the values in which the two differ, if they are few."""
    if namesake is None:
        return scenario.title
    changes = [change for change in namesake.diff(scenario) if change.path != "title"]
    if not 1 <= len(changes) <= MOST_CHANGES:
        return scenario.title
    told = ", ".join(f"{change.path} = {'none' if change.right is None else change.right}" for change in changes)
    return f"{scenario.title}: {told}"


def _free(name: str, taken: Mapping[str, Any]) -> str:
    """Return a name that is not taken: with a number behind it if need be."""
    number, candidate = 1, name
    while candidate in taken:
        number += 1
        candidate = f"{name} ({number})"
    return candidate
