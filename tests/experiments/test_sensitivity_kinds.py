"""Factors are sorted into kinds by their paths, and totals are added up by kind."""

from __future__ import annotations

import numpy as np
import pytest
from sensitivity_functions import g_function, one_by_one, saltelli

import sim
from sim.experiments.sensitivity.factor_kinds import KINDS, kind_of
from sim.experiments.sensitivity.kind_shares import kind_shares
from sim.experiments.sensitivity.sobol_indices import SobolIndices, sobol_indices


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("deal.outcomes.civil_war.per_day", "hazards"),
        ("actors.a.payoff.per_year.attacks", "payoffs"),
        ("actors.a.discount_per_year", "payoffs"),
        ("actors.a.rule.parameters.depth", "rules"),
        ("actors.a.review.every_days", "rules"),
        ("actors.a.reconsiders_days", "rules"),
        ("actors.a.moves.free.release.per_day", "other"),
        ("deal.captives.prisoners.held", "deal"),
        ("world.reputation.gain", "world"),
        ("mechanisms.aid", "other"),
    ],
)
def test_kinds_follow_paths(path: str, kind: str) -> None:
    """A path has the kind of the first pattern that fits."""
    assert kind_of([path]) == kind


def test_a_factor_of_two_kinds_is_mixed() -> None:
    """Paths of one kind keep it, paths of several are mixed."""
    assert kind_of(["actors.a.payoff.x", "actors.b.payoff.x"]) == "payoffs"
    assert kind_of(["actors.a.payoff.x", "deal.outcomes.x.y"]) == "mixed"


def test_every_prior_of_a_scenario_has_a_kind() -> None:
    """No number of the shipped baseline with a prior or a fit falls through the patterns."""
    notes = sim.load("doha_2020/baseline").provenance
    kinds = {kind_of([path]) for path, note in notes.items() if note.used_to_fit}
    assert {"hazards", "payoffs", "rules"} <= kinds <= {kind for _, kind in KINDS}


def test_shares_are_sums_of_totals_over_their_sum() -> None:
    """Shares add up to 1, come largest first, and are sums of total-order indices."""
    known = g_function([0, 1, 4.5, 9])
    runs = known.function(saltelli(1024, one_by_one(4), seed=1))[:, :, None]
    indices = sobol_indices(("a", "b", "c", "d"), runs, shared_luck=True, resamples=100)
    shares = kind_shares(indices, ["rules", "hazards", "rules", "payoffs"])
    assert [share.kind for share in shares] == ["rules", "hazards", "payoffs"]
    assert sum(share.share for share in shares) == pytest.approx(1.0)
    assert shares[0].total == pytest.approx(indices.total[0] + indices.total[2])
    assert shares[0].factors == 2
    exact = known.total / known.total.sum()
    low, high = shares[0].interval
    assert low < exact[0] + exact[2] < high


def test_the_error_of_a_share_is_that_of_resampled_shares() -> None:
    """The delta method agrees with draws from the normal law of the totals to a tenth."""
    total = np.array([0.6, 0.3, 0.2])
    root = np.array([[0.02, 0.0, 0.0], [0.01, 0.02, 0.0], [-0.005, 0.0, 0.015]])
    found = SobolIndices(("a", "b", "c"), total, total, total, total, total, total, root @ root.T, 64, 1)
    share = next(s for s in kind_shares(found, ["x", "y", "x"]) if s.kind == "x")
    drawn = total + np.random.default_rng(1).normal(size=(20_000, 3)) @ root.T
    sampled = (drawn[:, 0] + drawn[:, 2]) / drawn.sum(axis=1)
    assert share.standard_error == pytest.approx(sampled.std(), rel=0.1)
