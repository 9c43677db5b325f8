"""Designs of experiments: which points of the unit cube the rows of a sweep stand at; one design a file.

Each is a frozen section of an experiment file with four methods, so that adding one touches its file and `ALL`:
``size(factors)`` rows, ``unit_points(factors)`` an array of shape (rows, factors), ``resized(rows, factors)`` the same
design with at most so many rows, and ``problem(factors)``, what is wrong with it for these factors, or nothing.
"""

from __future__ import annotations

from sim.experiments.designs.design import Design
from sim.experiments.designs.grid import Grid
from sim.experiments.designs.latin_hypercube import LatinHypercube
from sim.experiments.designs.morris import Morris
from sim.experiments.designs.rows import Rows
from sim.experiments.designs.saltelli import Saltelli
from sim.experiments.designs.sobol import Sobol

ALL: dict[str, type[Design]] = {
    "grid": Grid,
    "rows": Rows,
    "latin_hypercube": LatinHypercube,
    "sobol": Sobol,
    "saltelli": Saltelli,
    "morris": Morris,
}
"""Every design by the key that an experiment file names it by."""

__all__ = ["ALL", "Design", "Grid", "LatinHypercube", "Morris", "Rows", "Saltelli", "Sobol"]
