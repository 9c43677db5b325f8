"""Worlds to open: how each of some ended, what its actors did when, what turned it, why each decision was taken."""

from __future__ import annotations

import datetime as dt
import math
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from sim.engine.batch import Batch
from sim.engine.explanation_text import heading_of, sentences_of
from sim.experiments.outcome_share import FAILED
from sim.page.outcome_bars import number
from sim.scenario.words import capital, words_of

if TYPE_CHECKING:
    from sim.engine.explained_decision import DecisionExplained
    from sim.engine.run import Run
    from sim.scenario.scenario import Scenario

SHOWN: Final = 20
"""Worlds in the strip."""
TIPPED: Final = 6
"""Terms of a decision that have a bar; the others are summed up."""


def strip_of(yours: Batch, written: Batch) -> list[dict[str, Any]]:
    """Return how each of the first worlds ended under a changed deal, and under the deal as written.

    Parameters
    ----------
    yours, written : Batch
        On the same luck.
    """
    both = [(_ends(batch), batch.scenario) for batch in (yours, written)]
    worlds = []
    for place in range(min(SHOWN, len(yours))):
        mine, theirs = (_ended(table, scenario, place) for table, scenario in both)
        worlds.append({"world": place, **mine, "written": theirs})
    return worlds


def _ends(batch: Batch) -> dict[str, Any]:
    return {name: batch.outcome_table[name] for name in ("outcome", "end_day", "talks_day")}


def _ended(table: dict[str, Any], scenario: Scenario, place: int) -> dict[str, Any]:
    name = table["outcome"][place]
    day = float(table["end_day"][place])
    end = float(scenario.horizon_days) if math.isnan(day) else day
    known = isinstance(name, str)
    return {
        "outcome": name if known else FAILED,
        "label": scenario.outcome_labels[name] if known else FAILED,
        "day": end,
        "date": (scenario.start + dt.timedelta(days=math.floor(end))).isoformat(),
        "talks": number(table["talks_day"][place]),
    }


def world_data(run: Run) -> dict[str, Any]:
    """Return one world: which move of each actor stood when, its decisions, and its turning points.

    Parameters
    ----------
    run : Run
        With its log.
    """
    scenario, words, table = run.scenario, words_of(run.scenario), run.event_table
    end_day = float(run.outcome["end_day"])
    end = float(scenario.horizon_days) if math.isnan(end_day) else end_day
    actors = []
    for name, actor in scenario.actors.items():
        decisions = [d for d in run.decisions if d.actor == name]
        chances = [(d.day, d, next(m.probability for m in d.moves if m.move == d.chosen)) for d in decisions]
        actors.append(
            {
                "name": name,
                "label": capital(words.actor(name)),
                "moves": {move: capital(words.move(name, move)) for move in actor.moves},
                "spans": [[begin, until, move] for begin, until, move in _spans(run, name, end)],
                "decisions": [
                    {"day": day, "chosen": d.chosen, "turned": d.chosen != d.before, "probability": number(chance)}
                    for day, d, chance in chances
                ],
            }
        )
    marks = [
        {"day": float(day), "kind": kind, "label": _marked(words, kind, entity)}
        for day, kind, entity in zip(table["day"], table["kind"], table["entity"], strict=True)
        if kind in ("talks_opened", "talks_broke_down", "milestone", "outcome")
    ]
    return {
        "start": scenario.start.isoformat(),
        "horizon": scenario.horizon_days,
        "end": end,
        "ended": _end_words(run, end),
        "actors": actors,
        "marks": marks,
        "turning_points": [
            {"date": date.isoformat(), "day": (date - scenario.start).days, "text": text}
            for date, text in run.turning_points()
        ],
        "notes": list(run.notes),
    }


def _marked(words: Any, kind: str, entity: str | None) -> str:
    fixed = {"talks_opened": "talks open", "talks_broke_down": "talks break down"}
    return fixed.get(kind) or str(words.of(kind, entity or ""))


def _end_words(run: Run, end: float) -> str:
    outcome = run.outcome["outcome"]
    label = run.scenario.outcome_labels.get(outcome, FAILED)
    date = run.scenario.start + dt.timedelta(days=math.floor(end))
    return f"{label} on {date} (day {end:,.0f})"


def _spans(run: Run, actor: str, end: float) -> list[tuple[float, float, str]]:
    """Return the spans in which each move of an actor stood, in order."""
    table = run.event_table
    changes = [(0.0, run.scenario.actors[actor].opening_move)]
    for place in np.flatnonzero((table["kind"] == "move") & (table["actor"] == actor)):
        changes.append((float(table["day"][place]), table["move"][place]))
    ends = [day for day, _ in changes[1:]] + [end]
    return [(begin, until, move) for (begin, move), until in zip(changes, ends, strict=True) if until > begin]


def why_data(run: Run, day: int) -> dict[str, Any]:
    """Say why the decisions of a day were taken, and why what came on it besides came.

    Parameters
    ----------
    run : Run
        As of `world_data`.
    day : int
        Since the start.
    """
    told = run.explain(day)
    actors = list(run.scenario.actors)
    return {
        "date": told.date.isoformat(),
        "day": told.day,
        "note": told.note,
        "came": [{"text": capital(came.text), "why": came.why} for came in told.came],
        "decisions": [_decision(decision, actors.index(decision.actor), run.scenario) for decision in told.decisions],
        "standing": [f"{capital(m.label)}: {m.move_label}, since {m.since}" for m in told.standing],
    }


def _decision(decision: DecisionExplained, actor: int, scenario: Scenario) -> dict[str, Any]:
    moves = list(scenario.actors[decision.actor].moves)
    shown, rest = decision.tipped_by[:TIPPED], decision.tipped_by[TIPPED:]
    bars = [{"label": t.words, "meaning": t.label, "difference": number(t.difference)} for t in shown]
    if rest:
        more = sum(term.difference for term in rest)
        bars.append({"label": f"{len(rest)} others", "meaning": "all other terms together", "difference": number(more)})
    other = next((move.label for move in decision.moves if move.move == decision.other), "")
    return {
        "actor": actor,
        "heading": heading_of(decision),
        "day": math.floor(decision.day),
        "why": decision.why,
        "details": sentences_of(decision),
        "chosen": decision.chosen_label,
        "against": other,
        "tipped_by": bars,
        "moves": [
            {
                "move": moves.index(move.move),
                "label": capital(move.label),
                "legal": move.legal,
                "why_not": move.why_not,
                "probability": number(move.probability),
                "value": number(move.value),
                "with_luck": number(move.with_luck),
                "chosen": move.move == decision.chosen,
            }
            for move in decision.moves
        ],
    }


def fork_data(run: Run, fork: Run) -> dict[str, Any]:
    """Return a fork beside the world that it leaves: both worlds, the date, and what differs at the end in words.

    Parameters
    ----------
    run : Run
        The world as it was.
    fork : Run
        The same until a date, and then another move.
    """
    here, there = world_data(run), world_data(fork)
    same = here["ended"] == there["ended"]
    ends = f"It ends the same: {there['ended']}." if same else f"It ends in {there['ended']}, not in {here['ended']}."
    return {
        "world": here,
        "fork": there,
        "date": str(fork.forked_on),
        "day": fork.origin.day if fork.origin else 0,
        "sentence": ends,
    }
