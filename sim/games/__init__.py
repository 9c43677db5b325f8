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

from sim.lazy import lazy_names

# One line a public name: the name, and the module of this package that defines it.
_EXPORTS: dict[str, str | None] = {
    "Assessment": "finite.assessment",
    "BargainingRange": "theory.bargaining_range",
    "BayesianGame": "finite.bayesian",
    "BehaviorProfile": "finite.behavior",
    "Chance": "finite.tree_nodes",
    "CoalitionGame": "theory.coalitions",
    "CognitiveHierarchy": "finite.cognitive_hierarchy",
    "Commitment": "finite.commitment",
    "CommunicationEquilibrium": "finite.bayesian",
    "Conflict": "finite.conflict",
    "CorrelatedEquilibrium": "finite.correlated",
    "Decision": "finite.tree_nodes",
    "EwaParameters": "theory.ewa",
    "ExtensiveForm": "finite.extensive_form",
    "Frontier": "theory.pareto_frontier",
    "InformationSet": "finite.game_tree",
    "LogitBranch": "finite.branch",
    "MarkovPerfectEquilibrium": "stochastic.markov_perfect",
    "MixedProfile": "finite.profile",
    "MoverStage": "stochastic.backward_pass",
    "NormalForm": "finite.normal_form",
    "PrecisionFit": "finite.precision",
    "PrisonersDilemma": "theory.repeated",
    "ProfileSet": "finite.profile",
    "PublicMonitoring": "theory.monitoring",
    "RepeatedPayoffs": "theory.repeated_payoffs",
    "StationaryPlay": "stochastic.stationary_play",
    "StochasticGame": "stochastic.stochastic_game",
    "Terminal": "finite.tree_nodes",
    "Transitions": "stochastic.transitions",
    "bargain_among": "theory.axiomatic_bargaining",
    "bayes": "theory.signalling",
    "cognitive_hierarchy": "finite.cognitive_hierarchy",
    "commitment": "finite.commitment",
    "communication": "finite.bayesian",
    "correlated": "finite.correlated",
    "correlated_range": "finite.correlated",
    "disobedience": "finite.correlated",
    "egalitarian": "theory.axiomatic_bargaining",
    "ewa_path": "theory.ewa",
    "ewa_play": "theory.ewa",
    "ewa_step": "theory.ewa",
    "ewa_update": "theory.ewa_update",
    "fill_logit": "numerics.logit_response",
    "fit_precision": "finite.precision",
    "kalai_smorodinsky": "theory.axiomatic_bargaining",
    "load_stochastic_table": "formats.stochastic_table",
    "logit_probabilities": "numerics.logit_response",
    "markov_perfect": "stochastic.markov_perfect",
    "matrix_game_value": "finite.matrix_game",
    "monitoring_region": "theory.monitoring",
    "most_messages": "theory.cheap_talk",
    "nash_bargain": "theory.axiomatic_bargaining",
    "pareto_efficient": "theory.pareto_frontier",
    "peace_range": "theory.bargaining_range",
    "play_fictitiously": "theory.fictitious_play",
    "power_shift": "theory.shifting_power",
    "read_stochastic_table": "formats.stochastic_table",
    "repeated_payoffs": "theory.repeated_payoffs",
    "risk_return_offer": "theory.bargaining_range",
    "rubinstein": "theory.alternating_offers",
    "screening_path": "theory.screening",
    "settlement_protocol": "theory.settlement",
    "signalling_delay": "theory.screening",
    "solve_backward": "stochastic.backward_pass",
    "solve_decision": "stochastic.markov_decision",
    "spoiler_attack": "theory.spoiler",
    "stabilising_preferences": "finite.inverse_stability",
    "stability": "finite.ordinal_stability",
    "stationary_logit": "stochastic.stationary",
    "subgame_regrets": "finite.behavior",
    "talk_partition": "theory.cheap_talk",
    "trust_threshold": "theory.assurance",
    "tullock_contest": "theory.contest",
    "two_type_signalling": "theory.signalling",
    "war_of_attrition": "theory.attrition",
    "write_stochastic_table": "formats.stochastic_table",
    "zero_sum_value": "stochastic.zero_sum",
}

__all__ = sorted(_EXPORTS)
__getattr__, __dir__ = lazy_names(__name__, _EXPORTS)
