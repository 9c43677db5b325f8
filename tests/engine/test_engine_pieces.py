"""How a batch is cut: by the chunk where runs are fast, by the run where they are slow, so that Ctrl-C is heard."""

import time

import pytest

import sim
from sim.engine import threads as threads_module


@pytest.fixture
def pieces(monkeypatch):
    """Give a clock that moves only while runs are done, and note the pieces that the kernel is asked for."""
    seen, now, seconds = [], [0.0], [1.0]

    def run_rows(table, which, tables, seed, numbers, rows, series, ledger):  # noqa: ARG001
        seen.append(len(numbers))
        now[0] += seconds[0] * len(numbers)

    monkeypatch.setattr(threads_module, "run_rows", run_rows)
    monkeypatch.setattr(time, "perf_counter", lambda: now[0])
    return seen, seconds


@pytest.mark.parametrize(("seconds", "longest"), [(1e-4, 64), (1e-2, 25), (0.2, 1), (30.0, 1)])
def test_a_piece_takes_a_quarter_of_a_second(pieces, seconds, longest):
    """The first is one run; the others are as long as that takes, and no longer than a chunk."""
    seen, pace = pieces
    pace[0] = seconds
    sim.replicate(sim.load("toys/two_actors"), runs=300, threads=1)
    assert sum(seen) == 300
    assert (seen[0], max(seen)) == (1, longest)


def test_an_interrupt_waits_for_the_runs_that_have_begun(pieces):
    """Where a run takes minutes, Ctrl-C does not wait for 64 of them: what has not begun never does."""
    seen, pace = pieces
    pace[0] = 250.0

    def interrupted(*_):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        sim.replicate(sim.load("toys/two_actors"), runs=1000, threads=2, progress=interrupted)
    assert set(seen) == {1}
    assert len(seen) <= 2 * threads_module.WINDOW
