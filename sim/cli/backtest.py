"""``sim backtest``: a scenario frozen on a date of the past, and what its forecasts score beside naive ones."""

from __future__ import annotations

import math
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
    called = {goal.name: (goal.target.label or goal.name)[:24] for goal in result.goals}
    names = ("model", *YARDSTICKS)
    heads = ("model", "persist.", "base", "schedule", "coin")
    lines += [
        "",
        f"{'':<58}CRPS, lower is better (* best)",
        f"{'target':<24}{'came':>8}{'median':>8}{'5 %':>8}{'95 %':>8}  " + "".join(f"{head:>9}" for head in heads),
    ]
    for row in table.to_dict("records"):
        scores = {name: float(row[f"crps_{name}"]) for name in names}
        best = min((score for score in scores.values() if score == score), default=math.nan)
        said = "".join(f"{_number(row[part]):>8}" for part in ("observed", "median", "low", "high"))
        cells = "".join(f"{_number(score):>8}{'*' if score == best else ' '}" for score in scores.values())
        lines.append(f"{called[row['target']]:<24}{said}  {cells}".rstrip())
    lines += ["", f"{'target':<24}{'CRPS of the model':>19}{'(95 %)':>18}{'log score':>13}{'(95 %)':>16}"]
    for row in table.to_dict("records"):
        ends = f"({_number(row['crps_low'])} to {_number(row['crps_high'])})"
        log_ends = f"({row['log_low']:.2f} to {row['log_high']:.2f})"
        score = f"{_number(row['crps_model']):>19}{ends:>18}{row['log_score_model']:>13.2f}{log_ends:>16}"
        lines.append(f"{called[row['target']]:<24}{score}")
    return [
        *lines,
        "",
        "Dates are days since the start, capped the day after the forecast ends; a yes or no is 1 or 0, its forecast",
        "the probability of 1. Intervals are those of other draws. Log scores in nats, of the class that came true.",
    ]


def _number(value: float) -> str:
    return "-" if value != value else f"{value:,.2f}" if abs(value) < 10 else f"{value:,.0f}"
