"""What a solution says, in words, with what it does not."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sim.solving.solution import Solution


def certificate_words(solution: Solution) -> str:
    """Return what is proved, estimated and unknown about the selected equilibrium."""
    chosen = solution.selected
    spent = solution.diagnostics
    lines = ["Measured on fresh worlds:"]
    for player in solution.players:
        gain = chosen.best_deviation(player)
        if gain is None:
            lines.append(f"  {player}: no deviation was measured.")
            continue
        verb = "gains" if gain.sure else "gains nothing sure:"
        lines.append(
            f"  {player} {verb} {gain.gain:+.3f} ± {gain.error:.3f} util by {gain.deviation!r} ({gain.kind}), "
            f"the best of {sum(1 for g in chosen.gains if g.player == player)} deviations, {gain.worlds} worlds."
        )
    lines.append(
        f"Known exploitability {chosen.exploitability:.3f} util, of play as declared "
        f"{solution.declared_exploitability:.3f}: bounds from below, summed over players."
    )
    lines.append(
        f"Estimated: it is an equilibrium in {chosen.frequency:.0%} of {spent['resamples']} resampled tables "
        f"({spent['runs']} worlds a profile)."
    )
    if chosen.learned_against:
        lines.append(
            f"Two learners looked for better replies, {spent['searches']} searches of {spent['worlds_a_search']:,} "
            f"worlds and {spent['forked_worlds']:,} forked worlds a player."
        )
    lines.append(
        "Not known: what a better learner would gain, whether there are further equilibria, and which of several is "
        "played. The selected one is where play of ever higher precision over these policies leads, which is a rule "
        "of choice, not a forecast."
    )
    return "\n".join(lines)
