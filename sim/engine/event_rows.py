"""From logged numbers to rows that people read: kinds, names, dates, and the full account of each decision."""

from __future__ import annotations

import datetime as dt
import json
import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.encode.events import SET_ENTITY
from sim.encode.names import Names
from sim.model.clocks import DEADLINE_CLOCK, REVIEW_CLOCK, TRIGGER_CLOCK
from sim.model.columns import COLUMN_NAMES, ILLEGAL
from sim.scenario.catalogue import MAX_TERMS
from sim.scenario.events import EVENTS

EVENT_COLUMNS = ("sequence", "tick", "day", "date", "kind", "actor", "move", "entity", "value", "detail")


@dataclass(frozen=True, slots=True)
class MoveAccount:
    """One move at one decision.

    Attributes
    ----------
    move : str
        Its name.
    legal : bool
        Whether it could be chosen.
    value : float
        Util; NaN if illegal.
    probability : float
        Of being chosen.
    luck : float
        Standard Gumbel number; the move with the highest logarithm of its probability plus luck was chosen. NaN if the
        move could not be.
    terms : dict of str to float
        What the value is made of, in util; only terms that are not 0.
    """

    move: str
    legal: bool
    value: float
    probability: float
    luck: float
    terms: dict[str, float]


@dataclass(frozen=True, slots=True)
class Decision:
    """One epoch in full.

    Attributes
    ----------
    day : float
        Days since the start.
    date : datetime.date
        The same on the calendar.
    actor : str
        Who moved.
    called_by : str
        ``review``, ``trigger`` or ``deadline``.
    before, chosen : str
        The move that stood and the one that stands now.
    cost : float
        What the change cost at once (util).
    moves : tuple of MoveAccount
        All moves in the order of the scenario.
    """

    day: float
    date: dt.date
    actor: str
    called_by: str
    before: str
    chosen: str
    cost: float
    moves: tuple[MoveAccount, ...]

    def detail(self) -> str:
        """Return the account as JSON text with sorted keys; NaN as null."""
        moves = [
            {
                "move": m.move,
                "legal": m.legal,
                "value": None if math.isnan(m.value) else m.value,
                "probability": m.probability,
                "luck": None if math.isnan(m.luck) else m.luck,
                "terms": m.terms,
            }
            for m in self.moves
        ]
        account = {
            "called_by": self.called_by,
            "before": self.before,
            "cost": self.cost,
            "moves": moves,
        }
        return json.dumps(account, sort_keys=True, separators=(",", ":"))


def date_of(bound: Any, day: float) -> dt.date:
    """Return the calendar date of a day of the scenario."""
    start: dt.date = bound.scenario.start
    return start + dt.timedelta(days=math.floor(day))


def decision_account(record: Any, tick: int, bound: Any) -> Decision:
    """Turn the record of a decision into names and terms."""
    names: Names = bound.names
    actor = int(record.actor)
    labels = [str(f) for f in list(bound.scenario.actors.values())[actor].payoff.per_year]
    moves = []
    for i, move in enumerate(names.moves[actor]):
        value = float(record["values"][i])
        legal = value != ILLEGAL
        terms = record["terms"][i]
        nonzero = {labels[k]: float(terms[k]) for k in range(len(labels)) if terms[k] != 0.0}
        nonzero |= {n: float(terms[MAX_TERMS + k]) for k, n in enumerate(COLUMN_NAMES) if terms[MAX_TERMS + k] != 0.0}
        probability = float(record["probabilities"][i])
        luck = float(record["luck"][i]) if probability > 0.0 else math.nan
        moves.append(
            MoveAccount(move, legal, value if legal else math.nan, probability, luck, nonzero if legal else {})
        )
    day = tick * float(bound.params[0].dt)
    return Decision(
        day=day,
        date=date_of(bound, day),
        actor=names.actors[actor],
        called_by=_called_by(int(record.clock)),
        before=names.moves[actor][int(record.before)],
        chosen=names.moves[actor][int(record.chosen)],
        cost=float(record.cost),
        moves=tuple(moves),
    )


def _called_by(clock: int) -> str:
    if clock >= REVIEW_CLOCK:
        return "review"
    if clock >= TRIGGER_CLOCK:
        return "trigger"
    return "deadline" if clock == DEADLINE_CLOCK else "schedule"


def event_columns(log: NDArray[np.record], decisions: dict[int, Any], bound: Any) -> dict[str, NDArray[Any]]:
    """Turn the log of a run into named columns.

    Parameters
    ----------
    log : ndarray of LOG, shape (n,)
        In the order in which things happened.
    decisions : dict of int to record of DECISION_RECORD
        For the places in `log` that are decisions, their records.
    bound : Bound
        Names and calendar.

    Returns
    -------
    dict of str to ndarray, shape (n,)
        `EVENT_COLUMNS`; texts are None where they do not apply, values NaN.
    """
    n = len(log)
    step = float(bound.params[0].dt)
    columns: dict[str, NDArray[Any]] = {
        "sequence": np.arange(n, dtype=np.int64),
        "tick": log["tick"].astype(np.int64),
        "day": log["tick"] * step,
    }
    texts = {name: np.full(n, None, dtype=object) for name in ("date", "kind", "actor", "move", "entity", "detail")}
    values = np.full(n, np.nan)
    for i, row in enumerate(log):
        texts["date"][i] = date_of(bound, row.tick * step).isoformat()
        texts["kind"][i] = EVENTS[int(row.kind)].name
        actor, move, entity, value = event_words(row, bound.names)
        texts["actor"][i], texts["move"][i], texts["entity"][i], values[i] = actor, move, entity, value
        if i in decisions:
            texts["detail"][i] = decision_account(decisions[i], int(row.tick), bound).detail()
    columns |= texts
    columns["value"] = values
    return {name: columns[name] for name in EVENT_COLUMNS}


def event_words(row: Any, names: Names) -> tuple[str | None, str | None, str | None, float]:
    """Return the actor, move, entity and value that an event's numbers stand for (`sim.scenario.events`)."""
    event, row_of_entity, row_of_other = EVENTS[int(row.kind)], int(row.entity), int(row.other)
    actor = move = entity = None
    if event.entity == "actor":
        actor = names.actors[row_of_entity]
    elif event.entity == "setting":
        entity = names.rows(SET_ENTITY[row_of_entity])[row_of_other]
    elif event.entity:
        entity = names.rows(event.entity)[row_of_entity]
    if event.other == "actor":
        actor = names.actors[row_of_other] if row_of_other >= 0 else None
    elif event.other == "move":
        move = names.moves[row_of_entity][row_of_other]
    elif event.other == "force":
        entity = names.forces[row_of_other]
    elif event.other == "target":
        entity = f"{entity} on {names.targets[row_of_other]}" if row_of_other >= 0 else entity
    elif event.other == "defection":
        entity = names.defections[row_of_other]
    elif event.other == "profile":
        entity = names.profile_name(row_of_other)
    elif event.other == "flow":
        entity = names.flows[row_of_other]
    if event.value == "move":
        entity = names.moves[row_of_entity][int(row.value)]
    return actor, move, entity, float(row.value) if event.value == "number" else math.nan
