"""Why the decisions of a date were taken: values, terms, probabilities, the draw, and what tipped them.

A move is chosen in three steps: a valuation gives each legal move a value (util), the sum of its terms; a response
turns values into probabilities; a uniform draw picks the move in whose share of [0, 1) it falls, in the order of the
scenario. An explanation shows all three, and the terms in which the chosen move and the best other one differ.
"""

from __future__ import annotations

import datetime as dt
import math
from dataclasses import dataclass
from typing import Any

from sim.engine.epochs import Epoch, EpochsUntil, epochs_until
from sim.engine.event_rows import Decision, MoveAccount, date_of, decision_account
from sim.engine.explanation_words import called_words, rule_words, why_words
from sim.engine.legality import why_not
from sim.engine.run_date import day_of_run
from sim.engine.term_labels import term_label
from sim.engine.term_parts import parts_of, whole_of


@dataclass(frozen=True, slots=True)
class TermDifference:
    """One term in which the chosen move and another one differ.

    Attributes
    ----------
    term : str
        As in the payoff, or a part of every value such as ``release_cost``.
    label : str
        What it means.
    chosen, other, difference : float
        Util; the difference is in favour of the chosen move.
    """

    term: str
    label: str
    chosen: float
    other: float
    difference: float


@dataclass(frozen=True, slots=True)
class MoveExplained:
    """One move at one decision.

    Attributes
    ----------
    move : str
        Its name.
    legal : bool
        Whether it could be chosen.
    why_not : str
        Why it could not; empty if it could.
    value : float
        Util; NaN if illegal.
    probability : float
        Of being chosen.
    draws : tuple of float
        The draws that choose it: from the first up to, not including, the second.
    terms : dict of str to float
        What the value is made of, in util; those that differ most between legal moves first. Sums of the valuation
        ``drift`` are taken apart by the weights of the scenario (`sim.engine.term_parts`).
    """

    move: str
    legal: bool
    why_not: str
    value: float
    probability: float
    draws: tuple[float, float]
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
    since : datetime.date
        When the move that stood had been chosen.
    draw : float
        The uniform number that chose; NaN for a move of the calendar.
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
    tipped_by : tuple of TermDifference
        Terms in which the chosen move and `other` differ, largest first.
    why : str
        A sentence or two.
    """

    date: dt.date
    day: float
    actor: str
    label: str
    called_by: str
    called: str
    rule: str
    before: str
    since: dt.date
    chosen: str
    draw: float
    cost: float
    precision: float
    value_range: float
    precision_range: float
    moves: tuple[MoveExplained, ...]
    other: str | None
    tipped_by: tuple[TermDifference, ...]
    why: str

    def to_dict(self) -> dict[str, Any]:
        """Return the decision as plain data."""
        return dict(plain(self))


@dataclass(frozen=True, slots=True)
class StandingMove:
    """A move that stands.

    Attributes
    ----------
    actor, label, move : str
        Whose, and which.
    since : datetime.date
        When it was chosen.
    """

    actor: str
    label: str
    move: str
    since: dt.date


@dataclass(frozen=True, slots=True, repr=False)
class Explanation:
    """Why the decisions of a date were taken.

    Attributes
    ----------
    date : datetime.date
        As asked for.
    day : int
        Days since the start.
    title : str
        Of the scenario.
    seed, replication : int
        Address of the run's luck.
    note : str
        Says so if nobody decided on the date; empty otherwise.
    decisions : tuple of DecisionExplained
        Those of the date in order; if there are none, the latest of each actor before it.
    standing : tuple of StandingMove
        After the date's last event, in the order of the scenario.
    """

    date: dt.date
    day: int
    title: str
    seed: int
    replication: int
    note: str
    decisions: tuple[DecisionExplained, ...]
    standing: tuple[StandingMove, ...]

    def __str__(self) -> str:
        from sim.engine.explanation_text import text_of

        return text_of(self)

    __repr__ = __str__

    def _repr_html_(self) -> str:
        from sim.engine.explanation_text import html_of

        return html_of(self)

    def to_dict(self) -> dict[str, Any]:
        """Return the explanation as plain data that JSON can hold, unknown numbers as NaN."""
        return dict(plain(self))


def plain(value: Any) -> Any:
    """Return a result and all within it as dictionaries, lists, texts and numbers; dates as ISO texts."""
    if hasattr(value, "__dataclass_fields__"):
        return {name: plain(getattr(value, name)) for name in value.__dataclass_fields__}
    if isinstance(value, dict):
        return {key: plain(item) for key, item in value.items()}
    if isinstance(value, tuple | list):
        return [plain(item) for item in value]
    return value.isoformat() if isinstance(value, dt.date) else value


def explain(run: Any, date: Any) -> Explanation:
    """Explain the decisions of a date; see `sim.engine.run.Run.explain`."""
    day = day_of_run(run, date)
    steps = int(run.scenario.steps_per_day)
    history = epochs_until(run, (day + 1) * steps - 1)
    held = [epoch for epoch in history.epochs if epoch.tick >= day * steps]
    note = ""
    asked = date_of(history.bound, day)
    if not held:
        latest = {epoch.actor: epoch for epoch in history.epochs}
        held = sorted(latest.values(), key=lambda epoch: (epoch.tick, epoch.clock))
        note = f"Nobody decided on {asked}. "
        note += "The latest decision of each actor before it:" if held else "Nobody had decided before; openings stand."
    return Explanation(
        date=asked,
        day=day,
        title=run.scenario.title,
        seed=run.seed,
        replication=run.replication,
        note=note,
        decisions=tuple(explain_epoch(epoch, history) for epoch in held),
        standing=_standing(history),
    )


def explain_epoch(epoch: Epoch, history: EpochsUntil) -> DecisionExplained:
    """Explain one epoch.

    Parameters
    ----------
    epoch : Epoch
        Held in the run that `history` is of.
    history : EpochsUntil
        For what set it off.
    """
    ready, actor = epoch.bound, epoch.actor
    params, names, step = ready.params[0], ready.names, float(ready.params[0].dt)
    account = _account(epoch)
    moves = _moves(epoch, account)
    legal = [move for move in moves if move.legal]
    chosen = next((move for move in moves if move.move == account.chosen), None)
    others = [move for move in legal if move.move != account.chosen]
    other = max(others, key=lambda move: move.value) if others else None
    tipped = _tipped(chosen, other) if chosen is not None and chosen.legal and other is not None else ()
    rule = list(ready.scenario.actors.values())[actor].rule
    precision = float(params.lam[actor]) if rule.response == "logit" and moves else math.nan
    span = max(m.value for m in legal) - min(m.value for m in legal) if legal else math.nan
    return DecisionExplained(
        date=account.date,
        day=account.day,
        actor=account.actor,
        label=names.labels[actor],
        called_by=account.called_by,
        called=called_words(epoch, history),
        rule=rule_words(ready.scenario, account.actor) if moves else "",
        before=account.before,
        since=date_of(ready, int(epoch.state[0].since[actor]) * step),
        chosen=account.chosen,
        draw=account.draw,
        cost=account.cost,
        precision=precision,
        value_range=span,
        precision_range=precision * span,
        moves=moves,
        other=None if other is None else other.move,
        tipped_by=tipped,
        why=why_words(ready.scenario, account, moves, other, tipped, forced=_forced(epoch), stuck=_stuck(epoch, legal)),
    )


def _account(epoch: Epoch) -> Decision:
    if epoch.record is not None:
        return decision_account(epoch.record[0], epoch.tick, epoch.bound)
    names, day = epoch.bound.names, epoch.tick * float(epoch.bound.params[0].dt)
    standing = int(epoch.state[0].standing[epoch.actor])
    return Decision(
        day=day,
        date=date_of(epoch.bound, day),
        actor=names.actors[epoch.actor],
        called_by="schedule",
        before=names.moves[epoch.actor][standing],
        chosen=names.moves[epoch.actor][epoch.move],
        draw=math.nan,
        cost=math.nan,
        moves=(),
    )


def _forced(epoch: Epoch) -> str:
    """Say which list of the scenario made a move of the calendar."""
    if epoch.record is not None:
        return ""
    actor = list(epoch.bound.scenario.actors.values())[epoch.actor]
    move = epoch.bound.names.moves[epoch.actor][epoch.move]
    day = epoch.tick * float(epoch.bound.params[0].dt)
    scheduled = any(dated.move == move and abs(dated.day - day) < 1.0 for dated in actor.scheduled_moves)
    return "scheduled_moves" if scheduled else "script"


def _stuck(epoch: Epoch, legal: list[MoveExplained]) -> str:
    """Say why the only move left was not legal either, and stands for want of another; empty if it was legal."""
    return why_not(epoch.state, epoch.bound, epoch.actor, epoch.move) if len(legal) == 1 else ""


def _moves(epoch: Epoch, account: Decision) -> tuple[MoveExplained, ...]:
    """Explain all moves; terms are in the order of their spread over the legal moves."""
    parts = parts_of(epoch) if epoch.record is not None else {}
    terms = {
        move.move: _taken_apart(move.terms, {name: float(values[row]) for name, values in parts.items()})
        for row, move in enumerate(account.moves)
        if move.legal
    }
    names = dict.fromkeys(name for found in terms.values() for name in found)

    def spread(name: str) -> float:
        values = [found.get(name, 0.0) for found in terms.values()]
        return max(values) - min(values)

    order = sorted(names, key=lambda name: -spread(name))
    explained: list[MoveExplained] = []
    reached = 0.0
    for row, move in enumerate(account.moves):
        low, reached = reached, min(reached + move.probability, 1.0)
        explained.append(
            MoveExplained(
                move=move.move,
                legal=move.legal,
                why_not="" if move.legal else why_not(epoch.state, epoch.bound, epoch.actor, row),
                value=move.value,
                probability=move.probability,
                draws=(low, reached),
                terms={name: terms[move.move].get(name, 0.0) for name in order} if move.legal else {},
            )
        )
    return tuple(explained)


def _taken_apart(terms: dict[str, float], parts: dict[str, float]) -> dict[str, float]:
    """Return terms with sums replaced by their parts."""
    wholes = {whole_of(name) for name in parts}
    return {name: value for name, value in terms.items() if name not in wholes} | parts


def _tipped(chosen: MoveExplained | MoveAccount, other: MoveExplained | MoveAccount) -> tuple[TermDifference, ...]:
    """List the terms in which two moves differ, largest first."""
    found = []
    for name in dict.fromkeys([*chosen.terms, *other.terms]):
        mine, theirs = chosen.terms.get(name, 0.0), other.terms.get(name, 0.0)
        if mine != theirs:
            found.append(TermDifference(name, term_label(name), mine, theirs, mine - theirs))
    return tuple(sorted(found, key=lambda term: -abs(term.difference)))


def _standing(history: EpochsUntil) -> tuple[StandingMove, ...]:
    ready, world = history.bound, history.state[0]
    names, step = ready.names, float(ready.params[0].dt)
    return tuple(
        StandingMove(
            actor,
            names.labels[row],
            names.moves[row][int(world.standing[row])],
            date_of(ready, int(world.since[row]) * step),
        )
        for row, actor in enumerate(names.actors)
    )


__all__ = ["DecisionExplained", "Explanation", "MoveExplained", "StandingMove", "TermDifference", "explain"]
