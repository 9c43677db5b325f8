"""The version of the package: one string, in a module of its own, so that whoever prints it imports nothing else."""

from typing import Final

__version__: Final = "0.1.0"
