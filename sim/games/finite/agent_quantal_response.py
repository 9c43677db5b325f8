r"""Agent quantal response equilibrium of a game in extensive form.

A player is a team of agents, one for each information set h, who answer the values of their own moves by logit,

.. math:: p_{ha} = \frac{\exp(\lambda U_{ha}(p))}{\sum_b \exp(\lambda U_{hb}(p))}, \qquad
          U_{ha}(p) = \sum_{x \in h} b_h(x) V_i(x \cdot a),

where b are Bayesian beliefs given that h is reached and V the expected payoffs from there on, when everyone plays p. As
every move has positive probability, beliefs are always defined.

With **perfect information** values depend only on what comes later: one pass from the ends gives the only equilibrium.
Otherwise the principal branch from uniform play is followed in the log-odds of the moves, with beliefs
computed from logarithms, so they stay exact where probabilities vanish. As the precision grows, the limit is a
sequential equilibrium.

Source: McKelvey, R. and Palfrey, T. (1998), Quantal response equilibria for extensive form games, Experimental
Economics 1, 9-41; Turocy, T. (2010), Computing sequential equilibria using agent quantal response equilibria, Economic
Theory 42, 255-269.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from sim.compiled import compiled
from sim.errors import GameError, UsageError
from sim.games.finite.backward_induction import children_by_slot
from sim.games.finite.behavior import BehaviorProfile, certified_behavior, move_values
from sim.games.finite.branch import LogitBranch, followed_branch
from sim.games.finite.game_tree import GameTree
from sim.games.finite.quantal_response import checked_precisions, residual_tolerance
from sim.games.finite.tree_passes import backward_pass, node_values

Array = NDArray[np.float64]
Indices = NDArray[np.int64]

MAX_UNKNOWNS = 2_000


@compiled
def _log_probabilities(z: Array, offsets: Indices) -> Array:
    """Return log probabilities of log-odds against the first move of each information set."""
    logs = np.empty(offsets[len(offsets) - 1])
    for h in range(len(offsets) - 1):
        start, stop = offsets[h], offsets[h + 1]
        top = 0.0
        for s in range(start + 1, stop):
            top = max(top, z[s - h - 1])
        total = math.exp(-top)
        for s in range(start + 1, stop):
            total += math.exp(z[s - h - 1] - top)
        base = top + math.log(total)
        logs[start] = -base
        for s in range(start + 1, stop):
            logs[s] = z[s - h - 1] - base
    return logs


@compiled
def _agent_system(
    z: Array,
    mu: float,
    parent: Indices,
    owner: Indices,
    log_chance: Array,
    payoffs: Array,
    information: Indices,
    slot: Indices,
    offsets: Indices,
    rates: Array,
) -> tuple[Array, Array]:
    """Return F_ha = z_ha - mu rate (U_ha - U_h1) and its derivatives by (z, mu).

    Derivatives are taken by the log probability of each move in turn: of the values from the ends, of the beliefs
    from how often the move lies on the way to a node.
    """
    n, players = payoffs.shape
    sets, moves = len(offsets) - 1, offsets[len(offsets) - 1]
    logs = _log_probabilities(z, offsets)
    edges = np.empty(n)
    reach = np.zeros(n)
    for x in range(n):
        log_edge = logs[slot[x]] if slot[x] >= 0 else log_chance[x]
        edges[x] = math.exp(log_edge)
        if x > 0:
            reach[x] = reach[parent[x]] + log_edge
    values = node_values(parent, edges, payoffs)
    top = np.full(sets, -np.inf)
    for x in range(n):
        if information[x] >= 0:
            top[information[x]] = max(top[information[x]], reach[x])
    belief = np.zeros(n)
    total = np.zeros(sets)
    for x in range(n):
        if information[x] >= 0:
            belief[x] = math.exp(reach[x] - top[information[x]])
            total[information[x]] += belief[x]
    worth = np.zeros(moves)
    for x in range(n):
        if information[x] >= 0:
            belief[x] /= total[information[x]]
        if slot[x] >= 0:
            worth[slot[x]] += belief[parent[x]] * values[x, owner[parent[x]]]
    slopes = np.zeros((moves, moves))
    below = np.zeros((n, players))
    passed = np.zeros(n)
    mean = np.zeros(sets)
    for column in range(moves):
        mean[:] = 0.0
        passed[0] = 0.0
        for x in range(n):
            if x > 0:
                passed[x] = passed[parent[x]] + (1.0 if slot[x] == column else 0.0)
            if information[x] >= 0:
                mean[information[x]] += belief[x] * passed[x]
            for i in range(players):
                below[x, i] = 0.0
        for x in range(n - 1, 0, -1):
            above = parent[x]
            for i in range(players):
                change = below[x, i]
                if slot[x] == column:
                    change += values[x, i]
                below[above, i] += edges[x] * change
            if slot[x] >= 0:
                who = owner[above]
                slopes[slot[x], column] += belief[above] * (
                    (passed[above] - mean[information[above]]) * values[x, who] + below[x, who]
                )
    unknowns = len(z)
    result = np.empty(unknowns)
    derivatives = np.zeros((unknowns, unknowns + 1))
    for h in range(sets):
        first = offsets[h]
        for s in range(first + 1, offsets[h + 1]):
            row = s - h - 1
            gain = worth[s] - worth[first]
            result[row] = z[row] - mu * rates[h] * gain
            derivatives[row, unknowns] = -rates[h] * gain
            for k in range(sets):
                sum_of_slopes = 0.0
                for b in range(offsets[k], offsets[k + 1]):
                    sum_of_slopes += slopes[s, b] - slopes[first, b]
                for c in range(offsets[k] + 1, offsets[k + 1]):
                    slope = slopes[s, c] - slopes[first, c] - math.exp(logs[c]) * sum_of_slopes
                    derivatives[row, c - k - 1] = -mu * rates[h] * slope
            derivatives[row, row] += 1.0
    return result, derivatives


def agent_qre(tree: GameTree, lam: float | Sequence[float]) -> BehaviorProfile:
    """Return the agent quantal response equilibrium at a precision, on the principal branch.

    Parameters
    ----------
    tree : GameTree
    lam : float or sequence of float
        Precision in 1 / payoff unit, at least 0; one number, or one per player.

    Returns
    -------
    BehaviorProfile
        With perfect information the only one, computed in one pass.

    Raises
    ------
    UsageError
        If a precision is negative or not finite.
    GameError
        If a player forgets its own past moves (absent-mindedness), or an information set is never reached because
        chance has probability 0.

    Warns
    -----
    ConvergenceWarning
        If the branch could not be followed so far.

    Examples
    --------
    >>> from sim.games.finite.tree_nodes import Decision, Terminal, tree_of
    >>> round(float(agent_qre(tree_of(Decision("I", {"a": Terminal([1]), "b": Terminal([0])})), 1.0)[0][0]), 9)
    0.731058579
    """
    rates = checked_precisions(lam, len(tree.players))
    largest = float(rates.max())
    if not tree.has_perfect_information:
        if np.ndim(lam) == 0 or largest == 0.0:
            return agent_branch(tree, largest).end
        return agent_branch(tree, largest, (rates / largest).tolist()).end
    behavior, logs, _, _ = backward_pass(
        tree.parent,
        tree.owner,
        tree.chance,
        tree.payoffs,
        tree.information,
        tree.offsets,
        children_by_slot(tree),
        rates,
        0.0,
        False,
    )
    return _certified(tree, np.asarray(behavior), np.asarray(logs), rates, largest, 0, unique=True)


def agent_branch(
    tree: GameTree, lam_max: float, weights: Sequence[float] | None = None
) -> LogitBranch[BehaviorProfile]:
    """Return the principal branch of agent quantal response equilibria up to a precision.

    Parameters
    ----------
    tree : GameTree
    lam_max : float
        In 1 / payoff unit.
    weights : sequence of float, optional
        Player i's precision is ``weights[i] * lam``; 1 for all by default.

    Returns
    -------
    LogitBranch

    Raises
    ------
    UsageError
        If `lam_max` or a weight is negative or not finite.
    GameError
        If the game is absent-minded, has an information set that chance never reaches, or is too large.

    Warns
    -----
    ConvergenceWarning
        If the branch could not be followed to `lam_max`.

    Examples
    --------
    >>> from sim.games.finite.tree_nodes import Decision, Terminal, tree_of
    >>> agent_branch(tree_of(Decision("I", {"a": Terminal([1]), "b": Terminal([0])})), 5.0).converged
    True
    """
    rates = checked_precisions(1.0 if weights is None else weights, len(tree.players))
    if np.ndim(lam_max) != 0:
        raise UsageError(f"lam_max: found {lam_max!r}, expected one number")
    last = float(checked_precisions(lam_max, 1)[0])
    _check_branch_exists(tree)
    scale = tree.payoff_range or 1.0
    payoffs = np.ascontiguousarray(tree.payoffs / scale)
    with np.errstate(divide="ignore"):
        log_chance = np.log(tree.chance)
    by_set = np.array([rates[h.player] for h in tree.information_sets])

    def system(z: Array, mu: float) -> tuple[Array, Array]:
        values, derivatives = _agent_system(
            np.ascontiguousarray(z),
            mu,
            tree.parent,
            tree.owner,
            log_chance,
            payoffs,
            tree.information,
            tree.slot,
            tree.offsets,
            by_set,
        )
        return values, derivatives

    def probabilities(z: Array) -> Array:
        return np.asarray(np.exp(_log_probabilities(np.ascontiguousarray(z), tree.offsets)))

    def profile(z: Array, lam: float, iterations: int) -> BehaviorProfile:
        logs = np.asarray(_log_probabilities(np.ascontiguousarray(z), tree.offsets))
        largest = float(rates.max()) * lam if weights is not None else lam
        return _certified(tree, np.exp(logs), logs, rates * lam, largest, iterations, unique=False)

    unknowns = int(tree.offsets[-1]) - len(tree.information_sets)
    return followed_branch(system, unknowns, scale, last, probabilities, profile, tuple(int(k) for k in tree.offsets))


def log_behavior(tree: GameTree, branch: LogitBranch[BehaviorProfile]) -> Array:
    """Return the logarithms of the probabilities at the end of a branch, which do not vanish where these do.

    Parameters
    ----------
    tree : GameTree
    branch : LogitBranch
        Of this tree.

    Returns
    -------
    ndarray
        In one row.

    Examples
    --------
    >>> from sim.games.finite.tree_nodes import Decision, Terminal, tree_of
    >>> tree = tree_of(Decision("I", {"a": Terminal([0]), "b": Terminal([1])}))
    >>> log_behavior(tree, agent_branch(tree, 1000.0)).tolist()
    [-1000.0, 0.0]
    """
    return np.asarray(_log_probabilities(np.ascontiguousarray(branch.curve.points[-1][:-1]), tree.offsets))


def _certified(
    tree: GameTree, behavior: Array, logs: Array, rates: Array, lam: float, iterations: int, *, unique: bool
) -> BehaviorProfile:
    worth = move_values(tree, behavior, logs)
    residual = 0.0
    for h, (a, b) in enumerate(zip(tree.offsets[:-1], tree.offsets[1:], strict=True)):
        with np.errstate(invalid="ignore"):
            odds = np.exp(rates[tree.information_sets[h].player] * (worth[a:b] - worth[a:b].max()))
        if np.all(np.isfinite(odds)):
            residual = max(residual, float(np.abs(behavior[a:b] - odds / odds.sum()).max()))
    scale = float(rates.max()) * tree.payoff_range
    return certified_behavior(
        tree,
        behavior,
        method="logit backward pass" if unique else "principal branch of the agent logit correspondence",
        proved="the only agent quantal response equilibrium: with perfect information values depend on later play only"
        if unique
        else "the residual is evaluated on the tree; the branch was followed from uniform play",
        not_proved="" if unique or lam == 0.0 else "whether other agent quantal response equilibria exist",
        tolerance=residual_tolerance(scale),
        residual=residual,
        log_behavior=logs,
        iterations=iterations,
        lam=lam,
    )


def _check_branch_exists(tree: GameTree) -> None:
    """Raise an error if agents have no defined beliefs, or if there are too many of them."""
    forgotten = tree.absent_minded()
    if forgotten:
        raise GameError(
            f"found information set {tree.information_sets[forgotten[0]].name!r} that one history passes twice "
            "(absent-mindedness), expected each history to pass a set at most once"
        )
    unknowns = int(tree.offsets[-1]) - len(tree.information_sets)
    if unknowns > MAX_UNKNOWNS:
        raise GameError(
            f"found a game of {unknowns} free probabilities, expected at most {MAX_UNKNOWNS} to follow a branch"
        )
    possible = np.ones(len(tree.parent), dtype=bool)
    for x in range(1, len(tree.parent)):
        possible[x] = possible[tree.parent[x]] and tree.chance[x] > 0.0
    for h in tree.information_sets:
        if not possible[list(h.nodes)].any():
            raise GameError(
                f"found information set {h.name!r} that chance reaches with probability 0 only, expected a positive "
                "probability; remove the branches of probability 0"
            )
