"""A session: one scenario, its sliders, and the answers to what a page may ask.

A question is a word and some numbers; no text, no path and no name comes from the page. Of questions that wait, the
newest alone is answered: a batch whose answer nobody waits for any more is given up at its next piece.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from sim.engine.run import Run
from sim.engine.run import run as simulate
from sim.errors import UsageError
from sim.kernel.bound import bound
from sim.page.changed_deal import overlay_text, python_text
from sim.page.fan import fan_data, fan_panels, record_of
from sim.page.growing_batch import GrowingBatch
from sim.page.opening import answer_data, opening_data
from sim.page.outcome_bars import compared
from sim.page.sliders import changes_of, sliders_of
from sim.page.worlds import SHOWN, fork_data, why_data, world_data
from sim.random.seed import check_seed

if TYPE_CHECKING:
    from sim.experiments.comparison.comparison import Comparison
    from sim.scenario.scenario import Scenario

FIRST_RUNS: Final = 100
FULL_RUNS: Final = 500
MOST_RUNS: Final = 5_000
"""More a page cannot ask for, whatever it was started with."""
KEPT_DEALS: Final = 6
KEPT_WORLDS: Final = 12


class SupersededError(Exception):
    """A newer question came: nobody waits for this answer any more."""


class NewestWins:
    """A door through which one question at a time goes; whoever waits when a newer one comes is turned away."""

    def __init__(self) -> None:
        self._door = threading.Lock()
        self._count = threading.Lock()
        self._newest = 0

    @contextmanager
    def turn(self) -> Iterator[Callable[[], None]]:
        """Wait for the door; gives a function that raises `SupersededError` once a newer question has come."""
        with self._count:
            self._newest += 1
            mine = self._newest

        def still_wanted() -> None:
            if mine != self._newest:
                raise SupersededError

        with self._door:
            still_wanted()
            yield still_wanted


class Session:
    """What a page may ask about one scenario.

    Parameters
    ----------
    scenario : Scenario
        The deal as written, with sliders.
    source : str
        Its built-in name or file, for overlays and Python.
    seed : int
        The luck of all worlds.
    full_runs : int
        Worlds to which an answer is refined, `FIRST_RUNS` to `MOST_RUNS`.
    folders : tuple of Path
        Where to look for the file of a record.
    report : callable, optional
        Writes the report of a comparison as HTML, with the lines that make it again.

    Raises
    ------
    UsageError
        If the scenario has no sliders, or a number is out of range.

    Examples
    --------
    >>> import sim
    >>> session = Session(sim.load("toys/two_actors"), "toys/two_actors", seed=7)
    >>> values = [slider["value"] for slider in session.ask("opening", {})["sliders"]]
    >>> session.ask("answer", {"values": values, "runs": 20, "panel": 0})["finding"][:40]
    'As written: talks at some time in 20 of '
    """

    def __init__(
        self,
        scenario: Scenario,
        source: str,
        seed: int = 0,
        full_runs: int = FULL_RUNS,
        folders: tuple[Path, ...] = (),
        report: Callable[[Comparison, str], str] | None = None,
    ) -> None:
        check_seed(seed)
        if isinstance(full_runs, bool) or not isinstance(full_runs, int) or not 1 <= full_runs <= MOST_RUNS:
            raise UsageError(f"runs: found {full_runs!r}, expected a whole number from 1 to {MOST_RUNS:,}")
        self.scenario, self.source, self.seed = scenario, source, seed
        self.full_runs, self.first_runs = full_runs, min(FIRST_RUNS, full_runs)
        self.sliders = sliders_of(scenario)
        if not self.sliders:
            raise UsageError(_no_sliders(scenario))
        self._bare = scenario.without_provenance()
        self._report = report
        self._panels = fan_panels(scenario, bound(scenario).series)
        self._series = [panel.series for panel in self._panels]
        self._record = record_of(scenario, folders)
        self._written = GrowingBatch(scenario, seed, self._series)
        self._deals: OrderedDict[tuple[tuple[str, Any], ...], GrowingBatch] = OrderedDict()
        self._worlds: OrderedDict[tuple[Any, ...], Run] = OrderedDict()
        self._batches, self._runs = NewestWins(), NewestWins()
        self._answers: dict[str, Callable[[Mapping[str, Any]], dict[str, Any]]] = {
            "opening": self._opening,
            "answer": self._answer,
            "full": self._full,
            "world": self._world,
            "why": self._why,
            "fork": self._fork,
            "overlay": self._overlay,
            "python": self._python,
            "report": self._report_of,
        }

    @property
    def questions(self) -> tuple[str, ...]:
        """What can be asked."""
        return tuple(self._answers)

    def ask(self, kind: str, numbers: Mapping[str, Any]) -> dict[str, Any]:
        """Answer a question.

        Parameters
        ----------
        kind : str
            One of `questions`.
        numbers : mapping
            What it is about: ``values`` (one number a slider), ``runs``, ``panel``, ``world``, ``day`` and ``fork``
            (day, actor, move), as far as the question needs them. Anything that is no number is refused.

        Returns
        -------
        dict
            That JSON can hold.

        Raises
        ------
        SimError
            If a number is missing, wrong or makes no scenario; the message is for the reader of the page.
        SupersededError
            If a newer question came meanwhile.
        """
        if kind not in self._answers:
            raise UsageError(f"question: found {kind[:40]!r}, expected one of {', '.join(self._answers)}")
        return self._answers[kind](numbers)

    def warm_up(self) -> None:
        """Run the first worlds of the deal as written, so that the first answer is there at once."""
        self._written.first(self.first_runs)

    # --- answers ---------------------------------------------------------------------------------------------------
    def _opening(self, _numbers: Mapping[str, Any]) -> dict[str, Any]:
        return opening_data(self.scenario, self.seed, self._panels, self._record) | {
            "sliders": [slider.to_dict() for slider in self.sliders],
            "first_runs": self.first_runs,
            "full_runs": self.full_runs,
            "reports": self._report is not None,
        }

    def _answer(self, numbers: Mapping[str, Any]) -> dict[str, Any]:
        values, runs = _values(numbers, len(self.sliders)), _whole(numbers, "runs", 1, self.full_runs)
        panel = _whole(numbers, "panel", 0, max(len(self._panels) - 1, 0))
        with self._batches.turn() as still_wanted:
            comparison, yours, changed = self._compared(values, runs, still_wanted)
            answer = answer_data(comparison, changed=changed) | {"values": list(values), "panel": panel}
            if self._panels:
                answer["fan"] = fan_data(self._panels[panel], yours, self._written, runs)
        return answer

    def _full(self, numbers: Mapping[str, Any]) -> dict[str, Any]:
        values, runs = _values(numbers, len(self.sliders)), _whole(numbers, "runs", 1, self.full_runs)
        with self._batches.turn() as still_wanted:
            comparison, _, _ = self._compared(values, runs, still_wanted)
            return {"sentences": [*comparison.summary, *comparison.notes]}

    def _world(self, numbers: Mapping[str, Any]) -> dict[str, Any]:
        with self._runs.turn():
            return world_data(self._run(numbers))

    def _why(self, numbers: Mapping[str, Any]) -> dict[str, Any]:
        day = _whole(numbers, "day", 0, self.scenario.horizon_days)
        with self._runs.turn():
            return why_data(self._run(numbers), day)

    def _fork(self, numbers: Mapping[str, Any]) -> dict[str, Any]:
        with self._runs.turn():
            trunk = {key: value for key, value in numbers.items() if key != "fork"}
            return fork_data(self._run(trunk), self._run(numbers))

    def _overlay(self, numbers: Mapping[str, Any]) -> dict[str, Any]:
        changes = changes_of(self.sliders, _values(numbers, len(self.sliders)))
        self._bare.replace(changes)  # what makes no scenario is not written
        return {"text": overlay_text(self.scenario, self.source, self.sliders, changes)}

    def _python(self, numbers: Mapping[str, Any]) -> dict[str, Any]:
        changes = changes_of(self.sliders, _values(numbers, len(self.sliders)))
        return {"text": python_text(self.source, changes, _whole(numbers, "runs", 1, self.full_runs), self.seed)}

    def _report_of(self, numbers: Mapping[str, Any]) -> dict[str, Any]:
        if self._report is None:
            raise UsageError("report: found no writer of reports in this session")
        values, runs = _values(numbers, len(self.sliders)), _whole(numbers, "runs", 1, self.full_runs)
        with self._batches.turn() as still_wanted:
            comparison, _, _ = self._compared(values, runs, still_wanted)
            told = python_text(self.source, changes_of(self.sliders, values), runs, self.seed)
            return {"text": self._report(comparison, told)}

    # --- what answers are made of ----------------------------------------------------------------------------------
    def _compared(
        self, values: Sequence[float], runs: int, still_wanted: Callable[[], None]
    ) -> tuple[Comparison, GrowingBatch, bool]:
        """Run both deals as far as needed and compare them."""
        changes = changes_of(self.sliders, values)
        yours = self._deal(changes)
        written, changed = self._written.first(runs, still_wanted), yours.first(runs, still_wanted)
        return compared(written, changed), yours, bool(changes)

    def _deal(self, changes: Mapping[str, Any]) -> GrowingBatch:
        """Return the batch of a changed deal, kept from before if it was asked for lately."""
        if not changes:
            return self._written
        key = tuple(changes.items())
        if key not in self._deals:
            self._deals[key] = GrowingBatch(self._bare.replace(changes), self.seed, self._series)
            while len(self._deals) > KEPT_DEALS:
                self._deals.popitem(last=False)
        self._deals.move_to_end(key)
        return self._deals[key]

    def _run(self, numbers: Mapping[str, Any]) -> Run:
        """Return one world, or a fork of it, played with its log."""
        values = _values(numbers, len(self.sliders))
        changes, world = changes_of(self.sliders, values), _whole(numbers, "world", 0, SHOWN - 1)
        fork = None if numbers.get("fork") is None else _three(numbers["fork"])
        key = (*changes.items(), world, fork)
        if key not in self._worlds:
            if fork is None:
                scenario = self._bare.replace(changes) if changes else self.scenario
                made = simulate(scenario, self.seed, replication=world)
            else:
                trunk = self._run({key: value for key, value in numbers.items() if key != "fork"})
                day, actor, move = fork
                actors = list(trunk.scenario.actors)
                name = actors[_within(actor, "fork: actor", 0, len(actors) - 1)]
                moves = list(trunk.scenario.actors[name].moves)
                made = trunk.fork(day, moves={name: moves[_within(move, "fork: move", 0, len(moves) - 1)]})
            self._worlds[key] = made
            while len(self._worlds) > KEPT_WORLDS:
                self._worlds.popitem(last=False)
        self._worlds.move_to_end(key)
        return self._worlds[key]


def _no_sliders(scenario: Scenario) -> str:
    return (
        f"{scenario.title!r}: found no sliders, expected some in its file, such as\n"
        "  explore:\n    patience: {label: impatience of the state, unit: discount a year, "
        "path: actors.state.discount_per_year, range: [0.01, 1]}"
    )


# --- numbers from the page -------------------------------------------------------------------------------------------
def _is_number(value: Any) -> bool:
    """Whether a value is a number that a float can hold; NaN and infinities are none."""
    return isinstance(value, int | float) and not isinstance(value, bool) and -1e300 < value < 1e300


def _values(numbers: Mapping[str, Any], count: int) -> tuple[float, ...]:
    """Return the numbers at which the sliders stand."""
    values = numbers.get("values")
    if not isinstance(values, list | tuple) or len(values) != count or not all(_is_number(v) for v in values):
        raise UsageError(f"values: expected a list of {count} numbers, one for each slider")
    return tuple(float(value) for value in values)


def _whole(numbers: Mapping[str, Any], name: str, low: int, high: int) -> int:
    return _within(numbers.get(name), name, low, high)


def _within(value: Any, name: str, low: int, high: int) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
        found = repr(value) if isinstance(value, int | float) else type(value).__name__
        raise UsageError(f"{name}: found {found}, expected a whole number from {low} to {high}")
    return value


def _three(fork: Any) -> tuple[int, int, int]:
    """Return day, actor and move of a fork."""
    if not isinstance(fork, list | tuple) or len(fork) != 3 or not all(_is_number(part) for part in fork):
        raise UsageError("fork: expected three numbers: day, actor and move")
    day, actor, move = (int(part) for part in fork)
    return day, actor, move
