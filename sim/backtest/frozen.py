"""A scenario frozen on a date: history until then, its own rules from the day after.

Until the date every actor that has a choice follows the script of the recorded moves; what stood on day 0 stands on
where there is none. The day after, an event makes each of them the actor of the scenario again (a profile with its
rule) and calls it to review. A number of the imposed history that became public after the date is refused by name,
and so nothing later can enter.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any, Final

from sim.backtest.definition import Backtest
from sim.errors import Problem, ScenarioError, UsageError
from sim.scenario.extends import overlay
from sim.scenario.positions import Node, find, plain
from sim.scenario.provenance import Provenance
from sim.scenario.reader import error_at, quoted
from sim.scenario.scenario import Scenario

PLAY: Final = "plays"
"""Profile under which an actor decides by its own rule."""
BEGINS: Final = "rules_play"
"""Event after which the rules play."""


class Frozen:
    """A scenario with history imposed until a date.

    Parameters
    ----------
    backtest : Backtest
        Case and history.
    as_of : datetime.date
        Last day of history.

    Attributes
    ----------
    scenario : Scenario
        To be run: script until the date, rules after it.
    provenance : mapping of str to Provenance
        What is said of the numbers of the scenario under it, by its paths.
    told : Scenario
        The scenario under it with the history merged in, not yet frozen.

    Raises
    ------
    ScenarioError
        If the history uses what became public later, or fits the scenario nowhere.
    UsageError
        If the date is not within the scenario.
    """

    def __init__(self, backtest: Backtest, as_of: dt.date) -> None:
        self.backtest, self.as_of = backtest, as_of
        base = Scenario(backtest.base)
        if not base.start <= as_of:
            raise UsageError(
                f"--as-of: found {as_of}, expected a day from {base.start} on, when {backtest.name} begins"
            )
        self.own_moves = {name: frozenset(actor.moves) for name, actor in base.actors.items()}
        self.told = self._told()
        self.provenance: Mapping[str, Provenance] = self.told.provenance
        self.scenario = Scenario.from_dict(self._data(), f"{backtest.name} frozen on {as_of}").without_provenance()

    @property
    def day(self) -> int:
        """The date in days since the start."""
        return (self.as_of - self.told.start).days

    @property
    def last_day(self) -> int:
        """Last day of the forecast."""
        return self.day + self.backtest.content.days_ahead

    def is_history(self, path: str) -> bool:
        """Whether a number belongs to a move that only history makes."""
        parts = path.split(".")
        return (
            len(parts) > 3 and parts[0] == "actors" and parts[2] == "moves" and parts[3] not in self.own_moves[parts[1]]
        )

    def path(self, path: str) -> str:
        """Return where a number of the scenario stands in the frozen one: rules stand in the profile that plays."""
        parts = path.split(".")
        if parts[0] == "actors" and len(parts) > 3 and parts[2] == "rule" and parts[1] in self._players:
            return ".".join([*parts[:2], "profiles", PLAY, *parts[2:]])
        return path

    def _told(self) -> Scenario:
        """Merge what is known of history by the date into the scenario."""
        tree = self.backtest.base
        blocks = find(self.backtest.tree, ("history",))[0]
        for block, node in zip(self.backtest.content.history, _items(blocks) if blocks else (), strict=True):
            if block.since <= self.as_of:
                tree = overlay(tree, self._until(_entries(node)["impose"]))
        return Scenario(tree)

    def _until(self, node: Node) -> Node:
        """Cut what is dated after the date off a block of history; refuse numbers that became public later."""
        values = dict(_entries(node))
        if "actors" in values:
            actors = {name: self._actor_until(actor) for name, actor in _entries(values["actors"]).items()}
            values["actors"] = _mapping(actors, values["actors"])
        if "events" in values:
            events = {k: n for k, n in _entries(values["events"]).items() if self._has_happened(n)}
            values["events"] = _mapping(events, values["events"])
        cut = _mapping(values, node)
        self._refuse_late(cut)
        return cut

    def _actor_until(self, actor: Node) -> Node:
        """Keep the steps of a script up to the date, and the moves that they make."""
        parts = dict(_entries(actor))
        used: set[object] = set()
        if "script" in parts:
            steps = [step for step in _items(parts["script"]) if _dated(step, "date") <= self.as_of]
            used = {_entries(step)["move"].value if "move" in _entries(step) else None for step in steps}
            parts["script"] = Node(steps, parts["script"].position, size=parts["script"].size)
        if "moves" in parts:
            moves = {move: n for move, n in _entries(parts["moves"]).items() if move in used}
            parts["moves"] = _mapping(moves, parts["moves"])
        return _mapping(parts, actor)

    def _has_happened(self, event: Node) -> bool:
        return "date" not in _entries(event) or _dated(event, "date") <= self.as_of

    def _refuse_late(self, node: Node, path: tuple[str | int, ...] = ()) -> None:
        if isinstance(node.value, list):
            for place, inner in enumerate(node.value):
                self._refuse_late(inner, (*path, place))
        if not isinstance(node.value, dict):
            return
        known = node.value.get("known_as_of")
        if known is not None and isinstance(known.value, dt.date) and known.value > self.as_of:
            at = known.position
            found = f"a fact that became public on {known.value}, used before {self.as_of}"
            hint = "Leave it to the rules, or freeze the scenario later."
            where = ".".join(str(part) for part in path)
            raise ScenarioError(
                [Problem(at.file, at.line, at.column, where, found, f"what was known on {self.as_of}", hint)]
            )
        for key, inner in node.value.items():
            self._refuse_late(inner, (*path, key))

    def _data(self) -> dict[str, Any]:
        """Write the frozen scenario as plain data."""
        data = self.told.to_dict()
        data["horizon_days"] = max(self.last_day, 1)
        self._players = tuple(name for name, actor in data["actors"].items() if len(actor["moves"]) > 1)
        for name in self._players:
            self._freeze(name, data["actors"][name])
        events = data.setdefault("events", {})
        events[BEGINS] = {
            "what": "history ends, the rules play",
            "date": (self.as_of + dt.timedelta(days=1)).isoformat(),
            "becomes": dict.fromkeys(self._players, PLAY),
            "reviews": list(self._players),
        }
        return data

    def _freeze(self, name: str, actor: dict[str, Any]) -> None:
        """Let an actor follow the script, and decide by its rule as the profile that plays."""
        rule = actor["rule"]
        profiles = {
            key: {**profile, "rule": {**rule, **profile.get("rule", {})}}
            for key, profile in actor.get("profiles", {}).items()
        }
        actor["profiles"] = {**profiles, PLAY: {"rule": rule}}
        actor["rule"] = {"response": "scripted", "valuation": "none"}
        for key, move in actor["moves"].items():
            if key not in self.own_moves[name]:
                move["when"] = "day < 0"  # a move of history: scripts make it, nobody chooses it


def _entries(node: Node) -> dict[str, Node]:
    if not isinstance(node.value, dict):
        raise error_at(node.position, quoted(plain(node)), "a mapping of keys to values")
    return node.value


def _items(node: Node) -> list[Node]:
    if not isinstance(node.value, list):
        raise error_at(node.position, quoted(plain(node)), "a list")
    return node.value


def _dated(node: Node, key: str) -> dt.date:
    """Return the date of a step or an event of history, which says no other time."""
    found = _entries(node).get(key)
    if found is None or not isinstance(found.value, dt.date):
        at = node.position if found is None else found.position
        raise error_at(at, "nothing" if found is None else quoted(plain(found)), "a date, such as 2020-03-15", path=key)
    return found.value


def _mapping(values: dict[str, Node], like: Node) -> Node:
    keys = {key: like.keys.get(key, like.position) for key in values}
    return Node(values, like.position, keys, size=1 + sum(1 + n.size for n in values.values()))
