"""The precision fitted to data: the published estimate, Gambit's estimates, and the interval's definition."""

import numpy as np
import pygambit
import pytest
from game_strategies import centipede, random_game, stripped_down_poker
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.errors import ConvergenceWarning, UsageError
from sim.games import NormalForm
from sim.games.formats.gambit import to_gambit

OCHS = NormalForm([[[1.1141, 0], [0, 0.2785]], [[0, 1.1141], [1.1141, 0]]])
COUNTS = [[128 * 0.527, 128 * 0.473], [128 * 0.366, 128 * 0.634]]


def log_likelihood(game, lam, counts):
    """Return the log-likelihood of a fitted precision from its definition."""
    profile = game.logit_qre(lam) if isinstance(game, NormalForm) else game.agent_qre(lam)
    return sum(float(np.dot(c, np.log(v))) for c, v in zip(counts, profile, strict=True))


def test_ochs_data():
    """The estimate for Ochs's data in McKelvey and Palfrey (1995): lam 1.84561, log-likelihood -174.764532."""
    fit = OCHS.fit_precision(COUNTS)
    assert fit.converged
    assert fit.lam == pytest.approx(1.84561, abs=1e-5)
    assert fit.log_likelihood == pytest.approx(-174.764532, abs=1e-5)
    assert fit.observations == pytest.approx(256.0)
    assert fit.log_likelihood_uniform < fit.log_likelihood < fit.log_likelihood_saturated
    assert fit.residual < 1e-9


@pytest.mark.parametrize(("level", "quantile"), [(0.95, 3.841458820694124), (0.5, 0.45493642311957283)])
def test_the_interval_ends_where_the_likelihood_has_fallen_by_half_the_quantile(level, quantile):
    """At both ends twice the fall of the log-likelihood is the chi-square quantile (Venzon and Moolgavkar 1988)."""
    fit = OCHS.fit_precision(COUNTS, level=level)
    for end in fit.interval:
        assert 2 * (fit.log_likelihood - log_likelihood(OCHS, end, COUNTS)) == pytest.approx(quantile, abs=1e-7)
    assert fit.interval[0] < fit.lam < fit.interval[1]


@settings(max_examples=25, deadline=None)
@given(st.lists(st.integers(1, 60), min_size=4, max_size=4), st.floats(0.0, 12.0))
def test_no_other_precision_fits_better(counts, lam):
    """No precision of the branch has a higher likelihood than the estimate."""
    table = [counts[:2], counts[2:]]
    fit = OCHS.logit_branch(12.0)
    import warnings

    from sim.games import fit_precision

    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)
        best = fit_precision(fit, table)
    assert log_likelihood(OCHS, lam, table) <= best.log_likelihood + 1e-9
    assert best.interval[0] <= best.lam <= best.interval[1]


@pytest.mark.parametrize("seed", range(3))
def test_gambit_estimates_the_same_precision(seed):
    """Gambit's maximum likelihood estimate along the branch is the same, for games of other sizes."""
    game = random_game(seed, (3, 3))
    counts = [np.round(200 * v) for v in game.logit_qre(6.0)]
    theirs = to_gambit(game)
    data = theirs.mixed_strategy_profile()
    for player, row in zip(theirs.players, counts, strict=True):
        data[player] = dict(zip(theirs.get_strategies(player), row.tolist(), strict=True))
    other = pygambit.qre.logit_estimate(data)
    fit = game.fit_precision(counts)
    assert fit.lam == pytest.approx(other.lam, rel=1e-4)
    assert fit.log_likelihood == pytest.approx(other.log_like, abs=1e-6)


def test_a_known_precision_is_recovered():
    """Expected counts at a precision give that precision back, in normal and in extensive form."""
    game = random_game(3, (2, 3, 2))
    fit = game.fit_precision([1000 * v for v in game.logit_qre(4.0)])
    assert fit.lam == pytest.approx(4.0, abs=1e-6)
    poker = stripped_down_poker()
    fit = poker.fit_precision([1000 * v for v in poker.agent_qre(1.5)])
    assert fit.lam == pytest.approx(1.5, abs=1e-6)
    tree = centipede([(0.4, 0.1), (0.2, 0.8), (1.6, 0.4), (0.8, 3.2)], (6.4, 1.6))
    fit = tree.fit_precision([1000 * v for v in tree.agent_qre(1.0)])
    assert fit.lam == pytest.approx(1.0, abs=1e-6)


def test_play_that_equilibrium_cannot_explain_gives_zero():
    """If every precision fits worse than uniform play the estimate is 0 and the interval begins there."""
    fit = NormalForm([[[2, 2], [0, 0]], [[1, 1], [1, 1]]]).fit_precision([[10, 30], [20, 20]])
    assert fit.lam == 0.0
    assert fit.interval[0] == 0.0
    assert fit.converged
    assert fit.log_likelihood == pytest.approx(fit.log_likelihood_uniform)


def test_perfect_play_has_no_finite_estimate():
    """If only best replies were played the likelihood rises without end: converged False, an open interval."""
    with pytest.warns(ConvergenceWarning, match="still rises"):
        fit = NormalForm([[[2, 2], [0, 0]], [[1, 1], [1, 1]]]).fit_precision([[30, 0], [20, 20]])
    assert not fit.converged
    assert fit.interval[1] == np.inf


def test_a_flat_likelihood_is_no_estimate():
    """If play is the same at every precision the answer says that nothing was estimated."""
    with pytest.warns(ConvergenceWarning, match="same at every precision"):
        fit = NormalForm([[[1, -1], [-1, 1]], [[-1, 1], [1, -1]]]).fit_precision([[3, 7], [5, 5]])
    assert not fit.converged


@pytest.mark.parametrize(
    ("counts", "message"),
    [
        ([[1, 2]], "found 1 lists"),
        ([[1, 2, 3], [1, 2]], "counts\\[0\\]"),
        ([[1, -2], [1, 2]], "at least 0"),
        ([[np.nan, 2], [1, 2]], "finite"),
        ([[0, 0], [0, 0]], "no observations"),
    ],
)
def test_counts_that_do_not_fit_are_refused(counts, message):
    """Counts of the wrong shape, negative, NaN or all zero raise UsageError."""
    with pytest.raises(UsageError, match=message):
        OCHS.fit_precision(counts)


def test_a_level_must_be_a_share():
    """A confidence level outside (0, 1) raises UsageError."""
    with pytest.raises(UsageError, match="level"):
        OCHS.fit_precision(COUNTS, level=95)
