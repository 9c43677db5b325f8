"""Stochastic games: transitions, decision processes, zero-sum values, stationary logit equilibria, backward passes."""
