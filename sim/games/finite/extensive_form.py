r"""Finite games in extensive form: a tree of moves by players and by chance, with information sets.

A history leads from the root to a node. At a **decision** a player moves; nodes between which it cannot tell form one
**information set**, with the same moves. At a **chance** node moves have fixed probabilities. Payoffs stand at terminal
nodes (and may stand at any node on the way; they add up). A game has **perfect recall** if no player ever forgets what
it did or knew: all nodes of an information set follow the same sequence of the player's own information sets and moves.

The tree is kept as arrays in preorder (`GameTree`), so every pass over it is a loop and trees may be as deep as memory
allows. The solvers are functions of the tree, each in a module that says what it computes; `ExtensiveForm` calls them.

Sources: Kuhn, H. (1953), Extensive games and the problem of information, Contributions to the Theory of Games II,
193-216; Selten, R. (1975), Reexamination of the perfectness concept, International Journal of Game Theory 4, 25-55.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape
from os import PathLike
from typing import Literal

from numpy.typing import ArrayLike

from sim.games.finite.agent_quantal_response import agent_branch, agent_qre
from sim.games.finite.assessment import Assessment, assessment
from sim.games.finite.backward_induction import backward_induction
from sim.games.finite.behavior import BehaviorProfile, given_behavior, subgame_regrets
from sim.games.finite.branch import LogitBranch
from sim.games.finite.game_tree import GameTree, InformationSet
from sim.games.finite.normal_form import NormalForm
from sim.games.finite.plans import normal_form_of
from sim.games.finite.precision import PrecisionFit, fit_precision
from sim.games.finite.sequence_form import sequence_nash
from sim.games.finite.subgame_perfection import subgame_perfect
from sim.games.finite.tree_nodes import Node, tree_of
from sim.games.formats.efg import read_efg, write_efg


@dataclass(frozen=True, slots=True, eq=False, repr=False, init=False)
class ExtensiveForm:
    """A finite game in extensive form; immutable.

    Parameters
    ----------
    root : Terminal, Decision or Chance
        The first node.
    players : sequence of str, optional
        In the order of payoffs; by default in the order in which players appear in the tree.
    title : str, optional
        For printing and files.

    Raises
    ------
    GameError
        If the tree is no game: a chance node whose probabilities do not sum to 1, moves that differ within an
        information set, payoffs that do not fit the players or are not finite, a decision without moves.

    Examples
    --------
    >>> from sim.games import Decision, Terminal
    >>> entry = ExtensiveForm(
    ...     Decision(
    ...         "entrant",
    ...         {
    ...             "stay out": Terminal([0, 2]),
    ...             "enter": Decision("incumbent", {"fight": Terminal([-1, -1]), "share": Terminal([1, 1])}),
    ...         },
    ...     )
    ... )
    >>> entry
    ExtensiveForm of 2 players (entrant, incumbent): 5 nodes, 2 information sets, perfect information
    >>> entry.backward_induction().as_dict()
    {'entrant.1': {'stay out': 0.0, 'enter': 1.0}, 'incumbent.1': {'fight': 0.0, 'share': 1.0}}
    >>> entry.subgame_roots(), entry.subgame_regrets([[1, 0], [1, 0]])
    ((0, 2), {0: 0.0, 2: 2.0})
    """

    tree: GameTree

    def __init__(self, root: Node, players: Sequence[str] | None = None, title: str = "") -> None:
        object.__setattr__(self, "tree", tree_of(root, players, str(title)))

    @classmethod
    def from_tree(cls, tree: GameTree) -> ExtensiveForm:
        """Return the game of a tree that is already in arrays.

        Examples
        --------
        >>> from sim.games import Decision, Terminal
        >>> game = ExtensiveForm(Decision("I", {"a": Terminal([1]), "b": Terminal([2])}))
        >>> ExtensiveForm.from_tree(game.tree).n_nodes
        3
        """
        game = cls.__new__(cls)
        object.__setattr__(game, "tree", tree)
        return game

    @classmethod
    def from_efg(cls, source: str | PathLike[str]) -> ExtensiveForm:
        """Read a game in Gambit's .efg format; see `sim.games.formats.efg.read_efg`.

        Examples
        --------
        >>> text = 'EFG 2 R "" { "I" } p "" 1 1 "" { "a" "b" } 0 t "" 1 "" { 1 } t "" 2 "" { 2 }'
        >>> ExtensiveForm.from_efg(text).n_nodes
        3
        """
        return cls.from_tree(read_efg(source))

    @property
    def players(self) -> tuple[str, ...]:
        """Names of the players."""
        return self.tree.players

    @property
    def title(self) -> str:
        """Title, for printing and files."""
        return self.tree.title

    @property
    def n_players(self) -> int:
        """Number of players."""
        return len(self.tree.players)

    @property
    def n_nodes(self) -> int:
        """Number of nodes of the tree."""
        return len(self.tree.parent)

    @property
    def information_sets(self) -> tuple[InformationSet, ...]:
        """The information sets, player by player in the order of their first nodes."""
        return self.tree.information_sets

    @property
    def has_perfect_information(self) -> bool:
        """Whether every information set is a single node."""
        return self.tree.has_perfect_information

    @property
    def has_perfect_recall(self) -> bool:
        """Whether no player ever forgets what it did or knew."""
        return self.tree.has_perfect_recall

    def forgetful_sets(self) -> tuple[str, ...]:
        """Return the names of the information sets at which perfect recall fails."""
        return self.tree.forgetful_names()

    def subgame_roots(self) -> tuple[int, ...]:
        """Return the nodes at which a subgame begins, in preorder; the root is always one."""
        return self.tree.subgame_roots()

    def behavior(self, probabilities: Sequence[ArrayLike] | Mapping[str, Mapping[str, float]]) -> BehaviorProfile:
        """Certify given behaviour; see `sim.games.finite.behavior.given_behavior`.

        Examples
        --------
        >>> from sim.games import Decision, Terminal
        >>> game = ExtensiveForm(Decision("I", {"a": Terminal([1]), "b": Terminal([3])}))
        >>> profile = game.behavior([[1, 0]])
        >>> profile.payoffs, profile.one_shot_regrets, profile.converged
        ((1.0,), (2.0,), False)
        """
        return given_behavior(self.tree, probabilities)

    def subgame_regrets(self, profile: Sequence[ArrayLike]) -> dict[int, float]:
        """Return the largest regret of any player in each subgame; see `sim.games.subgame_regrets`."""
        return subgame_regrets(self.tree, profile)

    def backward_induction(self, ties: Literal["uniform", "first"] = "uniform") -> BehaviorProfile:
        """Reason back from the ends; see `sim.games.finite.backward_induction`."""
        return backward_induction(self.tree, ties)

    def subgame_perfect(self) -> BehaviorProfile:
        """Return one subgame perfect equilibrium; see `sim.games.finite.subgame_perfection`."""
        return subgame_perfect(self.tree)

    def sequence_nash(self) -> BehaviorProfile:
        """Return one Nash equilibrium of a two-player game; see `sim.games.finite.sequence_form.sequence_nash`."""
        return sequence_nash(self.tree)

    def assessment(self, lam: float | None = None) -> Assessment:
        """Return nearly sequential behaviour with beliefs everywhere; see `sim.games.finite.assessment.assessment`."""
        return assessment(self.tree, lam)

    def agent_qre(self, lam: float | Sequence[float]) -> BehaviorProfile:
        """Return the agent quantal response equilibrium; see `sim.games.finite.agent_quantal_response.agent_qre`."""
        return agent_qre(self.tree, lam)

    def agent_branch(self, lam_max: float, weights: Sequence[float] | None = None) -> LogitBranch[BehaviorProfile]:
        """Return the principal branch; see `sim.games.finite.agent_quantal_response.agent_branch`."""
        return agent_branch(self.tree, lam_max, weights)

    def fit_precision(
        self, counts: Sequence[ArrayLike], lam_max: float | None = None, level: float = 0.95
    ) -> PrecisionFit[BehaviorProfile]:
        """Estimate the precision from observed moves along the principal branch; see `sim.games.fit_precision`.

        The branch ends at `lam_max`, by default 1,000 / payoff range.
        """
        branch = agent_branch(self.tree, 1000.0 / (self.tree.payoff_range or 1.0) if lam_max is None else lam_max)
        return fit_precision(branch, counts, level)

    def to_normal_form(self, reduced: bool = True) -> NormalForm:
        """Return the game in normal form, its strategies being plans; see `sim.games.finite.plans.normal_form_of`."""
        return NormalForm.from_table(normal_form_of(self.tree, reduced))

    def to_efg(self, path: str | PathLike[str] | None = None) -> str:
        """Return the game as text in Gambit's .efg format; see `sim.games.formats.efg.write_efg`."""
        return write_efg(self.tree, path)

    def __repr__(self) -> str:
        title = f" {self.title!r}" if self.title else ""
        if self.has_perfect_information:
            kind = "perfect information"
        else:
            kind = "perfect recall" if self.has_perfect_recall else "imperfect recall"
        noun = "player" if self.n_players == 1 else "players"
        return (
            f"ExtensiveForm{title} of {self.n_players} {noun} ({', '.join(self.players)}): {self.n_nodes} nodes, "
            f"{len(self.information_sets)} information sets, {kind}"
        )

    def _repr_html_(self) -> str:
        rows = "".join(
            f"<tr><td>{escape(h.name)}</td><td>{escape(', '.join(h.moves))}</td><td>{len(h.nodes)}</td></tr>"
            for h in self.information_sets[:40]
        )
        head = "<tr><th>information set</th><th>moves</th><th>nodes</th></tr>"
        return f"<p>{escape(repr(self))}</p><table>{head}{rows}</table>"
