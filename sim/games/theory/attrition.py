r"""The war of attrition: two sides hold out for a prize until one concedes (Maynard Smith 1974; Fudenberg-Tirole 1991).

Side :math:`i` values the prize at :math:`V_i` and pays :math:`c_i` per unit of time while both hold out. In the mixed
equilibrium each concedes at the constant hazard that makes the *other* indifferent between conceding and holding on,

.. math:: h_i = c_j / V_j,

so the war ends at rate :math:`h_1 + h_2`. The side with more to gain per unit of cost makes the other concede less
often and itself wins less: in this equilibrium the weaker side (small :math:`V_j/c_j`) faces the higher hazard of the
other. At most one side may also concede at time zero with probability :math:`a_i < 1` (a continuum of equilibria).
Symmetric, :math:`V = 10, c = 1`: hazard 0.1 each, mean length 5.

References
----------
Maynard Smith, J. (1974). The theory of games and the evolution of animal conflicts. J. Theor. Biology 47, 209-221.
Fudenberg, D. and Tirole, J. (1991). Game Theory, section 4.5.2. MIT Press.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from sim.errors import GameError
from sim.games.numerics.arguments import number
from sim.notebook_table import NotebookTable


@dataclass(frozen=True, slots=True)
class Attrition(NotebookTable):
    """A mixed equilibrium of the war of attrition.

    Attributes
    ----------
    hazards : tuple of float
        Rate at which each side concedes, per unit of time.
    concede_at_once : tuple of float
        Probability that each concedes at time zero.
    mean_length : float
        Expected length, in units of time.
    win_probabilities : tuple of float
        Probability that each side gets the prize.
    payoffs : tuple of float
        Expected payoff of each: what the other's immediate concession gives it, and nothing more.
    converged : bool
        Always True: the answer is a closed form.
    residual : float
        Largest gap in the two indifference conditions.
    proved : str
        What is proved.
    """

    hazards: tuple[float, float]
    concede_at_once: tuple[float, float]
    mean_length: float
    win_probabilities: tuple[float, float]
    payoffs: tuple[float, float]
    converged: bool
    residual: float
    proved: str

    def survival(self, time: float) -> float:
        """Return the probability that the war still goes on at a time.

        Parameters
        ----------
        time : float
            At least 0.

        Returns
        -------
        float

        Examples
        --------
        >>> round(war_of_attrition(10, 1).survival(5.0), 10)
        0.3678794412
        """
        elapsed = number("time", time, 0.0)
        start = (1.0 - self.concede_at_once[0]) * (1.0 - self.concede_at_once[1])
        return start * math.exp(-elapsed * sum(self.hazards))


def war_of_attrition(
    value_1: float,
    cost_1: float,
    value_2: float | None = None,
    cost_2: float | None = None,
    concede_at_once: tuple[float, float] = (0.0, 0.0),
) -> Attrition:
    """Return the mixed equilibrium of a war of attrition with known values and costs.

    Parameters
    ----------
    value_1, cost_1 : float
        Prize and cost per unit of time of side 1, above 0.
    value_2, cost_2 : float, optional
        The same of side 2; equal to side 1 if omitted.
    concede_at_once : pair of float
        Probability that each side concedes at time zero, in [0, 1); at most one is above 0.

    Returns
    -------
    Attrition

    Raises
    ------
    GameError
        If an argument lies outside its interval, or both sides concede at time zero.

    Examples
    --------
    >>> war = war_of_attrition(10, 1)
    >>> war.hazards[0], war.mean_length
    (0.1, 5.0)

    References
    ----------
    Fudenberg and Tirole (1991), section 4.5.2.
    """
    v1 = number("value_1", value_1, 0.0, open_low=True)
    c1 = number("cost_1", cost_1, 0.0, open_low=True)
    v2 = v1 if value_2 is None else number("value_2", value_2, 0.0, open_low=True)
    c2 = c1 if cost_2 is None else number("cost_2", cost_2, 0.0, open_low=True)
    if not isinstance(concede_at_once, (tuple, list)) or len(concede_at_once) != 2:
        raise GameError(f"concede_at_once: found {concede_at_once!r}, expected two probabilities")
    a1, a2 = (number("concede_at_once", a, 0.0, 1.0, open_high=True) for a in concede_at_once)
    if a1 > 0 and a2 > 0:
        raise GameError("concede_at_once: found both above 0, expected at most one: each would rather wait an instant")
    h1, h2 = c2 / v2, c1 / v1
    lasting = (1.0 - a1) * (1.0 - a2)
    win_1 = a2 + lasting * h2 / (h1 + h2)
    residual = max(abs(h2 * v1 - c1), abs(h1 * v2 - c2))
    return Attrition(
        (h1, h2),
        (a1, a2),
        lasting / (h1 + h2),
        (win_1, 1.0 - win_1),
        (a2 * v1, a1 * v2),
        True,
        residual,
        "an equilibrium; pure ones (one side concedes at once for sure) and other probabilities at time zero exist too",
    )
