r"""An exact two-type signalling game: how costly a signal must be to be believed (Spence 1973; Cho and Kreps 1987).

A sender is trustworthy with probability :math:`t`. It may send a signal that costs the trustworthy :math:`k_g` and
others :math:`k_b > k_g`. The receiver then trusts or not; being trusted is worth :math:`G` to either type, and the
receiver trusts iff its belief is at least :math:`c`. The perfect Bayesian equilibria (with a belief after a signal off
the path that is the most sceptical one) are

* separating, only the trustworthy signal: :math:`k_g \le G \le k_b`;
* pooling without the signal: always (it is sent for nothing if it convinces nobody); trusted iff :math:`t \ge c`;
* pooling on the signal: :math:`t \ge c` and :math:`k_b \le G`;
* semi-separating: :math:`t < c`, :math:`k_b \le G`: the untrustworthy signal with the probability :math:`m` that puts
  the belief at the cut-off, :math:`m = \frac{t(1-c)}{(1-t)c}`, and the receiver trusts the signal with
  :math:`k_b / G`.

The smallest signal that separates costs the untrustworthy exactly :math:`G` (Riley outcome).

References
----------
Spence, M. (1973). Job market signaling. Quarterly Journal of Economics 87, 355-374.
Cho, I.-K. and Kreps, D. M. (1987). Signaling games and stable equilibria. Quarterly Journal of Economics 102, 179-221.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from sim.errors import GameError
from sim.games.numerics.arguments import number
from sim.notebook_table import NotebookTable


@dataclass(frozen=True, slots=True)
class SignallingEquilibrium(NotebookTable):
    """One perfect Bayesian equilibrium.

    Attributes
    ----------
    kind : str
        ``"separating"``, ``"pooling_silent"``, ``"pooling_signal"`` or ``"semi_separating"``.
    signal : tuple of float
        Probability that the trustworthy and the untrustworthy type signal.
    trust : tuple of float
        Probability that the receiver trusts after the signal and after silence.
    belief : tuple of float
        Receiver's belief after the signal and after silence; off the path the most sceptical (0).
    payoffs : tuple of float
        Expected payoff of the two types.
    regret : float
        The most that a type could gain by the other choice.
    survives_intuitive : bool
        Whether it passes the intuitive criterion of Cho and Kreps.
    """

    kind: str
    signal: tuple[float, float]
    trust: tuple[float, float]
    belief: tuple[float, float]
    payoffs: tuple[float, float]
    regret: float
    survives_intuitive: bool


@dataclass(frozen=True, slots=True)
class SignallingSolution(NotebookTable):
    """All perfect Bayesian equilibria of the two-type game.

    Attributes
    ----------
    equilibria : tuple of SignallingEquilibrium
        In the order of the module's list.
    cost_ratio_cutoff : float
        Smallest cost to the untrustworthy at which the signal separates (the gain).
    least_trust : float
        Prior at and above which the receiver trusts without any signal: the threshold.
    proved : str
        What is proved.
    """

    equilibria: tuple[SignallingEquilibrium, ...]
    cost_ratio_cutoff: float
    least_trust: float
    proved: str


def bayes(prior: float, likelihood_good: float, likelihood_bad: float) -> float:
    """Return the posterior probability of the good type after something both types could have caused.

    Parameters
    ----------
    prior, likelihood_good, likelihood_bad : float
        Probabilities.

    Returns
    -------
    float
        NaN if the event has probability zero.

    Examples
    --------
    >>> round(bayes(0.7, 0.6, 1.0), 10)
    0.5833333333
    """
    t = number("prior", prior, 0.0, 1.0)
    good = t * number("likelihood_good", likelihood_good, 0.0, 1.0)
    bad = (1.0 - t) * number("likelihood_bad", likelihood_bad, 0.0, 1.0)
    return good / (good + bad) if good + bad > 0 else math.nan


def two_type_signalling(
    prior: float, threshold: float, gain: float, cost_trustworthy: float, cost_untrustworthy: float
) -> SignallingSolution:
    """Return the perfect Bayesian equilibria of the two-type signalling game.

    Parameters
    ----------
    prior : float
        Probability of the trustworthy type, in (0, 1).
    threshold : float
        The receiver trusts iff its belief is at least this; in (0, 1).
    gain : float
        What being trusted is worth to the sender, above 0.
    cost_trustworthy, cost_untrustworthy : float
        Cost of the signal to each type, at least 0; the second is the larger.

    Returns
    -------
    SignallingSolution

    Raises
    ------
    GameError
        If an argument lies outside its interval.

    Examples
    --------
    >>> [e.kind for e in two_type_signalling(0.4, 0.5, 1.0, 0.2, 1.5).equilibria]
    ['separating', 'pooling_silent']
    >>> [e.kind for e in two_type_signalling(0.4, 0.5, 1.0, 0.2, 0.5).equilibria]
    ['pooling_silent', 'semi_separating']

    References
    ----------
    Spence (1973); Cho and Kreps (1987), Quarterly Journal of Economics 102.
    """
    t = number("prior", prior, 0.0, 1.0, open_low=True, open_high=True)
    c = number("threshold", threshold, 0.0, 1.0, open_low=True, open_high=True)
    prize = number("gain", gain, 0.0, open_low=True)
    costs = (number("cost_trustworthy", cost_trustworthy, 0.0), number("cost_untrustworthy", cost_untrustworthy, 0.0))
    if costs[0] >= costs[1]:
        raise GameError(
            f"cost_untrustworthy: found {costs[1]:g}, expected above the trustworthy's {costs[0]:g} (single crossing)"
        )
    equilibria: list[SignallingEquilibrium] = []

    def add(kind: str, signal: tuple[float, float], trust: tuple[float, float], belief: tuple[float, float]) -> None:
        sent = [trust[0] * prize - cost for cost in costs]
        silent = trust[1] * prize
        payoffs = tuple(p * s + (1.0 - p) * silent for p, s in zip(signal, sent, strict=True))
        regret = max(0.0, *(max(s, silent) - u for s, u in zip(sent, payoffs, strict=True)))
        # Off the path the signal could only come from the good type if it alone could gain by being trusted.
        unsent = signal == (0.0, 0.0)
        passes = not (unsent and prize - costs[0] > payoffs[0] and prize - costs[1] < payoffs[1])
        equilibria.append(SignallingEquilibrium(kind, signal, trust, belief, (payoffs[0], payoffs[1]), regret, passes))

    trusted = float(t >= c)
    if costs[0] <= prize <= costs[1]:
        add("separating", (1.0, 0.0), (1.0, 0.0), (1.0, 0.0))
    add("pooling_silent", (0.0, 0.0), (0.0, trusted), (0.0, t))
    if t >= c and costs[1] <= prize:
        add("pooling_signal", (1.0, 1.0), (1.0, 0.0), (t, 0.0))
    if t < c and costs[1] <= prize:
        mixing = t * (1.0 - c) / ((1.0 - t) * c)
        add("semi_separating", (1.0, mixing), (costs[1] / prize, 0.0), (bayes(t, 1.0, mixing), 0.0))
    proof = (
        "all equilibria in which the receiver plays its cut-off rule and off-path beliefs are the most sceptical; "
        "mixtures that exist only at exact ties of the parameters are left out"
    )
    return SignallingSolution(tuple(equilibria), prize, c, proof)
