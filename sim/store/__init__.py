"""Results on disk: run records that are written whole or not at all, digests that outlive file formats, comparison.

A *run record* is a folder with everything needed to say what was run, to run it again and to tell whether the
second run is the same. Its digest is taken over the canonical form of the data (`sim.store.canonical`), not over
file bytes.

The names below are imported when they are first used (PEP 562), so that ``import sim.store`` costs nothing.

Examples
--------
>>> import sim.store
>>> sim.store.run_id("ab" * 32, seed=7, replication=0, model_source_digest="cd" * 32, user_rules={})
'05c042cbb67dfb17'
"""

from __future__ import annotations

from sim.lazy import lazy_names

# One line a public name: the name, and the module of this package that defines it.
_EXPORTS: dict[str, str | None] = {
    "RecordComparison": "record_comparison",
    "Divergence": "cell_comparison",
    "OutcomeTest": "equivalence",
    "RunRecord": "run_record",
    "as_table": "canonical",
    "build_manifest": "manifest",
    "compare_records": "record_comparison",
    "digest_of": "canonical",
    "fingerprint": "platform_fingerprint",
    "prepare_out": "run_folder",
    "read_run_record": "run_record",
    "record_digest": "run_record",
    "record_folder": "run_folder",
    "replications_digest": "run_record",
    "run_id": "manifest",
    "safe_name": "run_folder",
    "write_atomically": "atomic",
    "write_run_record": "run_record",
}

__all__ = sorted(_EXPORTS)
__getattr__, __dir__ = lazy_names(__name__, _EXPORTS)
