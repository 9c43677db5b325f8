"""Payoff models: how features become util. One file each, all with the signature that `sim.model.payoffs` states."""
