"""Whether a rerun gave the recorded result: four levels, from identical to different.

1. ``identical``: equal digests, that is, equal to the last bit. Promised on machines of one kind; with
   rules of the user's own, on platforms of equal fingerprint (`sim.store.platform_fingerprint`).
2. ``same_events``: every cell that is no float is equal, and every float within 1e-12, relative above one and absolute
   below (`sim.store.cell_comparison`). What other kinds of machine, or other C libraries under one's own
   rules, may leave of level 1.
3. ``statistically_equivalent``: the runs part, but the companion replications on both sides, at least 200 each, could
   come from one distribution (`sim.store.equivalence`).
4. ``different``: everything else; also when there are too few replications to tell.

If both records hold companion replications, the rows that both have enter levels 1 and 2 as well.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

from sim.errors import UsageError
from sim.store.cell_comparison import TOLERANCE, CellComparison, Divergence, compare_cells, compare_outcomes
from sim.store.equivalence import ENOUGH, POWER, OutcomeTest, outcome_tests
from sim.store.run_record import RunRecord, record_digest, replications_digest

Level = Literal["identical", "same_events", "statistically_equivalent", "different"]
LEVELS: tuple[Level, ...] = ("identical", "same_events", "statistically_equivalent", "different")
INPUTS = ("scenario_sha256", "seed", "replication", "model_source_digest", "user_rules")
SURROUNDINGS = (
    "engine",
    "package_version",
    "python_version",
    "numpy_version",
    "numba_version",
    "simpy_version",
    "platform_fingerprint",
)


@dataclass(frozen=True, slots=True)
class RecordComparison:
    """What became of a rerun.

    Attributes
    ----------
    level : str
        ``identical``, ``same_events``, ``statistically_equivalent`` or ``different``.
    first_divergence : Divergence or None
        First place beyond the tolerance: in the events if they part, else in series, outcome or replications.
    largest_float_difference : float
        Scaled by max(1, magnitude), over the rows before the tables part.
    largest_float_difference_at : str
        Table, row and column of it.
    tests : tuple of OutcomeTest
        Empty if levels 1 or 2 hold or replications are too few.
    changed_inputs, changed_surroundings : tuple of str
        Facts of the two manifests that differ: those that determine the result, and versions and platform.
    note : str
        Why level 3 could not be tested, or what the tests could have seen.
    """

    level: Level
    first_divergence: Divergence | None
    largest_float_difference: float
    largest_float_difference_at: str
    tests: tuple[OutcomeTest, ...]
    changed_inputs: tuple[str, ...]
    changed_surroundings: tuple[str, ...]
    note: str

    @property
    def number(self) -> int:
        """Level as a number: 1 identical to 4 different."""
        return LEVELS.index(self.level) + 1

    def to_dict(self) -> dict[str, Any]:
        """Return everything as plain data for JSON."""
        divergence = self.first_divergence
        return {
            "level": self.level,
            "level_number": self.number,
            "first_divergence": None
            if divergence is None
            else {name: getattr(divergence, name) for name in Divergence.__slots__},
            "largest_float_difference": self.largest_float_difference,
            "largest_float_difference_at": self.largest_float_difference_at,
            "tests": [{name: getattr(test, name) for name in OutcomeTest.__slots__} for test in self.tests],
            "changed_inputs": list(self.changed_inputs),
            "changed_surroundings": list(self.changed_surroundings),
            "note": self.note,
        }

    def summary(self) -> str:
        """Return the comparison as plain lines of text."""
        lines = [f"level {self.number} of 4, {self.level.replace('_', ' ')}: {_MEANING[self.level]}"]
        if self.first_divergence is not None:
            lines.append(f"first divergence: {self.first_divergence}")
        if self.largest_float_difference > 0.0:
            lines.append(
                f"largest difference of a float in rows that line up: {self.largest_float_difference:.3g} of "
                f"max(1, magnitude), at {self.largest_float_difference_at}"
            )
        for test in sorted(self.tests, key=lambda t: t.p_value)[:5]:
            lines.append(
                f"{test.column}: {test.method} {test.statistic:.4g}, n = {test.n_recorded} and {test.n_rerun}, "
                f"p = {test.p_value:.3g} ({test.adjusted_p_value:.3g} after Holm)"
            )
        if len(self.tests) > 5:
            lines.append(f"and {len(self.tests) - 5} more columns with larger p-values")
        if self.note:
            lines.append(self.note)
        if self.changed_inputs:
            lines.append(f"not the same inputs: {', '.join(self.changed_inputs)} differ")
        if self.changed_surroundings and self.level != "identical":
            lines.append(f"not the same surroundings: {', '.join(self.changed_surroundings)} differ")
        return "\n".join(lines)


_MEANING: dict[Level, str] = {
    "identical": "equal to the last bit",
    "same_events": f"the same events, all floats within {TOLERANCE:g}",
    "statistically_equivalent": "another course of events, outcomes with no detectable difference",
    "different": "not the recorded result",
}


def compare_records(recorded: RunRecord, rerun: RunRecord, alpha: float = 0.01) -> RecordComparison:
    """Compare a rerun with its record.

    Parameters
    ----------
    recorded, rerun : RunRecord
        Their data are compared; what their manifests say of digests is not relied on.
    alpha : float
        Chance of calling replications of one distribution different, in (0, 1).

    Returns
    -------
    RecordComparison

    Raises
    ------
    UsageError
        If `alpha` is out of range.

    Examples
    --------
    >>> import numpy as np
    >>> def record(troops):
    ...     return RunRecord({}, {}, {"day": np.arange(2), "troops": np.array(troops)}, {"released": 5000.0})
    >>> print(compare_records(record([13000.0, 12900.0]), record([13000.0, 12900.01])).summary().splitlines()[1])
    first divergence: series row 1 (day 1): troops: 12900.0 -> 12900.01
    """
    if not 0.0 < alpha < 1.0:
        raise UsageError(f"alpha: found {alpha}, expected a probability between 0 and 1, such as 0.01")
    parts = [
        compare_cells("events", recorded.events, rerun.events),
        compare_cells("series", recorded.series, rerun.series),
        compare_outcomes(recorded.outcome, rerun.outcome),
        *_companions(recorded, rerun),
    ]
    first = next((part.first for part in parts if part.first is not None), None)
    largest = max(parts, key=lambda part: part.largest)
    tests: tuple[OutcomeTest, ...] = ()
    note = ""
    level: Level
    if first is None:
        level = "identical" if _same_bits(recorded, rerun) else "same_events"
    else:
        level, tests, note = _by_distribution(recorded, rerun, alpha)
    return RecordComparison(
        level=level,
        first_divergence=first,
        largest_float_difference=largest.largest,
        largest_float_difference_at=largest.largest_at,
        tests=tests,
        changed_inputs=_changed(recorded, rerun, INPUTS),
        changed_surroundings=_changed(recorded, rerun, SURROUNDINGS),
        note=note,
    )


def _companions(recorded: RunRecord, rerun: RunRecord) -> list[CellComparison]:
    if recorded.replications is None or rerun.replications is None:
        return []
    return [compare_cells("replications", recorded.replications, rerun.replications, common_rows=True)]


def _same_bits(recorded: RunRecord, rerun: RunRecord) -> bool:
    digests = [record_digest(r.events, r.series, r.outcome) for r in (recorded, rerun)]
    if digests[0] != digests[1] or recorded.replications is None or rerun.replications is None:
        return digests[0] == digests[1]
    rows = min(recorded.replications.num_rows, rerun.replications.num_rows)
    return replications_digest(recorded.replications.slice(0, rows)) == replications_digest(
        rerun.replications.slice(0, rows)
    )


def _by_distribution(recorded: RunRecord, rerun: RunRecord, alpha: float) -> tuple[Level, tuple[OutcomeTest, ...], str]:
    a, b = recorded.replications, rerun.replications
    sizes = [0 if table is None else table.num_rows for table in (a, b)]
    if a is None or b is None or min(sizes) < ENOUGH:
        return (
            "different",
            (),
            f"statistical equivalence was not tested: it needs at least {ENOUGH} replications on both sides, "
            f"found {sizes[0]} recorded and {sizes[1]} rerun",
        )
    lacking = sorted(set(a.column_names) ^ set(b.column_names))
    if lacking:
        return "different", (), f"the outcome rows do not have the same columns: {', '.join(lacking)}"
    tests = outcome_tests(a, b, alpha)
    rejected = [test.column for test in tests if test.adjusted_p_value <= alpha]
    if rejected:
        return "different", tests, f"the distributions differ at alpha = {alpha:g} after Holm: {', '.join(rejected)}"
    seen = max((test.detectable for test in tests), default=0.0)
    note = (
        f"no column of {len(tests)} differs at alpha = {alpha:g} after Holm; with {sizes[0]} and {sizes[1]} "
        f"replications a difference of {seen:.3f} in a share or a distribution function would be "
        f"found with probability {POWER:g}, a smaller one may be missed"
        if tests
        else "no column varies over the replications of either side"
    )
    return "statistically_equivalent", tests, note


def _changed(recorded: RunRecord, rerun: RunRecord, facts: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(fact for fact in facts if recorded.manifest.get(fact) != rerun.manifest.get(fact))
