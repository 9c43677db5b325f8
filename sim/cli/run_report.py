"""What ``sim run`` prints: turning points or the whole story, the outcome, payoffs, shares of outcomes, the record."""

from __future__ import annotations

import datetime as dt
import math
from pathlib import Path
from typing import TYPE_CHECKING, Literal, TypeAlias

from sim.cli.streams import answer, answer_wrapped
from sim.engine.civilian_deaths import civilians_counted
from sim.scenario.words import words_of

if TYPE_CHECKING:
    from sim.engine.batch import Batch
    from sim.engine.run import Run
    from sim.experiments.outcome_share import OutcomeShare


Told: TypeAlias = Literal["turning points", "brief", "full"]


def report_run(
    run: Run, companions: Batch | None, folder: Path, files: list[str], *, told: Told = "turning points"
) -> None:
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
    told : str
        Whether to tell its turning points, the whole story, or that without turns that decided nothing.
    """
    _story(run, told)
    answer()
    for line in outcome_lines(run):
        answer_wrapped(line, hanging="  ")
    if companions is not None:
        from sim.experiments.outcome_share import outcome_shares

        answer()
        answer_wrapped(f"Outcomes of {len(companions):,} replications, share +- Monte Carlo standard error")
        labels = companions.scenario.outcome_labels
        for share in outcome_shares(companions.outcome_table["outcome"], companions.scenario.outcome_names):
            answer(share_line(share, labels.get(share.outcome, share.outcome)))
        _compliance(companions)
    answer()
    answer(f"Record: {folder}")
    answer_wrapped(", ".join(files), "  ", "  ")
    answer(f"  digest {run.digest}")


def _story(run: Run, told: Told) -> None:
    scenario = run.scenario
    head = f"{scenario.title}: {scenario.start} to at most {_date(run, scenario.horizon_days)}, seed {run.seed}"
    if run.replication:
        head += f", replication {run.replication}"
    answer_wrapped(head)
    answer()
    story = run.story()
    shown = run.turning_points() if told == "turning points" else run.story(brief=told == "brief")
    for date, text in shown:
        answer_wrapped(text, f"{date}  ", " " * 12)
    if len(shown) < len(story):
        rest = f"{len(story) - len(shown):,}"
        left_out = f"{rest} turns that decided nothing" if told == "brief" else f"turning points; {rest} other events"
        answer_wrapped(f"({left_out} with --full)")


def outcome_lines(run: Run) -> list[str]:
    """Say how a run ended: outcome and day, talks, the counts, and each actor's payoff."""
    outcome = run.outcome
    words = words_of(run.scenario)
    lines = [f"Outcome: {words.of('outcome', outcome['outcome'])}{_on(run, outcome['outcome_day'])}"]
    talks = outcome["talks_day"]
    if run.scenario.deal.talks is not None:
        lines.append("Talks: never opened" if math.isnan(talks) else f"Talks: opened{_on(run, talks)}")
    groups = run.scenario.deal.captives
    parts = [f"{words.of('group', name)} {outcome[f'freed_{name}']:,.0f} {one.unit}" for name, one in groups.items()]
    if parts:
        lines.append(f"Released: {', '.join(parts)}")
    if run.scenario.world.armed_forces:
        civilians = f"{outcome['civilian_deaths']:,.0f}" if civilians_counted(run.scenario) else "not counted"
        lines.append(f"Deaths: {outcome['deaths']:,.0f}, of them civilians {civilians}")
    for name, stock in run.scenario.deal.stocks.items():
        counted = f", counted {outcome[f'accepted_{name}']:,.6g}" if stock.claimant is not None else ""
        held = f"{stock.promised or stock.held:,.6g} {stock.unit}"
        lines.append(f"Handed over: {words.of('stock', name)} {outcome[f'handed_over_{name}']:,.6g} of {held}{counted}")
    lines.append("Payoffs (util)")
    names = {key: actor.label or key for key, actor in run.scenario.actors.items()}
    width = max(len(name) for name in names.values())
    lines += [f"  {name:<{width}}  {outcome[f'payoff_{key}']:+.3f}" for key, name in names.items()]
    return lines


def share_line(share: OutcomeShare, label: str) -> str:
    """Say how often an outcome came, which people call `label`.

    Examples
    --------
    >>> from sim.experiments.outcome_share import OutcomeShare
    >>> share_line(OutcomeShare("settlement", 90, 200), "settlement")
    '  settlement            0.450 +- 0.035'
    >>> share_line(OutcomeShare("civil_war", 0, 200), "civil war")
    '  civil war             0 of 200, 95 % below 0.019'
    """
    name = f"  {label:<20}  "
    low, high = share.interval
    if share.count == 0:
        return f"{name}0 of {share.runs:,}, 95 % below {high:.3f}"
    if share.count == share.runs:
        return f"{name}all {share.runs:,}, 95 % above {low:.3f}"
    return f"{name}{share.share:.3f} +- {share.standard_error:.3f}"


def _compliance(batch: Batch) -> None:
    """Say of each promise in how many runs it was kept in time, and how much of it was done when it was due."""
    if not batch.scenario.deal.promises:
        return
    from sim.experiments.compliance import compliance

    answer()
    answer_wrapped("Promises: % of runs in which each was kept in time, and % of it that was done when due")
    for row in compliance(batch).to_dict("records"):
        actor = batch.scenario.actors[row["by"]].label or row["by"]
        due = f", due {row['due']}" if row["due"] else ""
        share = f"{100 * row['in_time']:.0f} % in time, {100 * row['share_done']:.0f} % done"
        answer_wrapped(f"{actor}: {row['label']}{due}: {share}", "  ", "    ")


def _date(run: Run, day: float) -> dt.date:
    start: dt.date = run.scenario.start
    return start + dt.timedelta(days=math.floor(day))


def _on(run: Run, day: float) -> str:
    return "" if math.isnan(day) else f" on {_date(run, day)} (day {day:g})"
