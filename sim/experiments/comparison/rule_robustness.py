"""Which conclusions survive every rule: the same comparison under each built-in way in which actors can choose.

Nobody knows how leaders decide. A difference between two deals that has the same sign whether actors are myopic, noisy,
learn, look ahead, reciprocate or toss coins rests on the deal; one that changes sign rests on the rule.

Under each rule every actor of every scenario follows it, but for those that a scenario scripts, since a script is part
of what its deal is. A difference has a sign if its 95 % interval lies on one side of 0. It *survives* if it has the
same sign under every rule, is *contradicted* if two rules give it opposite signs, and is *undecided* under a rule whose
interval holds 0: too small an effect, none at all, or too few runs. Rules that cost more get fewer runs
(`sim.experiments.comparison.actor_rules`), which the table says.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sim.engine.threads import Progress
from sim.errors import UsageError
from sim.experiments.comparison.actor_rules import ACTOR_RULES, rule_named, same_world, under_rule
from sim.experiments.measures import measures_of
from sim.experiments.paired_effect import paired_effect
from sim.experiments.variants import measured, run_variants

if TYPE_CHECKING:
    import pandas as pd

    from sim.scenario.scenario import Scenario

FEWEST_RUNS = 10
SIGNS = {1: "+", 0: "?", -1: "-"}


@dataclass(frozen=True, slots=True, eq=False)
class RuleRobustness:
    """A comparison under several rules.

    Attributes
    ----------
    rules : tuple of str
        In order.
    runs : dict of str to int
        Runs of each scenario under each rule.
    table : pandas.DataFrame
        Indexed by scenario, outcome and rule; columns difference, standard_error, low, high, sign (1, 0 or -1), runs.
    conclusions : pandas.DataFrame
        Indexed by scenario and outcome; one column of signs (``+``, ``-``, ``?``) a rule, then survives, contradicted.
    notes : tuple of str
        What was filled in or left out.
    """

    rules: tuple[str, ...]
    runs: dict[str, int]
    table: pd.DataFrame
    conclusions: pd.DataFrame
    notes: tuple[str, ...]

    def _repr_html_(self) -> str:
        html: str = self.conclusions.to_html()
        return html


def rules_asked(rules: str | Sequence[str]) -> tuple[str, ...]:
    """Return the names of the rules that are asked for.

    Parameters
    ----------
    rules : "all" or sequence of str
        Names of `sim.experiments.comparison.actor_rules.ACTOR_RULES`, or one of them.

    Returns
    -------
    tuple of str
        Each once.

    Raises
    ------
    UsageError
        If a name is unknown or there is none.

    Examples
    --------
    >>> rules_asked(["logit", "ewa", "logit"]), len(rules_asked("all"))
    (('logit', 'ewa'), 8)
    """
    if isinstance(rules, str):
        names = tuple(ACTOR_RULES) if rules == "all" else tuple(rules.replace(",", " ").split())
    else:
        names = tuple(dict.fromkeys(rules))
    if not names:
        raise UsageError(f"rules: found none, expected all or some of {', '.join(ACTOR_RULES)}")
    for name in names:
        rule_named(name)
    return names


def runs_under(rule: str, runs: int) -> int:
    """Return how many runs a rule gets: fewer for one that costs more, but at least `FEWEST_RUNS` of those asked for.

    Examples
    --------
    >>> runs_under("ewa", 500), runs_under("lookahead", 500), runs_under("lookahead", 4)
    (500, 25, 4)
    """
    return min(runs, max(runs // rule_named(rule).runs_divisor, FEWEST_RUNS))


def rule_robustness(
    names: Sequence[str],
    scenarios: Sequence[Scenario],
    runs: int,
    seed: int,
    *,
    rules: str | Sequence[str] = "all",
    threads: int | None = None,
    progress: Progress | None = None,
) -> RuleRobustness:
    """Repeat a comparison under several rules.

    Parameters
    ----------
    names : sequence of str
        Of the scenarios.
    scenarios : sequence of Scenario
        At least two; differences are from the first.
    runs : int
        Of each scenario under each rule that costs no more than usual.
    seed : int
        In [0, 2**64), of all of them.
    rules : "all" or sequence of str
        Which rules.
    threads : int, optional
        No result depends on it.
    progress : callable, optional
        Called as ``progress(done, total)`` with runs of all rules.

    Returns
    -------
    RuleRobustness

    Raises
    ------
    UsageError
        If a rule is unknown or there are fewer than two scenarios that differ in more than their rules.

    Examples
    --------
    >>> import sim
    >>> toy = sim.load("toys/two_actors")
    >>> quick = toy.replace({"actors.state.moves.free.release.per_day": 40})
    >>> found = rule_robustness(["slow", "quick"], [toy, quick], 40, 1, rules=["logit", "uniform"])
    >>> list(found.conclusions.columns)
    ['logit', 'uniform', 'survives', 'contradicted']
    """
    import pandas as pd

    asked = rules_asked(rules)
    deals = [(name, scenario) for name, scenario in zip(names, scenarios, strict=True)]
    variants: dict[str, list[Any]] = {}
    notes: list[str] = []
    for rule in asked:
        variants[rule] = []
        for name, scenario in deals:
            scripted = [key for key, actor in scenario.actors.items() if actor.rule.response == "scripted"]
            changed, filled = under_rule(scenario, rule, keep=scripted)
            variants[rule].append(changed)
            notes += [f"{rule}, {name}: {note}" for note in filled]
    alike = [i for i in range(1, len(deals)) if all(same_world(variants[rule][0], variants[rule][i]) for rule in asked)]
    notes += [f"{deals[i][0]} differs from {deals[0][0]} in its rules only, so it is left out here" for i in alike]
    kept = [i for i in range(len(deals)) if i not in alike]
    if len(kept) < 2:
        raise UsageError(
            "rules: found one scenario, or scenarios that differ in their rules only, expected at least two that "
            "differ in more; give another deal"
        )
    counts = {rule: runs_under(rule, runs) for rule in asked}
    total, before = len(kept) * sum(counts.values()), 0
    rows: list[tuple[Any, ...]] = []
    for rule, count in counts.items():

        def shown(done: int, _all: int, before: int = before) -> None:
            if progress is not None:
                progress(before + done, total)

        chosen = [variants[rule][i] for i in kept]
        results = run_variants(chosen, count, seed, threads=threads, progress=shown)
        had = [measured(one, runs_of, measures_of(one).shares) for one, runs_of in zip(chosen, results, strict=True)]
        before += len(kept) * count
        for i, place in enumerate(kept[1:], start=1):
            for measure in (name for name in had[0] if name in had[i]):
                e = paired_effect(had[0][measure], had[i][measure])
                rows.append(
                    (deals[place][0], measure, rule, e.difference, e.standard_error, e.low, e.high, e.sign, count)
                )
    keys = ["scenario", "outcome", "rule"]
    table = pd.DataFrame(rows, columns=[*keys, "difference", "standard_error", "low", "high", "sign", "runs"])
    return RuleRobustness(asked, counts, table.set_index(keys), _conclusions(table, asked), tuple(dict.fromkeys(notes)))


def _conclusions(table: pd.DataFrame, rules: Sequence[str]) -> pd.DataFrame:
    """Read the signs side by side."""
    signs = table.set_index(["scenario", "outcome", "rule"]).sign.unstack("rule")[list(rules)]
    order = table[["scenario", "outcome"]].drop_duplicates()
    signs = signs.loc[list(order.itertuples(index=False, name=None))]
    conclusions = signs.map(lambda sign: SIGNS[int(sign)])
    conclusions["survives"] = (signs.eq(1).all(axis=1)) | (signs.eq(-1).all(axis=1))
    conclusions["contradicted"] = signs.eq(1).any(axis=1) & signs.eq(-1).any(axis=1)
    conclusions.columns.name = None
    return conclusions
