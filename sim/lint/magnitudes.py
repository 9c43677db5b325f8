"""Numbers outside the range that is plausible in their unit, such as 7,000 thousand fighters."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from sim.lint.walk import values_of
from sim.lint.warning import LintWarning, at

if TYPE_CHECKING:
    from sim.scenario.scenario import Scenario

_N: Final = r"[^.]+"
PLAUSIBLE: Final[tuple[tuple[str, float, str], ...]] = (
    (rf"world\.armed_forces\.{_N}\.strength_thousand", 2_000.0, "thousand fighters"),
    (rf"world\.armed_forces\.{_N}\.attacks\.per_day", 2_000.0, "attacks a day"),
    (
        rf"world\.armed_forces\.{_N}\.(targets\.{_N}\.)?deaths_per_attack\.(mean|civilian_mean)",
        100.0,
        "deaths an attack",
    ),
    (rf"world\.armed_forces\.{_N}\.operations\.{_N}\.(fighters|civilians)_per_day", 1_000.0, "deaths a day"),
    (rf"world\.armed_forces\.{_N}\.(turnover_per_day|decay_per_day\.{_N})", 0.1, "of a force a day"),
    (rf"world\.aid_flows\.{_N}\.(usd_bn_per_year|cut_usd_bn|escrow\.usd_bn_per_year)", 1_000.0, "billion USD a year"),
    (rf"world\.aid_flows\.{_N}\.executes_per_day", 1.0, "per day, as a hazard"),
    (rf"world\.defections\.{_N}\.per_day", 1.0, "of a force a day"),
    (rf"deal\.withdrawal\.{_N}\.(start|troops|steps\.{_N}\.left)", 1_000_000.0, "troops"),
    (rf"deal\.captives\.{_N}\.(held|promised|cap_freed)", 1_000_000.0, "captives"),
    (rf"deal\.(captives|stocks)\.{_N}\.dispute\.opens_per_day", 1.0, "per day, as a hazard"),
    (r"deal\.talks\.(opens\.per_day|breaks_down\.per_day)", 1.0, "per day, as a hazard"),
    (rf"deal\.outcomes\.{_N}\.per_day", 1.0, "per day, as a hazard"),
    (rf"events\.{_N}\.per_day", 1.0, "per day, as a hazard"),
    (rf"actors\.{_N}\.(profiles\.{_N}\.)?discount_per_year", 1.0, "per year, as a discount rate"),
)
"""Paths, the most that is plausible there, and the unit that the warning says; less than 0 is refused everywhere."""
_PATTERNS: Final = tuple((re.compile(pattern), most, unit) for pattern, most, unit in PLAUSIBLE)


def check_magnitudes(scenario: Scenario) -> Iterator[LintWarning]:
    """Compare numbers, and those that events set, with the table."""
    for path, value in values_of(scenario):
        if isinstance(value, bool) or not isinstance(value, int | float):
            continue
        meant = path.partition(".set.")[2] if path.startswith("events.") and ".set." in path else path
        for pattern, most, unit in _PATTERNS:
            if pattern.fullmatch(meant) and value > most:
                message = f"{value:,.10g} {unit}: more than {most:,.10g} is hardly plausible. Is the unit right?"
                yield at(scenario, path, message)
