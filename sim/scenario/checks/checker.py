"""What the checks share: the entities of a scenario by kind, and a list of problems with their places."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from sim.errors import Problem
from sim.scenario.feature_reference import nearest
from sim.scenario.positions import Node, Path, dotted
from sim.scenario.problems import located
from sim.scenario.schema.scenario import Content

MAX_LISTED: Final = 24
KINDS: Final = {
    "actor": ("actors", "an actor"),
    "force": ("world.armed_forces", "an armed force"),
    "group": ("deal.captives", "a group of captives"),
    "stock": ("deal.stocks", "a stock"),
    "programme": ("deal.captives and deal.stocks", "a group of captives or a stock"),
    "target": ("world.armed_forces.*.targets", "a target"),
    "foreign": ("deal.withdrawal", "a foreign force"),
    "flow": ("world.aid_flows", "an aid flow"),
    "office": ("world.offices", "an office"),
    "quantity": ("quantities", "a quantity"),
    "event": ("events", "an event"),
    "promise": ("deal.promises", "a promise"),
}


class Checker:
    """One check of one scenario.

    Parameters
    ----------
    content : Content
        Each section of which is well-formed.
    tree : Node
        Where everything stands.
    """

    def __init__(self, content: Content, tree: Node) -> None:
        self.content, self.tree = content, tree
        self.problems: list[Problem] = []
        self.entities: dict[str, tuple[str, ...]] = {
            "actor": tuple(content.actors),
            "force": tuple(content.world.armed_forces),
            "group": tuple(content.deal.captives),
            "stock": tuple(content.deal.stocks),
            "programme": tuple(content.deal.programmes),
            "target": content.world.attack_targets,
            "foreign": tuple(content.deal.withdrawal),
            "flow": tuple(content.world.aid_flows),
            "office": tuple(content.world.offices),
            "quantity": tuple(content.quantities),
            "event": tuple(name for name, event in content.events.items() for name in (name, *event.one_of)),
            "promise": tuple(content.deal.promises),
        }

    def add(
        self, path: Path, found: str, expected: str, hint: str = "", *, at_key: bool = False, offset: int = 0
    ) -> None:
        """Note a problem with the value at a path, with its key, or with a character in its text."""
        file, line, column = located(self.tree, path, offset, at_key)
        self.problems.append(Problem(file, line, column, dotted(path), found, expected, hint))

    def one_of(
        self,
        path: Path,
        name: str,
        legal: Iterable[str],
        what: str,
        *,
        inside: str = "",
        offset: int = 0,
        at_key: bool = False,
    ) -> bool:
        """Check that a name, perhaps inside a longer text, is one of some; say whether it is."""
        legal = tuple(legal)
        if name in legal:
            return True
        choices = ", ".join(legal[:MAX_LISTED]) + (", ..." if len(legal) > MAX_LISTED else "")
        expected = f"{what}: {choices}" if legal else f"{what}, but there is none"
        found = f"{name!r} in {inside}" if inside else f"{name!r}"
        self.add(path, found, expected, nearest(name, legal), offset=offset, at_key=at_key)
        return False

    def entity(
        self, path: Path, name: str, kind: str, *, inside: str = "", offset: int = 0, at_key: bool = False
    ) -> bool:
        """Check that an entity of a kind exists; say whether it does."""
        section, what = KINDS[kind]
        legal = self.entities[kind]
        return self.one_of(path, name, legal, f"{what} of {section}", inside=inside, offset=offset, at_key=at_key)
