"""A solution as a folder: ``solution.json`` (all of it), ``profiles.csv`` (the table), ``work/`` (numbers so far)."""

from __future__ import annotations

import hashlib
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
from sim.store.json_text import json_text, read_json
from sim.store.run_folder import prepare_out

if TYPE_CHECKING:
    from sim.scenario.scenario import Scenario

FORMAT: Final = 1
SOLUTION: Final = "solution.json"
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


def solution_digest(solution: Solution) -> str:
    """Return the digest of all that a solution says."""
    return digest_of_dict(solution_dict(solution))


def digest_of_dict(content: Mapping[str, Any]) -> str:
    """Return the digest of a solution as plain data, whatever the order of its keys."""
    said = {key: value for key, value in content.items() if key != "digest"}
    scenario = said.pop("scenario")  # its digest, in which the order of actors counts, stands beside it
    text = json.dumps(said, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)
    return hashlib.sha256((text + str(scenario["title"])).encode()).hexdigest()


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
    content = read_json(path, "Solve the scenario again.")
    try:
        if content["format_version"] != FORMAT:
            raise StoreError(f"{path}: found format {content['format_version']!r}, expected {FORMAT}. Solve it again.")
        digest = str(content["digest"])
        if digest_of_dict(content) != digest:
            raise StoreError(f"{path}: found other numbers than its digest says: it was changed. Solve it again.")
        scenario: Scenario = Scenario.from_dict(content["scenario"], str(path))
        return _of_dict(content, scenario, digest)
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
        int(content["worlds"]),
        bool(content["learned_against"]),
    )


def _numbers(values: Any) -> list[float | None]:
    return [float(x) if math.isfinite(x) else None for x in np.asarray(values).reshape(-1)]


def _array(values: list[float | None], shape: tuple[int, ...]) -> Any:
    return np.array([math.nan if x is None else float(x) for x in values]).reshape(shape)
