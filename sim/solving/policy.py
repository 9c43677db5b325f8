"""A policy of an actor: a whole way to choose, written as the section ``rule:`` of a scenario."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Literal, TypeAlias

Origin: TypeAlias = Literal["library", "cross-entropy", "forks"]


@dataclass(frozen=True, eq=False)
class ActorPolicy:
    """A strategy of the empirical game.

    Attributes
    ----------
    name : str
        One word or two, unique among the actor's policies.
    words : str
        What it does, to go on "the actor".
    rule : mapping
        The content of ``actors.NAME.rule`` in a scenario file.
    origin : {"library", "cross-entropy", "forks"}
        Where it comes from.

    Examples
    --------
    >>> coin = ActorPolicy("coin", "takes every legal move alike", {"response": "uniform"})
    >>> len(coin.digest), coin.origin
    (64, 'library')
    """

    name: str
    words: str
    rule: Mapping[str, Any]
    origin: Origin = "library"

    @cached_property
    def digest(self) -> str:
        """SHA-256 over the rule, 64 hex digits; the name has no part in it."""
        text = json.dumps(self.rule, sort_keys=True, separators=(",", ":"), default=list)
        return hashlib.sha256(text.encode()).hexdigest()

    def to_dict(self) -> dict[str, Any]:
        """Return it as plain data."""
        return {
            "name": self.name,
            "words": self.words,
            "origin": self.origin,
            "rule": json.loads(json.dumps(self.rule)),
        }


Profile: TypeAlias = tuple[int, ...]
"""One policy of each player, by its place in the player's list."""
Policies: TypeAlias = Mapping[str, tuple[ActorPolicy, ...]]
"""For each player, in order of the scenario, its policies."""


def constant_rule(moves: Mapping[str, Any] | tuple[str, ...], wanted: str) -> dict[str, Any]:
    """Return the rule that takes one move whenever it is legal, and otherwise leaves what stands.

    Examples
    --------
    >>> constant_rule(("wait", "free"), "free")["policy"]["moves"]
    {'wait': [[0.0]], 'free': [[1.0]]}
    """
    coefficients = {move: [[1.0 if move == wanted else 0.0]] for move in moves}
    policy = {"days": [0.0], "sees": [], "moves": coefficients}
    return {"response": "argmax", "valuation": "table", "inertia_util": 0.5, "policy": policy}
