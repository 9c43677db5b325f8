r"""Finite games in extensive form: a tree of moves by players and by chance, with information sets.

A history leads from the root to a node. At a **decision** a player moves; nodes between which it cannot tell form one
**information set**, with the same moves. At a **chance** node moves have fixed probabilities. Payoffs stand at terminal
nodes (and may stand at any node on the way; they add up). A game has **perfect recall** if no player ever forgets what
it did or knew: all nodes of an information set follow the same sequence of the player's own information sets and moves.

The tree is kept as arrays in preorder (a node stands before all nodes below it), so every pass over it is a loop and
trees may be as deep as memory allows.

Sources: Kuhn, H. (1953), Extensive games and the problem of information, Contributions to the Theory of Games II,
193-216; Selten, R. (1975), Reexamination of the perfectness concept, International Journal of Game Theory 4, 25-55.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape
from os import PathLike
from typing import TYPE_CHECKING, Literal

from numpy.typing import ArrayLike

from sim.games.finite.game_tree import GameTree, InformationSet
from sim.games.finite.tree_nodes import Chance, Decision, Node, Terminal, planted

if TYPE_CHECKING:
    from sim.games.finite.behavior import BehaviorProfile
    from sim.games.finite.branch import LogitBranch
    from sim.games.finite.normal_form import NormalForm
    from sim.games.finite.precision import PrecisionFit

__all__ = ["Chance", "Decision", "ExtensiveForm", "Node", "Terminal"]


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
    """

    tree: GameTree
    title: str

    def __init__(self, root: Node, players: Sequence[str] | None = None, title: str = "") -> None:
        object.__setattr__(self, "tree", planted(root, players))
        object.__setattr__(self, "title", str(title))

    @classmethod
    def from_tree(cls, tree: GameTree, title: str = "") -> ExtensiveForm:
        """Return the game of a tree that is already in arrays.

        Parameters
        ----------
        tree : GameTree
        title : str

        Returns
        -------
        ExtensiveForm

        Examples
        --------
        >>> game = ExtensiveForm(Decision("I", {"a": Terminal([1]), "b": Terminal([2])}))
        >>> ExtensiveForm.from_tree(game.tree).n_nodes
        3
        """
        game = cls.__new__(cls)
        object.__setattr__(game, "tree", tree)
        object.__setattr__(game, "title", str(title))
        return game

    @property
    def players(self) -> tuple[str, ...]:
        """Names of the players."""
        return self.tree.players

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
        return all(len(h.nodes) == 1 for h in self.tree.information_sets)

    @property
    def has_perfect_recall(self) -> bool:
        """Whether no player ever forgets what it did or knew."""
        return not self.tree.forgetful()

    def forgetful_sets(self) -> tuple[str, ...]:
        """Return the names of the information sets at which perfect recall fails.

        Returns
        -------
        tuple of str
        """
        return tuple(self.tree.information_sets[h].name for h in self.tree.forgetful())

    def subgame_roots(self) -> tuple[int, ...]:
        """Return the nodes at which a subgame begins, in preorder; the root is always one.

        Returns
        -------
        tuple of int

        Examples
        --------
        >>> second = Decision("II", {"l": Terminal([1, 1]), "r": Terminal([0, 0])})
        >>> ExtensiveForm(Decision("I", {"a": second, "b": Terminal([2, 2])})).subgame_roots()
        (0, 1)
        """
        return self.tree.subgame_roots()

    def behavior(self, probabilities: Sequence[ArrayLike] | Mapping[str, Mapping[str, float]]) -> BehaviorProfile:
        """Certify given behaviour: payoffs, regrets and one-shot regrets.

        Parameters
        ----------
        probabilities : sequence of array_like, or mapping
            One probability vector per information set, or ``{set: {move: probability}}``.

        Returns
        -------
        BehaviorProfile

        Raises
        ------
        GameError
            If these are not probabilities of the moves at every information set.

        Examples
        --------
        >>> game = ExtensiveForm(Decision("I", {"a": Terminal([1]), "b": Terminal([3])}))
        >>> profile = game.behavior([[1, 0]])
        >>> profile.payoffs, profile.one_shot_regrets, profile.converged
        ((1.0,), (2.0,), False)
        """
        from sim.games.finite.behavior import given_behavior

        return given_behavior(self, probabilities)

    def backward_induction(self, ties: Literal["uniform", "first"] = "uniform") -> BehaviorProfile:
        """Return the subgame perfect equilibrium found by reasoning back from the ends (perfect information).

        Parameters
        ----------
        ties : {"uniform", "first"}
            How equally good moves are played; ``"uniform"`` is the limit of agent quantal response.

        Returns
        -------
        BehaviorProfile

        Raises
        ------
        GameError
            If the game has an information set of more than one node.
        UsageError
            If `ties` is unknown.
        """
        from sim.games.finite.backward_induction import backward_induction

        return backward_induction(self, ties)

    def subgame_perfect(self) -> BehaviorProfile:
        """Return one subgame perfect equilibrium, solving the smallest subgames first (perfect recall).

        Returns
        -------
        BehaviorProfile
            In each subgame the pure equilibrium with the earliest strategies if there is one, else a mixed one.

        Raises
        ------
        GameError
            Without perfect recall, or if a subgame's normal form is too large.

        Warns
        -----
        ConvergenceWarning
            If no equilibrium of some subgame was found; ``converged`` is False.
        """
        from sim.games.finite.subgame_perfection import subgame_perfect

        return subgame_perfect(self)

    def agent_qre(self, lam: float | Sequence[float]) -> BehaviorProfile:
        """Return the agent quantal response equilibrium at a precision, on the principal branch.

        Parameters
        ----------
        lam : float or sequence of float
            Precision in 1 / payoff unit, at least 0; one number, or one per player.

        Returns
        -------
        BehaviorProfile
            With perfect information the only one, computed in one pass.

        Raises
        ------
        UsageError
            If a precision is negative or not finite.
        GameError
            If a player forgets its own past moves (absent-mindedness), or an information set is never reached because
            chance has probability 0.

        Warns
        -----
        ConvergenceWarning
            If the branch could not be followed so far.

        Examples
        --------
        >>> game = ExtensiveForm(Decision("I", {"a": Terminal([1]), "b": Terminal([0])}))
        >>> round(float(game.agent_qre(1.0)[0][0]), 9)
        0.731058579
        """
        from sim.games.finite.agent_quantal_response import agent_qre

        return agent_qre(self, lam)

    def agent_branch(self, lam_max: float, weights: Sequence[float] | None = None) -> LogitBranch[BehaviorProfile]:
        """Return the principal branch of agent quantal response equilibria up to a precision.

        Parameters
        ----------
        lam_max : float
            In 1 / payoff unit.
        weights : sequence of float, optional
            Player i's precision is ``weights[i] * lam``; 1 for all by default.

        Returns
        -------
        LogitBranch

        Raises
        ------
        UsageError
            If `lam_max` or a weight is negative or not finite.
        GameError
            As in `agent_qre`.

        Warns
        -----
        ConvergenceWarning
            If the branch could not be followed to `lam_max`.
        """
        from sim.games.finite.agent_quantal_response import agent_branch

        return agent_branch(self, lam_max, weights)

    def fit_precision(
        self, counts: Sequence[ArrayLike], lam_max: float | None = None, level: float = 0.95
    ) -> PrecisionFit[BehaviorProfile]:
        """Estimate the precision from observed moves by maximum likelihood along the principal branch.

        Parameters
        ----------
        counts : sequence of array_like
            For each information set how often each move was observed.
        lam_max : float, optional
            Largest precision considered, in 1 / payoff unit; by default 1,000 / payoff range.
        level : float
            Confidence level of the profile-likelihood interval.

        Returns
        -------
        PrecisionFit

        Raises
        ------
        UsageError
            If the counts do not fit the game, are negative, or all zero.

        Warns
        -----
        ConvergenceWarning
            If the likelihood still rises at `lam_max`.
        """
        from sim.games.finite.precision import fit_precision

        branch = self.agent_branch(1000.0 / (self.tree.payoff_range or 1.0) if lam_max is None else lam_max)
        return fit_precision(branch, counts, level)

    def to_normal_form(self, reduced: bool = True) -> NormalForm:
        """Return the game in normal form.

        Parameters
        ----------
        reduced : bool
            Whether plans that differ only where the player's own moves never lead are one strategy (``*`` in its name).

        Returns
        -------
        NormalForm

        Raises
        ------
        GameError
            If a player has more than 100,000 plans, or there are more than 2,000,000 combinations.

        Examples
        --------
        >>> game = ExtensiveForm(Decision("I", {"a": Terminal([1]), "b": Terminal([3])}))
        >>> game.to_normal_form().strategies
        (('a', 'b'),)
        """
        from sim.games.finite.plans import to_normal_form

        return to_normal_form(self, reduced)

    def to_efg(self, path: str | PathLike[str] | None = None) -> str:
        """Return the game as text in Gambit's .efg format, and write it to a file if a path is given.

        Parameters
        ----------
        path : path, optional
            File to write (UTF-8).

        Returns
        -------
        str

        Raises
        ------
        StoreError
            If the file cannot be written.
        """
        from sim.games.formats.efg import write_efg

        return write_efg(self, path)

    @classmethod
    def from_efg(cls, source: str | PathLike[str]) -> ExtensiveForm:
        """Read a game in Gambit's .efg format.

        Parameters
        ----------
        source : str or path
            A path, or the text itself (a string that starts with ``EFG``).

        Returns
        -------
        ExtensiveForm

        Raises
        ------
        GameFileError
            With line and column, if the text is malformed.

        Examples
        --------
        >>> text = 'EFG 2 R "" { "I" } p "" 1 1 "" { "a" "b" } 0 t "" 1 "" { 1 } t "" 2 "" { 2 }'
        >>> ExtensiveForm.from_efg(text).n_nodes
        3
        """
        from sim.games.formats.efg import read_efg

        return read_efg(source)

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
