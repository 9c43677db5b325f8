"""Payoff models: their published numbers and their laws."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.errors import UsageError
from sim.model.payoff_models.cobb_douglas import cobb_douglas
from sim.model.payoff_models.linear import linear
from sim.model.payoff_models.power import power
from sim.model.payoff_models.prospect import probability_weight, prospect, prospect_value
from sim.rules.registry import registration
from sim.scenario.catalogue import MAX_PARAMETERS, MAX_TERMS
from sim.scenario.named_functions import PAYOFF_MODELS

numbers = st.lists(st.floats(-3, 3), min_size=MAX_TERMS, max_size=MAX_TERMS).map(np.array)


def parameters(*plain: float, each: float = 0.0) -> np.ndarray:
    """Return an array of parameters, those of every term alike."""
    array = np.full(MAX_PARAMETERS + MAX_TERMS, each)
    array[: len(plain)] = plain
    return array


def filled(model, features, weights, given, count=MAX_TERMS) -> np.ndarray:
    """Return the terms that a model fills."""
    terms = np.full(MAX_TERMS, np.nan)
    model(features, weights, given, count, terms)
    return terms


def test_prospect_values_and_weights_are_published_ones():
    """Tversky and Kahneman (1992): v(100), v(-100) and w+(.1), with their medians as defaults."""
    assert prospect_value(100.0) == pytest.approx(57.543994, abs=1e-6)
    assert prospect_value(-100.0) == pytest.approx(-129.473986, abs=1e-6)
    assert probability_weight(0.1) == pytest.approx(0.186303, abs=1e-6)


@given(st.floats(0, 1), st.floats(0.3, 1))
def test_probability_weights_are_probabilities(probability, gamma):
    """Weights lie in [0, 1], keep 0 and 1, and are the probability itself without curvature."""
    assert 0.0 <= probability_weight(probability, gamma) <= 1.0
    assert (probability_weight(0.0, gamma), probability_weight(1.0, gamma)) == (0.0, 1.0)
    assert probability_weight(probability, 1.0) == pytest.approx(probability)


def test_bad_probabilities_are_refused():
    """A probability outside [0, 1] and a curvature outside (0, 1] are refused."""
    with pytest.raises(UsageError, match="probability"):
        probability_weight(1.5)
    with pytest.raises(UsageError, match="gamma"):
        probability_weight(0.5, 0.0)


@given(numbers, numbers)
def test_special_cases_are_linear(features, weights):
    """Power 1, and prospect theory without curvature, aversion and reference, are the linear model."""
    expected = filled(linear, features, weights, parameters())
    assert filled(power, features, weights, parameters(each=1.0)) == pytest.approx(expected)
    assert filled(prospect, features, weights, parameters(1.0, 1.0, 1.0)) == pytest.approx(expected)


@given(numbers, numbers, st.floats(0.2, 2))
def test_power_is_odd(features, weights, alpha):
    """Turning every feature's sign turns every term's sign."""
    given_ = parameters(each=alpha)
    assert filled(power, -features, weights, given_) == pytest.approx(-filled(power, features, weights, given_))


@given(numbers, numbers, st.floats(0.1, 3))
def test_losses_loom_larger(changes, weights, reference):
    """Against the reference, a loss costs loss aversion times what the gain of the same size brings."""
    given_ = parameters(0.88, 0.88, 2.25, each=reference)
    terms = filled(prospect, reference + changes, weights, given_)
    mirrored = filled(prospect, reference - changes, weights, given_)
    gains, losses = np.maximum(terms, mirrored), np.minimum(terms, mirrored)
    assert losses == pytest.approx(-2.25 * gains, rel=1e-9, abs=1e-9)


@given(
    st.lists(st.floats(0.01, 1), min_size=3, max_size=3).map(np.array),
    st.lists(st.floats(-2, 2), min_size=3, max_size=3).map(np.array),
)
def test_cobb_douglas_terms_are_shares_of_the_product(features, weights):
    """Terms sum to the product of powers of goods and of what is left of bads; each is its exponent's share."""
    total = np.abs(weights).sum()
    terms = filled(cobb_douglas, features, weights, parameters(0.001, each=1.0), 3)[:3]
    if total == 0:
        assert (terms == 0).all()
        return
    goods = np.maximum(np.where(weights > 0, features, 1 - features), 0.001)
    flow = total * np.prod(goods ** (np.abs(weights) / total))
    assert terms.sum() == pytest.approx(flow)
    assert terms == pytest.approx(np.abs(weights) / total * flow)


def test_a_good_that_is_missing_is_missing_for_all():
    """Without a floor, one good at 0 makes the whole flow 0; with all goods at 1 it is the sum of the weights."""
    assert (
        filled(cobb_douglas, np.array([0.0, 0.9]), np.array([1.0, 3.0]), parameters(0.0, each=1.0), 2)[:2].sum() == 0.0
    )
    assert filled(cobb_douglas, np.ones(2), np.array([1.0, 3.0]), parameters(0.0, each=1.0), 2)[:2].sum() == 4.0


@pytest.mark.parametrize("model", [model.name for model in PAYOFF_MODELS])
def test_only_the_terms_that_exist_are_filled(model):
    """Terms from `count` on are left alone."""
    given_ = parameters(0.5, 0.5, 0.5, each=0.5)
    terms = filled(registration("payoff_model", model).function, np.full(12, 0.5), np.full(12, 0.5), given_, 4)
    assert np.isfinite(terms[:4]).all()
    assert np.isnan(terms[4:]).all()
