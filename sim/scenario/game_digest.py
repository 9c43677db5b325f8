"""Which game a scenario is: a digest of all that decides what policies are worth, and of nothing else.

Two scenarios are one game if they differ in titles, labels, expectations, the rules that actors follow, or the solution
that they name. A solution belongs to one game and is refused by every other.
"""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from sim.scenario.scenario import Scenario

_WORDS: Final = (
    "title",
    "description",
    "record",
    "expects",
    "headline",
    "explore",
    "devices",
    "payoff_sets",
    "solution",
)


def game_digest(scenario: Scenario) -> str:
    """Return the digest of the game, 64 hex digits.

    Examples
    --------
    >>> import sim
    >>> toy = sim.load("toys/two_actors")
    >>> coin = toy.replace({"title": "Coins", "actors.state.rule.response": "uniform"})
    >>> other = toy.replace({"actors.state.discount_per_year": 0.3})
    >>> game_digest(coin) == game_digest(toy), game_digest(other) == game_digest(toy)
    (True, False)
    """
    content: dict[str, Any] = scenario.to_dict()
    for key in _WORDS:
        content.pop(key, None)
    for actor in content["actors"].values():
        actor.pop("label", None)
        if actor["rule"].get("response") != "scripted":
            actor.pop("rule")
    text = json.dumps(content, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()
