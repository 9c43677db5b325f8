r"""Forks: what each move brings, from the same state and on the same luck; and a policy learned from them.

In n worlds one decision of a player is forked (`sim.kernel.forks`). For world k and legal move m let :math:`y_{km}` be
the player's payoff if it takes m there, stands by it for a *hold*, and goes on by its policy. A regression of
:math:`y_{km} - \bar y_k` on what the player sees at the decision, one for each move, is a policy: take the move of
the highest prediction. Its out-of-sample error is that of ten-fold cross-validation, as a share of variance explained;
it may be negative, when luck drowns what can be seen.

This learner shares nothing with the cross-entropy search but the features: it never tries a policy before it is done,
it only asks what single decisions bring.
"""

from __future__ import annotations

import math
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim.engine.threads import thread_count
from sim.kernel.forks import fork_rows
from sim.random.seed import signed_seed
from sim.solving.against import Against
from sim.solving.certificate import Gain
from sim.solving.frame import Frame, candidate_features, chosen_features
from sim.solving.kept import Arrays, Kept
from sim.solving.policy import ActorPolicy, constant_rule
from sim.solving.table import mean_and_error
from sim.solving.worlds import luck_of

Floats = NDArray[np.float64]
FOLDS = 10
RIDGE = 1.0
HOLDS_DAYS = (0.0, 90.0)
"""How long a forced move is stood by: for that decision alone, and for a season."""


@dataclass(frozen=True, slots=True, eq=False)
class Forks:
    """Forked decisions of a player.

    Attributes
    ----------
    moves : tuple of str
    features : ndarray, shape (n, f)
        What it sees at each.
    ticks, chosen : ndarray of int64, shape (n,)
    payoffs : ndarray, shape (n, moves)
        NaN where a move was not legal.
    """

    moves: tuple[str, ...]
    features: Floats
    ticks: NDArray[np.int64]
    chosen: NDArray[np.int64]
    payoffs: Floats

    def gains(self, move: int) -> Floats:
        """Return what a move brings more than what was chosen, at the decisions where it was legal and not chosen."""
        here = self.chosen != move
        at_all = self.payoffs[np.arange(len(self.chosen)), self.chosen]
        difference: Floats = self.payoffs[:, move] - at_all
        found: Floats = difference[here & ~np.isnan(difference)]
        return found


def fork_gains(forks: Forks, actor: str, hold_days: float) -> list[Gain]:
    """Return what forcing each move gains at a decision picked at random, over those where another one was taken.

    Such a gain is that of one decision, not of a policy, so it does not count towards what is known against a profile.
    """
    gains = []
    for place, move in enumerate(forks.moves):
        found = forks.gains(place)
        if len(found) > 1:
            name = f"{move} once" if hold_days == 0.0 else f"{move} for {hold_days:g} days"
            gains.append(Gain(actor, name, "forks", *mean_and_error(found), len(found)))
    return gains


def forked(against: Against, player: int, frame: Frame, worlds: int, hold_days: float, seed: int, kept: Kept) -> Forks:
    """Fork one decision of a player in each of some worlds of a mixed profile.

    Parameters
    ----------
    against : Against
        Who plays what.
    player : int
        Whose decisions.
    frame : Frame
        What to note at them.
    worlds : int
        How many; those without a decision are left out.
    hold_days : float
        How long a forced move is stood by.
    seed : int
        Of the luck.
    kept : Kept
        What was computed already.
    """
    scene = against.worlds
    hold = round(hold_days * scene.scenario.steps_per_day)

    def compute() -> Arrays:
        drawn = against.drawn(worlds, seed)
        pure, which = np.unique(drawn, axis=0, return_inverse=True)
        which = which.reshape(-1)
        profiles = [tuple(some[k] for some, k in zip(against.policies, row, strict=True)) for row in pure]
        forcing = [
            (*profile[:player], ActorPolicy(move, move, constant_rule(frame.moves, move)), *profile[player + 1 :])
            for profile in profiles
            for move in frame.moves
        ]
        params = scene.params_of([*profiles, *forcing])
        forced = len(profiles) + np.arange(len(forcing)).reshape(len(profiles), -1)
        shape = (worlds, len(frame.moves))
        found: Arrays = {
            "features": np.empty((worlds, len(frame.codes))),
            "ticks": np.empty(worlds, np.int64),
            "chosen": np.empty(worlds, np.int64),
            "played": np.empty(worlds),
            "payoffs": np.empty(shape),
        }
        picks = np.random.default_rng(luck_of(seed, "which decision")).random(worlds)
        numbers = np.arange(worlds)

        def work(piece: slice) -> None:
            fork_rows(
                params,
                which[piece].astype(np.int64),
                forced.astype(np.int64),
                scene.base.tables,
                signed_seed(seed),
                numbers[piece],
                scene.columns[player],
                picks[piece],
                hold,
                frame.codes,
                found["features"][piece],
                found["ticks"][piece],
                found["chosen"][piece],
                found["played"][piece],
                found["payoffs"][piece],
            )

        size = 16
        pieces = [slice(first, min(first + size, worlds)) for first in range(0, worlds, size)]
        with ThreadPoolExecutor(thread_count(scene.threads)) as pool:
            list(pool.map(work, pieces))
        return found

    key = {
        "step": "forks",
        "against": against.describe(),
        "player": player,
        "features": [str(feature) for feature in frame.features],
        "worlds": worlds,
        "hold": hold,
        "seed": seed,
    }
    found = kept.arrays(key, compute, worlds * (2 + len(frame.moves)))
    there = found["ticks"] >= 0
    return Forks(
        frame.moves, found["features"][there], found["ticks"][there], found["chosen"][there], found["payoffs"][there]
    )


def frame_of(against: Against, player: int, seed: int, kept: Kept, worlds: int = 200) -> Frame:
    """Return the shape of a player's policies: which features vary where it decides, and by how much.

    Parameters
    ----------
    against : Against
        Worlds in which its decisions are looked at.
    player : int
    seed : int
        Of the call.
    kept : Kept
    worlds : int
        How many are looked at.
    """
    scene = against.worlds
    actor = scene.players[player]
    moves = tuple(scene.scenario.actors[actor].moves)
    names = scene.base.names
    candidates = candidate_features(scene.scenario, actor)
    column = scene.columns[player]
    codes = np.array([names.feature(feature, owner=column) for feature in candidates], np.int64)
    wide = Frame(actor, moves, candidates, np.zeros(len(codes)), np.ones(len(codes)), codes)
    seen = forked(against, player, wide, worlds, 0.0, luck_of(seed, "frame", actor), kept).features
    if len(seen) < 2:
        return Frame(actor, moves, (), np.zeros(0), np.zeros(0), np.zeros((0, 3), np.int64))
    kept_columns = chosen_features(seen)
    return Frame(
        actor,
        moves,
        tuple(candidates[k] for k in kept_columns),
        np.round(seen[:, kept_columns].mean(axis=0), 4),
        np.maximum(np.round(seen[:, kept_columns].std(axis=0), 4), 1e-4),
        codes[kept_columns],
    )


@dataclass(frozen=True, slots=True, eq=False)
class ForkFit:
    """A policy learned from forks.

    Attributes
    ----------
    coefficients : ndarray, shape (size,)
        As `Frame.policy` takes them.
    explained : float
        Out-of-sample share of the variance of the differences between moves that the features explain.
    """

    coefficients: Floats
    explained: float


def fit_forks(forks: Forks, frame: Frame) -> ForkFit:
    """Regress what moves bring on what is seen.

    Examples
    --------
    >>> from sim.scenario.feature_reference import FeatureRef
    >>> frame = Frame("a", ("stay", "go"), (FeatureRef("day"),), np.zeros(1), np.ones(1), np.zeros((1, 3), np.int64))
    >>> day = np.linspace(-1, 1, 40)
    >>> forks = Forks(("stay", "go"), day[:, None], np.arange(40), np.zeros(40, np.int64), np.stack([0 * day, day], 1))
    >>> fit = fit_forks(forks, frame)
    >>> bool(fit.explained > 0.9), bool(fit.coefficients[3] > fit.coefficients[1])
    (True, True)
    """
    seen = (forks.features - frame.centres) / frame.scales
    design = np.hstack([np.ones((len(seen), 1)), np.clip(seen, -4.0, 4.0)])
    legal = ~np.isnan(forks.payoffs)
    several = legal.sum(axis=1) > 1
    centre = np.nanmean(np.where(several[:, None], forks.payoffs, 0.0), axis=1)
    target = forks.payoffs - centre[:, None]
    coefficients = np.zeros((len(frame.moves), design.shape[1]))
    missed, total = 0.0, 0.0
    for move in range(len(frame.moves)):
        here = np.flatnonzero(legal[:, move] & several)
        if len(here) < FOLDS:
            coefficients[move, 0] = -10.0  # never tried, never taken where another move is legal
            continue
        x, y = design[here], target[here, move]
        for fold in range(FOLDS):
            out = np.arange(len(here)) % FOLDS == fold
            missed += float(((y[out] - x[out] @ _ridge(x[~out], y[~out])) ** 2).sum())
        total += float((y**2).sum())
        coefficients[move] = _ridge(x, y)
    return ForkFit(coefficients.reshape(-1), 1.0 - missed / total if total > 0.0 else math.nan)


def _ridge(x: Floats, y: Floats) -> Floats:
    penalty = RIDGE * np.eye(x.shape[1])
    penalty[0, 0] = 0.0
    return np.asarray(np.linalg.solve(x.T @ x + penalty, x.T @ y), np.float64)
