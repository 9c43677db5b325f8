"""``sim solve``: a scenario solved as a game between its actors, with what is known against each equilibrium."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from sim.cli.arguments import Json, Overrides, ScenarioName, Seed, load_with
from sim.cli.streams import answer, answer_json, answer_wrapped, note

if TYPE_CHECKING:
    from sim.solving.solution import Solution
    from sim.solving.solve import SolvePlan

NAME = "solve"
EXAMPLE = "sim solve toys/two_actors --effort quick --out results/solve/two_actors"
HELP = (
    "Solve a scenario as a game: which ways to choose are best replies to each other, and what is known against "
    "them.\n\n"
    "Every profile of a library of policies is played on common luck, the table is solved, and two learners look for "
    "better replies, which join it. What each deviation gains is measured on fresh worlds. A known gain is a bound "
    "from below: a better learner may find more. Exit code 1 if the rounds end before the known gains do."
)
NOT_CONVERGED = 1
PLAY = "play.yaml"


def solve_command(
    scenario: ScenarioName,
    runs: Annotated[int, typer.Option("--runs", metavar="N", help="Worlds of each profile of policies.")] = 200,
    seed: Seed = 0,
    effort: Annotated[
        str, typer.Option("--effort", metavar="quick|standard|thorough", help="How long the learners look.")
    ] = "standard",
    within: Annotated[
        float, typer.Option("--within", metavar="UTIL", help="What may remain known against the selected equilibrium.")
    ] = 0.03,
    overrides: Overrides = None,
    out: Annotated[
        Path | None, typer.Option("--out", metavar="DIR", help="Keep the solution, and what was computed, here.")
    ] = None,
    resume: Annotated[bool, typer.Option("--resume", help="Go on with what is in --out.")] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what it would take: policies and worlds.")] = False,
    threads: Annotated[
        int | None, typer.Option("--threads", metavar="N", help="Threads; one a processor if left out.")
    ] = None,
    json: Json = False,
) -> None:
    """Solve a scenario and report."""
    loaded = load_with(scenario, overrides)
    from sim.solving.solve import solve, solve_plan

    if dry_run:
        plan = solve_plan(loaded, runs, effort)
        answer_json(plan.to_dict()) if json else _report_plan(plan)
        return
    solve_plan(loaded, runs, effort)  # what cannot be done is said before anything is compiled or made
    from sim.cli.compile_notice import announce_compilation

    announce_compilation()
    solution = solve(
        loaded, runs, seed, effort=effort, within=within, out=out, resume=resume, threads=threads, progress=_told()
    )
    if out is not None and not overrides:
        from sim.solving.folder import play_text
        from sim.store.atomic import write_atomically

        base = None if Path(scenario).is_file() else scenario
        write_atomically(out / PLAY, play_text(solution, base, ".").encode())
    if json:
        answer_json(solution_object(solution))
    else:
        report_solution(solution, out)
    if not solution.converged:
        raise typer.Exit(NOT_CONVERGED)


def _told() -> Any:
    """Return a callback that says what is being done, each step once."""
    said: set[str] = set()

    def tell(what: str, _done: int, _total: int) -> None:
        if what not in said:
            said.add(what)
            note(what)

    return tell


def _report_plan(plan: SolvePlan) -> None:
    players = ", ".join(f"{actor} {count} (+{plan.further[actor]} tried)" for actor, count in plan.players.items())
    answer(f"policies: {players}")
    answer(f"worlds: {plan.first_table:,} for the first table, some {plan.learning:,} for replies to one equilibrium,")
    answer(f"        {plan.most:,} if every round is used and the table stays as large")
    if plan.left_out:
        answer(f"not tried, as one run costs too much: {', '.join(plan.left_out)}")


def report_solution(solution: Solution, out: Path | None) -> None:
    """Print the verdict, the families and the certificate."""
    chosen = solution.selected
    state = (
        "No measured deviation gains outside its error"
        if chosen.withstands
        else f"{chosen.exploitability:.3f} util are known against it"
    )
    answer_wrapped(f"Selected equilibrium: {chosen.words()}. {state}; against play as declared "
                   f"{solution.declared_exploitability:.3f}.")  # fmt: skip
    answer()
    for _, row in solution.families.reset_index().iterrows():
        ends = ", ".join(
            f"{solution.scenario.outcome_labels.get(name, name)} {row[name]:.0%}"
            for name in solution.scenario.outcome_names
            if row.get(name, 0.0) >= 0.005
        )
        looked = "" if row["learned_against"] else ", no learner looked"
        answer_wrapped(
            f"family {row['family']}: {row['equilibria']} equilibri{'um' if row['equilibria'] == 1 else 'a'}, in "
            f"{row['frequency']:.0%} of resampled tables; {ends}; known against it {row['exploitability']:.3f} "
            f"util{looked}. {row['play']}",
            "  ",
            "    ",
        )
    answer()
    for line in solution.certificate.splitlines():
        answer_wrapped(line.strip(), "  " if line.startswith("  ") else "", "    ")
    if not solution.converged:
        answer()
        answer_wrapped(
            "Not converged: at the end of the rounds a reply still gained. Use --effort thorough, or more --runs."
        )
    if out is not None:
        answer(f"written to {out}: solution.json, profiles.csv (digest {solution.digest[:12]})")
        if (out / PLAY).is_file():
            answer_wrapped(f"its actors play it in {out / PLAY}:  sim compare SCENARIO {out / PLAY}")


def solution_object(solution: Solution) -> dict[str, Any]:
    """Return the answer of ``--json``."""
    from sim.solving.folder import solution_dict

    whole = solution_dict(solution)
    kept = ("seed", "players", "equilibria", "rounds", "converged", "diagnostics", "scenario_sha256")
    return {key: whole[key] for key in kept} | {
        "exploitability": solution.exploitability,
        "declared_exploitability": solution.declared_exploitability,
        "certificate": solution.certificate,
        "digest": solution.digest,
    }
