"""Moves without effect: with the same levers as another, or with none."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from sim.lint.conditions import NEVER_BY_CHOICE
from sim.lint.warning import LintWarning, at
from sim.scenario.schema.levers import LEVERS, Move

if TYPE_CHECKING:
    from sim.scenario.scenario import Scenario


def check_moves(scenario: Scenario) -> Iterator[LintWarning]:
    """Compare the moves of each actor; one that a file took away counts for none.

    A move that sets nothing is a way to stand by if it is the opening move, keeps the deal or answers its breach.
    An actor with a script chooses nothing, and may give one setting several names.
    """
    for name, actor in scenario.actors.items():
        first: list[tuple[str, dict[str, Any]]] = []
        standing_by = (actor.opening_move, actor.answers_breach, *(step.move for step in actor.keeps_deal))
        for key, move in actor.moves.items():
            if str(move.when) == NEVER_BY_CHOICE:
                continue
            path, settings = f"actors.{name}.moves.{key}", _settings(move)
            twin = next((other for other, others in first if others == settings), None)
            if twin is not None and actor.rule.response != "scripted":
                yield at(scenario, path, f"sets its levers as the move {twin!r} does: choosing it changes nothing")
            elif not settings and len(actor.moves) > 1 and key not in standing_by:
                yield at(scenario, path, "sets no lever: choosing it does nothing")
            first.append((key, settings))


def _settings(move: Move) -> dict[str, Any]:
    """Return the levers that a move sets, without those that it leaves at rest."""
    values = {lever: getattr(move, lever) for lever in LEVERS}
    return {
        k: v for k, v in values.items() if v is not None and not (k in ("single_team", "offer") and not v) and v != {}
    }
