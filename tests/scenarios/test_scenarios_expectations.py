"""What built-in scenarios expect of themselves, on paired runs; what is not borne out stands in their headers."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

import sim
from sim.experiments.paired_effect import paired_effect
from sim.record import named_record
from sim.scenario import builtin_root

RUNS = 400
SEED = 1
Table = Mapping[str, NDArray[Any]]


def known_days(column: str) -> Callable[[Table], NDArray[np.float64]]:
    """Return a measure: the day on which something happens; pairs in which it does not on both sides are left out."""
    return lambda table: table[column]


def ends_in(outcome: str) -> Callable[[Table], NDArray[np.bool_]]:
    """Return a measure: whether a run ends in an outcome."""
    return lambda table: table["outcome"] == outcome


def talks_begin(table: Table) -> NDArray[np.bool_]:
    """Say in which runs talks open at some time."""
    return ~np.isnan(table["talks_day"])


@dataclass(frozen=True)
class Expectation:
    """One line of ``expects``.

    Attributes
    ----------
    scenario, than, key : str
        Which scenario, compared with which, and the line.
    measure : callable
        From outcome columns to a value a run.
    sign : int
        What the line says: 1 more or later, -1 less or sooner.
    borne_out : bool
        What the runs say.
    """

    scenario: str
    than: str
    key: str
    measure: Callable[[Table], NDArray[Any]]
    sign: int
    borne_out: bool = True


EXPECTATIONS = (
    Expectation("hawkish", "central", "talks_open", talks_begin, -1),
    Expectation("dovish", "central", "talks_open", talks_begin, 1, borne_out=False),
    Expectation("taliban_terms", "baseline", "talks_open", known_days("talks_day"), -1),
    Expectation("taliban_terms", "baseline", "returned", known_days("returned_taliban_prisoners"), 1, borne_out=False),
    Expectation("uniform", "baseline", "first_release", known_days("first_release_day"), -1, borne_out=False),
    Expectation("no_release", "baseline", "government_collapse", ends_in("government_collapse"), 1),
    Expectation("no_release", "baseline", "deal_void", ends_in("deal_void"), 1),
)


@cache
def outcomes(name: str) -> Table:
    """Return the outcome columns of a Doha scenario."""
    return sim.replicate(sim.load(f"doha_2020/{name}"), runs=RUNS, seed=SEED).outcome_table


@pytest.mark.parametrize("expected", EXPECTATIONS, ids=lambda e: f"{e.scenario}-{e.key}")
def test_an_expected_sign(expected: Expectation) -> None:
    """The 95 % interval of the paired difference lies on the expected side, or the header says that it does not."""
    assert expected.key in sim.load(f"doha_2020/{expected.scenario}").expects
    effect = paired_effect(expected.measure(outcomes(expected.than)), expected.measure(outcomes(expected.scenario)))
    print(f"{expected.scenario}, {expected.key}: {effect.difference:+.3f} [{effect.low:+.3f}, {effect.high:+.3f}]")
    header = (builtin_root() / "doha_2020" / f"{expected.scenario}.yaml").read_text(encoding="utf-8")
    assert (effect.sign == expected.sign) == expected.borne_out
    assert (f"Not borne out: {expected.key}." in header) == (not expected.borne_out)


def test_without_releases_nothing_that_needs_them_happens() -> None:
    """no_release: no first release, no talks, no settlement, no captive home, in none of the runs."""
    table = outcomes("no_release")
    assert {"first_release", "talks_open", "settlement", "captives_complete"} <= set(
        sim.load("doha_2020/no_release").expects
    )
    for column in ("first_release_day", "talks_day", "captives_complete_day"):
        assert np.isnan(table[column]).all()
    assert not (table["outcome"] == "settlement").any()
    assert not table["released"].any()


def test_the_historical_moves_free_captives_as_the_record_says() -> None:
    """historical: within 500 of the record on every date, within 201 but for the days of 24 to 31 May 2020."""
    scenario = sim.load("doha_2020/historical")
    assert "persons_freed" in scenario.expects
    name = "persons_freed(taliban_prisoners)"
    freed = sim.replicate(scenario, runs=20, seed=SEED).series_bands([name], (0.5,))[0].values[:, 0]
    record = named_record("doha_2020").series(name)
    gaps = {o.date: abs(float(freed[(o.date - scenario.start).days]) - o.value) for o in record}
    assert len(gaps) >= 20
    assert max(gaps.values()) <= 500
    eid = (dt.date(2020, 5, 24), dt.date(2020, 5, 31))
    assert all(gap <= 201 for date, gap in gaps.items() if not eid[0] <= date <= eid[1])
