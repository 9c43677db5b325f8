"""``sim compare``: scenarios on the same luck, what differs from the first, by how much and how surely."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sim.cli.arguments import Json, Overrides, Seed, check_memory, complete_scenario, load_with, record_name
from sim.cli.streams import answer_json, progress_bar

if TYPE_CHECKING:
    from sim.experiments.comparison.comparison import Comparison
    from sim.experiments.comparison.regret import Regret

NAME = "compare"
EXAMPLE = "sim compare toys/two_actors my_deal.yaml --runs 500 --seed 7"
HELP = (
    "Run scenarios on the same luck and say what differs from the first, by how much and how surely.\n\n"
    "The first scenario under coin-flip play and under the deal as written are always rows. The verdict comes first; "
    "--full prints every table, and --out writes them. There, beside every share and mean stands its Monte Carlo "
    "standard error, beside every difference its 95 % interval."
)
MOST_RUNS = 1_000_000


def compare_command(
    scenarios: Annotated[
        list[str],
        typer.Argument(
            metavar="SCENARIO...",
            help="Scenario files, or names of built-in ones; the first is the reference.",
            autocompletion=complete_scenario,
        ),
    ],
    runs: Annotated[int, typer.Option("--runs", metavar="N", min=1, max=MOST_RUNS, help="Runs of each.")] = 500,
    seed: Seed = 0,
    rules: Annotated[
        str | None,
        typer.Option("--rules", metavar="all|RULE,...", help="Repeat it under these rules; say what survives all."),
    ] = None,
    draws: Annotated[
        int | None,
        typer.Option(
            "--draws", metavar="N", help="Draw all uncertain numbers N times too; say surely only if that agrees."
        ),
    ] = None,
    regret: Annotated[
        bool, typer.Option("--regret", help="Regret over the payoff sets of the first scenario (more runs).")
    ] = False,
    overrides: Overrides = None,
    out: Annotated[
        Path | None, typer.Option("--out", metavar="DIR", help="Write tables and figures to this folder.")
    ] = None,
    full: Annotated[bool, typer.Option("--full", help="Print every table, not only the verdict.")] = False,
    no_figures: Annotated[bool, typer.Option("--no-figures", help="Draw no figures.")] = False,
    json: Json = False,
) -> None:
    """Compare scenarios, print what differs, and write it if asked to."""
    names = names_of(scenarios)
    contents = [load_with(source, overrides) for source in scenarios]
    from sim.random.seed import check_seed

    check_seed(seed)
    if draws is not None:
        from sim.experiments.comparison.over_draws import WORLDS, check_draws, drawn_and_held

        check_draws(draws)
        drawn_and_held(contents[0], contents[1:])
        check_memory(draws * WORLDS, 2)
    check_memory(runs, len(contents) + 2)  # coin-flip play and the deal as written are always rows
    if rules is not None:
        from sim.experiments.comparison.rule_robustness import rules_asked

        rules_asked(rules)
    if regret:
        from sim.experiments.comparison.regret import payoff_sets_of

        payoff_sets_of(contents)
    from sim.cli.compile_notice import announce_compilation
    from sim.cli.output_folder import writable

    def compared() -> tuple[Comparison, Regret | None]:
        announce_compilation()
        from sim.experiments.comparison.compare import compare

        folders = tuple(dict.fromkeys(Path(source).resolve().parent for source in scenarios if Path(source).exists()))
        with progress_bar("runs") as progress:
            comparison = compare(
                contents,
                runs,
                seed,
                names=names,
                called_by="title",
                rules=rules,
                draws=draws,
                progress=progress,
                folders=folders,
            )
        with progress_bar("runs taken apart") as progress:
            comparison.decompose(progress)
        with progress_bar("runs of devices") as progress:
            comparison.value_devices(progress)
        if not regret:
            return comparison, None
        with progress_bar("runs for regret") as progress:
            return comparison, comparison.regret(progress)

    files: list[str] = []
    if out is None:
        comparison, regrets = compared()
    else:
        from sim.cli.compare_files import write_comparison

        with writable(out) as folder:
            comparison, regrets = compared()
            files = write_comparison(comparison, folder, figures=not no_figures)
    if json:
        answer_json(comparison.to_dict() | ({"folder": str(out), "files": files} if out is not None else {}))
    else:
        from sim.cli.compare_report import report_comparison

        report_comparison(comparison, regrets, out, files, full=full)


def names_of(sources: list[str]) -> list[str]:
    """Name scenarios as short as tells them apart: what results are filed under, else as they were given.

    Examples
    --------
    >>> names_of(["doha_2020/baseline", "drafts/a/deal.yaml", "drafts/b/deal.yaml", "other.yaml"])
    ['doha_2020/baseline', 'drafts/a/deal.yaml', 'drafts/b/deal.yaml', 'other']
    """
    short = [record_name(source) for source in sources]
    return [name if short.count(name) == 1 else source for name, source in zip(short, sources, strict=True)]
