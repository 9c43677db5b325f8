r"""Shares of outcomes among replications, each with its Monte Carlo standard error.

With k of n runs, the share is p = k/n and its standard error

.. math:: \sqrt{p (1 - p) / n}.

For an outcome that no run had, or all, that is 0, which says nothing; the Wilson interval beside it
(`sim.engine.wilson_interval`) has a width for it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from numpy.typing import NDArray

from sim.engine.wilson_interval import share_error, wilson_interval

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
        return float(share_error(self.share, self.runs))

    @property
    def interval(self) -> tuple[float, float]:
        """Ends of the 95 % Wilson interval.

        Examples
        --------
        >>> low, high = OutcomeShare("civil_war", 0, 200).interval
        >>> round(low, 4), round(high, 4)
        (0.0, 0.0188)
        """
        low, high = wilson_interval(self.count, self.runs)
        return float(low), float(high)

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


def outcome_shares(outcomes: NDArray[Any], names: Sequence[str]) -> tuple[OutcomeShare, ...]:
    """Count outcomes.

    Parameters
    ----------
    outcomes : ndarray of object, shape (runs,)
        Names; None for a run that stopped itself. At least one.
    names : sequence of str
        Of all outcomes that a run of the scenario can have.

    Returns
    -------
    tuple of OutcomeShare
        Every outcome in order, those that never came included; `FAILED` last, if any run did.

    Examples
    --------
    >>> import numpy as np
    >>> ended = np.array(["settlement", "civil_war", "settlement", "settlement"], dtype=object)
    >>> shares = outcome_shares(ended, ["settlement", "stalemate", "civil_war"])
    >>> [(s.outcome, s.share, round(s.standard_error, 3)) for s in shares if s.count]
    [('settlement', 0.75, 0.217), ('civil_war', 0.25, 0.217)]
    """
    runs = len(outcomes)
    listed = outcomes.tolist()
    shares = [OutcomeShare(name, listed.count(name), runs) for name in names]
    failed = listed.count(None)
    return (*shares, *([OutcomeShare(FAILED, failed, runs)] if failed else []))
