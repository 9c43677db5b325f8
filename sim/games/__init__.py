"""Finite games and the published results of bargaining, conflict and learning, knowing nothing of any scenario.

Names are imported when they are first used (PEP 562), so ``import sim.games`` costs nothing.

Examples
--------
>>> import sim.games
>>> chicken = sim.games.NormalForm([[[0, 7], [2, 6]], [[0, 2], [7, 6]]])
>>> [profile.pure for profile in chicken.pure_nash()]
[(0, 1), (1, 0)]
"""

from __future__ import annotations

import importlib
from typing import Any

# One line a public name: the name, and the module of this package that defines it.
_EXPORTS: dict[str, str] = {
    "BargainingRange": "bargaining_range",
    "BehaviorProfile": "behavior",
    "Chance": "tree_nodes",
    "Conflict": "conflict",
    "Decision": "tree_nodes",
    "EwaParameters": "ewa",
    "ExtensiveForm": "extensive_form",
    "Frontier": "pareto_frontier",
    "InformationSet": "game_tree",
    "LogitBranch": "branch",
    "MixedProfile": "profile",
    "MoverStage": "backward_pass",
    "NormalForm": "normal_form",
    "PrecisionFit": "precision",
    "PrisonersDilemma": "repeated",
    "ProfileSet": "profile",
    "PublicMonitoring": "monitoring",
    "StationaryPlay": "stationary_play",
    "StochasticGame": "stochastic_game",
    "Terminal": "tree_nodes",
    "Transitions": "transitions",
    "bargain_among": "axiomatic_bargaining",
    "bayes": "signalling",
    "egalitarian": "axiomatic_bargaining",
    "ewa_path": "ewa",
    "ewa_play": "ewa",
    "ewa_step": "ewa",
    "ewa_update": "ewa",
    "fill_logit": "logit_response",
    "fit_precision": "precision",
    "kalai_smorodinsky": "axiomatic_bargaining",
    "load_stochastic_table": "stochastic_table",
    "logit_probabilities": "logit_response",
    "matrix_game_value": "matrix_game",
    "monitoring_region": "monitoring",
    "most_messages": "cheap_talk",
    "nash_bargain": "axiomatic_bargaining",
    "pareto_efficient": "pareto_frontier",
    "peace_range": "bargaining_range",
    "play_fictitiously": "fictitious_play",
    "power_shift": "shifting_power",
    "read_stochastic_table": "stochastic_table",
    "risk_return_offer": "bargaining_range",
    "rubinstein": "alternating_offers",
    "solve_backward": "backward_pass",
    "solve_decision": "markov_decision",
    "spoiler_attack": "spoiler",
    "stabilising_preferences": "inverse_stability",
    "stability": "ordinal_stability",
    "stationary_logit": "stationary",
    "subgame_regrets": "behavior",
    "talk_partition": "cheap_talk",
    "trust_threshold": "assurance",
    "tullock_contest": "contest",
    "two_type_signalling": "signalling",
    "war_of_attrition": "attrition",
    "write_stochastic_table": "stochastic_table",
    "zero_sum_value": "zero_sum",
}

__all__ = sorted(_EXPORTS)


def __getattr__(name: str) -> Any:
    """Import the module that defines `name` and keep the attribute."""
    if name not in _EXPORTS:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(importlib.import_module(f"{__name__}.{_EXPORTS[name]}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    """List the public names, imported or not."""
    return sorted({*globals(), *_EXPORTS})
