"""The built-in scenarios with their titles."""

from __future__ import annotations

from sim.listing import Listing
from sim.scenario.extends import Location, builtin_location, builtin_names, read_extended
from sim.scenario.positions import find
from sim.scenario.reader import read_file


def list_scenarios() -> Listing:
    """List the built-in scenarios: the names that `sim.load` takes, with titles.

    Returns
    -------
    Listing
        A mapping of names to titles, sorted by name.

    Examples
    --------
    >>> list_scenarios()["doha_2020/baseline"]
    'Doha, as decreed on 11 March 2020'
    """
    places = {name: builtin_location(name) for name in builtin_names()}
    return Listing({name: title_of(place) for name, place in places.items() if place is not None})


def title_of(location: Location) -> str:
    """Read the title of a scenario or an experiment and check nothing else."""
    found, _ = find(read_file(location.path, location.name), ("title",))
    if found is None:
        found, _ = find(read_extended(location), ("title",))
    return "" if found is None else str(found.value)
