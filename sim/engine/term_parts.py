r"""The sums within a drift value taken apart: what stands at the end, how it may end, what a change costs at once.

The valuation `drift` keeps one number for each of these columns. All three are linear in the actor's own weights, and
none of these weights moves the mean path, so the part of one weight is the column with all other weights at zero:

.. math:: T_m = \sum_k w_k\,g_k(m) \quad\Rightarrow\quad \text{part}_k(m) = T_m\big|_{w_j = 0,\ j \ne k}.

The parts are got by valuing the moves again on the world as the decision found it, and carry the names that the weights
have in the scenario: ``beyond_window.talks``, ``at_outcome.settlement``, ``terms.settlement.territory``,
``once.breaks_pledge``.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sim.engine.epochs import Epoch, present_actor
from sim.model.columns import AT_ONCE, AT_OUTCOME, BEYOND_WINDOW, COLUMNS, ILLEGAL, INERTIA
from sim.rules.valuation.drift import drift
from sim.scenario.catalogue import MAX_MOVES
from sim.scenario.schema.actors import Once

WHOLE = {BEYOND_WINDOW: "beyond_window", AT_OUTCOME: "at_outcome", AT_ONCE: "at_once"}
_WHOLE_OF_SECTION = {
    "beyond_window": "beyond_window",
    "at_outcome": "at_outcome",
    "terms": "at_outcome",
    "once": "at_once",
    "moves": "at_once",
}
TOLERANCE = 1e-9
ONCE = tuple(Once.model_fields)

Weight = tuple[int, str, str, int | None]
"""Column, name of the part, field of Params, and place in it; None for a whole row of the actor."""


def parts_of(epoch: Epoch) -> dict[str, NDArray[np.float64]]:
    """Return the parts of the columns that are sums, for each move.

    Parameters
    ----------
    epoch : Epoch
        A decision of an actor whose valuation is ``drift``; for others, nothing is taken apart.

    Returns
    -------
    dict of str to ndarray, shape (MAX_MOVES,)
        Util by part; the parts of a column add up to it for every legal move, or the column is not taken apart. Parts
        that are 0 for all moves are left out.
    """
    record = epoch.record
    if record is None or present_actor(epoch).rule.valuation != "drift":
        return {}
    weights = _weights(epoch)
    parts: dict[str, NDArray[np.float64]] = {}
    for round_of in range(max((sum(w[0] == column for w in weights) for column in WHOLE), default=0)):
        alone = [[w for w in weights if w[0] == column][round_of : round_of + 1] for column in WHOLE]
        active = [weight for group in alone for weight in group]
        terms = _valued(epoch, weights, active)
        parts |= {name: terms[:, column] + 0.0 for column, name, _, _ in active if terms[:, column].any()}
    legal = record["values"][0] != ILLEGAL
    for column in WHOLE:
        column_parts = [parts[name] for col, name, _, _ in weights if col == column and name in parts]
        whole = record["terms"][0][:, column]
        if not np.allclose(sum(column_parts, np.zeros(MAX_MOVES))[legal], whole[legal], rtol=0.0, atol=TOLERANCE):
            parts = {name: values for name, values in parts.items() if whole_of(name) != WHOLE[column]}
    return parts


def whole_of(part: str) -> str:
    """Return the name of the column that a part belongs to; empty if it is none.

    Examples
    --------
    >>> whole_of("once.breaks_pledge"), whole_of("beyond_window.talks"), whole_of("talks")
    ('at_once', 'beyond_window', '')
    """
    return _WHOLE_OF_SECTION.get(part.partition(".")[0], "")


def _weights(epoch: Epoch) -> list[Weight]:
    """List the weights that the three columns are linear in."""
    actor, profile, params = epoch.actor, int(epoch.state[0].profile[epoch.actor]), epoch.bound.params[0]
    payoff = present_actor(epoch).payoff
    weights: list[Weight] = [
        (BEYOND_WINDOW, f"beyond_window.{feature}", "beyond_weight", k)
        for k, feature in enumerate(payoff.beyond_window)
    ]
    for outcome, util in enumerate(params.outcome_util[profile]):
        if util != 0.0:
            weights.append((AT_OUTCOME, f"at_outcome.{epoch.bound.names.outcomes[outcome]}", "outcome_util", outcome))
    terms = [(outcome, feature) for outcome, weighed in payoff.terms.items() for feature in weighed]
    weights += [
        (AT_OUTCOME, f"terms.{outcome}.{feature}", "outcome_term_weight", k)
        for k, (outcome, feature) in enumerate(terms)
    ]
    weights += [(AT_ONCE, f"once.{name}", name, None) for name in ONCE if params[name][profile] != 0.0]
    if params.move_cost[actor].any():
        weights.append((AT_ONCE, "moves.cost_util", "move_cost", None))
    return weights


def _best_held(epoch: Epoch) -> int:
    """Return the move that would be worth most if it were held, which the actor expects to make later."""
    assert epoch.record is not None
    params = epoch.bound.params.copy()
    params["hold_step"] = 0
    values = np.where(epoch.record["values"][0] == ILLEGAL, ILLEGAL, np.nan)
    terms = np.zeros((MAX_MOVES, COLUMNS))
    drift(epoch.state[0], params[0], epoch.bound.tables, epoch.actor, values, terms)
    return int(np.argmax(values - terms[:, INERTIA]))


def _valued(epoch: Epoch, weights: list[Weight], active: list[Weight]) -> NDArray[np.float64]:
    """Value the moves of an epoch with all but some weights at zero; return the terms."""
    params = epoch.bound.params.copy()
    for weight in weights:
        _, _, field, place = weight
        if weight not in active:
            row = epoch.actor if field == "move_cost" else int(epoch.state[0].profile[epoch.actor])
            if place is None:
                params[field][0, row] = 0.0
            else:
                params[field][0, row, place] = 0.0
    assert epoch.record is not None
    params[0].then_move[epoch.actor] = _best_held(epoch)
    values = np.where(epoch.record["values"][0] == ILLEGAL, ILLEGAL, np.nan)
    terms = np.zeros((MAX_MOVES, COLUMNS))
    drift(epoch.state[0], params[0], epoch.bound.tables, epoch.actor, values, terms)
    return terms
