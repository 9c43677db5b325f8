r"""Holding scenarios to the signs that they expected of themselves before they were run.

A scenario whose ``expects:`` states a sign (`sim.scenario.schema.expectation`) is run beside the scenario that it is
compared with, replication by replication on shared luck. With the 95 % interval [l, h] of the mean difference
(`paired_effect`), a sign "up" is

.. math::

   \text{borne out if } l > 0, \qquad \text{not borne out if } h < 0, \qquad \text{not distinguishable otherwise,}

and "down" the other way round. In a comparison a sign is held against the scenario that it names if that one is
compared too; else it is not scored, and the reason is said. One sign in forty is borne out, and one is not, where there
is no effect at all.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Literal, TypeAlias

import numpy as np
from numpy.typing import NDArray

from sim.engine.batch import Batch, replicate
from sim.errors import SimError, UsageError
from sim.experiments.measures import Measure, measures_of
from sim.experiments.paired_effect import PairedEffect, paired_effect
from sim.scenario.load import load
from sim.scenario.schema.expectation import ExpectedSign

if TYPE_CHECKING:
    import pandas as pd

    from sim.scenario.scenario import Scenario

Verdict: TypeAlias = Literal["borne out", "not borne out", "not distinguishable"]
NOT_SCORED: Final = "not scored"
COLUMNS: Final = (
    "scenario", "measure", "sign", "against", "difference", "standard_error", "low", "high", "pairs", "verdict", "note",
)  # fmt: skip
_DIRECTION: Final = {"up": 1, "down": -1}


@dataclass(frozen=True, slots=True)
class SignCheck:
    """What came of one expected sign.

    Attributes
    ----------
    scenario : str
        The scenario that expects it.
    measure : Measure
        Of what.
    expected : ExpectedSign
        As the scenario states it.
    effect : PairedEffect
        Of the scenario against the one that it is compared with.
    """

    scenario: str
    measure: Measure
    expected: ExpectedSign
    effect: PairedEffect

    @property
    def verdict(self) -> Verdict:
        """Whether the 95 % interval lies on the expected side of 0, on the other, or on both."""
        return verdict_of(self.expected.sign, self.effect.low, self.effect.high)


def verdict_of(sign: str, low: float, high: float) -> Verdict:
    """Hold an interval against a sign.

    Parameters
    ----------
    sign : str
        ``up`` or ``down``.
    low, high : float
        Ends of the interval of the difference.

    Returns
    -------
    str

    Examples
    --------
    >>> verdict_of("down", -0.3, -0.1), verdict_of("up", -0.3, -0.1), verdict_of("up", -0.1, 0.3)
    ('borne out', 'not borne out', 'not distinguishable')
    """
    found = int(low > 0.0) - int(high < 0.0)
    if not found:
        return "not distinguishable"
    return "borne out" if found == _DIRECTION[sign] else "not borne out"


def signs_of(scenario: Scenario) -> Mapping[str, ExpectedSign]:
    """Return the signs that a scenario states, by measure; lines of words are left out.

    Examples
    --------
    >>> {measure: line.sign for measure, line in signs_of(load("doha_2020/deals/one_president")).items()}
    {'talks_began': 'up'}
    """
    return {measure: line for measure, line in scenario.expects.items() if isinstance(line, ExpectedSign)}


def values_of(batch: Batch, measure: str) -> NDArray[Any]:
    """Read a measure off the runs of a scenario.

    Parameters
    ----------
    batch : Batch
        Of the scenario.
    measure : str
        As `sim.experiments.measures` names them.

    Returns
    -------
    ndarray of bool or float64, shape (runs,)
        NaN where a run has no such number.

    Raises
    ------
    UsageError
        If the scenario has no such measure.

    Examples
    --------
    >>> batch = replicate(load("toys/two_actors"), runs=3, seed=1)
    >>> values_of(batch, "first_release by day 20").dtype, values_of(batch, "deaths").shape
    (dtype('bool'), (3,))
    """
    return measures_of(batch.scenario)[measure].values(batch.outcome_table)


def batches_of(
    names: Sequence[str], runs: int, seed: int, *, progress: Callable[[int, int], None] | None = None
) -> dict[str, Batch]:
    """Run scenarios, and those that their signs are against, on shared luck.

    Parameters
    ----------
    names : sequence of str
        Built-in scenarios or files.
    runs : int
        Of each scenario.
    seed : int
        Of all of them.
    progress : callable, optional
        Called as ``progress(done, total)`` after each scenario.

    Returns
    -------
    dict of str to Batch
        By name; a scenario that several are compared with is run once.

    Raises
    ------
    UsageError
        If a scenario states no sign.
    ScenarioError
        If one cannot be read.

    Examples
    --------
    >>> list(batches_of(["doha_2020/deals/one_president"], runs=5, seed=1))
    ['doha_2020/deals/one_president', 'doha_2020/baseline']
    """
    scenarios = {name: load(name) for name in names}
    for name in names:
        signs = signs_of(scenarios[name])
        if not signs:
            wanted = "expects: {<measure>: {sign: up, against: ..., why: ..., pre_registered: ...}}"
            raise UsageError(f"{name}: found no sign of a measure, expected {wanted}")
        for line in signs.values():
            if line.against not in scenarios:
                scenarios[line.against] = load(line.against)
    batches: dict[str, Batch] = {}
    for done, (name, scenario) in enumerate(scenarios.items(), start=1):
        batches[name] = replicate(scenario, runs=runs, seed=seed)
        if progress is not None:
            progress(done, len(scenarios))
    return batches


def check_signs(names: Sequence[str], batches: Mapping[str, Batch]) -> tuple[SignCheck, ...]:
    """Hold scenarios to the signs that they state.

    Parameters
    ----------
    names : sequence of str
        Built-in scenarios or files.
    batches : mapping of str to Batch
        As `batches_of` returns them for these names.

    Returns
    -------
    tuple of SignCheck
        In the order of the names, then of their signs.

    Raises
    ------
    UsageError
        If a sign is of a measure that there is not.

    Examples
    --------
    >>> name = "doha_2020/deals/one_president"
    >>> check = check_signs([name], batches_of([name], runs=20, seed=1))[0]
    >>> check.measure.name, check.effect.pairs
    ('talks_began', 20)
    """
    return tuple(
        SignCheck(
            name,
            measures_of(batches[name].scenario)[measure],
            line,
            paired_effect(values_of(batches[line.against], measure), values_of(batches[name], measure)),
        )
        for name in names
        for measure, line in signs_of(batches[name].scenario).items()
    )


def expectation_table(batches: Mapping[str, Batch]) -> pd.DataFrame:
    """Hold the scenarios of a comparison to the signs that they state.

    Parameters
    ----------
    batches : mapping of str to Batch
        By name of the scenario, all under one seed.

    Returns
    -------
    pandas.DataFrame
        One row a sign, columns `COLUMNS`: ``against`` is the name of a scenario of the comparison where it was scored,
        ``verdict`` as of `SignCheck` or `NOT_SCORED`, with the reason in ``note``.
    """
    import pandas as pd

    rows: list[tuple[Any, ...]] = []
    for name, batch in batches.items():
        for measure, line in signs_of(batch.scenario).items():
            other = _named(line.against, batches)
            head = (name, measure, line.sign, other or line.against)
            why = "" if other else f"{line.against} is not compared here"
            if other == name:
                why = "it is the scenario itself"
            elif other:
                try:
                    e = paired_effect(values_of(batches[other], measure), values_of(batch, measure))
                except UsageError as error:
                    why = str(error)
                else:
                    verdict = verdict_of(line.sign, e.low, e.high)
                    rows.append((*head, e.difference, e.standard_error, e.low, e.high, e.pairs, verdict, ""))
                    continue
            rows.append((*head, *(np.nan,) * 4, 0, NOT_SCORED, why))
    return pd.DataFrame(rows, columns=list(COLUMNS))


def _named(against: str, batches: Mapping[str, Batch]) -> str | None:
    """Return what a comparison calls the scenario that a sign names: by its name, or by what it holds."""
    stem = against.removesuffix(".yaml").removesuffix(".yml")
    for name in (against, stem):
        if name in batches:
            return name
    try:
        digest = load(against).sha256
    except SimError:
        return None
    return next((name for name, batch in batches.items() if batch.scenario.sha256 == digest), None)


def expectation_words(table: pd.DataFrame, measures: Mapping[str, Measure]) -> tuple[str, ...]:
    """Say what came of each expected sign.

    Parameters
    ----------
    table : pandas.DataFrame
        As of `expectation_table`.
    measures : mapping of str to Measure
        By name.

    Returns
    -------
    tuple of str
        A sentence a sign.
    """
    sentences = []
    for row in table.to_dict("records"):
        measure = str(row["measure"])
        known = measures.get(measure)
        label = known.label if known is not None else measure.replace("_", " ")
        expected = f"{row['scenario']} expected {label} to go {row['sign']} against {row['against']}"
        if row["verdict"] == NOT_SCORED:
            sentences.append(f"{expected}: not scored, {row['note']}")
            continue
        scale, unit, places = (100.0, " points", 1) if known is not None and known.is_share else (1.0, "", 3)
        low, high = (f"{scale * row[end]:,.{places}f}" for end in ("low", "high"))
        sentences.append(
            f"{expected}: {row['verdict']} ({scale * row['difference']:+,.{places}f}{unit} [{low}, {high}])."
        )
    return tuple(text if text.endswith(".") else f"{text}." for text in sentences)
