"""Reports of results: a comparison, a run with its companions, a sweep."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from sim.engine.run import run as simulate
from sim.errors import SimError, UsageError
from sim.experiments.outcome_share import FAILED
from sim.kernel.bound import bound
from sim.page.fan import fan_data, fan_panels, record_of
from sim.page.growing_batch import GrowingBatch
from sim.page.opening import answer_data, opening_data
from sim.page.outcome_bars import compared
from sim.page.worlds import world_data
from sim.plots.catalogue import Result, figures_of
from sim.report.document import INTERACTIVE, LARGEST, document, drawing, heading, listing, paragraph, table
from sim.report.parts import assumptions_section, card_section, limits_section, rerun_section

if TYPE_CHECKING:
    from sim.engine.batch import Batch
    from sim.engine.run import Run
    from sim.experiments.comparison.comparison import Comparison
    from sim.experiments.sweep.sweep import Sweep
    from sim.scenario.scenario import Scenario

WORLDS: Final = 8
"""Worlds that the interactive part of a report can open."""
SWEEP_ROWS: Final = 60


def comparison_report(comparison: Comparison, commands: str = "", notes: Sequence[str] = ()) -> str:
    """Write the report of a comparison.

    Parameters
    ----------
    comparison : Comparison
        Its reference is held against the first other scenario in the interactive part, against all in figures and tables.
    commands : str
        That make it again; how to ask `sim.compare` in words if left out.
    notes : sequence of str
        What else the reader must know.

    Returns
    -------
    str
        One HTML file.
    """  # noqa: E501 - what is printed or written is one line
    others = [name for name in comparison.given if name != comparison.reference]
    reference = comparison.scenarios[comparison.reference]
    first = comparison.batches[others[0]] if others else None
    data = page_data(comparison.batches[comparison.reference], first, comparison.titles[others[0]] if others else "")
    changes = [_changes(comparison, name) for name in others]
    head = f"{comparison.titles[comparison.reference]}: {comparison.runs:,} worlds of each deal on the same luck"
    sections = [
        f"<h1>{_escaped(head)}</h1>",
        paragraph(data["answer"]["finding"], "lead"),
        listing(comparison.summary),
        *changes,
        card_section(reference),
        heading("The worlds"),
        INTERACTIVE,
        heading("Figures"),
        *_figures("comparison", comparison),
        heading("Tables"),
        *_comparison_tables(comparison),
        assumptions_section(reference),
        limits_section(reference, [*comparison.notes, *notes]),
        rerun_section(commands, comparison.digest, list(comparison.scenarios.values()), comparison.seed),
    ]
    return _within_bounds(document(reference.title, sections, data))


def run_report(world: Run, companions: Batch, commands: str, notes: Sequence[str] = ()) -> str:
    """Write the report of one world beside companion worlds of the same scenario.

    Parameters
    ----------
    world : Run
        Told in full.
    companions : Batch
        Worlds with other luck, which say how much of it was luck.
    commands : str
        That make it again.
    notes : sequence of str
        What else the reader must know.
    """
    scenario = world.scenario
    data = page_data(companions, None, "")
    data["worlds"] = {0: world_data(world), **{k: v for k, v in data["worlds"].items() if k}}
    told = [(date.isoformat(), text[:1].upper() + text[1:]) for date, text in world.turning_points()]
    story = [(date.isoformat(), text[:1].upper() + text[1:]) for date, text in world.story()]
    sections = [
        f"<h1>{_escaped(scenario.title)}: one world, and {len(companions):,} with other luck</h1>",
        paragraph(f"This world ends in {world_data(world)['ended']}. {data['answer']['finding']}", "lead"),
        card_section(scenario),
        heading("What turned this world"),
        table(("date", "what happened"), told),
        heading("The worlds"),
        INTERACTIVE,
        heading("Figures"),
        *_figures("run", world),
        *_figures("batch", companions),
        heading("The whole story"),
        _folded_story(story),
        assumptions_section(scenario),
        limits_section(scenario, notes),
        rerun_section(commands, world.digest, [scenario], world.seed),
    ]
    return _within_bounds(document(scenario.title, sections, data))


def sweep_report(sweep: Sweep, commands: str, notes: Sequence[str] = ()) -> str:
    """Write the report of a sweep: what was varied, its figures, and its rows with their shares.

    Parameters
    ----------
    sweep : Sweep
        As `sim.open_sweep` gives it.
    commands : str
        That make it again.
    notes : sequence of str
        What else the reader must know.
    """
    scenario = sweep.scenario(0)
    summary = sweep.summary
    frame = summary.reset_index()
    varied = [factor.describe() for factor in sweep.experiment.factors]
    ends = [(f["name"], f["kind"], f.get("low", math.nan), f.get("high", math.nan)) for f in varied]
    done = f"{sweep.done:,} of {sweep.runs:,} runs are done, {sweep.failed:,} failed."
    columns = [str(name) for name in frame.columns]
    sections = [
        f"<h1>{_escaped(scenario.title)}: a sweep of {len(varied)} factors</h1>",
        paragraph(f"{len(frame):,} settings of {', '.join(str(f['name']) for f in varied)}. {done}", "lead"),
        heading("What was varied"),
        table(("factor", "distribution", "lowest", "highest"), ends),
        card_section(scenario),
        heading("Figures"),
        *_figures("sweep", sweep),
        heading("Settings"),
        table(
            columns,
            frame.head(SWEEP_ROWS).itertuples(index=False),
            f"The first {SWEEP_ROWS} of {len(frame):,}" if len(frame) > SWEEP_ROWS else "",
        ),
        assumptions_section(scenario),
        limits_section(scenario, notes),
        rerun_section(commands, sweep.digest, [scenario], int(sweep.experiment.seed)),
    ]
    return _within_bounds(document(scenario.title, sections))


def page_data(written: Batch, yours: Batch | None, called: str) -> dict[str, Any]:
    """Return the data of the interactive part: bars, a fan of every series, and some worlds.

    Parameters
    ----------
    written : Batch
        The reference.
    yours : Batch or None
        What is held against it; nothing, where only the reference is told.
    called : str
        What the other deal is called.
    """
    mine = written if yours is None else yours
    panels = fan_panels(written.scenario, bound(written.scenario).series)
    panels = [panel for panel in panels if panel.series in bound(mine.scenario).series]
    names = [panel.series for panel in panels]
    both = [GrowingBatch.of(batch, names) for batch in (written, mine)]
    answer = answer_data(compared(written, mine), changed=yours is not None, called=called)
    answer["worlds"] = answer["worlds"][:WORLDS]
    answer["fans"] = [fan_data(panel, both[1], both[0], len(written)) for panel in panels]
    opening = opening_data(written.scenario, written.seed, panels, _record(written.scenario))
    worlds = {
        one["world"]: world_data(simulate(mine.scenario, mine.seed, replication=one["world"]))
        for one in answer["worlds"]
        if one["outcome"] != FAILED
    }
    runs = {"first_runs": len(written), "full_runs": len(written), "sliders": []}
    words = {"yours": called or "the worlds", "written": "the reference"} if yours is not None else None
    return {"opening": opening | runs | ({"words": words} if words else {}), "answer": answer, "worlds": worlds}


def _record(scenario: Scenario) -> Any:
    try:
        return record_of(scenario)
    except SimError:  # a record that stood beside the scenario's file is not beside the report
        return None


def _figures(kind: Result, result: Any) -> list[str]:
    """Draw every figure that the result has; one that it has no data for is left out."""
    drawn = []
    for entry in figures_of(kind).values():
        try:
            figure = entry.draw(result)
        except UsageError:
            continue
        drawn.append(drawing(figure, f"{entry.shows[:1].upper()}{entry.shows[1:]}."))
    return drawn


def _comparison_tables(comparison: Comparison) -> list[str]:
    """Return shares, differences, dates and payoffs with their intervals."""
    called, measures = comparison.titles, comparison.measures
    tables: Mapping[str, tuple[Any, str]] = {
        "Differences from the reference, paired on the same luck": (comparison.differences, "outcome"),
        "Dates: days until, a run without counts as the end of the shortest horizon": (
            comparison.milestones,
            "milestone",
        ),
        "Payoffs (util, discounted to the start)": (comparison.payoffs, "actor"),
    }
    parts = []
    for caption, (frame, key) in tables.items():
        rows = []
        for row in frame.reset_index().itertuples(index=False):
            if math.isnan(row.difference):
                continue
            name = getattr(row, key)
            label = measures[name].label if name in measures else str(name).replace("_", " ")
            level = row.share if key == "outcome" else row.mean
            rows.append((called[row.scenario], label, level, row.difference, row.low, row.high))
        heads = ("scenario", key, "share" if key == "outcome" else "mean", "difference", "low", "high")
        if rows:
            parts.append(table(heads, rows, caption))
    return parts


def _changes(comparison: Comparison, name: str) -> str:
    """Say in which numbers a deal differs from the reference."""
    changes = comparison.scenarios[comparison.reference].diff(comparison.scenarios[name])
    lines = [
        line
        for line in str(changes).splitlines()
        if line.strip() and not line[2:].startswith(("title:", "expects", "explore"))
    ]
    if not lines:
        return ""
    more = [f"and {len(lines) - 40} more"] if len(lines) > 40 else []
    return heading(f"What {comparison.titles[name]!r} changes") + listing([*lines[:40], *more])


def _folded_story(story: Sequence[tuple[str, str]]) -> str:
    from sim.report.document import folded

    return folded(f"All {len(story):,} events", table(("date", "what happened"), story))


def _escaped(text: str) -> str:
    import html

    return html.escape(text)


def _within_bounds(text: str) -> str:
    size = len(text.encode())
    if size > LARGEST:
        raise UsageError(
            f"report: found {size / 1e6:.1f} MB, expected at most {LARGEST / 1e6:.0f} MB; compare fewer deals"
        )
    return text


def report_of_folder(folder: Path) -> str:
    """Write the report of the folder of a run record, a comparison or a sweep.

    Parameters
    ----------
    folder : Path
        As ``sim run``, ``sim compare --out`` or ``sim sweep`` wrote it.

    Returns
    -------
    str
        One HTML file.

    Raises
    ------
    UsageError
        If the folder holds none of these.
    """
    if (folder / "sweep.json").exists():
        from sim.experiments.sweep.sweep import open_sweep

        return sweep_report(open_sweep(folder), f"sim sweep --resume --out {folder}")
    if (folder / "scenarios.json").exists():
        from sim.experiments.comparison.recorded_comparison import recorded_comparison

        compared_again = recorded_comparison(folder)
        notes = [compared_again.warning] if compared_again.warning else []
        return comparison_report(compared_again.comparison, _compare_command(compared_again.comparison), notes)
    if (folder / "manifest.json").exists():
        from sim.engine.batch import replicate
        from sim.experiments.recorded_run import recorded_run

        recorded = recorded_run(folder)
        kept = recorded.record.replications
        count = 200 if kept is None else max(kept.num_rows, 1)
        companions = replicate(recorded.run.scenario, count, recorded.run.seed)
        notes = [recorded.warning] if recorded.warning else []
        return run_report(recorded.run, companions, f"sim rerun {folder}\nsim explain {folder} --at DATE", notes)
    expected = "the folder of a run record, a comparison (sim compare --out) or a sweep"
    raise UsageError(f"report: found {str(folder)!r}, expected {expected}")


def _compare_command(comparison: Comparison) -> str:
    """Write how the comparison is asked for on the command line."""
    names = " \\\n  ".join(comparison.given)
    return f"sim compare {names} \\\n  --runs {comparison.runs} --seed {comparison.seed} --out results/comparison"
