"""The double oracle: solve the table, look for better replies to what comes out, let them join, and again.

In each round the table of all profiles is filled and solved, and for one equilibrium of each family (the selected one
first) replies are looked for: among the further policies of the library, by cross-entropy search from nothing and from
the best table that is known, and by forks. What each gains is measured on fresh worlds. The best reply of each player
that surely gains joins the table; policies that another one beats everywhere by two standard errors leave it, and are
tried again as deviations at the end. The rounds end when nothing surely gains, when what is known against the selected
equilibrium is within what was asked for, or when they are used up.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

import numpy as np
from numpy.typing import NDArray

from sim.solving.against import Against
from sim.solving.certificate import Gain, exploitability, largest_gain, measured_gains
from sim.solving.cross_entropy import Search, search
from sim.solving.equilibria import SolvedTable, TableEquilibrium, solve_table
from sim.solving.forks import fit_forks, fork_gains, forked, frame_of
from sim.solving.frame import Frame
from sim.solving.kept import Kept
from sim.solving.policy import ActorPolicy
from sim.solving.solution import Round
from sim.solving.table import EmpiricalTable, Told
from sim.solving.worlds import Worlds, luck_of

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Effort:
    """How much a solve may spend.

    Attributes
    ----------
    rounds : int
        Of the double oracle, at most.
    families : int
        Equilibria of different families against which replies are learned in each round.
    search : Search
        Of one cross-entropy search.
    searches : int
        Of a player against one equilibrium, with seeds of their own.
    forked_worlds : int
        Of a player against one equilibrium, for each hold.
    test_runs : int
        Fresh worlds on which gains are measured.
    """

    rounds: int
    families: int
    search: Search
    searches: int
    forked_worlds: int
    test_runs: int


EFFORTS: Final[dict[str, Effort]] = {
    "quick": Effort(2, 1, Search(5, 20, 80), 1, 200, 600),
    "standard": Effort(4, 2, Search(8, 30, 200), 2, 800, 2_000),
    "thorough": Effort(8, 4, Search(12, 40, 300), 4, 3_000, 6_000),
}
HOLDS_DAYS: Final = (0.0, 90.0)
SCREEN_RUNS: Final = 400
PRUNED_BY: Final = 2.0


@dataclass(eq=False)
class Oracle:
    """The state of a double oracle.

    Attributes
    ----------
    table : EmpiricalTable
    further : list of list of ActorPolicy
        For each player what is tried besides the table: the further policies of the library, and those that left.
    rounds : list of Round
    solved : SolvedTable or None
    gains, forks : dict
        For each equilibrium that was looked at in the last round, by its number, what deviations gain against it, and
        what single forced moves do.
    converged : bool
    """

    worlds: Worlds
    table: EmpiricalTable
    further: list[list[ActorPolicy]]
    effort: Effort
    seed: int
    within: float
    kept: Kept
    told: Told | None = None
    rounds: list[Round] = field(default_factory=list)
    known: list[list[ActorPolicy]] = field(default_factory=list)
    solved: SolvedTable | None = None
    gains: dict[int, list[Gain]] = field(default_factory=dict)
    learned: dict[int, bool] = field(default_factory=dict)
    forks: dict[int, list[Gain]] = field(default_factory=dict)
    fits: dict[str, float] = field(default_factory=dict)
    converged: bool = False
    _frames: dict[int, Frame] = field(default_factory=dict)

    def run(self) -> None:
        """Do rounds until one of the ends."""
        self.known = [list(some) for some in self.table.policies]
        for number in range(1, self.effort.rounds + 1):
            self.table.fill(self.told, f"round {number}, profiles")
            self._drop_twins()
            self.solved = solve_table(self.table, self.seed)
            targets = self._targets(self.solved)
            self.gains, self.learned, self.forks = {}, {}, {}
            replies: list[tuple[int, ActorPolicy, Gain]] = []
            for place in targets:
                replies += self._replies(number, place, self.solved.equilibria[place])
            chosen = targets[0]
            players = self.worlds.players
            value = exploitability(self.gains[chosen], players)
            best = {player: largest_gain(self.gains[chosen], player) for player in players}
            sure = [reply for reply in replies if reply[2].sure]
            self.converged = not sure or value <= self.within
            added = [] if self.converged or number == self.effort.rounds else self._join(sure)
            self.rounds.append(
                Round(
                    number,
                    dict(zip(players, self.table.shape, strict=True)),
                    value,
                    {p: (g.gain, g.error) for p, g in best.items() if g is not None},
                    tuple(added),
                    self.kept.worlds,
                )
            )
            if self.told is not None:
                self.told(f"round {number}: {value:.3f} util known against the selected equilibrium", 1, 1)
            if self.converged:
                return

    def against(self, equilibrium: TableEquilibrium) -> Against:
        """Return the play of an equilibrium of the present table."""
        return Against(self.worlds, self.table.policies, equilibrium.vectors)

    @staticmethod
    def order(solved: SolvedTable) -> list[int]:
        """Return the places of equilibria, the selected one first."""
        places = list(range(len(solved.equilibria)))
        return sorted(places, key=lambda k: (not solved.equilibria[k].on_branch, k))

    def _targets(self, solved: SolvedTable) -> list[int]:
        """Return one equilibrium of each family, the selected one first."""
        chosen: dict[int, int] = {}
        for place in self.order(solved):
            chosen.setdefault(solved.equilibria[place].family, place)
        return list(chosen.values())[: self.effort.families]

    def frame(self, against: Against, player: int) -> Frame:
        """Return the shape of a player's learned policies, the same in all rounds."""
        if player not in self._frames:
            self._frames[player] = frame_of(against, player, self.seed, self.kept)
        return self._frames[player]

    def _replies(self, number: int, place: int, equilibrium: TableEquilibrium) -> list[tuple[int, ActorPolicy, Gain]]:
        """Look for better replies to an equilibrium and measure what they gain."""
        against = self.against(equilibrium)
        gains: list[Gain] = []
        replies: list[tuple[int, ActorPolicy, Gain]] = []
        test = luck_of(self.seed, "test", number, place)
        for player, actor in enumerate(self.worlds.players):
            if self.told is not None:
                self.told(f"round {number}, replies of {actor}", player, len(self.worlds.players))
            learned = self._learn(number, place, against, player)
            screened = self._screened(number, place, against, player)
            candidates = [*self.table.policies[player], *screened, *learned]
            found = measured_gains(against, player, candidates, self.effort.test_runs, test, self.kept)
            gains += found
            fresh = list(zip(candidates, found, strict=True))[len(self.table.policies[player]) :]
            replies += [(player, policy, gain) for policy, gain in fresh]
        self.gains[place] = gains
        self.learned[place] = True
        return replies

    def _screened(self, number: int, place: int, against: Against, player: int) -> list[ActorPolicy]:
        """Return the further policies that may gain: those whose gain on a few worlds is not surely below 0."""
        there = {policy.digest for policy in self.table.policies[player]}
        some = [policy for policy in self.further[player] if policy.digest not in there]
        luck = luck_of(self.seed, "screen", number, place)
        found = measured_gains(against, player, some, SCREEN_RUNS, luck, self.kept)
        return [policy for policy, gain in zip(some, found, strict=True) if gain.gain > -2.0 * gain.error]

    def _learn(self, number: int, place: int, against: Against, player: int) -> list[ActorPolicy]:
        actor = self.worlds.players[player]
        frame = self.frame(against, player)
        found = []
        for turn in range(self.effort.searches):
            seed = luck_of(self.seed, "search", number, place, actor, turn)
            start = self._best_table(frame, player) if turn % 2 else None
            coefficients = search(against, player, frame, self.effort.search, seed, self.kept, start)
            name = f"searched {number}.{place + 1}.{turn + 1}"
            found.append(frame.policy(name, "takes what a search found best", coefficients, "cross-entropy"))
        if not self.worlds.base.interpreted:
            for turn, hold in enumerate(HOLDS_DAYS):
                seed = luck_of(self.seed, "forks", number, place, actor, turn)
                forks = forked(against, player, frame, self.effort.forked_worlds, hold, seed, self.kept)
                if len(forks.ticks) < 20:
                    continue
                self.forks.setdefault(place, []).extend(fork_gains(forks, actor, hold))
                fit = fit_forks(forks, frame)
                self.fits[f"{actor}, round {number}, held {hold:g} days"] = fit.explained
                name = f"forked {number}.{place + 1}.{turn + 1}"
                found.append(frame.policy(name, "takes what forks promise most", fit.coefficients, "forks"))
        known = {policy.digest for policy in self.table.policies[player]}
        return [policy for policy in {p.digest: p for p in found}.values() if policy.digest not in known]

    def _best_table(self, frame: Frame, player: int) -> Floats | None:
        """Return the coefficients of the learned policy that joined last."""
        for policy in reversed(self.table.policies[player]):
            if policy.origin != "library":
                moves = policy.rule["policy"]["moves"]
                return np.array([number for move in frame.moves for number in moves[move][0]])
        return None

    def _join(self, replies: Sequence[tuple[int, ActorPolicy, Gain]]) -> list[str]:
        """Let the best sure reply of each player to each target join; let what is beaten everywhere leave."""
        added = []
        for player, actor in enumerate(self.worlds.players):
            own = sorted((r for r in replies if r[0] == player), key=lambda r: -r[2].gain)
            for _, policy, _ in own[: self.effort.families]:
                if self.table.add(player, policy):
                    self.known[player].append(policy)
                    added.append(f"{actor}: {policy.name}")
        self._prune(added)
        return added

    def _drop_twins(self) -> None:
        """Keep the first of policies that played alike in every world: they are one, and would make a continuum."""
        payoffs, outcomes = self.table.payoffs(), self.table.outcomes()
        keep: list[list[int]] = []
        for player, some in enumerate(self.table.policies):
            pays = np.moveaxis(payoffs, player, 0).reshape(len(some), -1)
            ends = np.moveaxis(outcomes, player, 0).reshape(len(some), -1)
            first: dict[bytes, int] = {}
            for place in range(len(some)):
                first.setdefault(pays[place].tobytes() + ends[place].tobytes(), place)
            keep.append(sorted(first.values()))
        self.table.remove(keep)

    def _prune(self, added: Sequence[str]) -> None:
        """Remove policies that another one beats against everything by `PRUNED_BY` standard errors."""
        names = [[policy.name for policy in some] for some in self.table.policies]
        fresh = [
            {k for k, name in enumerate(some) if f"{actor}: {name}" in added}
            for actor, some in zip(self.worlds.players, names, strict=True)
        ]
        alive = [[k for k in range(len(some)) if k not in new] for some, new in zip(names, fresh, strict=True)]
        payoffs = self.table.played(alive)
        runs = self.table.runs
        changed = True
        survivors = [list(range(len(some))) for some in alive]
        while changed:
            changed = False
            for player in range(len(names)):
                own = payoffs[np.ix_(*survivors, range(runs), [player])][..., 0]
                lines = np.moveaxis(own, player, 0).reshape(len(survivors[player]), -1, runs)
                for j in range(len(lines)):
                    difference = lines - lines[j]
                    mean, error = difference.mean(axis=-1), difference.std(axis=-1) / np.sqrt(runs)
                    beats = (mean - PRUNED_BY * error > 0.0).all(axis=1)
                    if beats.any():
                        del survivors[player][j]
                        changed = True
                        break
        for player, some in enumerate(survivors):
            gone = [alive[player][k] for k in range(len(alive[player])) if k not in some]
            self.further[player] += [self.table.policies[player][k] for k in gone]
        keep = [
            sorted([alive[player][k] for k in some] + sorted(fresh[player])) for player, some in enumerate(survivors)
        ]
        self.table.remove(keep)
