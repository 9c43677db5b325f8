"""``sim mediate``: who blocks which deal over a status quo, what would unblock it, and what bargaining would pick."""

from __future__ import annotations

from typing import Annotated

import typer

from sim.cli.arguments import Json, Seed, check_memory, complete_scenario, load_with
from sim.cli.compare import names_of
from sim.cli.streams import answer, answer_json, answer_wrapped, progress_bar

NAME = "mediate"
EXAMPLE = "sim mediate toys/two_actors quick.yaml --over no_deal.yaml --runs 300"
HELP = (
    "Say who blocks which deal over a status quo, what it would have to be paid, and which deal bargaining picks.\n\n"
    "All run on the same luck. An actor blocks a deal if it gets less than under the status quo; what it lacks is in "
    "its own util. Shares of resampled worlds say how sure each bargain is. Actors decide by the rules of the files."
)


def mediate_command(
    deals: Annotated[
        list[str],
        typer.Argument(metavar="DEAL...", help="Scenarios that could be agreed.", autocompletion=complete_scenario),
    ],
    over: Annotated[
        str,
        typer.Option(
            "--over", metavar="SCENARIO", help="What comes without agreement.", autocompletion=complete_scenario
        ),
    ],
    runs: Annotated[int, typer.Option("--runs", metavar="N", min=2, max=1_000_000, help="Runs of each.")] = 500,
    seed: Seed = 0,
    json: Json = False,
) -> None:
    """Compare deals with a status quo and report."""
    sources = [over, *(deal for deal in deals if deal != over)]
    contents = [load_with(source, None) for source in sources]
    check_memory(runs, len(contents))
    from sim.cli.compile_notice import announce_compilation

    announce_compilation()
    from sim.solving.mediation import mediate

    names = names_of(sources)
    with progress_bar("runs") as progress:
        found = mediate(dict(zip(names, contents, strict=True)), names[0], runs, seed, progress=progress)
    if json:
        gains_table = found.table.reset_index().to_dict(orient="records")
        bargains = found.bargains().reset_index().to_dict(orient="records")
        answer_json(
            {"status_quo": found.status_quo, "runs": runs, "seed": seed, "gains": gains_table, "bargains": bargains}
        )
        return
    for line in found.words().splitlines():
        answer_wrapped(line, "", "  ")
    answer()
    answer(f"gain over {found.status_quo}, util ± one standard error, {runs} worlds")
    for d, deal in enumerate(found.deals):
        gains = []
        for i, actor in enumerate(found.actors):
            mean, error = found.estimate(d, i)
            gains.append(f"{actor} {mean:+.3f} ± {error:.3f}")
        answer_wrapped(f"{deal}: {', '.join(gains)}", "  ", "    ")
