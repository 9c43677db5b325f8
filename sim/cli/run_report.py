"""What ``sim run`` prints: the story by date, the outcome, payoffs, shares of outcomes, and where the record is.

A table where a person reads, plain lines where a program does.
"""

from __future__ import annotations

import datetime as dt
import math
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING

from sim.cli.streams import answer, console, is_terminal

if TYPE_CHECKING:
    from sim.engine.batch import Batch
    from sim.engine.run import Run
    from sim.experiments.outcome_share import OutcomeShare


def report_run(run: Run, companions: Batch | None, folder: Path, files: list[str]) -> None:
    """Print a run.

    Parameters
    ----------
    run : Run
        With its log.
    companions : Batch or None
        Replications beside it.
    folder : Path
        Of its record.
    files : list of str
        What is in it.
    """
    _story(run)
    answer()
    for line in outcome_lines(run):
        answer(line)
    if companions is not None:
        from sim.experiments.outcome_share import outcome_shares

        answer()
        answer(f"Outcomes of {len(companions):,} replications, share +- Monte Carlo standard error")
        for share in outcome_shares(companions.outcome_table["outcome"]):
            answer(share_line(share))
    answer()
    answer(f"Record: {folder}")
    answer(f"  {', '.join(files)}")
    answer(f"  digest {run.digest}")


def _story(run: Run) -> None:
    scenario = run.scenario
    head = f"{scenario.title}: {scenario.start} to at most {_date(run, scenario.horizon_days)}, seed {run.seed}"
    if run.replication:
        head += f", replication {run.replication}"
    story = [(date, [text for _, text in group]) for date, group in groupby(run.story(), key=lambda item: item[0])]
    if not is_terminal():
        answer(head)
        for date, texts in story:
            for text in texts:
                answer(f"{date}  {text}")
        return
    from rich.box import SIMPLE_HEAD
    from rich.markup import escape
    from rich.table import Table

    table = Table(title=head, title_justify="left", box=SIMPLE_HEAD, pad_edge=False)
    table.add_column("date", style="cyan", no_wrap=True)
    table.add_column("what happened")
    for date, texts in story:
        table.add_row(date.isoformat(), escape("\n".join(texts)))
    console().print(table)


def outcome_lines(run: Run) -> list[str]:
    """Say how a run ended: outcome and day, talks, the counts, and each actor's payoff."""
    outcome = run.outcome
    lines = [f"Outcome: {outcome['outcome'].replace('_', ' ')}{_on(run, outcome['outcome_day'])}"]
    talks = outcome["talks_day"]
    lines.append("Talks: never opened" if math.isnan(talks) else f"Talks: opened{_on(run, talks)}")
    lines.append(
        f"Released: {outcome['released']:,.0f} persons.  Deaths: {outcome['deaths']:,.0f}, "
        f"of them civilians {outcome['civilian_deaths']:,.0f}"
    )
    lines.append("Payoffs (util)")
    names = {key: actor.label or key for key, actor in run.scenario.actors.items()}
    width = max(len(name) for name in names.values())
    lines += [f"  {name:<{width}}  {outcome[f'payoff_{key}']:+.3f}" for key, name in names.items()]
    return lines


def share_line(share: OutcomeShare) -> str:
    """Say how often an outcome came.

    Examples
    --------
    >>> from sim.experiments.outcome_share import OutcomeShare
    >>> share_line(OutcomeShare("settlement", 90, 200))
    '  settlement            0.450 +- 0.035'
    >>> share_line(OutcomeShare("civil_war", 0, 200))
    '  civil war             0 of 200, 95 % below 0.019'
    """
    name = f"  {share.outcome.replace('_', ' '):<20}  "
    low, high = share.interval
    if share.count == 0:
        return f"{name}0 of {share.runs:,}, 95 % below {high:.3f}"
    if share.count == share.runs:
        return f"{name}all {share.runs:,}, 95 % above {low:.3f}"
    return f"{name}{share.share:.3f} +- {share.standard_error:.3f}"


def _date(run: Run, day: float) -> dt.date:
    start: dt.date = run.scenario.start
    return start + dt.timedelta(days=math.floor(day))


def _on(run: Run, day: float) -> str:
    return "" if math.isnan(day) else f" on {_date(run, day)} (day {day:g})"
