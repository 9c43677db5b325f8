"""Shares of outcomes and their sampling error."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import sim
from sim.experiments.outcome_share import FAILED, OutcomeShare, outcome_shares


@given(st.integers(1, 5000), st.data())
def test_the_interval_holds_the_share(runs, data):
    """A Wilson interval lies in [0, 1] and holds the share; its width is never 0."""
    share = OutcomeShare("settlement", data.draw(st.integers(0, runs)), runs)
    low, high = share.interval
    assert 0.0 <= low <= share.share <= high <= 1.0
    assert high - low > 0.0


def test_published_interval():
    """For 81 of 263 the 95 % score interval is 0.2553 to 0.3662 (Newcombe 1998, Statistics in Medicine 17, table I)."""
    low, high = OutcomeShare("settlement", 81, 263).interval
    assert (round(low, 4), round(high, 4)) == (0.2553, 0.3662)


def test_the_interval_covers():
    """The interval of a share of 0.1 from 100 runs covers it in about 95 of 100 samples."""
    counts = np.random.default_rng(8).binomial(100, 0.1, 4000)
    covered = [low <= 0.1 <= high for low, high in (OutcomeShare("settlement", int(k), 100).interval for k in counts)]
    assert 0.92 < np.mean(covered) < 0.98


def test_shares_of_a_batch():
    """Every outcome is listed once, counts add up to the runs, and the errors are those that the batch states."""
    batch = sim.replicate(sim.load("doha_2020/baseline"), runs=64, seed=7)
    shares = outcome_shares(batch.outcome_table["outcome"], batch.scenario.outcome_names)
    assert [share.outcome for share in shares] == list(sim.load("doha_2020/baseline").outcome_names)
    assert sum(share.count for share in shares) == 64
    for share in shares:
        stated = batch.shares.loc[share.outcome]
        assert share.share == stated.share
        assert math.isclose(share.standard_error, stated.standard_error, abs_tol=1e-15)
        assert share.interval == pytest.approx((stated.low, stated.high), abs=1e-12)


def test_runs_that_failed_are_counted():
    """A run that stopped itself has no outcome and is counted as failed, so that the shares still add up to 1."""
    ends = np.array(["settlement", None, None, "stalemate"], dtype=object)
    shares = outcome_shares(ends, ["settlement", "stalemate"])
    assert shares[-1] == OutcomeShare(FAILED, 2, 4)
    assert sum(share.share for share in shares) == 1.0
