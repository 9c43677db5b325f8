"""Where two runs part, in plain words: the event, and what tipped the decision."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from sim.engine.explanation_words import LEAST_SHARE, MOST_TERMS
from sim.engine.story import sentence_of

if TYPE_CHECKING:
    from sim.engine.explained_decision import DecisionExplained
    from sim.engine.run_parting import TermShift


def event_words_of(row: dict[str, Any] | None, run: Any) -> str:
    """Say one row of ``Run.events``, the quiet kinds too.

    Parameters
    ----------
    row : dict or None
        By column; None where the run has ended.
    run : Run
        For what its actors are called.
    """
    if row is None:
        return "nothing more happens"
    text = sentence_of(run.scenario, row["kind"], row["actor"], row["entity"], row["move"], float(row["value"]))
    return f"{row['date']}, {text}"


def parted_words(a: DecisionExplained | None, b: DecisionExplained | None, tipped: Sequence[TermShift]) -> str:
    """Say why two runs part at a decision.

    Parameters
    ----------
    a, b : DecisionExplained or None
        The decision in both runs.
    tipped : sequence of TermShift
        Largest first.
    """
    if a is None or b is None:
        only, name = (b, "B") if a is None else (a, "A")
        assert only is not None
        return f"Only in {name} does {only.label} decide then ({only.called}). {only.why}"
    if not a.moves or not b.moves:
        sides = [f"In {name}: {side.why}" for name, side in (("A", a), ("B", b))]
        return " ".join(sides)
    luck = {name: {m.move: m.luck for m in side.moves if not math.isnan(m.luck)} for name, side in (("A", a), ("B", b))}
    shared = luck["A"].keys() & luck["B"].keys()
    if all(luck["A"][move] == luck["B"][move] for move in shared):
        text = f"On the same luck, {a.label} chose {a.chosen_label} in A and {b.chosen_label} in B."
    else:
        text = f"{a.label} chose {a.chosen_label} in A and {b.chosen_label} in B, on other luck."
        if _chosen_by(a, luck["B"]) == b.chosen:
            text += " Luck parted them: in A the luck of B would have chosen the same as in B."
    if not tipped:
        illegal = [
            f"In {name}, {move.label} was not legal ({move.why_not})"
            for name, side, other in (("A", a, b), ("B", b, a))
            for move in side.moves
            if not move.legal and move.move == other.chosen
        ]
        return " ".join([text, *(f"{sentence}." for sentence in illegal)])
    gain = sum(shift.shift for shift in tipped)
    largest = [shift for shift in tipped[:MOST_TERMS] if abs(shift.shift) >= LEAST_SHARE * abs(tipped[0].shift)]
    terms = ", ".join(f"{shift.words} {shift.shift:+.4f} ({shift.label})" for shift in largest)
    verb = "gains" if gain >= 0.0 else "loses"
    return (
        f"{text} From A to B, {b.chosen_label} {verb} {abs(gain):.4f} util on {a.chosen_label}; most of all by {terms}."
    )


def _chosen_by(decision: DecisionExplained, luck: dict[str, float]) -> str:
    """Return the move that other luck would have chosen."""
    scores = {
        move.move: math.log(move.probability) + luck[move.move]
        for move in decision.moves
        if move.probability > 0.0 and move.move in luck
    }
    return max(scores, key=lambda move: scores[move]) if scores else decision.chosen
