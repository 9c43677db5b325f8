r"""Behaviour in an extensive game and what is known about it.

Behaviour gives each information set a probability vector over its moves. Three certificates are evaluated on the tree:

* the **regret** of a player: what its best plan against the others gains over its own behaviour (perfect recall;
  by dynamic programming over the player's own sequences);
* the **one-shot regret** at an information set h: the gain of the best single move there, all else unchanged,

  .. math:: \max_a U_{ha} - \sum_a p_{ha} U_{ha}, \qquad U_{ha} = \sum_{x \in h} b_h(x) V_i(x \cdot a),

  with Bayesian beliefs b. Where the others never let the set be reached, Bayes' rule gives no beliefs: for a single
  node they are certain, for more the one-shot regret is NaN, unknown;
* the regret in every **subgame** (`subgame_regrets`), all zero exactly at a subgame perfect equilibrium.

Sources: Selten, R. (1975), International Journal of Game Theory 4, 25-55; Hendon, E., Jacobsen, H. and Sloth, B.
(1996), The one-shot-deviation principle for sequential rationality, Games and Economic Behavior 12, 274-282; von
Stengel, B. (1996), Efficient computation of behavior strategies, Games and Economic Behavior 14, 220-246.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from typing import overload

import numpy as np
from numpy.typing import ArrayLike, NDArray

from sim.errors import GameError
from sim.games.finite.game_tree import TERMINAL, GameTree
from sim.games.finite.profile import Vector, frozen_vector
from sim.games.finite.tree_passes import NOBODY, log_reach, node_values, path_sums

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class BehaviorProfile(Sequence[Vector]):
    """One probability vector per information set, with its certificates.

    Attributes
    ----------
    vectors : tuple of ndarray
        In the order of the game's information sets; read-only.
    payoffs : tuple of float
        Expected payoff of each player.
    regrets : tuple of float
        Gain of each player's best plan, in payoff units; NaN without perfect recall.
    one_shot_regrets : tuple of float
        Gain of the best single move at each information set; NaN where beliefs are unknown.
    residual : float
        How far the behaviour is from solving the equations that define it.
    converged : bool
        Whether the method reached its tolerance.
    method, proved, not_proved : str
        How it was found, what is certain, and what is not.
    iterations : int
        Steps taken, 0 for a direct method.
    lam : float or None
        Precision of an agent quantal response equilibrium (1 / payoff unit), None otherwise.
    names : tuple of str
        Names of the information sets.
    moves : tuple of tuple of str
        Names of their moves.
    players : tuple of str
        Names of the players, in the order of payoffs and regrets.
    """

    vectors: tuple[Vector, ...]
    payoffs: tuple[float, ...]
    regrets: tuple[float, ...]
    one_shot_regrets: tuple[float, ...]
    residual: float
    converged: bool
    method: str
    proved: str
    not_proved: str
    iterations: int
    lam: float | None
    names: tuple[str, ...]
    moves: tuple[tuple[str, ...], ...]
    players: tuple[str, ...]

    @property
    def regret(self) -> float:
        """The largest regret of any player, in payoff units; NaN without perfect recall."""
        return float(np.max(self.regrets))

    @property
    def one_shot_regret(self) -> float:
        """The largest one-shot regret, NaN if one is unknown and 0 if nobody moves."""
        return float(np.max(self.one_shot_regrets)) if self.one_shot_regrets else 0.0

    def at(self, name: str) -> dict[str, float]:
        """Return the probabilities of the moves at an information set by its name."""
        if name not in self.names:
            raise GameError(f"found no information set {name!r}, expected one of {', '.join(self.names[:20])}")
        h = self.names.index(name)
        return {move: float(p) for move, p in zip(self.moves[h], self.vectors[h], strict=True)}

    def as_dict(self) -> dict[str, dict[str, float]]:
        """Return ``{information set: {move: probability}}``."""
        return {name: self.at(name) for name in self.names}

    def __len__(self) -> int:
        return len(self.vectors)

    @overload
    def __getitem__(self, index: int) -> Vector: ...
    @overload
    def __getitem__(self, index: slice) -> tuple[Vector, ...]: ...
    def __getitem__(self, index: int | slice) -> Vector | tuple[Vector, ...]:
        return self.vectors[index]

    def __iter__(self) -> Iterator[Vector]:
        return iter(self.vectors)

    def __repr__(self) -> str:
        shown = ", ".join(
            f"{name}: [{' '.join(f'{p:.6g}' for p in v)}]"
            for name, v in zip(self.names[:12], self.vectors[:12], strict=True)
        )
        more = ", ..." if len(self) > 12 else ""
        lam = "" if self.lam is None else f", lam={self.lam:g}"
        return f"BehaviorProfile({shown}{more}{lam}, regret={self.regret:.2g}, converged={self.converged})"

    def _repr_html_(self) -> str:
        rows = "".join(
            f"<tr><td>{escape(name)}</td><td>"
            + ", ".join(f"{escape(m)}: {p:.4f}" for m, p in zip(moves, vector, strict=True))
            + f"</td><td>{gain:.2g}</td></tr>"
            for name, moves, vector, gain in list(
                zip(self.names, self.moves, self.vectors, self.one_shot_regrets, strict=True)
            )[:40]
        )
        head = "<tr><th>information set</th><th>moves</th><th>one-shot regret</th></tr>"
        pay = ", ".join(f"{escape(p)} {u:.6g}" for p, u in zip(self.players, self.payoffs, strict=True))
        return f"<table>{head}{rows}</table><p>payoffs: {pay}; regret {self.regret:.2g}, {escape(self.method)}</p>"


def given_behavior(
    tree: GameTree, probabilities: Sequence[ArrayLike] | Mapping[str, Mapping[str, float]]
) -> BehaviorProfile:
    """Certify given behaviour: payoffs, regrets and one-shot regrets.

    Parameters
    ----------
    tree : GameTree
    probabilities : sequence of array_like, or mapping
        One probability vector per information set, or ``{set: {move: probability}}``.

    Returns
    -------
    BehaviorProfile

    Raises
    ------
    GameError
        If these are not probabilities of the moves at every information set.
    """
    sets = tree.information_sets
    if isinstance(probabilities, Mapping):
        unknown = [name for name in probabilities if name not in {h.name for h in sets}]
        if unknown or len(probabilities) != len(sets):
            raise GameError(f"found behaviour for {sorted(probabilities)}, expected {[h.name for h in sets]}")
        wrong = [h.name for h in sets if set(probabilities[h.name]) - set(h.moves)]
        if wrong:
            raise GameError(f"information set {wrong[0]!r}: found a move that it does not have")
        rows: Sequence[ArrayLike] = [[probabilities[h.name].get(m, 0.0) for m in h.moves] for h in sets]
    else:
        rows = probabilities
    if len(rows) != len(sets):
        raise GameError(f"found {len(rows)} vectors, expected one per information set ({len(sets)})")
    vectors = []
    for h, row in zip(sets, rows, strict=True):
        vector = np.array(row, dtype=np.float64)
        if (
            vector.shape != (len(h.moves),)
            or not np.all(np.isfinite(vector))
            or vector.min() < -1e-12
            or abs(vector.sum() - 1.0) > 1e-9
        ):
            raise GameError(f"information set {h.name!r}: found {row!r}, expected {len(h.moves)} probabilities, sum 1")
        vectors.append(vector)
    behavior = np.concatenate(vectors) if vectors else np.empty(0)
    return certified_behavior(
        tree,
        behavior,
        method="given by the caller",
        proved="payoffs and regrets are evaluated on the tree",
        not_proved="whether other equilibria exist",
        tolerance=1e-9 * tree.payoff_range,
    )


def certified_behavior(
    tree: GameTree,
    behavior: Array,
    *,
    method: str,
    proved: str,
    not_proved: str,
    tolerance: float,
    residual: float | None = None,
    log_behavior: Array | None = None,
    iterations: int = 0,
    lam: float | None = None,
) -> BehaviorProfile:
    """Build a profile whose payoffs and regrets are evaluated on the tree.

    Parameters
    ----------
    tree : GameTree
    behavior : ndarray
        Probabilities of the moves of all information sets in one row.
    method, proved, not_proved : str
        See `BehaviorProfile`.
    tolerance : float
        ``converged`` is whether the residual is at most this.
    residual : float, optional
        By default the largest regret of any player.
    log_behavior : ndarray, optional
        Logarithms of the probabilities where they are known more precisely than the probabilities.
    iterations : int
    lam : float, optional

    Returns
    -------
    BehaviorProfile
    """
    values = node_values(tree.parent, tree.edges(behavior), tree.payoffs)
    payoffs = tuple(float(v) for v in values[0])
    worth = move_values(tree, behavior, log_behavior)
    starts, stops = tree.offsets[:-1], tree.offsets[1:]
    one_shot = tuple(
        max(0.0, float(worth[a:b].max() - behavior[a:b] @ worth[a:b])) if np.all(np.isfinite(worth[a:b])) else math.nan
        for a, b in zip(starts, stops, strict=True)
    )
    if tree.has_perfect_recall:
        best = best_plan_values(tree, behavior, 0)
        regrets = tuple(max(0.0, float(b) - u) for b, u in zip(best, payoffs, strict=True))
    else:
        regrets = (math.nan,) * len(payoffs)
        not_proved = "; ".join(
            filter(None, [not_proved, "regrets of whole plans, which are hard to compute without perfect recall"])
        )
    if any(math.isnan(gain) for gain in one_shot):
        not_proved = "; ".join(filter(None, [not_proved, "beliefs at sets of several nodes that are never reached"]))
    error = max(regrets, default=0.0) if residual is None else residual
    return BehaviorProfile(
        vectors=tuple(frozen_vector(behavior[a:b]) for a, b in zip(starts, stops, strict=True)),
        payoffs=payoffs,
        regrets=regrets,
        one_shot_regrets=one_shot,
        residual=error,
        converged=bool(error <= tolerance),
        method=method,
        proved=proved,
        not_proved=not_proved,
        iterations=iterations,
        lam=lam,
        names=tuple(h.name for h in tree.information_sets),
        moves=tuple(h.moves for h in tree.information_sets),
        players=tree.players,
    )


def move_values(tree: GameTree, behavior: Array, log_behavior: Array | None = None) -> Array:
    """Return what each move is worth to the mover under Bayesian beliefs, NaN where there are none.

    Parameters
    ----------
    tree : GameTree
    behavior : ndarray
        Probabilities in one row.
    log_behavior : ndarray, optional
        Their logarithms.

    Returns
    -------
    ndarray
        Same shape as `behavior`, in payoff units.
    """
    values = node_values(tree.parent, tree.edges(behavior), tree.payoffs)
    belief = node_beliefs(tree, behavior, log_behavior)
    worth = np.zeros(len(behavior))
    after = np.flatnonzero(tree.slot >= 0)
    above = tree.parent[after]
    np.add.at(worth, tree.slot[after], belief[above] * values[after, tree.owner[above]])
    return worth


def node_beliefs(tree: GameTree, behavior: Array, log_behavior: Array | None = None) -> Array:
    """Return the Bayesian probability of each node given that its information set is reached.

    Parameters
    ----------
    tree : GameTree
    behavior : ndarray
        Probabilities in one row.
    log_behavior : ndarray, optional
        Their logarithms, by which sets are reached that probabilities of 0 in floating point would rule out.

    Returns
    -------
    ndarray, shape (n,)
        NaN at the nodes of sets of several nodes that are never reached, and where nobody moves.

    Examples
    --------
    >>> from sim.games.finite.tree_nodes import Chance, Decision, Terminal, tree_of
    >>> def guess(x):
    ...     return Decision("I", {"red": Terminal([x]), "black": Terminal([1 - x])}, information="blind")
    >>> tree = tree_of(Chance({"red": (0.75, guess(1)), "black": (0.25, guess(0))}))
    >>> node_beliefs(tree, np.array([0.5, 0.5]))[[1, 4]].round(12).tolist()
    [0.75, 0.25]
    """
    edges = tree.edges(behavior)
    with np.errstate(divide="ignore"):
        logs = np.log(behavior) if log_behavior is None else log_behavior
        log_edges = np.where(tree.slot >= 0, logs[tree.slot], np.log(tree.chance)) if len(logs) else np.log(tree.chance)
    recall = not tree.forgetful()
    weight = np.full(len(edges), -np.inf)
    for i in range(len(tree.players)):
        # With perfect recall a player's own past moves are the same at all nodes of a set and cancel in its beliefs.
        own = tree.owner == i
        weight[own] = log_reach(tree.parent, tree.owner, log_edges, i if recall else NOBODY)[own]
    moving = np.flatnonzero(tree.information >= 0)
    sets = tree.information[moving]
    top = np.full(len(tree.information_sets), -np.inf)
    np.maximum.at(top, sets, weight[moving])
    single = np.bincount(sets, minlength=len(top)) == 1
    belief = np.full(len(edges), np.nan)
    known = np.isfinite(top[sets])
    belief[moving[known]] = np.exp(weight[moving[known]] - top[sets[known]])
    belief[moving[single[sets]]] = 1.0
    total = np.zeros(len(top))
    np.add.at(total, sets, belief[moving])
    belief[moving] /= total[sets]
    return belief


def best_plan_values(tree: GameTree, behavior: Array, root: int) -> Array:
    """Return what each player's best plan earns against the others in the subgame at a node (perfect recall).

    Parameters
    ----------
    tree : GameTree
    behavior : ndarray
        Probabilities in one row.
    root : int
        Where the subgame begins.

    Returns
    -------
    ndarray, shape (N,)
        In payoff units, counting what is collected from `root` on.
    """
    stop = int(tree.end[root])
    below = slice(root, stop)
    parent = tree.parent[below] - root
    owner = tree.owner[below]
    with np.errstate(divide="ignore"):
        log_edges = np.log(tree.edges(behavior)[below])
    payoffs = tree.payoffs[below]
    total = path_sums(parent, payoffs)
    ends = np.flatnonzero(owner == TERMINAL)
    best = np.empty(len(tree.players))
    first = np.array([h.nodes[0] for h in tree.information_sets], dtype=np.int64)
    for i in range(len(tree.players)):
        reach = np.exp(log_reach(parent, owner, log_edges, i)[ends])
        earned = np.zeros(len(tree.sequence_slot))
        np.add.at(earned, tree.sequence[root + ends, i], reach * total[ends, i])
        mine = [h for h, one in enumerate(tree.information_sets) if one.player == i and root <= first[h] < stop]
        by_slot = _sequences_by_slot(tree, i)
        for h in sorted(mine, key=lambda k: -int(first[k])):
            options = [earned[by_slot[s]] if s in by_slot else 0.0 for s in range(tree.offsets[h], tree.offsets[h + 1])]
            earned[tree.sequence[first[h], i]] += max(options)
        best[i] = earned[tree.sequence[root, i]]
    return best


def subgame_regrets(tree: GameTree, profile: Sequence[ArrayLike]) -> dict[int, float]:
    """Return the largest regret of any player in each subgame (perfect recall).

    Parameters
    ----------
    tree : GameTree
    profile : sequence of array_like
        One probability vector per information set.

    Returns
    -------
    dict of int to float
        By the node where the subgame begins; all 0 exactly at a subgame perfect equilibrium.

    Raises
    ------
    GameError
        Without perfect recall.

    Examples
    --------
    >>> from sim.games.finite.tree_nodes import Decision, Terminal, tree_of
    >>> threat = Decision("II", {"fight": Terminal([-1, -1]), "yield": Terminal([1, 0])})
    >>> tree = tree_of(Decision("I", {"in": threat, "out": Terminal([0, 2])}))
    >>> subgame_regrets(tree, [[0, 1], [1, 0]])
    {0: 0.0, 1: 1.0}
    """
    if not tree.has_perfect_recall:
        raise GameError(f"found imperfect recall at {', '.join(tree.forgetful_names())}, expected perfect recall")
    behavior = np.concatenate([np.asarray(v, dtype=np.float64) for v in profile]) if len(profile) else np.empty(0)
    values = node_values(tree.parent, tree.edges(behavior), tree.payoffs)
    return {
        root: max(0.0, float((best_plan_values(tree, behavior, root) - values[root]).max()))
        for root in tree.subgame_roots()
    }


def _sequences_by_slot(tree: GameTree, player: int) -> dict[int, int]:
    """Return the player's sequences by their last move; with perfect recall there is one each."""
    mine = np.unique(tree.sequence[:, player])
    return {int(tree.sequence_slot[s]): int(s) for s in mine if s > 0}
