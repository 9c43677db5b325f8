r"""Cheap talk: how much an informed sender with a bias can credibly tell (Crawford and Sobel 1982).

The state is uniform on [0, 1]; with an action :math:`y` the receiver loses :math:`(y-\theta)^2` and the sender
:math:`(y-\theta-b)^2`. Every equilibrium is a partition: the sender says only in which of :math:`n` intervals the state
lies, and at each cut :math:`a_i` is indifferent between its two neighbours,

.. math:: a_{i+1} = 2 a_i - a_{i-1} + 4b, \qquad a_i = \frac{i}{n} + 2 b\, i (i - n).

One with :math:`n` messages exists iff :math:`2 n (n-1) |b| < 1`. The receiver's expected loss is
:math:`\frac{1}{12 n^2} + \frac{b^2 (n^2-1)}{3}`; the sender loses :math:`b^2` more.

References
----------
Crawford, V. P. and Sobel, J. (1982). Strategic information transmission. Econometrica 50, 1431-1451.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import pairwise

from sim.errors import GameError
from sim.games.numerics.arguments import count, number
from sim.notebook_table import NotebookTable


@dataclass(frozen=True, slots=True)
class TalkPartition(NotebookTable):
    """A partition equilibrium of cheap talk.

    Attributes
    ----------
    messages : int
        Number of intervals.
    cuts : tuple of float
        Inner ends of the intervals, increasing; one fewer than `messages`.
    actions : tuple of float
        What the receiver does after each message: the middle of the interval.
    receiver_loss, sender_loss : float
        Expected squared losses.
    converged : bool
        Always True: the answer is a closed form.
    residual : float
        Largest gap in the sender's indifference at a cut.
    most_informative : bool
        Whether no equilibrium has more messages.
    proved : str
        What is proved.
    """

    messages: int
    cuts: tuple[float, ...]
    actions: tuple[float, ...]
    receiver_loss: float
    sender_loss: float
    converged: bool
    residual: float
    most_informative: bool
    proved: str


def most_messages(bias: float) -> int:
    """Return the largest number of messages of an equilibrium.

    Parameters
    ----------
    bias : float
        The sender's bias; not 0.

    Returns
    -------
    int
        The largest n with 2 n (n - 1) ``|bias|`` < 1.

    Raises
    ------
    GameError
        If the bias is 0 (then the sender can tell everything) or not finite.

    Examples
    --------
    >>> most_messages(0.05)
    3
    """
    size = abs(number("bias", bias))
    if size == 0:
        raise GameError("bias: found 0, expected another number: without bias the sender can tell the state itself")
    guess = max(1, math.floor(0.5 + 0.5 * math.sqrt(1.0 + 2.0 / size)) - 1)
    while 2.0 * (guess + 1) * guess * size < 1.0 - 1e-14:
        guess += 1
    return guess


def talk_partition(bias: float, messages: int | None = None) -> TalkPartition:
    """Return a partition equilibrium, by default the most informative.

    Parameters
    ----------
    bias : float
        How far above the receiver's the sender's best action lies; negative for below.
    messages : int, optional
        Number of intervals; as many as possible if omitted (then the bias must not be 0).

    Returns
    -------
    TalkPartition

    Raises
    ------
    GameError
        If no equilibrium has so many messages.

    Examples
    --------
    >>> talk = talk_partition(0.05)
    >>> talk.messages, [round(a, 10) for a in talk.cuts]
    (3, [0.1333333333, 0.4666666667])

    References
    ----------
    Crawford and Sobel (1982), Econometrica 50, section 4.
    """
    b = number("bias", bias)
    most = most_messages(b) if b != 0 or messages is None else None
    n = most if messages is None and most is not None else count("messages", messages)
    if most is not None and n > most:
        raise GameError(f"messages: found {n}, expected at most {most} for a bias of {b:g}")
    ends = [i / n + 2.0 * b * i * (i - n) for i in range(n + 1)]
    actions = tuple(0.5 * (low + high) for low, high in pairwise(ends))
    gaps = [abs((actions[i] - ends[i] - b) ** 2 - (actions[i - 1] - ends[i] - b) ** 2) for i in range(1, n)]
    loss = 1.0 / (12.0 * n * n) + b * b * (n * n - 1.0) / 3.0
    return TalkPartition(
        n,
        tuple(ends[1:-1]),
        actions,
        loss,
        loss + b * b,
        True,
        max(gaps, default=0.0),
        n == most,
        "an equilibrium; every equilibrium is outcome-equivalent to one such partition (Crawford and Sobel, Theorem 1)",
    )
