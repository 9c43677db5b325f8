"""Why the decisions of a date were taken, and what came on it besides.

A move is chosen in three steps: a valuation gives each legal move a value (util), the sum of its terms; a response
turns values into probabilities; luck, one Gumbel number a move, picks the move with the highest logarithm of its
probability plus luck, which of a logit response is the highest value plus luck over precision. An explanation shows all
three, and the terms in which the chosen move and the best other one differ. What else came, an outcome above all, is
explained by its hazard or its condition (`sim.engine.what_came`).
"""

from __future__ import annotations

import datetime as dt
import math
from dataclasses import dataclass
from typing import Any

from sim.engine.epochs import Epoch, EpochsUntil, epochs_until, present_actor
from sim.engine.event_rows import Decision, date_of, decision_account
from sim.engine.explained_decision import DecisionExplained, MoveExplained, StandingMove, TermDifference, plain
from sim.engine.explanation_brief import brief_of
from sim.engine.explanation_html import html_of
from sim.engine.explanation_text import text_of
from sim.engine.explanation_words import called_words, rule_words, why_words
from sim.engine.legality import why_not
from sim.engine.run_date import day_of_run
from sim.engine.term_labels import term_label, term_words
from sim.engine.term_parts import parts_of, whole_of
from sim.engine.what_came import CameExplained, FactorExplained, HazardExplained, what_came
from sim.engine.wrapped_text import WIDTH
from sim.model.world import NEVER
from sim.scenario.words import words_of


@dataclass(frozen=True, slots=True, repr=False)
class Explanation:
    """Why the decisions of a date were taken, and what came on it besides.

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
    came : tuple of CameExplained
        What came on the date besides decisions, in order: an outcome, a milestone, talks that open or break down.
    note : str
        Says so if nobody decided on the date, and who decides next; empty otherwise.
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
    came: tuple[CameExplained, ...]
    note: str
    decisions: tuple[DecisionExplained, ...]
    standing: tuple[StandingMove, ...]

    @property
    def heading(self) -> str:
        """What is explained, in one line."""
        return f"{self.title}, seed {self.seed}: {self.date} (day {self.day})"

    def __str__(self) -> str:
        return self.text()

    def __repr__(self) -> str:
        return self.brief()

    def brief(self, width: int = 80) -> str:
        """Return for each decision one sentence and the three terms that tipped it, as bars.

        Parameters
        ----------
        width : int
            Characters of a line.

        Examples
        --------
        >>> import sim
        >>> told = sim.run(sim.load("toys/two_actors"), seed=7).explain(10)
        >>> len(told.brief()) < len(told.text())
        True
        """
        return brief_of(self.heading, self.came, self.note, self.decisions, width)

    def text(self, width: int = WIDTH) -> str:
        """Return everything: each move's value, terms, probability and luck, why others were not legal, what stands.

        Parameters
        ----------
        width : int
            Characters of a line.
        """
        return text_of(self.heading, self.came, self.note, self.decisions, self.standing, self.date, width)

    def _repr_html_(self) -> str:
        return html_of(self.heading, self.came, self.note, self.decisions, self.standing, self.date)

    def to_dict(self) -> dict[str, Any]:
        """Return the explanation as plain data that JSON can hold, unknown numbers as NaN."""
        return dict(plain(self))


def explain(run: Any, date: Any) -> Explanation:
    """Explain the decisions of a date; see `sim.engine.run.Run.explain`."""
    day = day_of_run(run, date)
    steps = int(run.scenario.steps_per_day)
    history = epochs_until(run, (day + 1) * steps - 1)
    epochs = [epoch for epoch in history.epochs if epoch.tick >= day * steps]
    note = ""
    requested = date_of(history.bound, day)
    if not epochs:
        latest = {epoch.actor: epoch for epoch in history.epochs}
        epochs = sorted(latest.values(), key=lambda epoch: (epoch.tick, epoch.clock))
        note = f"Nobody decided on {requested}. {_next_to_decide(run, (day + 1) * steps)} "
        note += (
            "The latest decision of each actor before it:" if epochs else "Nobody had decided before; openings stand."
        )
    return Explanation(
        date=requested,
        day=day,
        title=run.scenario.title,
        seed=run.seed,
        replication=run.replication,
        came=what_came(run, history, day * steps),
        note=note,
        decisions=tuple(explain_epoch(epoch, history) for epoch in epochs),
        standing=_standing(history),
    )


def _next_to_decide(run: Any, tick: int) -> str:
    """Say who decides first from a tick on, and when."""
    later = [epoch for epoch in epochs_until(run, NEVER).epochs if epoch.tick >= tick]
    if not later:
        return "Nobody decided after it."
    dates = [date_of(epoch.bound, epoch.tick * float(epoch.bound.params[0].dt)) for epoch in later]
    first = dict.fromkeys(epoch.actor for epoch, date in zip(later, dates, strict=True) if date == dates[0])
    called = words_of(later[0].bound.scenario)
    names = [called.actor(later[0].bound.names.actors[actor]) for actor in first]
    return f"Next to decide, on {dates[0]}: {', '.join(names)}."


def explain_epoch(epoch: Epoch, history: EpochsUntil) -> DecisionExplained:
    """Explain one epoch.

    Parameters
    ----------
    epoch : Epoch
        Held in the run that `history` is of.
    history : EpochsUntil
        For what set it off.
    """
    bound, actor = epoch.bound, epoch.actor
    params, step = bound.params[0], float(bound.params[0].dt)
    account = _account(epoch)
    rule = present_actor(epoch).rule
    profile = int(epoch.state[0].profile[actor])
    precision = float(params.lam[profile]) if rule.response == "logit" and epoch.record is not None else math.nan
    moves = _moves(epoch, account, precision)
    legal = [move for move in moves if move.legal]
    chosen = next((move for move in moves if move.move == account.chosen), None)
    others = [move for move in legal if move.move != account.chosen]
    other = max(others, key=lambda move: move.value) if others else None
    terms = dict.fromkeys(term for move in legal for term in move.terms)
    labels = {term: term_label(term, bound.scenario) for term in terms}
    called = {term: term_words(term, bound.scenario) for term in terms}
    words = words_of(bound.scenario)
    tipped = _tipped(chosen, other, called, labels) if chosen is not None and chosen.legal and other is not None else ()
    why = why_words(bound.scenario, account, moves, other, tipped, forced=_forced(epoch), stuck=_stuck(epoch, legal))
    span = max(m.value for m in legal) - min(m.value for m in legal) if legal else math.nan
    return DecisionExplained(
        date=account.date,
        day=account.day,
        actor=account.actor,
        label=words.actor(account.actor),
        called_by=account.called_by,
        called=called_words(epoch, history),
        rule=rule_words(rule) if moves else "",
        before=account.before,
        before_label=words.move(account.actor, account.before),
        since=date_of(bound, int(epoch.state[0].since[actor]) * step),
        chosen=account.chosen,
        chosen_label=words.move(account.actor, account.chosen),
        cost=account.cost,
        precision=precision,
        value_range=span,
        precision_range=precision * span,
        moves=moves,
        other=None if other is None else other.move,
        words=called,
        labels=labels,
        tipped_by=tipped,
        reason=why[0],
        why=" ".join(why),
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


def _moves(epoch: Epoch, account: Decision, precision: float) -> tuple[MoveExplained, ...]:
    """Explain all moves; terms are in the order of their spread over the legal moves."""
    parts = parts_of(epoch) if epoch.record is not None else {}
    terms = {
        move.move: _split_sums(move.terms, {name: float(values[row]) for name, values in parts.items()})
        for row, move in enumerate(account.moves)
        if move.legal
    }
    names = dict.fromkeys(name for by_name in terms.values() for name in by_name)

    def spread(name: str) -> float:
        values = [by_name.get(name, 0.0) for by_name in terms.values()]
        return max(values) - min(values)

    order = sorted(names, key=lambda name: -spread(name))
    explained: list[MoveExplained] = []
    for row, move in enumerate(account.moves):
        with_luck = math.nan
        if not math.isnan(move.luck):
            by_value = precision > 0.0
            with_luck = move.value + move.luck / precision if by_value else math.log(move.probability) + move.luck
        explained.append(
            MoveExplained(
                move=move.move,
                label=words_of(epoch.bound.scenario).move(account.actor, move.move),
                legal=move.legal,
                why_not="" if move.legal else why_not(epoch.state, epoch.bound, epoch.actor, row),
                value=move.value,
                probability=move.probability,
                luck=move.luck,
                with_luck=with_luck,
                terms={name: terms[move.move].get(name, 0.0) for name in order} if move.legal else {},
            )
        )
    return tuple(explained)


def _split_sums(terms: dict[str, float], parts: dict[str, float]) -> dict[str, float]:
    """Return terms with sums replaced by their parts."""
    wholes = {whole_of(name) for name in parts}
    return {name: value for name, value in terms.items() if name not in wholes} | parts


def _tipped(
    chosen: MoveExplained, other: MoveExplained, called: dict[str, str], labels: dict[str, str]
) -> tuple[TermDifference, ...]:
    """List the terms in which two moves differ, largest first."""
    tipped = []
    for name in dict.fromkeys([*chosen.terms, *other.terms]):
        chosen_value, other_value = chosen.terms.get(name, 0.0), other.terms.get(name, 0.0)
        if chosen_value != other_value:
            difference = chosen_value - other_value
            tipped.append(TermDifference(name, called[name], labels[name], chosen_value, other_value, difference))
    return tuple(sorted(tipped, key=lambda term: -abs(term.difference)))


def _standing(history: EpochsUntil) -> tuple[StandingMove, ...]:
    bound, world = history.bound, history.state[0]
    names, step, words = bound.names, float(bound.params[0].dt), words_of(bound.scenario)
    standing = [moves[int(world.standing[row])] for row, moves in enumerate(names.moves)]
    return tuple(
        StandingMove(
            actor,
            words.actor(actor),
            standing[row],
            words.move(actor, standing[row]),
            date_of(bound, int(world.since[row]) * step),
        )
        for row, actor in enumerate(names.actors)
    )


__all__ = [
    "CameExplained",
    "DecisionExplained",
    "Explanation",
    "FactorExplained",
    "HazardExplained",
    "MoveExplained",
    "StandingMove",
    "TermDifference",
    "explain",
]
