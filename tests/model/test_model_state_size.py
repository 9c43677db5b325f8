"""A world is small: copying it is what a fork, a rollout and a snapshot cost."""

from sim.model.layout import STATE


def test_a_state_is_under_four_kilobytes() -> None:
    """One world, with clocks, timers, running hazards and the memory of rules, takes less than 4,096 bytes."""
    assert STATE.itemsize < 4096
    assert not STATE.hasobject
