"""The one door to SALib, which is optional: estimators of sensitivity analysis (Iwanaga, Usher and Herman 2022).

References
----------
Iwanaga, T., Usher, W. and Herman, J. (2022). Toward SALib 2.0: advancing the accessibility and interpretability of
global sensitivity analyses. Socio-Environmental Systems Modelling 4, 18155.
"""

from __future__ import annotations

import importlib
from typing import Any

from sim.errors import MissingExtraError


def salib(module: str) -> Any:
    """Import a module of SALib.

    Parameters
    ----------
    module : str
        Such as ``analyze.sobol``.

    Returns
    -------
    module

    Raises
    ------
    MissingExtraError
        If SALib is not installed.

    Examples
    --------
    >>> salib("analyze.morris").__name__
    'SALib.analyze.morris'
    """
    try:
        return importlib.import_module(f"SALib.{module}")
    except ModuleNotFoundError as error:
        raise MissingExtraError("SALib", "sensitivity", "sensitivity analysis") from error
