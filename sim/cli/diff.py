"""``sim diff``: where two runs part, what tipped the decision, and what followed."""

from __future__ import annotations

from typing import Annotated

import typer

from sim.cli.arguments import Json
from sim.cli.streams import answer, answer_json, note

NAME = "diff"
EXAMPLE = "sim diff toys/two_actors my_deal.yaml --seed 7"
HELP = (
    "Say how two runs differ: inputs, the first event and the first choice that are not the same, what followed.\n\n"
    "A and B are folders of run records, scenario files or names of built-in scenarios. Scenarios are run on one seed: "
    "that of a record on the other side, else 0, unless --seed says otherwise. Exit code 0 if there is no difference, "
    "1 if there is."
)


def diff_command(
    a: Annotated[str, typer.Argument(metavar="A", help="A run record or a scenario.", show_default=False)],
    b: Annotated[str, typer.Argument(metavar="B", help="Another one.", show_default=False)],
    seed: Annotated[
        int | None, typer.Option("--seed", metavar="N", help="Which luck for scenarios: 0 to 2**64 - 1.")
    ] = None,
    json: Json = False,
) -> int:
    """Compare two runs; exit with 1 if they differ."""
    from sim.cli.compile_notice import announce_compilation

    announce_compilation()
    from sim.experiments.source_difference import compare_sources

    compared = compare_sources(a, b, seed)
    for warning in compared.warnings:
        note(f"warning: {warning}")
    if json:
        answer_json({"a": a, "b": b, "warnings": list(compared.warnings), **compared.difference.to_dict()})
    else:
        answer(str(compared.difference))
    return 1 if compared.difference else 0
