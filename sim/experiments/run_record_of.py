"""From a run and its companion replications to the record that is kept on disk.

A run alone is one draw of luck. Beside it a record keeps *companion replications*: outcome rows of replications 0 to
n - 1 of the same scenario under the same seed. Row 0 is the run itself; the others say how much of it was luck,
and let a later rerun be compared in distribution where it cannot be compared to the bit.
"""

from __future__ import annotations

import hashlib
import inspect
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from sim.compiled import source_digest
from sim.engine.batch import Batch
from sim.engine.run import Run
from sim.errors import UsageError
from sim.rules.registry import REGISTERED
from sim.scenario.named_functions import Kind
from sim.store.manifest import build_manifest
from sim.store.run_record import RunRecord, replications_digest

if TYPE_CHECKING:
    from sim.scenario.scenario import Scenario


def run_record_of(run: Run, companions: Batch | None = None, command: Sequence[str] = ()) -> RunRecord:
    """Build the record of a run.

    Parameters
    ----------
    run : Run
        Of the event engine, with its log (``trace=True``).
    companions : Batch, optional
        Replications of the same scenario under the same seed.
    command : sequence of str
        The command line that asked for it, program first.

    Returns
    -------
    RunRecord
        Ready for `sim.store.write_run_record`.

    Raises
    ------
    UsageError
        If `companions` are of another scenario or seed, or the run is a fork.

    Examples
    --------
    >>> import sim
    >>> scenario = sim.load("doha_2020/baseline")
    >>> record = run_record_of(sim.run(scenario, seed=7), sim.replicate(scenario, runs=3, seed=7))
    >>> record.replications.num_rows, record.manifest["seed"], record.outcome["replication"]
    (3, 7, 0)
    """
    scenario = run.scenario
    if run.origin is not None:
        raise UsageError(
            f"found a fork (from {run.forked_on}), expected a run from its start: scenario and seed alone do not "
            "say how to get a fork again. Record run.parent, and keep the changes beside it"
        )
    replications = None
    if companions is not None:
        if companions.scenario != scenario or companions.seed != run.seed:
            raise UsageError(
                f"found companions of scenario {companions.scenario.sha256[:12]} with seed {companions.seed}, expected "
                f"{scenario.sha256[:12]} with seed {run.seed}; replicate the scenario of the run with its seed"
            )
        replications = companions.outcome_table
    manifest = build_manifest(
        scenario=scenario.to_dict(),
        scenario_sha256=scenario.sha256,
        seed=run.seed,
        replication=run.replication,
        engine="event",
        model_source_digest=source_digest("model"),
        digest=run.digest,
        replications_digest=None if replications is None else replications_digest(replications),
        user_rules=user_rules_of(scenario),
        command=command,
    )
    return RunRecord(manifest, run.event_table, run.series_table, dict(run.outcome), replications)


def user_rules_of(scenario: Scenario) -> dict[str, str]:
    """Return, for each rule of a scenario that is not built in, the digest of its source.

    Parameters
    ----------
    scenario : Scenario
        Whose actors name valuations, responses and payoff models.

    Returns
    -------
    dict of str to str
        Such as ``{"response:stubborn": "9f86..."}``, in order of name; empty if all rules are built in.

    Examples
    --------
    >>> import sim
    >>> user_rules_of(sim.load("doha_2020/baseline"))
    {}
    """
    named: set[tuple[Kind, str]] = set()
    for actor in scenario.actors.values():
        named.add(("response", actor.rule.response))
        named.add(("valuation", actor.rule.valuation or "none"))
        named.add(("payoff_model", actor.payoff.model))
    rules = {}
    for kind, name in sorted(named):
        if (kind, name) in REGISTERED:
            rules[f"{kind}:{name}"] = _digest_of_source(REGISTERED[kind, name].function)
    return rules


def _digest_of_source(function: Callable[..., Any]) -> str:
    """Digest the source text of a function, or its bytecode where it was typed at a prompt."""
    plain = getattr(function, "py_func", function)
    try:
        source = inspect.getsource(plain).encode()
    except (OSError, TypeError):
        source = plain.__code__.co_code + repr(plain.__code__.co_consts).encode()
    return hashlib.sha256(source).hexdigest()
