"""A valuation may read a large vector that every world of a process shares, in both engines alike."""

import numpy as np
import pytest

import sim
from sim.engine.event import EventEngine
from sim.engine.threads import run_batch
from sim.errors import UsageError
from sim.kernel.bound import bound
from sim.model.columns import ILLEGAL
from sim.random.seed import signed_seed
from sim.shared_numbers import SharedNumbers, number_at


def by_policy(state, params, tables, actor, values, terms):  # noqa: ARG001 - the signature is fixed
    """Value each move by the number that the policy gives it."""
    for move in range(params.moves[actor]):
        if values[move] != ILLEGAL:
            values[move] = number_at(params.policy_address[actor], move)


@pytest.fixture(scope="module")
def scenario():
    """Return the toy of two actors, the first of which follows a policy."""
    sim.register("valuation", "by_policy_of_test", by_policy)
    toy = sim.load("toys/two_actors")
    first = next(iter(toy.actors))
    rule = f"actors.{first}.rule"
    return toy.replace({f"{rule}.valuation": "by_policy_of_test", f"{rule}.response": "argmax"}), first


def test_both_engines_read_the_policy(scenario):
    """The move with the highest number is chosen whenever it is legal, and both engines end in the same row."""
    toy, first = scenario
    moves = list(toy.actors[first].moves)
    for wanted in range(len(moves)):
        policy = SharedNumbers.of(np.eye(len(moves))[wanted])
        ready = bound(toy, ((first, policy),))
        rows = run_batch(ready, signed_seed(7), np.arange(3))
        for replication in range(3):
            engine = EventEngine(ready, signed_seed(7), replication)
            engine.run()
            assert engine.outcome_row().tobytes() == rows[replication].tobytes()
            decisions = [record[0] for record in engine.decisions.values()]
            chosen = [d["chosen"] for d in decisions if d["actor"] == 0 and d["values"][wanted] != ILLEGAL]
            assert chosen
            assert set(chosen) == {wanted}


def test_equal_policies_are_kept_once():
    """Two equal vectors have one digest and one address, and nothing that holds the address holds a copy."""
    one, other = SharedNumbers.of([1.0, 2.0]), SharedNumbers.of(np.array([1, 2]))
    assert one == other
    assert one.address == other.address
    assert SharedNumbers.of([1.0, 3.0]).address != one.address
    with pytest.raises(ValueError, match="read-only"):
        one.numbers[0] = 5.0


@pytest.mark.parametrize("wrong", [[[1.0]], 1.0, [np.nan]])
def test_only_vectors_of_finite_numbers_are_shared(wrong):
    """Anything else would be read past its end or spread NaN."""
    with pytest.raises(UsageError, match="expected a vector of finite numbers"):
        SharedNumbers.of(wrong)
