"""Parts that reports share: the deal's card, assumptions with their sources, what a model cannot tell, how to rerun."""

from __future__ import annotations

import platform
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Final

from sim.page.deal_card import deal_card
from sim.report.document import folded, heading, listing, paragraph, preformatted, table
from sim.scenario.provenance import is_number
from sim.scenario.resolved_value import value_at
from sim.version import __version__

if TYPE_CHECKING:
    from sim.scenario.scenario import Scenario

SHOWN: Final = 400
"""Numbers of a scenario that are listed at most."""


def card_section(scenario: Scenario) -> str:
    """Return the deal's card: who promises what to whom, and by when."""
    rows = [(row["by"], row["to"], row["what"], row["due"]) for row in deal_card(scenario)["rows"]]
    said = paragraph(scenario.description) if scenario.description else ""
    return heading("The deal") + said + table(("who", "to whom", "promises", "by when"), rows)


def assumptions_section(scenario: Scenario) -> str:
    """Return every number that says where it comes from, by kind, and how many do not say."""
    resolved = scenario.to_dict()
    kinds: dict[str, list[tuple[str, str, str]]] = {"assumed": [], "chosen to meet facts": [], "from a source": []}
    for path, note in scenario.provenance.items():
        value, nowhere = value_at(resolved, path)
        said = "drawn in each run" if nowhere or not is_number(value) else f"{value:,.6g}"
        if note.used_to_fit:
            kinds["chosen to meet facts"].append((path, said, ", ".join(w.replace("_", " ") for w in note.used_to_fit)))
        elif note.source is not None:
            kinds["from a source"].append((path, said, note.source))
        elif note.assumption is not None:
            kinds["assumed"].append((path, said, note.assumption))
    if not scenario.provenance:
        told = "The record keeps the values of the scenario and not their sources; the file of the scenario has them."
        return heading("Assumptions and sources") + paragraph(told)
    count = ", ".join(f"{len(rows)} {kind}" for kind, rows in kinds.items())
    bare = len(scenario.unsourced())
    told = f"Of the numbers of {scenario.title!r}, {count}{f', {bare} without a word' if bare else ''}."
    parts = [heading("Assumptions and sources"), paragraph(told)]
    for kind, rows in kinds.items():
        if rows:
            more = f" (the first {SHOWN} of {len(rows)})" if len(rows) > SHOWN else ""
            listed = table(("number", "value", "where it comes from"), rows[:SHOWN])
            parts.append(folded(f"{kind[:1].upper()}{kind[1:]}: {len(rows)} numbers{more}", listed))
    return "".join(parts)


def limits_section(scenario: Scenario, notes: Sequence[str] = ()) -> str:
    """Return what the reader must not read out of the report.

    Parameters
    ----------
    scenario : Scenario
        Whose numbers say which of them were fitted.
    notes : sequence of str
        Of the result itself.
    """
    facts = sorted({fact for note in scenario.provenance.values() for fact in note.used_to_fit})
    lines = [
        "It compares deals under stated assumptions. It is no forecast: one history cannot identify what actors want, "
        "and other weights that fit it as well can give other answers.",
        "Intervals are of luck in the model (95 %, Monte Carlo). They say nothing about whether the model or its "
        "numbers are right.",
    ]
    if facts:
        named = ", ".join(fact.replace("_", " ") for fact in facts)
        lines.append(f"Some numbers were chosen to meet these facts, so agreement with them is no evidence: {named}.")
    return heading("What it cannot tell") + listing([*lines, *notes])


def rerun_section(commands: str, digest: str, scenarios: Sequence[Scenario], seed: int) -> str:
    """Return how to get the same result again, and how to see that it is the same."""
    versions = [("negotiation-sim", __version__), ("Python", platform.python_version()), *_packages()]
    rows: list[tuple[str, Any]] = [("digest of the result", digest), ("seed", str(seed))]
    rows += [(f"scenario {scenario.title!r}", scenario.sha256) for scenario in scenarios]
    rows += [(name, version) for name, version in versions]
    told = "The same scenario, seed and version give the same worlds, to the bit, on any number of threads."
    return heading("How to run it again") + preformatted(commands) + paragraph(told) + table(("what", "which"), rows)


def _packages() -> list[tuple[str, str]]:
    import numba
    import numpy as np

    return [("NumPy", np.__version__), ("Numba", numba.__version__)]
