"""A scenario solved as a game: libraries of policies, the game they make, its equilibria, and what is known of them.

The *empirical game* of a scenario has the deciding actors as players and policies, whole ways to choose, as
strategies. Payoffs of profiles of policies are means over simulated worlds with common luck (Wellman 2006); the table
is solved as any finite game (`sim.games`); best responses are learned against what comes out and join the library
(policy-space response oracles, Lanctot et al. 2017). Nothing here claims that an equilibrium of the table is one of the
scenario: each is handed over with what the best deviation that anybody found against it gains.

References
----------
Wellman, M. P. (2006). Methods for empirical game-theoretic analysis (extended abstract). AAAI, 1552-1555.
Lanctot, M. et al. (2017). A unified game-theoretic approach to multiagent reinforcement learning. NeurIPS 30.
"""
