"""An explanation in short: for each decision one sentence, and the terms that tipped it as bars.

A bar is the difference of one term between the chosen move and the best other one (util). Up to `MOST` are drawn, the
largest first, all to one scale; those that are left out are added up in a last line, so that the differences shown
sum to the difference of the two values.
"""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from sim.engine.explanation_words import SEEN
from sim.engine.what_came_text import came_lines
from sim.engine.wrapped_text import INDENT, wrapped

if TYPE_CHECKING:
    from sim.engine.explained_decision import DecisionExplained
    from sim.engine.what_came import CameExplained

MOST: Final = 3
"""Terms that have a bar."""
LONGEST_BAR: Final = 24
LONGEST_NAME: Final = 48


@dataclass(frozen=True, slots=True)
class TermBar:
    """A term that tipped a decision, or those that are left out together.

    Attributes
    ----------
    words : str
        What it is called.
    difference : float
        Util, in favour of the chosen move.
    favours : str
        The move that it spoke for.
    share : float
        Of the longest bar; 0 for those that are left out.
    """

    words: str
    difference: float
    favours: str
    share: float


def term_bars(decision: DecisionExplained) -> list[TermBar]:
    """Return the terms that tipped a decision, the largest first, and the rest together.

    Parameters
    ----------
    decision : DecisionExplained
        Without terms that are seen if the actor did not weigh any.
    """
    tipped = [term for term in decision.tipped_by if abs(term.difference) >= SEEN]
    if not tipped:
        return []
    longest = abs(tipped[0].difference)

    def favoured(difference: float) -> str:
        return decision.chosen_label if difference > 0.0 else decision.other_label

    bars = [
        TermBar(term.words, term.difference, favoured(term.difference), abs(term.difference) / longest)
        for term in tipped[:MOST]
    ]
    rest = tipped[MOST:]
    together = sum(term.difference for term in rest)
    if rest:
        bars.append(TermBar(f"{len(rest)} smaller term{'s' * (len(rest) > 1)}", together, favoured(together), 0.0))
    return bars


def brief_of(
    heading: str,
    came: Sequence[CameExplained],
    note: str,
    decisions: Sequence[DecisionExplained],
    width: int,
) -> str:
    """Write an explanation in short.

    Parameters
    ----------
    heading, note : str
        First line, and what stands before the decisions; an empty note is left out.
    came : sequence of CameExplained
        What came on the date.
    decisions : sequence of DecisionExplained
        In order.
    width : int
        Characters of a line.
    """
    lines = wrapped(heading, "", width)
    for one in came:
        lines += ["", *came_lines(one, width, factors=False)]
    if note:
        lines += ["", *wrapped(note, "", width)]
    for decision in decisions:
        lines += ["", *wrapped(sentence_of(decision), "", width), *_bar_lines(decision, width)]
    return "\n".join(lines)


def sentence_of(decision: DecisionExplained) -> str:
    """Say who did what, and why, in a line or two."""
    action = f"stays with {decision.chosen_label}"
    if decision.chosen != decision.before:
        action = f"turns from {decision.before_label} to {decision.chosen_label}"
    return f"{decision.date}, {decision.label} {action}. {decision.reason}"


def _bar_lines(decision: DecisionExplained, width: int) -> Iterator[str]:
    bars = term_bars(decision)
    if not bars:
        return
    yield from wrapped(f"+ speaks for {decision.chosen_label}, - for {decision.other_label} (util):", width=width)
    names = [textwrap.shorten(bar.words, LONGEST_NAME, placeholder=" ...") for bar in bars]
    first = max(map(len, names))
    room = max(min(width - len(INDENT) - first - 11, LONGEST_BAR), 0)
    for name, bar in zip(names, bars, strict=True):
        drawn = "#" * min(max(round(bar.share * room), bar.share > 0.0), room)
        yield f"{INDENT}{name:<{first}}  {bar.difference:+.4f}  {drawn}".rstrip()
