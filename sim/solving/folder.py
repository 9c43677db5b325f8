"""A solution as a folder: ``solution.json`` (all of it), ``profiles.csv`` (the table), ``work/`` (numbers so far)."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from sim.errors import StoreError
from sim.solving.certificate import Gain
from sim.solving.policy import ActorPolicy
from sim.solving.solution import Equilibrium, Round, Solution
from sim.store.atomic import write_atomically
from sim.store.json_text import json_text
from sim.store.run_folder import prepare_out
from sim.store.solution_file import FORMAT, SOLUTION, read_solution, solution_digest

if TYPE_CHECKING:
    from sim.scenario.scenario import Scenario

PROFILES: Final = "profiles.csv"
WORK: Final = "work"
MOST_NUMBERS: Final = 2_000_000


def work_folder(out: Path, resume: bool) -> Path:
    """Return the folder in which what is computed is kept, made if it is not there.

    Raises
    ------
    StoreError
        If something is in `out` and `resume` is not asked for, or it cannot be written.
    """
    if out.is_dir() and any(out.iterdir()) and not resume:
        raise StoreError(f"{out}: is not empty. Go on with it by --resume, or choose another folder with --out")
    return prepare_out(prepare_out(out) / WORK)


def solution_dict(solution: Solution) -> dict[str, Any]:
    """Return all that a solution says as plain data, without its digest."""
    return {
        "format_version": FORMAT,
        "scenario": solution.scenario.to_dict(),
        "scenario_sha256": solution.scenario.sha256,
        "game": solution.diagnostics["game"],
        "model": solution.diagnostics["model"],
        "seed": solution.seed,
        "players": list(solution.players),
        "policies": {actor: [policy.to_dict() for policy in some] for actor, some in solution.policies.items()},
        "declared_gains": [gain.to_dict() for gain in solution.declared_gains],
        "equilibria": [_equilibrium_dict(e) for e in solution.equilibria],
        "table_policies": {actor: list(names) for actor, names in solution.table_policies.items()},
        "payoffs": _numbers(solution.payoffs),
        "errors": _numbers(solution.errors),
        "rounds": [
            {
                "number": r.number,
                "policies": dict(r.policies),
                "exploitability": r.exploitability,
                "gains": {actor: list(gain) for actor, gain in r.gains.items()},
                "added": list(r.added),
                "worlds": r.worlds,
            }
            for r in solution.rounds
        ],
        "converged": solution.converged,
        "diagnostics": dict(solution.diagnostics),
    }


def digest_of(solution: Solution) -> str:
    """Return the digest of all that a solution says."""
    return solution_digest(solution_dict(solution))


def play_text(solution: Solution, base: str | None, folder: str) -> str:
    """Return a scenario file whose actors play a solution.

    Parameters
    ----------
    solution : Solution
    base : str or None
        Name of the built-in scenario that was solved; without it the file holds all of the scenario.
    folder : str
        Of the solution, as the file shall name it.
    """
    title = f"{solution.scenario.title}, as an equilibrium"
    played = {"folder": folder, "digest": solution.digest, "equilibrium": 1}
    head = "# Its actors play an equilibrium of this game: each draws a policy on day 0 and plays it (docs/solve.md).\n"
    if base is None:
        content = solution.scenario.to_dict()
        for player in solution.players:
            content["actors"][player]["rule"] = {"response": "equilibrium"}
        return head + json.dumps(content | {"title": title, "solution": played}, indent=1, ensure_ascii=False) + "\n"
    rules = "\n".join(f"  {player}: {{rule: {{response: equilibrium}}}}" for player in solution.players)
    named = json.dumps(played)
    return (
        f"{head}extends: {base}\ntitle: {json.dumps(title, ensure_ascii=False)}\nsolution: {named}\nactors:\n{rules}\n"
    )


def publish(solution: Solution, out: Path) -> None:
    """Write a solution into its folder."""
    content = solution_dict(solution) | {"digest": solution.digest}
    write_atomically(out / SOLUTION, json_text(content, ordered=("scenario", "policies", "equilibria")).encode())
    write_atomically(out / PROFILES, solution.profiles.to_csv(float_format="%.9g").encode())


def load_solution(folder: Path | str) -> Solution:
    """Read a solution back.

    Parameters
    ----------
    folder : path
        As `sim.solve` was given with ``out=``.

    Raises
    ------
    StoreError
        If there is none, it was changed, or it is of another version of the format.
    """
    from sim.scenario.scenario import Scenario

    path = Path(folder) / SOLUTION
    content = read_solution(Path(folder))
    try:
        scenario: Scenario = Scenario.from_dict(content["scenario"], str(path))
        if scenario.sha256 != content["scenario_sha256"]:
            raise StoreError(f"{path}: found another scenario than its digest says: it was changed. Solve it again.")
        return _of_dict(content, scenario, str(content["digest"]))
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise StoreError(f"{path}: found no solution ({type(error).__name__}: {error}). Solve it again.") from None


def _of_dict(content: Mapping[str, Any], scenario: Scenario, digest: str) -> Solution:
    players = tuple(content["players"])
    names = {actor: tuple(content["table_policies"][actor]) for actor in players}
    shape = (*(len(names[actor]) for actor in players), len(players))
    if math.prod(shape) > MOST_NUMBERS:
        raise ValueError(f"{math.prod(shape)} payoffs, expected at most {MOST_NUMBERS}")
    return Solution(
        scenario,
        int(content["seed"]),
        players,
        {
            actor: tuple(ActorPolicy(p["name"], p["words"], p["rule"], p["origin"]) for p in content["policies"][actor])
            for actor in players
        },
        tuple(Gain(**gain) for gain in content["declared_gains"]),
        tuple(_equilibrium(e, players) for e in content["equilibria"]),
        names,
        _array(content["payoffs"], shape),
        _array(content["errors"], shape),
        tuple(
            Round(
                r["number"],
                r["policies"],
                r["exploitability"],
                {actor: (gain[0], gain[1]) for actor, gain in r["gains"].items()},
                tuple(r["added"]),
                r["worlds"],
            )
            for r in content["rounds"]
        ),
        bool(content["converged"]),
        content["diagnostics"],
        digest,
    )


def _equilibrium_dict(e: Equilibrium) -> dict[str, Any]:
    return {
        "mixture": {actor: dict(mix) for actor, mix in e.mixture.items()},
        "values": {actor: list(value) for actor, value in e.values.items()},
        "outcomes": {name: list(share) for name, share in e.outcomes.items()},
        "frequency": e.frequency,
        "family": e.family,
        "selected": e.selected,
        "gains": [gain.to_dict() for gain in e.gains],
        "forks": [gain.to_dict() for gain in e.forks],
        "worlds": e.worlds,
        "learned_against": e.learned_against,
    }


def _equilibrium(content: Mapping[str, Any], players: tuple[str, ...]) -> Equilibrium:
    return Equilibrium(
        {actor: {str(k): float(p) for k, p in content["mixture"][actor].items()} for actor in players},
        {actor: (float(content["values"][actor][0]), float(content["values"][actor][1])) for actor in players},
        {str(name): (float(share[0]), float(share[1])) for name, share in content["outcomes"].items()},
        float(content["frequency"]),
        int(content["family"]),
        bool(content["selected"]),
        tuple(Gain(**gain) for gain in content["gains"]),
        tuple(Gain(**gain) for gain in content["forks"]),
        int(content["worlds"]),
        bool(content["learned_against"]),
    )


def _numbers(values: Any) -> list[float | None]:
    return [float(x) if math.isfinite(x) else None for x in np.asarray(values).reshape(-1)]


def _array(values: list[float | None], shape: tuple[int, ...]) -> Any:
    return np.array([math.nan if x is None else float(x) for x in values]).reshape(shape)
