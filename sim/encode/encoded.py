"""One scenario in numbers: what every engine takes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

import numpy as np
from numpy.typing import NDArray

from sim.encode.actors import encode_actors
from sim.encode.deal import encode_deal
from sim.encode.deeds import encode_deeds
from sim.encode.derived import derive
from sim.encode.events import encode_events
from sim.encode.names import Names
from sim.encode.open_record import OpenRecord
from sim.encode.quantities import encode_quantities
from sim.encode.series import encode_series
from sim.encode.tables import TableBuilder
from sim.encode.world import encode_world
from sim.model.layout import PARAMS, Params
from sim.scenario.catalogue import MECHANISM_CODES

if TYPE_CHECKING:
    from sim.scenario.scenario import Scenario


@dataclass(frozen=True, slots=True, eq=False)
class Encoded:
    """A scenario as compiled code reads it.

    Attributes
    ----------
    params : ndarray of PARAMS, shape (1,)
        Numbers; rules and payoff models by their number in the registry, not bound to any process.
    tables : ndarray of float64, shape (n,)
        Dated lists and conditions.
    names : Names
        Entities in order.
    series : tuple of str
        The daily series, as features are written.
    """

    params: NDArray[np.record]
    tables: NDArray[np.float64]
    names: Names
    series: tuple[str, ...]


def encode(scenario: Scenario) -> Encoded:
    """Turn a scenario into numbers.

    Parameters
    ----------
    scenario : Scenario
        Checked: whatever could be wrong with it was said when it was loaded.

    Returns
    -------
    Encoded
        Read-only arrays.

    Examples
    --------
    >>> from sim.scenario.load import load
    >>> encode(load("doha_2020/baseline")).names.actors
    ('government', 'taliban', 'us')
    """
    names = Names.of(scenario)
    params = np.zeros(1, PARAMS)
    record = cast(Params, OpenRecord(params))
    tables = TableBuilder(names, scenario.start, scenario.steps_per_day)
    record.dt = 1.0 / scenario.steps_per_day
    record.horizon_tick = scenario.horizon_days * scenario.steps_per_day
    record.start_day_of_year = scenario.start.timetuple().tm_yday
    for mechanism, code in MECHANISM_CODES.items():
        record.on[code] = int(scenario.mechanisms[mechanism])
    encode_world(scenario, names, record)
    encode_deal(scenario, names, tables, record)
    encode_events(scenario, names, tables, record)
    encode_deeds(scenario, names, tables, record)
    encode_actors(scenario, names, tables, record)
    encode_quantities(scenario, names, record)
    derive(record)
    series = encode_series(scenario, names, record)
    params.flags.writeable = False
    return Encoded(params, tables.array(), names, series)
