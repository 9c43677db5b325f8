"""``sim backtest``: a scenario frozen on a date of the past, and what its forecasts score beside naive ones."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from sim.cli.arguments import Json, Seed, as_date
from sim.cli.streams import answer, answer_json

if TYPE_CHECKING:
    from sim.backtest import BacktestResult

NAME = "backtest"
EXAMPLE = "sim backtest aceh_2005/baseline --as-of 2005-09-01 --draws 100"
HELP = (
    "Freeze a scenario on a date of the past and score its forecasts of what came beside naive ones.\n\n"
    "Until the date history is imposed; from the day after, the rules play. Numbers that became public later, or were "
    "fitted to later facts, are drawn from priors, as is all else that is uncertain; worlds weigh by how well they "
    "agree with what had been recorded. Targets, history and priors stand in a back-test file: scenarios/backtests, or "
    "one of your own."
)


def backtest_command(
    scenario: Annotated[
        str,
        typer.Argument(
            metavar="SCENARIO", help="A case or its scenario by name, or a back-test file.", show_default=False
        ),
    ],
    as_of: Annotated[
        str,
        typer.Option("--as-of", metavar="DATE", help="The last day of which anything is known.", show_default=False),
    ],
    draws: Annotated[int, typer.Option("--draws", metavar="N", help="Draws of the uncertain numbers.")] = 2000,
    worlds: Annotated[int, typer.Option("--worlds", metavar="N", help="Worlds of each draw.")] = 5,
    seed: Seed = 0,
    csv: Annotated[Path | None, typer.Option("--csv", metavar="FILE", help="Write the table there.")] = None,
    json: Json = False,
) -> None:
    """Back-test one case on one date and report."""
    from sim.backtest import backtest

    result = backtest(scenario, as_date(as_of, "--as-of"), draws=draws, worlds=worlds, seed=seed)
    if csv is not None:
        result.table.to_csv(csv, index=False)
    if json:
        answer_json(described(result))
        return
    for line in report(result):
        answer(line)


def described(result: BacktestResult) -> dict[str, Any]:
    """Return a back-test as plain data."""
    return {
        "case": result.case,
        "as_of": result.as_of.isoformat(),
        "draws": result.draws,
        "worlds": result.worlds,
        "seed": result.seed,
        "effective": result.effective,
        "weighted": result.weighted,
        "contradicted": result.contradicted,
        "failed": result.failed,
        "evidence": [fact.observation.series for fact in result.evidence],
        "drawn": [number.path for number in result.uncertain],
        "replaced": {number.path: number.why_late for number in result.uncertain if number.why_late},
        "moved": dict(result.moved),
        "targets": [
            {key: value if value == value else None for key, value in row.items()}
            for row in result.table.assign(as_of=result.as_of.isoformat()).to_dict("records")
        ],
    }


def report(result: BacktestResult) -> list[str]:
    """Return the report as lines: the answer, how it was come by, the table.

    Losses are printed like wins: of each yardstick, on how many targets it does better than the model.
    """
    from sim.backtest.result import YARDSTICKS

    table = result.table
    better = {y: int((table[f"crps_{y}"] < table["crps_model"]).sum()) for y in YARDSTICKS}
    both = {y: int(table[f"crps_{y}"].notna().sum()) for y in YARDSTICKS}
    late = sum(bool(number.why_late) for number in result.uncertain)
    words = {
        "persistence": "persistence",
        "base_rate": "the base rate",
        "schedule": "the schedule as written",
        "coin": "coin flips",
    }
    lines = [
        f"{result.title}, frozen on {result.as_of}: "
        + "; ".join(f"{words[y]} better on {better[y]} of {both[y]} targets" for y in YARDSTICKS),
        "",
        f"{len(result.uncertain)} numbers drawn, {late} of them because they were known or fitted later; "
        f"{result.kept} kept",
        f"weighed: {', '.join(dict.fromkeys(f.observation.series for f in result.evidence)) or 'nothing'}; "
        f"{result.weighing}",
    ]
    if result.contradicted:
        lines.append(
            f"{100 * result.contradicted:.0f} % of worlds had by then what had not happened, and weigh nothing"
        )
    if result.failed:
        lines.append(f"{result.failed:,} worlds failed, or their draw was no scenario; they weigh nothing")
    lines += ["", f"{'target':<26}{'came':>9}{'median':>9}{'5 %':>9}{'95 %':>9}   CRPS: {'model':>8}"
              f"{'(95 % interval)':>18}{'persist.':>9}{'base':>8}{'schedule':>9}{'coin':>8}   log score"]  # fmt: skip
    for row in table.to_dict("records"):
        interval = f"({row['crps_low']:.3g} to {row['crps_high']:.3g})"
        cells = "".join(f"{_number(row[f'crps_{y}']):>{w}}" for y, w in zip(YARDSTICKS, (9, 8, 9, 8), strict=True))
        lines.append(
            f"{row['target'][:25]:<26}{_number(row['observed']):>9}{_number(row['median']):>9}{_number(row['low']):>9}"
            f"{_number(row['high']):>9}         {_number(row['crps_model']):>8}{interval:>18}{cells}"
            f"   {row['log_score_model']:.2f} ({row['log_low']:.2f} to {row['log_high']:.2f})"
        )
    lines += [
        "",
        "Lower is better. Dates in days since the start, capped the day after the forecast ends; a yes or no is 1 or "
        "0. Intervals are those of other draws.",
    ]
    return lines


def _number(value: float) -> str:
    return "-" if value != value else f"{value:,.2f}" if abs(value) < 10 else f"{value:,.0f}"
