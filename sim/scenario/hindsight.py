"""What a scenario could not have known on a date: numbers published later, and numbers fitted to what came later.

A number knows too much if it became public after the date (``known_as_of``), or if it was chosen to meet a row of the
record (``used_to_fit``) that was published after it. A number without either is ours, and its date cannot be told.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sim.scenario.provenance import VARIATIONS

if TYPE_CHECKING:
    from sim.record import Record
    from sim.scenario.scenario import Scenario


@dataclass(frozen=True, slots=True)
class Hindsight:
    """One number that knows what came later.

    Attributes
    ----------
    path : str
        Of the number.
    known_as_of : datetime.date or None
        When it became public, if that was too late.
    fitted_to : tuple of str
        Rows of the record that it was chosen to meet and that came later.
    """

    path: str
    known_as_of: dt.date | None
    fitted_to: tuple[str, ...]

    @property
    def why(self) -> str:
        """The reason in words."""
        reasons = [f"public since {self.known_as_of}"] if self.known_as_of else []
        return "; ".join([*reasons, *([f"fitted to {', '.join(self.fitted_to)}"] if self.fitted_to else [])])


def hindsight(scenario: Scenario, record: Record | None, date: dt.date) -> tuple[Hindsight, ...]:
    """List the numbers of a scenario that could not have been known on a date, in order of the file.

    Parameters
    ----------
    scenario : Scenario
        As loaded; its devices and payoff sets, which change other runs, are left out.
    record : Record or None
        What happened; without it, whatever was fitted counts as known too late.
    date : datetime.date
        The last day of which anything may be known.

    Returns
    -------
    tuple of Hindsight

    Examples
    --------
    >>> import datetime as dt
    >>> from sim.record import load_record
    >>> from sim.scenario.load import load
    >>> doha = load("doha_2020/baseline")
    >>> late = hindsight(doha, load_record("doha_2020"), dt.date(2020, 3, 15))
    >>> [h.why for h in late if h.path.endswith("presidency.dual.mean_days")]
    ['public since 2020-05-17; fitted to power_shared']
    """
    rows = record.named if record is not None else {}
    found = []
    for path, note in scenario.provenance.items():
        if path.partition(".")[0] in VARIATIONS:
            continue
        late = None if note.known_by(date) else note.known_as_of
        fitted = tuple(fact for fact in note.used_to_fit if fact not in rows or rows[fact].known_as_of > date)
        if late is not None or fitted:
            found.append(Hindsight(path, late, fitted))
    return tuple(found)
