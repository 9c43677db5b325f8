"""What is known of a decision once it is explained: its moves with their terms, what tipped it, what stands."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class TermDifference:
    """One term in which the chosen move and another one differ.

    Attributes
    ----------
    term : str
        As in the payoff, or a part of every value such as ``release_cost``.
    words : str
        What tables call it.
    label : str
        What it means.
    chosen, other, difference : float
        Util; the difference is in favour of the chosen move.
    """

    term: str
    words: str
    label: str
    chosen: float
    other: float
    difference: float


@dataclass(frozen=True, slots=True)
class MoveExplained:
    """One move at one decision.

    Attributes
    ----------
    move, label : str
        Its name, and what it is called.
    legal : bool
        Whether it could be chosen.
    why_not : str
        Why it could not; empty if it could.
    value : float
        Util; NaN if illegal.
    probability : float
        Of being chosen.
    luck : float
        Standard Gumbel number; NaN if the move could not be chosen.
    with_luck : float
        What decides, the highest of which was chosen: of a logit response the value plus luck over precision (util), of
        any other the logarithm of the probability plus luck.
    terms : dict of str to float
        What the value is made of, in util; those that differ most between legal moves first. Sums of the valuation
        ``drift`` are taken apart by the weights of the scenario (`sim.engine.term_parts`).
    """

    move: str
    label: str
    legal: bool
    why_not: str
    value: float
    probability: float
    luck: float
    with_luck: float
    terms: dict[str, float]


@dataclass(frozen=True, slots=True)
class DecisionExplained:
    """One decision, or a move that the calendar made.

    Attributes
    ----------
    date : datetime.date
        When.
    day : float
        Days since the start.
    actor, label : str
        Who moved: key and name.
    called_by : str
        ``review``, ``trigger``, ``deadline`` or ``schedule``.
    called : str
        The same in words, with what set it off.
    rule : str
        How the actor chooses, in words.
    before, chosen : str
        The move that stood and the one that stands now.
    before_label, chosen_label : str
        What these are called.
    since : datetime.date
        When the move that stood had been chosen.
    cost : float
        What the change cost at once (util).
    precision : float
        Of a logit response, per util; NaN for other rules.
    value_range : float
        Highest less lowest value of the legal moves (util).
    precision_range : float
        Their product, which alone says how far choice is from a coin flip; NaN for other rules.
    moves : tuple of MoveExplained
        All moves in the order of the scenario; empty for a move of the calendar.
    other : str or None
        The best legal move but the chosen one.
    words, labels : dict of str to str
        What tables call each term of a move's value, and what it means.
    tipped_by : tuple of TermDifference
        Terms in which the chosen move and `other` differ, largest first.
    reason : str
        Why it was chosen, in one sentence.
    why : str
        The same with the terms that spoke for each of the two.
    """

    date: dt.date
    day: float
    actor: str
    label: str
    called_by: str
    called: str
    rule: str
    before: str
    before_label: str
    since: dt.date
    chosen: str
    chosen_label: str
    cost: float
    precision: float
    value_range: float
    precision_range: float
    moves: tuple[MoveExplained, ...]
    other: str | None
    words: dict[str, str]
    labels: dict[str, str]
    tipped_by: tuple[TermDifference, ...]
    reason: str
    why: str

    @property
    def other_label(self) -> str:
        """What the best legal move but the chosen one is called; empty if there is none."""
        return next((move.label for move in self.moves if move.move == self.other), "")

    def to_dict(self) -> dict[str, Any]:
        """Return the decision as plain data."""
        return dict(plain(self))


@dataclass(frozen=True, slots=True)
class StandingMove:
    """A move that stands.

    Attributes
    ----------
    actor, label, move, move_label : str
        Whose, and which: names, and what they are called.
    since : datetime.date
        When it was chosen.
    """

    actor: str
    label: str
    move: str
    move_label: str
    since: dt.date


def plain(value: Any) -> Any:
    """Return a result and all within it as dictionaries, lists, texts and numbers; dates as ISO texts."""
    if hasattr(value, "__dataclass_fields__"):
        return {name: plain(getattr(value, name)) for name in value.__dataclass_fields__}
    if isinstance(value, dict):
        return {key: plain(item) for key, item in value.items()}
    if isinstance(value, tuple | list):
        return [plain(item) for item in value]
    return value.isoformat() if isinstance(value, dt.date) else value
