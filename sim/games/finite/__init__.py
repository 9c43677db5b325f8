"""Finite games: normal and extensive forms, their equilibria, logit equilibria and dominance, and ordinal conflicts."""
