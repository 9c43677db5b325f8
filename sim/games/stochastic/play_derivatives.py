r"""The equations of stationary equilibrium and their exact derivatives, solved state by state.

Unknown are for each state x, player i and move a a number z and for each state and player the value V per period. For
**logit** equilibrium z is the logarithm of the probability :math:`\sigma`, and with a reference move r

.. math::

    z_a - z_r = \lambda_i [W_i(x, a) - W_i(x, r)], \quad \sum_a e^{z_a} = 1, \quad V_i(x) = \sum_a \sigma_a W_i(x, a),

with W as in `sim.games.stochastic.stationary_play`. For **Nash** equilibrium on a choice of supports z is the
probability itself, :math:`W_i(x, a) = W_i(x, r)` on the support and :math:`z_a = 0` off it.

The derivatives of a state's own rows by its own z are a small block C, and only values link states:

.. math:: \begin{pmatrix} C & D \\ E & H \end{pmatrix}
          \begin{pmatrix} dz \\ dV \end{pmatrix} = \begin{pmatrix} r \\ s \end{pmatrix}
          \;\Rightarrow\; (H - E C^{-1} D)\, dV = s - E C^{-1} r.

So a game of S states and N players costs one dense system of S N unknowns instead of one of all moves and values.

Source: Eibelshäuser, S. and Poensgen, D. (2019), Markov quantal response equilibrium and a homotopy method for
computing and selecting Markov perfect equilibria of dynamic stochastic games, SSRN 3314404 (the equations); Golub, G.
and Van Loan, C. (2013), Matrix Computations, section 3.2 (block elimination).
"""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt
from scipy.linalg.lapack import dgetrf, dgetrs

from sim.compiled import compiled
from sim.games.numerics.arguments import Floats, Integers
from sim.games.numerics.small_systems import solve_in_place
from sim.games.stochastic.stationary_play import next_profile
from sim.games.stochastic.stochastic_game import StochasticGame

_SMALL = 400
"""Up to so many values one thread solves the linear equations."""

Flags = npt.NDArray[np.bool_]


@compiled
def _linearise(  # pragma: no cover
    sizes: Integers,
    first_profile: Integers,
    first_move: Integers,
    payoffs: Floats,
    first_entry: Integers,
    targets: Integers,
    chances: Floats,
    discount: Floats,
    weights: Floats,
    lam: float,
    nash: bool,
    supported: Flags,
    z: Floats,
    values: Floats,
    moves: Floats,
    ahead: Floats,
    inverse: Floats,
    right: Floats,
    schur: Floats,
    folded: Floats,
    references: Integers,
) -> float:
    """Fill the reduced system of values, and what is needed to go back to moves.

    Return the sign of the product of the determinants of the blocks C, 0.0 if one is singular.

    `right` (all moves, 2) gets minus the residuals and minus the derivative by lam of the rows of moves, `folded` the
    right sides of the reduced system, `ahead` (all moves, states) how likely each move leads where, `inverse` the
    inverses of the blocks C one after another.
    """
    states, players = sizes.shape
    digits = np.zeros(players, np.int64)
    later = np.zeros(players)
    sign = 1.0
    at = 0
    for x in range(states):
        base = first_move[x * players]
        m = first_move[(x + 1) * players] - base
        sigma = np.empty(m)
        column = np.empty(m)
        worth = np.zeros(m)
        cross = np.zeros((m, m))
        for a in range(m):
            sigma[a] = z[base + a] if nash else math.exp(z[base + a])
            column[a] = 1.0 if nash else sigma[a]
            for y in range(states):
                ahead[base + a, y] = 0.0
        for k in range(first_profile[x], first_profile[x + 1]):
            for i in range(players):
                later[i] = 0.0
            for entry in range(first_entry[k], first_entry[k + 1]):
                for i in range(players):
                    later[i] += chances[entry] * values[i * states + targets[entry]]
            for i in range(players):
                own = first_move[x * players + i] - base + digits[i]
                others = 1.0
                for j in range(players):
                    if j != i:
                        others *= sigma[first_move[x * players + j] - base + digits[j]]
                pay = (1.0 - discount[i]) * payoffs[k, i] + discount[i] * later[i]
                worth[own] += others * pay
                for entry in range(first_entry[k], first_entry[k + 1]):
                    ahead[base + own, targets[entry]] += others * chances[entry]
                for j in range(players):
                    if j != i:
                        rest = pay
                        for h in range(players):
                            if h != i and h != j:
                                rest *= sigma[first_move[x * players + h] - base + digits[h]]
                        cross[own, first_move[x * players + j] - base + digits[j]] += rest
            next_profile(sizes, x, digits)
        # The block C, its right sides, and E; both in the columns of z.
        block = np.zeros((m, m))
        back = np.zeros((players, m))
        for i in range(players):
            start = first_move[x * players + i] - base
            stop = start + sizes[x, i]
            reference = start
            for a in range(start, stop):
                moves[base + a] = worth[a]
                if supported[base + a] and (not supported[base + reference] or sigma[a] > sigma[reference]):
                    reference = a
            references[x * players + i] = base + reference
            rate = 1.0 if nash else lam * weights[i]
            total = -1.0
            for a in range(start, stop):
                total += sigma[a]
                block[reference, a] = column[a]
                if a == reference:
                    continue
                if not supported[base + a]:
                    block[a, a] = 1.0
                    right[base + a, 0] = -z[base + a]
                    right[base + a, 1] = 0.0
                    continue
                gain = worth[a] - worth[reference]
                for b in range(m):
                    block[a, b] = -rate * (cross[a, b] - cross[reference, b]) * column[b]
                if nash:
                    right[base + a, 0] = gain
                    right[base + a, 1] = 0.0
                else:
                    block[a, a] += 1.0
                    block[a, reference] -= 1.0
                    right[base + a, 0] = rate * gain - (z[base + a] - z[base + reference])
                    right[base + a, 1] = weights[i] * gain
            right[base + reference, 0] = -total
            right[base + reference, 1] = 0.0
            mean = 0.0
            for a in range(start, stop):
                mean += sigma[a] * worth[a]
                back[i, a] -= column[a] * worth[a]
                for b in range(m):
                    back[i, b] -= sigma[a] * cross[a, b] * column[b]
            row = i * states + x
            folded[row, 0] = mean - values[row]
            folded[row, 1] = 0.0
            for other in range(players * states):
                schur[row, other] = 0.0
            schur[row, row] = 1.0
            for a in range(start, stop):
                factor = discount[i] * sigma[a]
                for y in range(states):
                    schur[row, i * states + y] -= factor * ahead[base + a, y]
        # Gauss-Jordan elimination with partial pivoting turns the block into its inverse.
        turned = np.eye(m)
        for c in range(m):
            pivot = c
            for r in range(c + 1, m):
                if abs(block[r, c]) > abs(block[pivot, c]):
                    pivot = r
            if not abs(block[pivot, c]) > 1e-300:
                return 0.0
            if (block[pivot, c] < 0.0) != (pivot != c):
                sign = -sign
            if pivot != c:
                for b in range(m):
                    block[c, b], block[pivot, b] = block[pivot, b], block[c, b]
                    turned[c, b], turned[pivot, b] = turned[pivot, b], turned[c, b]
            factor = 1.0 / block[c, c]
            for b in range(m):
                block[c, b] *= factor
                turned[c, b] *= factor
            for r in range(m):
                factor = block[r, c]
                if r != c and factor != 0.0:
                    for b in range(m):
                        block[r, b] -= factor * block[c, b]
                        turned[r, b] -= factor * turned[c, b]
        for a in range(m):
            for b in range(m):
                inverse[at + a * m + b] = turned[a, b]
        at += m * m
        for i in range(players):
            row = i * states + x
            for a in range(m):
                share = 0.0
                for b in range(m):
                    share += back[i, b] * turned[b, a]
                folded[row, 0] -= share * right[base + a, 0]
                folded[row, 1] -= share * right[base + a, 1]
                for j in range(players):
                    start = first_move[x * players + j] - base
                    if start <= a < start + sizes[x, j]:
                        reference = references[x * players + j]
                        if base + a != reference and supported[base + a]:
                            factor = share * (1.0 if nash else lam * weights[j]) * discount[j]
                            for y in range(states):
                                schur[row, j * states + y] += factor * (ahead[base + a, y] - ahead[reference, y])
    return sign


@compiled
def _back_to_moves(  # pragma: no cover
    sizes: Integers,
    first_move: Integers,
    discount: Floats,
    weights: Floats,
    lam: float,
    nash: bool,
    supported: Flags,
    ahead: Floats,
    inverse: Floats,
    right: Floats,
    references: Integers,
    change: Floats,
    turned: Floats,
) -> None:
    """Fill the changes of z (all moves, 2) that go with changes of values (players * states, 2)."""
    states, players = sizes.shape
    at = 0
    for x in range(states):
        base = first_move[x * players]
        m = first_move[(x + 1) * players] - base
        for side in range(2):
            rest = np.empty(m)
            for j in range(players):
                reference = references[x * players + j]
                rate = (1.0 if nash else lam * weights[j]) * discount[j]
                for place in range(first_move[x * players + j], first_move[x * players + j + 1]):
                    rest[place - base] = right[place, side]
                    if place != reference and supported[place]:
                        link = 0.0
                        for y in range(states):
                            link += (ahead[place, y] - ahead[reference, y]) * change[j * states + y, side]
                        rest[place - base] += rate * link
            for a in range(m):
                total = 0.0
                for b in range(m):
                    total += inverse[at + a * m + b] * rest[b]
                turned[base + a, side] = total
        at += m * m


class PlayDerivatives:
    """Solves the linearised equations of one game at one discount per player, reusing its buffers.

    Parameters
    ----------
    game : StochasticGame
    discount : ndarray, shape (players,)
        Below 1.
    weights : ndarray, shape (players,)
        Precision of each player as a multiple of lam.

    Attributes
    ----------
    moves : ndarray, shape (all moves,)
        Values W of moves at the last point.
    orientation : float
        Sign of the determinant of all equations at the last point, 0.0 if they were singular. Along a smooth curve of
        solutions lam grows where it is that of the curve's start, and falls where it is the other.
    solves : int
        Linear systems solved.

    Examples
    --------
    >>> pennies = StochasticGame.from_arrays([[[[4, 0], [0, 1]], [[0, 1], [1, 0]]]], [[[[1], [1]], [[1], [1]]]])
    >>> equations = PlayDerivatives(pennies, np.zeros(2), np.ones(2))
    >>> z, values = np.log(np.full(4, 0.5)), np.array([1.25, 0.5])
    >>> for _ in range(20):                                       # Newton's method at lam 1
    ...     dz, dv, _, _ = equations.solve(z, values, 1.0)
    ...     z, values = z + dz, values + dv
    >>> np.exp(z).round(8).tolist()
    [0.72193715, 0.27806285, 0.39081819, 0.60918181]
    """

    def __init__(self, game: StochasticGame, discount: Floats, weights: Floats) -> None:
        states, players = game.sizes.shape
        starts = game.first_moves()
        per_state = game.sizes.sum(axis=1)
        chain = game.transitions
        total = int(starts[-1])
        self._shape = (game.sizes, game.first_profile, starts)
        self._links = (game.payoffs, chain.first_entry, chain.targets, chain.chances)
        self._rates = (discount, weights)
        self.moves = np.empty(total)
        self._ahead = np.empty((total, states))
        self._inverse = np.empty(int((per_state**2).sum()))
        self._right = np.empty((total, 2))
        self._schur = np.empty((states * players, states * players))
        self._folded = np.empty((states * players, 2))
        self._references = np.empty(states * players, dtype=np.int64)
        self._everything = np.ones(total, dtype=np.bool_)
        self.orientation = 0.0
        self.solves = 0

    def solve(
        self, z: Floats, values: Floats, lam: float, supported: Flags | None = None
    ) -> tuple[Floats, Floats, Floats, Floats] | None:
        """Return Newton's changes of z and values, and their derivatives by lam; None if the equations are singular.

        Parameters
        ----------
        z : ndarray, shape (all moves,)
        values : ndarray, shape (players * states,)
            All states of player 0, then of player 1, and so on.
        lam : float
        supported : ndarray of bool, optional
            Which moves are on the support: then z are probabilities and the equations those of Nash equilibrium.
        """
        nash = supported is not None
        flags = self._everything if supported is None else supported
        self.solves += 1
        sizes, first_profile, starts = self._shape
        payoffs, first_entry, targets, chances = self._links
        discount, weights = self._rates
        sign = _linearise(
            sizes,
            first_profile,
            starts,
            payoffs,
            first_entry,
            targets,
            chances,
            discount,
            weights,
            lam,
            nash,
            flags,
            z,
            values,
            self.moves,
            self._ahead,
            self._inverse,
            self._right,
            self._schur,
            self._folded,
            self._references,
        )
        change = self._folded
        if sign != 0.0 and len(change) <= _SMALL:
            sign *= solve_in_place(self._schur, change)
        elif sign != 0.0:
            factors, swaps, _ = dgetrf(self._schur)
            sign *= np.prod(np.sign(np.diag(factors))) * (-1.0) ** np.count_nonzero(swaps != np.arange(len(swaps)))
            change = dgetrs(factors, swaps, change)[0]
        self.orientation = sign
        if sign == 0.0:
            return None
        turned = np.empty_like(self._right)
        _back_to_moves(
            sizes,
            starts,
            discount,
            weights,
            lam,
            nash,
            flags,
            self._ahead,
            self._inverse,
            self._right,
            self._references,
            change,
            turned,
        )
        if not (np.isfinite(change).all() and np.isfinite(turned).all()):
            return None
        return turned[:, 0].copy(), change[:, 0].copy(), turned[:, 1].copy(), change[:, 1].copy()
