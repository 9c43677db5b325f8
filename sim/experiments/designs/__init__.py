"""Designs of experiments: which points of the unit cube the rows of a sweep stand at; one design a file.

A design is a frozen section of an experiment file, see `Design` for what it must say and do. Adding one touches its own
file and one line of `CLASSES`; the format of experiment files, its JSON Schema and its page read `ALL`.
"""

from __future__ import annotations

from importlib import import_module

from sim.experiments.designs.design import Design

CLASSES = {
    "grid": "Grid",
    "rows": "Rows",
    "latin_hypercube": "LatinHypercube",
    "sobol": "Sobol",
    "saltelli": "Saltelli",
    "morris": "Morris",
}
"""The class of each design, by the key that an experiment file names it by, which is also the name of its module."""

ALL: dict[str, type[Design]] = {key: getattr(import_module(f"{__name__}.{key}"), name) for key, name in CLASSES.items()}
"""Every design by its key."""

__all__ = ["ALL", "Design"]
