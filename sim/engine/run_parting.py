"""Where two runs part: the first event and the first choice that are not the same, and what differs at the end."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from sim.engine.explained_decision import DecisionExplained


@dataclass(frozen=True, slots=True)
class EventDivergence:
    """The first event that is not the same.

    Attributes
    ----------
    sequence : int
        Its place in both runs.
    a, b : dict or None
        The rows of ``Run.events``; None where a run has ended.
    a_words, b_words : str
        The same in words.
    """

    sequence: int
    a: dict[str, Any] | None
    b: dict[str, Any] | None
    a_words: str
    b_words: str


@dataclass(frozen=True, slots=True)
class MoveCompared:
    """One move at the decision at which the runs part; NaN where a run did not weigh it.

    Attributes
    ----------
    move, label : str
        Its name, and what it is called.
    a_value, b_value : float
        Util.
    a_probability, b_probability : float
        Of being chosen.
    """

    move: str
    label: str
    a_value: float
    b_value: float
    a_probability: float
    b_probability: float


@dataclass(frozen=True, slots=True)
class TermShift:
    """By how much one term speaks for B's choice against A's choice, in both runs.

    Attributes
    ----------
    term, words, label : str
        Name, what tables call it, and meaning.
    a, b, shift : float
        Util in A, util in B, and B less A.
    """

    term: str
    words: str
    label: str
    a: float
    b: float
    shift: float


@dataclass(frozen=True, slots=True)
class DecisionDivergence:
    """The first decision that is not the same.

    Attributes
    ----------
    date : datetime.date
        When.
    actor, label : str
        Who.
    a, b : DecisionExplained or None
        The decision in both runs; None where a run holds none then.
    moves : tuple of MoveCompared
        All moves of both.
    tipped_by : tuple of TermShift
        Largest first; empty unless both runs weighed both moves.
    why : str
        A sentence or two.
    """

    date: dt.date
    actor: str
    label: str
    a: DecisionExplained | None
    b: DecisionExplained | None
    moves: tuple[MoveCompared, ...]
    tipped_by: tuple[TermShift, ...]
    why: str


@dataclass(frozen=True, slots=True)
class Measured:
    """One fact of how the runs ended, in both.

    Attributes
    ----------
    name : str
        Such as ``payoff_us``.
    a, b : str or float
        Outcome or date as text, a count or a payoff as number; NaN and an empty text are unknown.
    difference : float
        B less A, days for dates; NaN where there is none.
    """

    name: str
    a: str | float
    b: str | float
    difference: float


@dataclass(frozen=True, slots=True, repr=False)
class RunParting:
    """Where two runs part; false if they do not.

    Attributes
    ----------
    a_name, b_name : str
        What they are.
    inputs : tuple of str
        What of scenario, seed, replication and fork is not the same, one line each.
    same_runs : bool
        Whether events, series and outcome are equal to the bit.
    first_event : EventDivergence or None
        None if all events are the same.
    first_decision : DecisionDivergence or None
        None if all choices are the same.
    first_value : str
        If all events are the same but daily values are not, which one parts first; else empty.
    a_headlines, b_headlines : tuple of str
        What only one of them tells from there on, the first few.
    measures : tuple of Measured
        Outcome, dates, counts and payoffs in both, where they are not the same.
    """

    a_name: str
    b_name: str
    inputs: tuple[str, ...]
    same_runs: bool
    first_event: EventDivergence | None
    first_decision: DecisionDivergence | None
    first_value: str
    a_headlines: tuple[str, ...]
    b_headlines: tuple[str, ...]
    measures: tuple[Measured, ...]

    def __bool__(self) -> bool:
        return bool(self.inputs) or not self.same_runs
