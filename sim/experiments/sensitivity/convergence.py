r"""Whether indices have converged: the width of their intervals, and how they move as blocks are added.

An analysis has converged when the 95 % interval of every total index is narrower than a stated width (Sarrazin,
Pianosi and Wagener 2016 ask for 0.05 of the index of a deterministic model; the default here is 0.1 for noisy
outputs). The width falls as :math:`1 / \sqrt n` of the blocks n, as long as luck that all blocks share does not
dominate, so n (width / wanted)^2 blocks would reach it.

The sequence over the first 16, 32, 64, ... blocks is what a plot of convergence shows: points of a Sobol' sequence are
balanced at powers of two.

References
----------
Sarrazin, F., Pianosi, F. and Wagener, T. (2016). Global sensitivity analysis of environmental models: convergence and
validation. Environmental Modelling and Software 79, 135-152.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from sim.errors import UsageError
from sim.experiments.sensitivity.sobol_indices import SobolIndices, sobol_indices
from sim.experiments.sensitivity.variance_split import VarianceSplit

WIDEST = 0.1
"""Width of the 95 % interval of a total index above which an analysis has not converged, unless another is given."""
FEWEST = 16
"""Blocks with which the sequence begins."""
FAR = 16
"""Times as many runs beyond which the law of the square root is not trusted where luck prevails."""
NOISY = 0.25
"""Share of noise in the variance of row means from which more replications help more than more blocks."""


def index_sequence(
    names: tuple[str, ...], runs: NDArray[np.float64], *, shared_luck: bool, seed: int = 0, resamples: int = 200
) -> tuple[SobolIndices, ...]:
    """Estimate the indices from the first 16, 32, 64, ... blocks and from all.

    Parameters
    ----------
    names, runs, shared_luck, seed, resamples
        As `sobol_indices` takes them.

    Returns
    -------
    tuple of SobolIndices
        In order of their ``blocks``; prefixes in which the output never varies are left out.

    Examples
    --------
    >>> import numpy as np
    >>> runs = np.random.default_rng(1).random((20, 3, 1))
    >>> [step.blocks for step in index_sequence(("x",), runs, shared_luck=True)]
    [16, 20]
    """
    sizes = [2**k for k in range(int(math.log2(FEWEST)), 40) if 2**k < len(runs)]
    steps = []
    for size in [*sizes, len(runs)]:
        try:
            steps.append(sobol_indices(names, runs[:size], shared_luck=shared_luck, seed=seed, resamples=resamples))
        except UsageError:
            continue
    return tuple(steps)


def sobol_advice(indices: SobolIndices, split: VarianceSplit, widest: float) -> str | None:
    """Say what to do if indices have not converged, None if they have.

    Parameters
    ----------
    indices : SobolIndices
        Of all blocks.
    split : VarianceSplit
        Of the same output.
    widest : float
        Wanted width of the widest interval of a total index.

    Examples
    --------
    >>> import numpy as np
    >>> half, error = np.array([0.5]), np.array([0.1])
    >>> found = SobolIndices(("a",), half, error, half, error, half, half, np.array([[0.01]]), 64, 1)
    >>> print(sobol_advice(found, VarianceSplit(1.0, float("nan"), 128, 1), 0.2))
    the widest 95 % interval of a total index is 0.392 wide, expected at most 0.2. Use about 256 blocks instead of 64
    """
    if indices.widest <= widest:
        return None
    replications = indices.replications
    if not math.isfinite(indices.widest):
        reason = "luck is all that shows: the factors' variance could not be told from noise"
        return f"{reason}. Use more than {replications} replications, or wider ranges"
    reason = f"the widest 95 % interval of a total index is {indices.widest:.3g} wide, expected at most {widest:g}"
    times = (indices.widest / widest) ** 2
    if replications > 1 and split.noise_of_means > NOISY:
        luck = f"{reason}. Luck is {100 * split.noise_of_means:.0f} % of the variance of row means"
        if times > FAR:
            return f"{luck}: use {FAR * replications:,} replications instead of {replications:,}, and look again"
        return f"{luck}: use about {math.ceil(replications * times):,} replications instead of {replications:,}"
    blocks = 2 ** math.ceil(math.log2(indices.blocks * times))
    return f"{reason}. Use about {blocks:,} blocks instead of {indices.blocks:,}"
