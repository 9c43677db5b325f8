r"""What share of the total-order indices goes to hazards, payoffs, rules and the rest.

From a design that exchanges factors one by one, the share of a kind is

.. math:: \frac{\sum_{i \in \text{kind}} T_i}{\sum_i T_i},

a *sum of totals*: an interaction of two factors counts once for each, so shares of kinds that interact are no parts of
the variance, and the sum of T_i exceeds 1 by the interactions. From a design that exchanges whole kinds (groups) the
share is the kind's own total index :math:`T_u` (the true grouped index, in which interactions inside the kind count
once) over the sum of those. The result says which it is.

The error of a share follows from the covariance of the totals by the delta method.

References
----------
Jacques, J., Lavergne, C. and Devictor, N. (2006). Sensitivity analysis in presence of model uncertainty and correlated
inputs. Reliability Engineering and System Safety 91, 1126-1134.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from sim.engine.wilson_interval import Z
from sim.experiments.sensitivity.sobol_indices import SobolIndices


@dataclass(frozen=True, slots=True)
class KindShare:
    """The share of one kind of factors.

    Attributes
    ----------
    kind : str
        Such as hazards, payoffs, rules.
    factors : int
        How many exchanged factors or groups it has.
    total : float
        Sum of their total-order indices.
    share : float
        That sum over the sum of all.
    standard_error : float
        Of the share.
    """

    kind: str
    factors: int
    total: float
    share: float
    standard_error: float

    @property
    def interval(self) -> tuple[float, float]:
        """Ends of the 95 % interval of the share."""
        return self.share - Z * self.standard_error, self.share + Z * self.standard_error


def kind_shares(indices: SobolIndices, kinds: Sequence[str]) -> tuple[KindShare, ...]:
    """Add up total-order indices by kind.

    Parameters
    ----------
    indices : SobolIndices
        Of factors, or of groups.
    kinds : sequence of str
        The kind of each of its names.

    Returns
    -------
    tuple of KindShare
        The largest first; empty if the totals could not be told from luck.

    Examples
    --------
    >>> import numpy as np
    >>> zero = np.zeros(3)
    >>> total = np.array([0.6, 0.2, 0.2])
    >>> found = SobolIndices(("a", "b", "c"), total, zero, total, zero, total, total, 0.01 * np.eye(3), 64, 1)
    >>> [(s.kind, round(s.share, 2)) for s in kind_shares(found, ["payoffs", "hazards", "payoffs"])]
    [('payoffs', 0.8), ('hazards', 0.2)]
    """
    whole = float(indices.total.sum())
    if not (math.isfinite(whole) and whole > 0.0 and np.isfinite(indices.total_covariance).all()):
        return ()
    shares = []
    for kind in dict.fromkeys(kinds):
        own = np.array([k == kind for k in kinds], dtype=np.float64)
        total = float(own @ indices.total)
        gradient = (own - total / whole) / whole
        variance = float(gradient @ indices.total_covariance @ gradient)
        shares.append(KindShare(kind, int(own.sum()), total, total / whole, float(np.sqrt(max(variance, 0.0)))))
    return tuple(sorted(shares, key=lambda share: -share.share))
