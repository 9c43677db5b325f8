"""Beliefs where play never leads."""

import numpy as np
import pytest
from game_strategies import signalling_games
from hypothesis import HealthCheck, given, settings

from sim.errors import ConvergenceWarning
from sim.games import Chance, Decision, ExtensiveForm, Terminal


def beer_quiche() -> ExtensiveForm:
    """Return the game of Cho and Kreps (1987): the surly (.9) likes beer, the wimp quiche, neither likes a fight."""

    def breakfast(surly: bool) -> Decision:
        def then(meal: str) -> Decision:
            liked = 1.0 if (meal == "beer") == surly else 0.0
            fight = Terminal([liked, 0.0 if surly else 1.0])
            return Decision("other", {"fight": fight, "leave": Terminal([liked + 2.0, 1.0 if surly else 0.0])}, meal)

        return Decision("sender", {"beer": then("beer"), "quiche": then("quiche")}, "surly" if surly else "wimp")

    return ExtensiveForm(
        Chance({"surly": (0.9, breakfast(True)), "wimp": (0.1, breakfast(False))}), players=["sender", "other"]
    )


def test_beer_and_quiche():
    """Cho and Kreps (1987): both drink beer; whoever ate quiche would be taken for a wimp and fought."""
    found = beer_quiche().assessment()
    assert found.converged
    assert found.profile.at("sender.surly")["beer"] > 0.999
    assert found.profile.at("sender.wimp")["beer"] > 0.99
    assert found.beliefs["other.beer"]["surly, beer"] == pytest.approx(0.9, abs=0.01)
    assert found.beliefs["other.quiche"]["wimp, quiche"] > 0.5
    assert found.reached == {"sender.surly": True, "sender.wimp": True, "other.beer": True, "other.quiche": False}


def test_perfect_information_leaves_nothing_to_believe():
    """In a chain store's tree each set is one node; the threat to fight is not carried out even off the path."""
    threat = Decision("II", {"fight": Terminal([-1, -1]), "yield": Terminal([1, 0])})
    found = ExtensiveForm(Decision("I", {"in": threat, "out": Terminal([0, 2])})).assessment()
    assert found.beliefs == {"I.1": {"": 1.0}, "II.1": {"in": 1.0}}
    assert found.profile.at("II.1")["yield"] > 0.999


@settings(max_examples=20, suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(signalling_games())
def test_beliefs_are_probabilities_and_moves_best_under_them(game):
    """Beliefs sum to 1 at every set, reached or not, and what the best move gains under them is the certificate."""
    import warnings

    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)
        found = game.assessment()
    for beliefs in found.beliefs.values():
        assert sum(beliefs.values()) == pytest.approx(1.0, abs=1e-9)
    assert not any(np.isnan(found.profile.one_shot_regrets))
    assert found.converged == (found.residual <= 1e-3) or not found.converged
