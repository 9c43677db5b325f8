r"""Shares of outcomes among replications, each with its Monte Carlo standard error.

With k of n runs, the share is p = k/n and its standard error

.. math:: \sqrt{p (1 - p) / n}.

For an outcome that no run had, or all, that is 0, which says nothing; the Wilson interval

.. math:: \frac{p + z^2/2n \pm z \sqrt{p (1 - p)/n + z^2/4n^2}}{1 + z^2/n}, \qquad z = 1.96,

has a width for it, and covers the true share in about 95 of 100 samples.

References
----------
Wilson, E. B. (1927). Probable inference, the law of succession, and statistical inference. Journal of the American
Statistical Association 22, 209-212.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

from numpy.typing import NDArray

from sim.scenario.catalogue import OUTCOMES

Z = 1.959963984540054
FAILED = "failed"
"""What runs are counted under that stopped themselves."""


@dataclass(frozen=True, slots=True)
class OutcomeShare:
    """How often one outcome came.

    Attributes
    ----------
    outcome : str
        Its name.
    count, runs : int
        Runs that had it, of how many.
    """

    outcome: str
    count: int
    runs: int

    @property
    def share(self) -> float:
        """Count over runs."""
        return self.count / self.runs

    @property
    def standard_error(self) -> float:
        """Monte Carlo standard error of the share."""
        return math.sqrt(self.share * (1.0 - self.share) / self.runs)

    @property
    def interval(self) -> tuple[float, float]:
        """Ends of the 95 % Wilson interval.

        Examples
        --------
        >>> low, high = OutcomeShare("civil_war", 0, 200).interval
        >>> round(low, 4), round(high, 4)
        (0.0, 0.0188)
        """
        p, n = self.share, self.runs
        middle = p + Z * Z / (2.0 * n)
        half = Z * math.sqrt(p * (1.0 - p) / n + Z * Z / (4.0 * n * n))
        scale = 1.0 + Z * Z / n
        low = 0.0 if self.count == 0 else (middle - half) / scale
        high = 1.0 if self.count == n else (middle + half) / scale
        return low, high

    def to_dict(self) -> dict[str, Any]:
        """Return everything as plain data for JSON."""
        low, high = self.interval
        return {
            "outcome": self.outcome,
            "count": self.count,
            "runs": self.runs,
            "share": self.share,
            "standard_error": self.standard_error,
            "low": low,
            "high": high,
        }


def outcome_shares(outcomes: NDArray[Any]) -> tuple[OutcomeShare, ...]:
    """Count outcomes.

    Parameters
    ----------
    outcomes : ndarray of object, shape (runs,)
        Names; None for a run that stopped itself. At least one.

    Returns
    -------
    tuple of OutcomeShare
        Every outcome of the catalogue in its order, those that never came included; `FAILED` last, if any run did.

    Examples
    --------
    >>> import numpy as np
    >>> shares = outcome_shares(np.array(["settlement", "civil_war", "settlement", "settlement"], dtype=object))
    >>> [(s.outcome, s.share, round(s.standard_error, 3)) for s in shares if s.count]
    [('settlement', 0.75, 0.217), ('civil_war', 0.25, 0.217)]
    """
    runs = len(outcomes)
    listed = outcomes.tolist()
    shares = [OutcomeShare(name, listed.count(name), runs) for name in OUTCOMES if name != "running"]
    failed = listed.count(None)
    return (*shares, *([OutcomeShare(FAILED, failed, runs)] if failed else []))
