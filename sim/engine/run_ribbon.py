"""A run at a glance in a notebook: a band an actor, cut where it changed its move, as a small drawing in the page."""

from __future__ import annotations

import math
from html import escape
from typing import Any, Final

from sim.scenario.words import capital, words_of

COLOURS: Final = ("#B8C4D2", "#0072B2", "#E69F00", "#009E73", "#CC79A7", "#D55E00", "#56B4E9", "#F0E442")
"""Of the moves of an actor, in the order of the scenario; the opening move is pale grey."""
WIDTH, LEFT, LANE = 720, 150, 20
LETTER: Final = 6.2
"""Mean width of a letter of the labels."""


def ribbon_html(run: Any) -> str:
    """Draw which move of each actor stood when; moves say their dates when pointed at.

    Parameters
    ----------
    run : Run
        With its log; nothing is drawn of one without.
    """
    table = run.event_table
    end = run.outcome["end_day"]
    days = float(run.scenario.horizon_days) if math.isnan(end) else float(end)
    if not run.scenario.actors or not len(table["kind"]) or days <= 0.0:
        return ""
    words, parts = words_of(run.scenario), []
    for row, (name, actor) in enumerate(run.scenario.actors.items()):
        y = LANE * row
        parts.append(f"<text x='0' y='{y + 13}' font-size='12'>{escape(capital(words.actor(name)))[:40]}</text>")
        moves = list(actor.moves)
        for begin, until, move in _standing(table, name, actor.opening_move, days):
            x = LEFT + (WIDTH - LEFT) * begin / days
            wide = max((WIDTH - LEFT) * (until - begin) / days, 0.5)
            place = moves.index(move)
            colour = COLOURS[0 if move == actor.opening_move else 1 + place % (len(COLOURS) - 1)]
            called = words.move(name, move)
            told = escape(f"{capital(called)}: day {begin:g} to {until:g}", quote=True)
            parts.append(
                f"<rect x='{x:.1f}' y='{y + 2}' width='{wide:.1f}' height='{LANE - 5}' fill='{colour}'>"
                f"<title>{told}</title></rect>"
            )
            if LETTER * len(called) < wide - 4:
                parts.append(
                    f"<text x='{x + 3:.1f}' y='{y + 13}' font-size='10' pointer-events='none'>{escape(called)}</text>"
                )
    height = LANE * len(run.scenario.actors)
    start = run.scenario.start
    caption = f"<div style='font-size:0.8em'>{start} to day {days:g}: the move of each actor that stands</div>"
    drawing = f"<svg width='{WIDTH}' height='{height}' viewBox='0 0 {WIDTH} {height}' role='img'>{''.join(parts)}</svg>"
    return f"{drawing}{caption}"


def _standing(table: Any, actor: str, opening: str, days: float) -> list[tuple[float, float, str]]:
    """Return from when to when each move stood."""
    spans, since, standing = [], 0.0, opening
    for kind, who, move, day in zip(table["kind"], table["actor"], table["move"], table["day"], strict=True):
        if kind == "move" and who == actor:
            spans.append((since, float(day), standing))
            since, standing = float(day), move
    return [span for span in [*spans, (since, days, standing)] if span[1] > span[0]]
