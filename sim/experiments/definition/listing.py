"""The built-in experiments with their titles."""

from __future__ import annotations

from sim.experiments.definition.load import experiment_names
from sim.listing import Listing
from sim.scenario.extends import Location, builtin_root
from sim.scenario.listing import title_of


def list_experiments() -> Listing:
    """List the built-in experiments: the names that `sim.load_experiment` takes, with titles.

    Returns
    -------
    Listing
        A mapping of names to titles, sorted by name.

    Examples
    --------
    >>> list_experiments()["all_priors"]
    'All priors of Doha'
    """
    folder = builtin_root() / "experiments"
    return Listing(
        {name: title_of(Location(folder / f"{name}.yaml", name, folder.resolve())) for name in experiment_names()}
    )
